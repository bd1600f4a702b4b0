//! Report methods: whatever the catalogue knows. Turns parameters into a typed question; the answer comes from below.

use crate::matomo_api::{
    arguments::Arguments,
    call::{Call, Method},
    dispatch::{VIEW, VIEW_SOMEWHERE},
    error::ApiError,
};
use candor_admin::Role;
use candor_core::{Settings, SiteId, SiteSettings};
use candor_query::{
    QueryError,
    catalogue::{metrics, reports},
    period::{PeriodError, PeriodRequest, parse},
    report::{Formatting, Pivot, ReportParams, ReportRequest, Search, SiteChoice, TableOptions},
    segment::{Segment, SegmentError},
    table::{Answer, goals::GoalColumns, sort::Order},
};

/// Any report about the sites that `idSite` names.
static OF_SITES: Method = Method::new("", VIEW, answer);
/// Reports over all sites of the caller.
static OF_ALL_SITES: Method = Method::new("", VIEW_SOMEWHERE, answer);

/// The method that answers a report of the catalogue.
pub(super) fn find(method: &str) -> Option<&'static Method> {
    let report = reports::find(method)?;
    Some(if report.method.starts_with("MultiSites.getAll") { &OF_ALL_SITES } else { &OF_SITES })
}

/// Whether the catalogue has reports of this module.
pub(super) fn is_module(module: &str) -> bool {
    reports::all().any(|report| report.module() == module)
}

fn answer(call: &Call<'_>) -> Result<Answer, ApiError> {
    answered(call, call.method, &request(call)?)
}

/// What a report says.
pub(super) fn answered(call: &Call<'_>, method: &str, request: &ReportRequest) -> Result<Answer, ApiError> {
    let answered = call.app.reports.answer(method, request);
    Ok(answered.ok_or_else(|| ApiError::new(format!("there is no report `{method}`")))??)
}

/// What the parameters ask for.
pub(super) fn request(call: &Call<'_>) -> Result<ReportRequest, ApiError> {
    let sites = sites(call)?;
    let Some(first) = sites.all().first().cloned() else {
        return Err(ApiError::no_access_anywhere(Role::View, call.caller.is_anonymous()));
    };
    let mut options = options(call.arguments, &call.settings);
    options.comparison = super::comparison::of(call)?;
    Ok(ReportRequest {
        periods: periods(call, &first)?,
        date: call.arguments.text("date").unwrap_or_default().to_owned(),
        sites,
        settings: call.settings.clone(),
        segment: call.arguments.text("segment").unwrap_or_default().to_owned(),
        asker: call.asker(),
        now: call.app.clock.now(),
        until: Some(call.until),
        options,
        params: params(call.arguments),
    })
}

/// `all` and several ids give a map by site, one id a plain answer.
fn sites(call: &Call<'_>) -> Result<SiteChoice, ApiError> {
    if call.sites.is_empty() {
        return Ok(SiteChoice::Many(call.sites_with(Role::View, true)));
    }
    let all = call.sites.iter().filter_map(|id| call.settings.site(*id)).cloned().collect();
    let is_one = call.sites.len() == 1 && call.arguments.raw("idSite") != Some("all");
    Ok(if is_one { SiteChoice::One(call.site()?.clone()) } else { SiteChoice::Many(all) })
}

/// The periods that a request names, with this site's today.
pub(super) fn periods(call: &Call<'_>, site: &SiteSettings) -> Result<PeriodRequest, ApiError> {
    let (period, date) = (call.arguments.required("period")?, call.arguments.required("date")?);
    Ok(parse(period, date, site.zone.day(call.app.clock.now()))?)
}

/// The segment that a request names.
pub(super) fn segment(call: &Call<'_>, site: &SiteSettings) -> Result<Option<Segment>, ApiError> {
    let Some(text) = call.arguments.text("segment") else { return Ok(None) };
    Ok(Some(Segment::parse(text, &call.segment_context(Some(site)))?))
}

/// Refuses a definition that means nothing for a site (0: for any).
pub(super) fn check_segment(call: &Call<'_>, site: SiteId, definition: &str) -> Result<(), ApiError> {
    let site = call.settings.site(site).map(AsRef::as_ref);
    Segment::parse(definition, &call.segment_context(site))?;
    Ok(())
}

/// Matomo's generic parameters.
fn options(given: Arguments<'_>, settings: &Settings) -> TableOptions {
    let search = |column: &str, pattern: &str| {
        given.text(pattern).map(|pattern| Search {
            column: given.text(column).unwrap_or("label").to_owned(),
            pattern: pattern.to_owned(),
        })
    };
    let low_population = given
        .text("filter_excludelowpop")
        .map(|column| (column.to_owned(), given.number("filter_excludelowpop_value").unwrap_or(0.0)));
    let is_ascending = given.text("filter_sort_order").is_some_and(|order| order.eq_ignore_ascii_case("asc"));
    TableOptions {
        limit: given.number("filter_limit").unwrap_or(settings.reports.api_datatable_default_limit),
        offset: given.number("filter_offset").unwrap_or(0),
        keep_summary: given.is_set("keep_summary_row"),
        sort: given.text("filter_sort_column").map(str::to_owned),
        order: if is_ascending { Order::Ascending } else { Order::Descending },
        search: search("filter_column", "filter_pattern"),
        search_deep: search("filter_column_recursive", "filter_pattern_recursive"),
        low_population,
        truncate: given.number("filter_truncate"),
        expanded: given.is_set("expanded"),
        depth: given.number("depth"),
        flat: given.is_set("flat"),
        aggregate_rows: given.is_set("include_aggregate_rows"),
        show_columns: given.list("showColumns").unwrap_or_default(),
        hide_columns: given.list("hideColumns").unwrap_or_default(),
        hide_deep: given.flag("hideColumnsRecursively") != Some(false),
        raw_metrics: given.is_set("showRawMetrics"),
        labels: given.texts("label").unwrap_or_default(),
        label_index: given.is_set("labelFilterAddLabelIndex"),
        format: formatting(given).unwrap_or_default(),
        all_columns: given.flag("filter_add_columns_when_show_all_columns"),
        goals: goal_columns(given),
        pivot: pivot(given),
        no_generic_filters: given.is_set("disable_generic_filters"),
        comparison: None,
    }
}

