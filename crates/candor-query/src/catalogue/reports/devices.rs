//! What visitors come with.

use super::{
    Goals, Labelling, ReportDef,
    labels::{complete, grouped, named, segment},
};
use crate::{
    catalogue::metrics,
    table::{Row, Table, Value, sort::Order},
};
use candor_core::{params::url_encode, vocabulary::DEVICE_TYPES};

/// All types, also those that nobody used: with visits only.
fn all_types(table: Table, _: &Labelling<'_>) -> Table {
    if table.rows.is_empty() {
        return table;
    }
    let mut all = table;
    for number in 0..DEVICE_TYPES.len() {
        let label = number.to_string();
        if !all.rows.iter().any(|row| row.label() == label) {
            let mut row = Row { label: Some(label), ..Row::default() };
            row.set("nb_visits", Value::Int(0));
            all.rows.push(row);
        }
    }
    all
}

fn device_type(row: &mut Row, _: &Labelling<'_>) {
    let name = row.label().parse::<usize>().ok().and_then(|n| DEVICE_TYPES.get(n)).copied();
    match name {
        Some(name) => {
            segment(row, "deviceType", name);
            row.label = Some(capitalised(name));
        }
        None => row.label = Some("Unknown".to_owned()),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn brand(row: &mut Row, _: &Labelling<'_>) {
    let name = if row.label().is_empty() { "Unknown" } else { row.label() }.to_owned();
    segment(row, "deviceBrand", &name);
    row.label = Some(name);
}

fn model(row: &mut Row, _: &Labelling<'_>) {
    let stored = row.label().to_owned();
    let (brand, model) = stored.split_once(';').unwrap_or(("", &stored));
    let brand_name = if brand.is_empty() { "Unknown" } else { brand };
    let label = match (brand, model) {
        ("", "") => "Unknown".to_owned(),
        (_, "") => format!("{brand_name} - Unknown"),
        ("", model) => model.split(' ').map(capitalised).collect::<Vec<_>>().join(" "),
        (brand, model) => format!("{brand} - {model}"),
    };
    let text = format!("deviceBrand=={};deviceModel=={}", url_encode(brand_name), url_encode(model));
    row.set_meta("segment", Value::Text(text));
    row.label = Some(label);
}

fn os_families(table: Table, l: &Labelling<'_>) -> Table {
    grouped(table, |code| l.vocabulary.os_families.get(code).map_or("Unknown", String::as_str).to_owned())
}

fn os_family(row: &mut Row, _: &Labelling<'_>) {
    for column in ["goals", "nb_conversions", "revenue"] {
        row.remove(column);
    }
}

fn os_name<'a>(code: &'a str, l: &'a Labelling<'_>) -> &'a str {
    if matches!(code, "" | "UNK") { "Unknown" } else { named(&l.vocabulary.os_names, code) }
}

fn browser_name<'a>(code: &'a str, l: &'a Labelling<'_>) -> &'a str {
    if matches!(code, "" | "UNK") { "Unknown" } else { named(&l.vocabulary.browser_names, code) }
}

fn with_version(name: &str, version: &str) -> String {
    if version.is_empty() { name.to_owned() } else { format!("{name} {version}") }
}

fn os_version(row: &mut Row, l: &Labelling<'_>) {
    let stored = row.label().to_owned();
    let (code, version) = stored.split_once(';').unwrap_or((&stored, ""));
    row.label = Some(with_version(os_name(code, l), version));
    let text = format!("operatingSystemCode=={code};operatingSystemVersion=={}", url_encode(version));
    row.set_meta("segment", Value::Text(text));
}

fn browser(row: &mut Row, l: &Labelling<'_>) {
    let code = row.label().to_owned();
    row.label = Some(browser_name(&code, l).to_owned());
    segment(row, "browserCode", &code);
}

fn browser_version(row: &mut Row, l: &Labelling<'_>) {
    let stored = row.label().to_owned();
    let (code, version) = stored.split_once(';').unwrap_or((&stored, ""));
    row.label = Some(with_version(browser_name(code, l), version));
    row.set_meta("segment", Value::Text(format!("browserCode=={code};browserVersion=={}", url_encode(version))));
}

fn browser_engine(row: &mut Row, _: &Labelling<'_>) {
    let engine = row.label().to_owned();
    segment(row, "browserEngine", &engine);
    row.label = Some(
        match engine.as_str() {
            "" => "Unknown",
            "Trident" => "Trident (IE)",
            "Gecko" => "Gecko (Firefox)",
            "KHTML" => "KHTML (Konqueror)",
            "Presto" => "Presto (Opera)",
            "WebKit" => "WebKit (Safari, Chrome)",
            "Blink" => "Blink (Chrome, Opera)",
            "Edge" => "Edge (Microsoft)",
            other => other,
        }
        .to_owned(),
    );
}

