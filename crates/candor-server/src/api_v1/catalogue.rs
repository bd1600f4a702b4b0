//! What reports there are, for menus and pages: the dashboard knows none by name.

use crate::http::{Response, json};
use candor_query::catalogue::reports::{self, Composed, ReportDef, Source};
use serde::Serialize;
use utoipa::ToSchema;

/// Every report that pages of a site show, in their order.
#[derive(Serialize, ToSchema)]
pub(super) struct Catalogue {
    reports: Vec<Report>,
}

/// What a report says of itself.
#[derive(Serialize, ToSchema)]
struct Report {
    /// The method of Matomo's API that answers it.
    #[schema(example = "DevicesDetection.getBrowsers")]
    id: &'static str,
    /// Where it is listed.
    category: &'static str,
    /// The page of that category.
    subcategory: &'static str,
    /// Its place on that page.
    order: u32,
    /// For people.
    name: &'static str,
    /// What it says, in a sentence or two; may be empty.
    documentation: &'static str,
    /// What its rows are; `null` for reports of one row.
    #[schema(required)]
    dimension: Option<&'static str>,
    /// Its columns that have a name, the most telling first.
    metrics: Vec<Metric>,
    /// How it is drawn first.
    view: View,
    /// The method that answers the rows below a row, given its `idsubdatatable` as `idSubtable`.
    #[schema(required)]
    below: Option<&'static str>,
    /// The tree is one of paths, as folders and pages are: it is best shown as one list.
    one_list: bool,
    /// Among the few that a site's overview shows.
    featured: bool,
}

/// A column.
#[derive(Serialize, ToSchema)]
struct Metric {
    /// Its name in answers.
    #[schema(example = "nb_visits")]
    id: &'static str,
    /// For people.
    name: &'static str,
}

/// How a report is drawn first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum View {
    /// Rows and columns.
    Table,
    /// Numbers side by side.
    Figures,
    /// Bars, rows in their own order.
    Bars,
    /// A map of the world.
    Map,
}

/// Every report.
#[utoipa::path(
    get,
    path = "/api/v1/catalogue",
    operation_id = "getCatalogue",
    responses((status = 200, description = "The reports", body = Catalogue))
)]
pub(super) fn show() -> Response {
    let reports = reports::all().filter(|report| is_drawn(report)).map(Report::of).collect();
    json(200, &Catalogue { reports })
}

/// Reports of one site that say which columns they have; others would have nothing to be drawn by.
fn is_drawn(report: &ReportDef) -> bool {
    let of_one_site = !matches!(report.source, Source::Composed(Composed::Everything | Composed::Sites));
    report.listed && of_one_site && columns(report).next().is_some()
}

fn columns(report: &ReportDef) -> impl Iterator<Item = &'static str> {
    report.metrics.iter().copied().chain(report.all_computed().map(|metric| metric.name))
}

impl Report {
    fn of(report: &ReportDef) -> Self {
        Self {
            id: report.method,
            category: report.category,
            subcategory: report.subcategory,
            order: report.order,
            name: report.name,
            documentation: report.documentation,
            dimension: Some(report.dimension).filter(|dimension| !dimension.is_empty()),
            metrics: columns(report).filter_map(|id| Some(Metric { id, name: report.title(id)? })).collect(),
            view: match report.view {
                reports::View::Table => View::Table,
                reports::View::Numbers => View::Figures,
                reports::View::Bars => View::Bars,
                reports::View::Map => View::Map,
            },
            below: Some(report.subtable).filter(|method| !method.is_empty()),
            one_list: report.subtable == report.method && report.separator == "/",
            featured: report.featured,
        }
    }
}