/// Columns that `pivotBy` asks for, unless it is told otherwise.
const PIVOT_COLUMNS: i64 = 10;

fn pivot(given: Arguments<'_>) -> Option<Pivot> {
    let limit = given.number("pivotByColumnLimit").unwrap_or(PIVOT_COLUMNS);
    Some(Pivot {
        by: given.text("pivotBy")?.to_owned(),
        column: given.text("pivotByColumn").unwrap_or_default().to_owned(),
        limit: usize::try_from(limit).ok().filter(|limit| *limit > 0),
        numbered: !given.is_set("disable_queued_filters"),
    })
}

/// `format_metrics`, when it is given.
pub(super) fn formatting(given: Arguments<'_>) -> Option<Formatting> {
    match given.raw("format_metrics")? {
        "0" => Some(Formatting::Raw),
        "1" => Some(Formatting::Computed),
        "all" => Some(Formatting::All),
        "bc" => Some(Formatting::Percent),
        _ => None,
    }
}

fn goal_columns(given: Arguments<'_>) -> Option<GoalColumns> {
    match given.text("filter_update_columns_when_show_all_goals")? {
        "0" => None,
        // goals named for processing show everything
        "1" if given.raw("idGoal").is_none() && given.text("filter_show_goal_columns_process_goals").is_some() => {
            Some(GoalColumns::Full)
        }
        "1" => Some(GoalColumns::from_id(given.raw("idGoal").unwrap_or_default())),
        one => Some(GoalColumns::from_id(one)),
    }
}

/// Parameters that only some reports have.
pub(super) fn params(given: Arguments<'_>) -> ReportParams {
    let page = ["pageUrl", "pageName", "downloadUrl", "outlinkUrl"].into_iter().find_map(|name| given.text(name));
    ReportParams {
        goal: given.text("idGoal").map(str::to_owned),
        dimension: given.number("idDimension"),
        subtable: given.number("idSubtable"),
        secondary_dimension: given.text("secondaryDimension").map(str::to_owned),
        abandoned_carts: given.is_set("abandonedCarts"),
        page: page.map(str::to_owned),
        columns: given.list("columns").unwrap_or_default(),
        enhanced: given.is_set("enhanced"),
        all_goal_metrics: given.is_set("showAllGoalSpecificMetrics"),
        pattern: given.text("pattern").unwrap_or_default().to_owned(),
        raw_referrer_types: given.flag("_setReferrerTypeLabel") == Some(false),
    }
}

/// The name under which a report is saved: `Export _ Visits Summary _ Wednesday, January 1, 2020`.
pub(in crate::matomo_api) fn file_name(method: &str, given: Arguments<'_>, site: Option<&SiteSettings>) -> String {
    let name = reports::find(method).map_or(method, |report| report.name);
    let zone = site.map_or_else(candor_core::SiteZone::utc, |site| site.zone.clone());
    let today = zone.day(candor_core::Timestamp(0));
    let date = given.text("period").zip(given.text("date")).map(|(period, date)| match parse(period, date, today) {
        Ok(PeriodRequest::One(period)) => period.pretty(),
        _ => date.to_owned(),
    });
    match date {
        Some(date) => format!("Export _ {name} _ {date}"),
        None => format!("Export _ {name}"),
    }
}

/// What gives a report's columns their names for people. Those of one row differ from those of many.
pub(in crate::matomo_api) fn column_names(method: &str) -> fn(&str) -> Option<String> {
    let has_rows = reports::find(method).is_none_or(|report| !report.dimension.is_empty());
    if has_rows { column_name } else { total_name }
}

fn total_name(column: &str) -> Option<String> {
    match column {
        "avg_time_on_site" => Some("Avg. Visit Duration (in seconds)".into()),
        // Matomo has no name for it outside of its own report.
        "Referrers_distinctWebsitesUrls" => None,
        _ => column_name(column),
    }
}

fn column_name(column: &str) -> Option<String> {
    match column {
        "label" => Some("Label".into()),
        "date" => Some("Date".into()),
        _ => metrics::find(column).map(|metric| metric.title.to_owned()),
    }
}

/// Matomo's texts: clients know them.
impl From<PeriodError> for ApiError {
    fn from(error: PeriodError) -> Self {
        match error {
            PeriodError::Period(name) => Self::new(format!(
                "The period '{name}' is not supported. Try any of the following instead: day, week, month, year, range"
            )),
            PeriodError::Date(_) => Self::new(
                "Date format must be: YYYY-MM-DD, or 'today' or 'yesterday' or any keyword supported by the strtotime \
                 function (see http://php.net/strtotime for more information): false",
            ),
            early @ PeriodError::TooEarly(_) => Self::new(early.to_string()),
        }
    }
}

impl From<SegmentError> for ApiError {
    fn from(error: SegmentError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Store(error) => error.into(),
            QueryError::Segment(error) => error.into(),
            QueryError::Period(error) => error.into(),
            other => Self::new(other.to_string()),
        }
    }
}