fn configuration(row: &mut Row, l: &Labelling<'_>) {
    let stored = row.label().to_owned();
    let mut parts = stored.splitn(3, ';');
    let mut next = || parts.next().unwrap_or_default();
    let (os, browser, resolution) = (next(), next(), next());
    let resolution = if resolution.is_empty() { "unknown" } else { resolution };
    row.label = Some(format!("{} / {} / {resolution}", os_name(os, l), browser_name(browser, l)));
}

fn resolution(row: &mut Row, _: &Labelling<'_>) {
    let size = if row.label().is_empty() { "unknown" } else { row.label() }.to_owned();
    segment(row, "resolution", &size);
    row.label = Some(size);
}

const PLUGINS: [&str; 8] = ["cookie", "flash", "java", "pdf", "quicktime", "realplayer", "silverlight", "windowsmedia"];

fn all_plugins(mut table: Table, _: &Labelling<'_>) -> Table {
    table.rows.iter_mut().for_each(|row| row.label = Some(row.label().to_lowercase()));
    complete(table, PLUGINS)
}

fn plugin(row: &mut Row, _: &Labelling<'_>) {
    row.label = Some(capitalised(row.label()));
}

const CATEGORY: &str = "Visitors";
const DEVICES: &str = "Devices";
const SOFTWARE: &str = "Software";

pub(super) const REPORTS: &[ReportDef] = &[
    ReportDef::rows("DevicesDetection.getType", "Device type", "DevicesDetection_types")
        .of("Device type", &["DevicesDetection_DeviceType"])
        .goals(Goals::Visits)
        .shaped(all_types)
        .labelled(device_type)
        .listed(CATEGORY, DEVICES, 0)
        .says("The kinds of devices: computers, phones, tablets and more."),
    ReportDef::rows("DevicesDetection.getBrand", "Device brand", "DevicesDetection_brands")
        .of("Device brand", &["DevicesDetection_DeviceBrand"])
        .goals(Goals::Visits)
        .labelled(brand)
        .listed(CATEGORY, DEVICES, 4)
        .says("Who made the devices."),
    ReportDef::rows("DevicesDetection.getModel", "Device model", "DevicesDetection_models")
        .of("Device model", &["DevicesDetection_DeviceModel"])
        .goals(Goals::Visits)
        .labelled(model)
        .listed(CATEGORY, DEVICES, 2)
        .says("The models of the devices."),
    ReportDef::rows("DevicesDetection.getOsFamilies", "Operating system families", "DevicesDetection_os")
        .of("Operating system family", &["DevicesDetection_OsFamily"])
        .shaped(os_families)
        .labelled(os_family)
        .listed(CATEGORY, SOFTWARE, 8)
        .says("Operating systems, grouped by their family."),
    ReportDef::rows("DevicesDetection.getOsVersions", "Operating System versions", "DevicesDetection_osVersions")
        .of("Operating system version", &["DevicesDetection_OsVersion"])
        .labelled(os_version)
        .listed(CATEGORY, SOFTWARE, 4)
        .says("Operating systems with their versions."),
    ReportDef::rows("DevicesDetection.getBrowsers", "Browsers", "DevicesDetection_browsers")
        .of("Browser", &["DevicesDetection_BrowserName"])
        .goals(Goals::Visits)
        .labelled(browser)
        .listed(CATEGORY, SOFTWARE, 1)
        .featured()
        .says("The browsers people use."),
    ReportDef::rows("DevicesDetection.getBrowserVersions", "Browser version", "DevicesDetection_browserVersions")
        .of("Browser version", &["DevicesDetection_BrowserVersion"])
        .labelled(browser_version)
        .listed(CATEGORY, SOFTWARE, 2)
        .says("Browsers with their versions."),
    ReportDef::rows("DevicesDetection.getBrowserEngines", "Browser engines", "DevicesDetection_browserEngines")
        .of("Browser engine", &["DevicesDetection_BrowserEngine"])
        .labelled(browser_engine)
        .listed(CATEGORY, SOFTWARE, 10)
        .says("What browsers show pages with."),
    ReportDef::rows("DevicePlugins.getPlugin", "Browser Plugins", "DevicePlugins_plugin")
        .of("Plugin", &["DevicePlugins_Plugin"])
        .shaped(all_plugins)
        .labelled(plugin)
        .columns(&["nb_visits"], metrics::VISITS_PERCENTAGE)
        .constant("nb_visits", Order::Descending)
        .listed(CATEGORY, SOFTWARE, 4)
        .says("Add-ons that browsers have."),
    ReportDef::rows("Resolution.getResolution", "Screen Resolution", "Resolution_resolution")
        .of("Resolution", &["Resolution_Resolution"])
        .labelled(resolution)
        .listed(CATEGORY, DEVICES, 8)
        .says("The sizes of screens."),
    ReportDef::rows("Resolution.getConfiguration", "Configurations", "Resolution_configuration")
        .of("Configuration", &["Resolution_Configuration"])
        .labelled(configuration)
        .listed(CATEGORY, SOFTWARE, 7)
        .says("Operating system, browser and screen together."),
];
