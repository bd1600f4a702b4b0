//! Who visits, when and with what.

use super::{Dimension, Expr, Lists, Suggest, Values, named, numbered};
use candor_core::{LegalBasis, vocabulary::DEVICE_TYPES};
use candor_store::Cell;

/// The engines that browsers have, the wide-spread ones first.
const BROWSER_ENGINES: &[&str] = &[
    "WebKit",
    "Blink",
    "Trident",
    "Text-based",
    "Dillo",
    "iCab",
    "Elektra",
    "Presto",
    "Clecko",
    "Gecko",
    "KHTML",
    "NetFront",
    "Edge",
    "NetSurf",
    "Servo",
    "Goanna",
    "EkiohFlow",
    "Arachne",
    "LibWeb",
];

const SECONDS_A_DAY: u32 = 86_400;

/// See the module.
pub(super) const ALL: &[Dimension] = &[
    Dimension::visit("visitId", "Visit ID", "visit_id")
        .values(Values::Number)
        .restricted()
        .suggests(Suggest::These(&[])),
    Dimension::visit("visitorId", "Visitor ID", "visitor_id").values(Values::Hex).restricted(),
    Dimension::visit("fingerprint", "Fingerprint", "fingerprint").values(Values::Hex).restricted(),
    Dimension::visit("userId", "User ID", "user_id").restricted(),
    Dimension::visit("visitIp", "Visitor IP", "ip").metric().values(Values::Ip).restricted(),
    Dimension::visit("visitorType", "Visit type", "\"returning\"")
        .values(Values::Codes { list: visitor_types, closed: true })
        .suggests(Suggest::Listed),
    Dimension::visit("visitCount", "Number of visits", "visit_count").metric(),
    Dimension::visit("visitDuration", "Visit Duration (in seconds)", "total_time").metric(),
    Dimension::visit("actions", "Actions In Visit", "actions").metric(),
    Dimension::visit("interactions", "Number of Interactions", "interactions").metric(),
    Dimension::visit("searches", "Number of Internal Searches", "searches").metric(),
    Dimension::visit("events", "Events", "events").metric(),
    // Matomo compares whole days with the stored seconds: `==` fits exact multiples only.
    Dimension::visit("daysSinceFirstVisit", "Days since first visit", "seconds_since_first")
        .metric()
        .values(Values::Times(86_400.0)),
    Dimension::visit("secondsSinceFirstVisit", "Seconds since first visit", "seconds_since_first").metric(),
    Dimension::visit("daysSinceLastVisit", "Days since last visit", "seconds_since_last")
        .metric()
        .expression(Expr::Div("seconds_since_last", SECONDS_A_DAY)),
    Dimension::visit("secondsSinceLastVisit", "Seconds since last visit", "seconds_since_last").metric(),
    Dimension::visit("daysSinceLastEcommerceOrder", "Days since last Ecommerce order", "seconds_since_order")
        .metric()
        .expression(Expr::Div("seconds_since_order", SECONDS_A_DAY)),
    Dimension::visit("secondsSinceLastEcommerceOrder", "Seconds since last Ecommerce order", "seconds_since_order")
        .metric(),
    Dimension::visit("visitConverted", "Visit converted at least one Goal", "converted")
        .expression(Expr::Bool("converted"))
        .values(Values::Number),
    Dimension::visit("visitEcommerceStatus", "Visit Ecommerce status at the end of the visit", "buyer")
        .values(Values::Codes { list: ecommerce_states, closed: true })
        .suggests(Suggest::Listed),
    Dimension::visit("profilable", "Profilable", "profilable")
        .expression(Expr::Bool("profilable"))
        .values(Values::Number)
        .suggests(Suggest::These(&["0", "1"])),
    Dimension::visit("legalBasis", "Legal basis", "legal_basis")
        .values(Values::Codes { list: legal_bases, closed: true })
        .suggests(Suggest::Listed),
    Dimension::visit("resolution", "Resolution", "resolution"),
    Dimension::visit("deviceType", "Device type", "device_type")
        .values(Values::Codes { list: device_types, closed: true })
        .suggests(Suggest::Listed),
    Dimension::visit("deviceBrand", "Device brand", "device_brand")
        .values(Values::Codes { list: brands, closed: false }),
    Dimension::visit("deviceModel", "Device model", "device_model"),
    Dimension::visit("operatingSystemCode", "Operating system code", "os"),
    Dimension::visit("operatingSystemName", "Operating system", "os")
        .values(Values::Codes { list: os_names, closed: false })
        .suggests(Suggest::FrequentThenListed),
    Dimension::visit("operatingSystemVersion", "Operating system version", "os_version"),
    Dimension::visit("browserCode", "Browser code", "browser"),
    Dimension::visit("browserName", "Browser", "browser")
        .values(Values::Codes { list: browser_names, closed: false })
        .suggests(Suggest::FrequentThenListed),
    Dimension::visit("browserVersion", "Browser version", "browser_version"),
    Dimension::visit("browserEngine", "Browser engine", "browser_engine").suggests(Suggest::These(BROWSER_ENGINES)),
    Dimension::visit("visitStartServerHour", "Site time — hour (start of visit)", "first_at")
        .expression(Expr::Rest("first_at", SECONDS_A_DAY, 3600))
        .values(Values::Number)
        .suggests(Suggest::Range(0, 23)),
    Dimension::visit("visitServerHour", "Site time — hour (time of last action)", "last_at")
        .expression(Expr::Rest("last_at", SECONDS_A_DAY, 3600))
        .values(Values::Number),
    Dimension::visit("visitStartServerMinute", "Time in UTC — minute (start of visit)", "first_at")
        .expression(Expr::Rest("first_at", 3600, 60))
        .values(Values::Number)
        .suggests(Suggest::Range(0, 59)),
    Dimension::visit("visitEndServerMinute", "Time in UTC — minute (time of last action)", "last_at")
        .expression(Expr::Rest("last_at", 3600, 60))
        .values(Values::Number)
        .suggests(Suggest::Range(0, 59)),
    Dimension::visit("visitEndServerSecond", "Time in UTC — second (Time of last action)", "last_at")
        .expression(Expr::Rest("last_at", 60, 1))
        .values(Values::Number)
        .suggests(Suggest::Range(0, 59)),
    Dimension::visit("visitEndServerDate", "Time in UTC — date (time of last action)", "last_at")
        .expression(Expr::Div("last_at", SECONDS_A_DAY))
        .values(Values::Date)
        .suggests(Suggest::Days),
    Dimension::visit("visitEndServerDayOfMonth", "Time in UTC — day of month (time of last action)", "last_at")
        .expression(Expr::DatePart("day", "last_at"))
        .values(Values::Number)
        .suggests(Suggest::Range(1, 31)),
    Dimension::visit("visitEndServerDayOfWeek", "Time in UTC — day of week (time of last action)", "last_at")
        .expression(Expr::DatePart("dow", "last_at"))
        .values(Values::Codes { list: weekdays, closed: false })
        .suggests(Suggest::Range(1, 7)),
    Dimension::visit("visitEndServerDayOfYear", "Time in UTC — day of year (time of last action)", "last_at")
        .expression(Expr::DatePart("doy", "last_at"))
        .values(Values::Number)
        .suggests(Suggest::Range(1, 366)),
    Dimension::visit("visitEndServerWeekOfYear", "Time in UTC — week of year (time of last action)", "last_at")
        .expression(Expr::DatePart("week", "last_at"))
        .values(Values::Number)
        .suggests(Suggest::Range(1, 53)),
    Dimension::visit("visitEndServerMonth", "Time in UTC — month (time of last action)", "last_at")
        .expression(Expr::DatePart("month", "last_at"))
        .values(Values::Number)
        .suggests(Suggest::Range(1, 12)),
    Dimension::visit("visitEndServerQuarter", "Time in UTC — quarter (time of last action)", "last_at")
        .expression(Expr::DatePart("quarter", "last_at"))
        .values(Values::Number)
        .suggests(Suggest::Range(1, 4)),
    Dimension::visit("visitEndServerYear", "Time in UTC — year (time of last action)", "last_at")
        .expression(Expr::DatePart("year", "last_at"))
        .values(Values::Number),
    Dimension::visit("visitLocalHour", "Local time — hour (start of visit)", "local_time")
        .expression(Expr::Div("local_time", 3600))
        .values(Values::Number)
        .suggests(Suggest::Range(0, 23)),
    Dimension::visit("visitLocalMinute", "Local time — minute (start of visit)", "local_time")
        .metric()
        .expression(Expr::Rest("local_time", 3600, 60))
        .suggests(Suggest::Range(0, 59)),
    Dimension::visit("customVariableName", "Custom Variable name", "custom_variables")
        .category("Custom Variables")
        .slots("custom_variables", 2, 1),
    Dimension::visit("customVariableValue", "Custom Variable value", "custom_variables")
        .category("Custom Variables")
        .slots("custom_variables", 2, 0),
];

