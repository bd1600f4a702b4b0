//! The reference pages of the catalogue: what can be reported, segmented and counted.

use candor_query::catalogue::{
    dimensions::{self, Dimension, Source, Values},
    metrics::{self, Unit},
    reports::{self, ReportDef},
};
use candor_testkit::assert_generated;
use std::fmt::Write;

const HEAD: &str = "<!-- Made by `make gen`; do not edit by hand. -->\n";

/// Text as a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn code(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    names.map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(" ")
}

/// Names in the order of their first appearance.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.fold(vec![], |mut all, name| {
        if !all.contains(&name) {
            all.push(name);
        }
        all
    })
}

#[test]
fn generated_reports() {
    let mut page = format!(
        "{HEAD}# Reports\n\nEach is a method of Matomo's Reporting API, as \
         `/index.php?module=API&method=VisitsSummary.get&idSite=1&period=day&date=today&format=json`.\n\
         Segments that narrow them: [segments.md](segments.md); their columns: [metrics.md](metrics.md).\n"
    );
    let listed = || reports::all().filter(|report| report.listed);
    for category in distinct(listed().map(|report| report.category)) {
        write!(page, "\n## {category}\n\n| report | method | says | columns |\n|---|---|---|---|\n").unwrap();
        for report in listed().filter(|report| report.category == category) {
            let columns = distinct(report.metrics.iter().copied().chain(report.all_computed().map(|m| m.name)));
            writeln!(
                page,
                "| {} | `{}` | {} | {} |",
                cell(report.name),
                report.method,
                cell(report.documentation),
                code(columns.into_iter())
            )
            .unwrap();
        }
    }
    let unlisted = |below: bool| {
        let mut methods: Vec<_> =
            reports::all().filter(|r| !r.listed && r.is_subtable == below).map(|r: &ReportDef| r.method).collect();
        methods.sort_unstable();
        methods
    };
    write!(page, "\n## Rows below a row\n\nWith `idSubtable`: {}\n", code(unlisted(true).into_iter())).unwrap();
    write!(page, "\n## Single numbers and rows\n\nNot in menus: {}\n", code(unlisted(false).into_iter())).unwrap();
    assert_generated("docs/reference/reports.md", &page);
}

fn values(dimension: &Dimension) -> &'static str {
    match dimension.values {
        Values::Text => "text",
        Values::Exact => "text, case matters",
        Values::PageUrl => "URL",
        Values::Number | Values::Times(_) => "number",
        Values::Hex => "16 hex digits",
        Values::Ip => "address or network",
        Values::Date => "`YYYY-MM-DD`",
        Values::Codes { closed: true, .. } => "one of a list",
        Values::Codes { closed: false, .. } => "code or name",
    }
}

fn scope(dimension: &Dimension) -> &'static str {
    match dimension.source {
        Source::Visits => "visit",
        Source::Actions => "action",
        Source::Conversions => "conversion",
        Source::Items => "product",
    }
}

#[test]
fn generated_segments() {
    let mut page = format!(
        "{HEAD}# Segments\n\n`segment=browserCode==FF;visitCount>1` narrows any report: `;` is and, `,` is or, \
         values are URL-encoded.\n\n\
         Comparisons: `==` `!=` is, is not; `<` `<=` `>` `>=` in order; `=@` `!@` holds, holds not; `=^` begins, \
         `=$` ends with.\nA site's own custom dimensions are `dimension1`, `dimension2`… by their id.\n"
    );
    for category in distinct(dimensions::all().map(|dimension| dimension.category)) {
        write!(page, "\n## {category}\n\n| segment | name | of a | value |\n|---|---|---|---|\n").unwrap();
        for dimension in dimensions::all().filter(|dimension| dimension.category == category) {
            let slots = if dimension.slots > 0 { format!(", 1–{}", dimension.slots) } else { String::new() };
            let signed_in = if dimension.restricted { "; only for people who signed in" } else { "" };
            writeln!(
                page,
                "| `{}`{slots} | {} | {} | {}{signed_in} |",
                dimension.segment,
                cell(dimension.name),
                scope(dimension),
                values(dimension)
            )
            .unwrap();
        }
    }
    assert_generated("docs/reference/segments.md", &page);
}

#[test]
fn generated_metrics() {
    let mut page = format!("{HEAD}# Metrics\n\n| column | name | unit | says |\n|---|---|---|---|\n");
    for metric in metrics::METRICS {
        let unit = match metric.unit {
            Unit::Number => "number",
            Unit::Percent => "share",
            Unit::Money => "money",
            Unit::Seconds => "seconds",
            Unit::Bytes => "bytes",
        };
        writeln!(page, "| `{}` | {} | {unit} | {} |", metric.name, cell(metric.title), cell(metric.explanation))
            .unwrap();
    }
    assert_generated("docs/reference/metrics.md", &page);
}