fn visitor_types(_: Lists<'_>) -> Vec<(String, Cell)> {
    numbered(&[("new", 0), ("returning", 1), ("returningCustomer", 2)])
}

fn ecommerce_states(_: Lists<'_>) -> Vec<(String, Cell)> {
    numbered(&[("none", 0), ("ordered", 1), ("abandonedCart", 2), ("orderedThenAbandonedCart", 3)])
}

fn legal_bases(_: Lists<'_>) -> Vec<(String, Cell)> {
    LegalBasis::ALL.iter().map(|(name, basis)| ((*name).to_owned(), Cell::Int(i64::from(*basis as u8)))).collect()
}

fn device_types(_: Lists<'_>) -> Vec<(String, Cell)> {
    DEVICE_TYPES.iter().zip(0..).map(|(name, number)| ((*name).to_owned(), Cell::Int(number))).collect()
}

/// Sunday is 1 in segments and 0 in the store's dates.
fn weekdays(_: Lists<'_>) -> Vec<(String, Cell)> {
    (1..=7).map(|day| (day.to_string(), Cell::Int(day - 1))).collect()
}

fn brands(lists: Lists<'_>) -> Vec<(String, Cell)> {
    let known = lists.vocabulary.brands.iter().map(|b| (b.clone(), Cell::Text(b.as_str().into())));
    known.chain([("Unknown".to_owned(), Cell::Text("".into()))]).collect()
}

fn os_names(lists: Lists<'_>) -> Vec<(String, Cell)> {
    named(lists.vocabulary.os_names.iter())
}

fn browser_names(lists: Lists<'_>) -> Vec<(String, Cell)> {
    named(lists.vocabulary.browser_names.iter())
}
