//! What reports say of themselves: names, columns, units. For `API.getReportMetadata` and processed reports.

use super::{ReportParams, Reports};
use crate::{
    catalogue::{
        metrics,
        reports::{self, Composed, Goals, ReportDef, Source},
    },
    period::{Period, PeriodKind, PeriodRequest},
    table::{Answer, Value},
};
use candor_core::{DimensionScope, SiteSettings};

/// A report as one site sees it in some period.
pub(super) struct Description {
    /// Its name.
    pub(super) name: String,
    /// Category and page; the page may be empty.
    pub(super) place: (String, String),
    /// What its rows are; empty for one-row reports.
    pub(super) dimension: String,
    /// Parameters that tell it from others of its method.
    pub(super) parameters: Vec<(String, Value)>,
    /// Counted columns with their names.
    pub(super) metrics: Vec<(String, String)>,
    /// Computed columns with their names.
    pub(super) processed: Vec<(String, String)>,
    /// Columns whose unit is told.
    typed: Vec<(String, String)>,
    /// Goals' columns were asked for.
    pub(super) with_goal_columns: bool,
    /// The rows below a row, where only these are shown.
    subtable: Option<u64>,
}

impl Description {
    /// Describes a report; `None` where the site has nothing that it could show.
    pub(super) fn of(
        report: &ReportDef,
        site: &SiteSettings,
        params: &ReportParams,
        periods: Option<&PeriodRequest>,
    ) -> Option<Self> {
        let mut this = Self {
            name: report.name.to_owned(),
            place: (report.category.to_owned(), report.subcategory.to_owned()),
            dimension: report.dimension.to_owned(),
            parameters: vec![],
            metrics: titled(report, report.metrics),
            processed: titled(report, &described(report)),
            typed: titled(report, &typed(report)),
            with_goal_columns: false,
            subtable: params.subtable,
        };
        let kind = periods.and_then(|p| p.periods().first()).map_or(PeriodKind::Day, |p| p.kind);
        let uniques = kind == PeriodKind::Day || (report.dimension.is_empty() && kind <= PeriodKind::Month);
        if !uniques {
            this.metrics.retain(|(name, _)| !matches!(name.as_str(), "nb_uniq_visitors" | "nb_users"));
        }
        match report.source {
            Source::Composed(Composed::Goals) => this.of_goal(site, params)?,
            Source::Chosen(_) if report.method == "CustomDimensions.getCustomDimension" => {
                this.of_dimension(site, params)?;
            }
            _ => {}
        }
        Some(this)
    }

    /// Leaves out the columns that a request doesn't want.
    pub(super) fn keep(&mut self, wanted: &impl Fn(&str) -> bool) {
        for columns in [&mut self.metrics, &mut self.processed, &mut self.typed] {
            columns.retain(|(name, _)| wanted(name));
        }
    }

    fn of_goal(&mut self, site: &SiteSettings, params: &ReportParams) -> Option<()> {
        let id = params.goal.as_deref().unwrap_or_default();
        let named = |names: &[(&str, &str)]| {
            names.iter().map(|(name, title)| ((*name).to_owned(), (*title).to_owned())).collect::<Vec<_>>()
        };
        match id {
            "" => return Some(()),
            "ecommerceOrder" | "ecommerceAbandonedCart" if !site.ecommerce => return None,
            "ecommerceOrder" => {
                self.name = "Ecommerce Orders".into();
                self.metrics = named(ORDER_METRICS);
            }
            "ecommerceAbandonedCart" => {
                self.name = "Abandoned Carts".into();
                self.metrics = named(CART_METRICS);
            }
            id => {
                let goal = site.goals.iter().find(|goal| goal.id.0.to_string() == id)?;
                self.name = format!("Goal {}", goal.name);
                self.metrics = named(GOAL_METRICS);
                self.processed = named(&[("conversion_rate", "Conversion Rate")]);
                self.typed = [self.metrics.as_slice(), &self.processed].concat();
                self.place = ("Goals".into(), String::new());
                self.parameters = vec![("idGoal".into(), Value::Int(i64::from(goal.id.0)))];
                return Some(());
            }
        }
        self.place = ("Ecommerce".into(), String::new());
        self.processed = named(&[("avg_order_revenue", "Average Order Value")]);
        self.typed = [self.metrics.as_slice(), &self.processed].concat();
        if id == "ecommerceOrder" {
            self.typed.retain(|(name, _)| name != "items");
        }
        self.parameters = vec![("idGoal".into(), Value::text(id))];
        Some(())
    }

    fn of_dimension(&mut self, site: &SiteSettings, params: &ReportParams) -> Option<()> {
        let dimension = site.dimensions.iter().find(|d| Some(d.id) == params.dimension && d.active)?;
        self.name = dimension.name.clone();
        self.dimension = dimension.name.clone();
        let category = if dimension.scope == DimensionScope::Visit { "Visitors" } else { "Actions" };
        self.place = (category.into(), format!("customdimension{}", dimension.id));
        self.parameters = vec![("idDimension".into(), Value::Text(dimension.id.to_string()))];
        let (counted, computed) = match dimension.scope {
            DimensionScope::Visit => (VISIT_DIMENSION, VISIT_DIMENSION_COMPUTED),
            DimensionScope::Action => (ACTION_DIMENSION, ACTION_DIMENSION_COMPUTED),
        };
        let owned = |list: &[(&str, &str)]| list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        (self.metrics, self.processed) = (owned(counted), owned(computed));
        self.typed = [self.metrics.as_slice(), &self.processed].concat();
        Some(())
    }

    /// Columns of a processed report: what is counted, what is computed, and the revenue where visits have goals.
    pub(super) fn columns(&self, report: &ReportDef) -> Vec<(String, String)> {
        let mut columns = [self.metrics.as_slice(), &self.processed].concat();
        // described for old clients, never shown
        columns.retain(|(name, _)| name != "avg_time_generation");
        if report.goals == Goals::Visits && report.subtable != report.method {
            columns.push(("revenue".into(), "Revenue".into()));
        }
        columns
    }

    /// The metadata of the report as Matomo's clients read it.
    pub(super) fn value(
        &self,
        report: &ReportDef,
        site: &SiteSettings,
        periods: Option<&PeriodRequest>,
        date: &str,
    ) -> Value {
        let mut fields: Vec<(String, Value)> = vec![];
        let mut add = |name: &str, value: Value| fields.push((name.to_owned(), value));
        add("category", Value::text(self.place.0.clone()));
        if !self.place.1.is_empty() {
            add("subcategory", Value::text(self.place.1.clone()));
        }
        add("name", Value::text(self.name.clone()));
        add("module", Value::text(report.module()));
        add("action", Value::text(report.action()));
        if !self.parameters.is_empty() {
            add("parameters", Value::Map(self.parameters.clone()));
        }
        if !self.dimension.is_empty() {
            add("dimension", Value::text(self.dimension.clone()));
        }
        if let [_, _, ..] = report.dimension_ids {
            add("dimensions", Value::Map(report.dimension_ids.iter().map(|id| dimension(id)).collect()));
        }
        if !report.documentation.is_empty() {
            add("documentation", Value::text(report.documentation));
        }
        if report.is_subtable {
            add("isSubtableReport", Value::Bool(true));
        }
        if !self.metrics.is_empty() {
            add("metrics", map(&self.metrics));
        }
        let explained = explanations(&[self.metrics.as_slice(), &self.processed].concat());
        if !explained.is_empty() {
            add("metricsDocumentation", Value::Map(explained));
        }
        if !self.processed.is_empty() {
            add("processedMetrics", map(&self.processed));
        }
        add("metricTypes", types(&self.typed));
        if !report.subtable.is_empty() {
            add("actionToLoadSubTables", Value::text(report.subtable.split('.').next_back().unwrap_or_default()));
        }
        if report.constant_rows {
            add("constantRowsCount", Value::Bool(true));
        }
        add_goals(report.goals, self.with_goal_columns, &mut add);
        let related = related(report);
        if !related.is_empty() {
            add("relatedReports", Value::List(related));
        }
        let parameters: String = self.parameters.iter().map(|(n, v)| format!("&{n}={}", plain(v))).collect();
        let below = self.subtable.map_or(String::new(), |id| format!("&idSubtable={id}"));
        graphs(report, site, periods, (&parameters, date, &below), &mut add);
        let unique: String = self.parameters.iter().map(|(n, v)| format!("_{n}--{}", plain(v))).collect();
        add("uniqueId", Value::Text(format!("{}_{}{unique}", report.module(), report.action())));
        Value::Map(fields)
    }
}

const ORDER_METRICS: &[(&str, &str)] = &[
    ("nb_conversions", "Ecommerce Orders"),
    ("nb_visits_converted", "Visits with Conversions"),
    ("conversion_rate", "Conversion Rate"),
    ("revenue", "Revenue"),
    ("revenue_subtotal", "Subtotal"),
    ("revenue_tax", "Tax"),
    ("revenue_shipping", "Shipping"),
    ("revenue_discount", "Discount"),
    ("items", "Purchased Products"),
];
const CART_METRICS: &[(&str, &str)] = &[
    ("nb_conversions", "Abandoned Carts"),
    ("conversion_rate", "Conversion Rate"),
    ("revenue", "Revenue left in cart"),
    ("items", "Products left in cart"),
];
const GOAL_METRICS: &[(&str, &str)] =
    &[("nb_conversions", "Conversions"), ("nb_visits_converted", "Visits with Conversions"), ("revenue", "Revenue")];
const VISIT_DIMENSION: &[(&str, &str)] = &[("nb_visits", "Visits"), ("nb_actions", "Actions")];
const VISIT_DIMENSION_COMPUTED: &[(&str, &str)] = &[
    ("avg_time_on_site", "Avg. Time on Website"),
    ("bounce_rate", "Bounce Rate"),
    ("nb_actions_per_visit", "Actions per Visit"),
];
const ACTION_DIMENSION: &[(&str, &str)] = &[("nb_hits", "Actions"), ("nb_visits", "Unique Actions")];
const ACTION_DIMENSION_COMPUTED: &[(&str, &str)] = &[
    ("avg_time_on_dimension", "Avg. Time On Dimension"),
    ("bounce_rate", "Bounce Rate"),
    ("exit_rate", "Exit rate"),
    ("avg_time_generation", "Avg. generation time"),
];

/// Names of the columns whose unit a report tells.
fn typed(report: &ReportDef) -> Vec<&'static str> {
    let mut names = [report.metrics, &described(report), report.typed].concat();
    if !report.overview.is_empty() {
        names.push("conversion_rate");
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(*name));
    names
}

/// Names of the computed columns that a report describes.
fn described(report: &ReportDef) -> Vec<&'static str> {
    match report.described {
        ["*"] => report.overview.iter().chain(report.computed).map(|metric| metric.name).collect(),
        some => some.to_vec(),
    }
}

/// A dimension's id and name: that of the report whose rows it is.
fn dimension(id: &str) -> (String, Value) {
    let named = reports::all().find(|report| report.dimension_ids.first() == Some(&id));
    (id.to_owned(), Value::text(named.map_or(id, |report| report.dimension)))
}

fn titled(report: &ReportDef, names: &[&str]) -> Vec<(String, String)> {
    names.iter().map(|name| ((*name).to_owned(), title(report, name))).collect()
}

/// What a column is called in a report.
pub(super) fn title(report: &ReportDef, name: &str) -> String {
    report.title(name).unwrap_or(name).to_owned()
}

fn map(columns: &[(String, String)]) -> Value {
    Value::Map(columns.iter().map(|(name, title)| (name.clone(), Value::text(title.clone()))).collect())
}

fn types(columns: &[(String, String)]) -> Value {
    Value::Map(columns.iter().map(|(name, _)| (name.clone(), Value::text(metrics::unit(name).name()))).collect())
}

fn explanations(columns: &[(String, String)]) -> Vec<(String, Value)> {
    let explained = columns.iter().filter_map(|(name, _)| {
        let metric = metrics::find(name)?;
        (!metric.explanation.is_empty()).then(|| (name.clone(), Value::text(metric.explanation)))
    });
    explained.collect()
}

fn add_goals(goals: Goals, with_rate: bool, add: &mut impl FnMut(&str, Value)) {
    let (counted, computed): (&[&str], &[&str]) = match goals {
        Goals::None => return,
        Goals::Visits => (&["nb_conversions", "revenue"], &["revenue_per_visit"]),
        Goals::Pages => (
            &["nb_conversions", "nb_conversions_attrib", "revenue_attrib"],
            &["revenue_per_visit", "nb_conversions_page_rate"],
        ),
        Goals::EntryPages => (
            &["nb_conversions", "nb_conversions_entry", "revenue_entry"],
            &["revenue_per_visit", "revenue_per_entry", "nb_conversions_entry_rate"],
        ),
    };
    let named = |names: &[&str]| {
        names
            .iter()
            .map(|name| ((*name).to_owned(), metrics::find(name).map_or("", |m| m.title).to_owned()))
            .collect::<Vec<_>>()
    };
    let rate: &[&str] = if with_rate { &["conversion_rate"] } else { &[] };
    add("metricsGoal", map(&named(&[counted, rate].concat())));
    add("processedMetricsGoal", map(&named(computed)));
    let mut all = named(&[counted, computed].concat());
    all.push(("conversion_rate".into(), String::new()));
    let Value::Map(mut units) = types(&all) else { return };
    // Matomo tells this one as a plain number
    if let Some((_, unit)) = units.iter_mut().find(|(name, _)| name == "revenue_per_entry") {
        *unit = Value::text("number");
    }
    add("metricTypesGoal", Value::Map(units));
}

fn related(report: &ReportDef) -> Vec<Value> {
    let entry = |other: &ReportDef| {
        let field = |name: &str, value: &str| (name.to_owned(), Value::text(value));
        Value::Map(vec![field("name", other.name), field("module", other.module()), field("action", other.action())])
    };
    report.related.iter().filter_map(|method| reports::find(method)).map(entry).collect()
}

/// Addresses of the report's pictures: of its rows, and of their course over time.
fn graphs(
    report: &ReportDef,
    site: &SiteSettings,
    periods: Option<&PeriodRequest>,
    (parameters, date, below): (&str, &str, &str),
    add: &mut impl FnMut(&str, Value),
) {
    let Some((periods, first, last)) =
        periods.and_then(|p| Some((p, p.periods().first().copied()?, p.periods().last().copied()?)))
    else {
        return;
    };
    let url = |period: &str, dates: &str| {
        Value::Text(format!(
            "index.php?module=API&method=ImageGraph.get&idSite={}&apiModule={}&apiAction={}{parameters}\
             &period={period}&date={dates}{below}",
            site.id,
            report.module(),
            report.action(),
        ))
    };
    let whole = if date.contains(',') { date.to_owned() } else { format!("{},{}", first.start, last.end) };
    let (course, dates) = match periods {
        PeriodRequest::One(period) if period.kind == PeriodKind::Range && !date.is_empty() => ("day", date.to_owned()),
        PeriodRequest::One(period) => course(*period),
        PeriodRequest::Many(_) => (first.kind.name(), whole.clone()),
    };
    let rows = match periods {
        _ if report.dimension.is_empty() => url(course, &dates),
        PeriodRequest::One(period) if period.kind == PeriodKind::Range && date.is_empty() => url("range", &whole),
        PeriodRequest::One(period) if date.is_empty() => url(period.kind.name(), &period.start.to_string()),
        PeriodRequest::One(period) => url(period.kind.name(), date),
        PeriodRequest::Many(_) => url("range", &whole),
    };
    add("imageGraphUrl", rows);
    if !report.constant_rows {
        add("imageGraphEvolutionUrl", url(course, &dates));
    }
}

/// The periods up to this one whose course is shown: 30, or 10 years; a range by its days.
fn course(period: Period) -> (&'static str, String) {
    let back = match period.kind {
        PeriodKind::Range => return ("day", format!("{},{}", period.start, period.end)),
        PeriodKind::Year => 9,
        _ => 29,
    };
    let first = (0..back).fold(period, |earlier, _| earlier.previous());
    (period.kind.name(), format!("{},{}", first.start, period.end))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Int(n) => n.to_string(),
        _ => String::new(),
    }
}

impl Reports {
    /// What the reports of a site say of themselves: `API.getReportMetadata`.
    #[must_use]
    pub fn metadata(&self, site: &SiteSettings, periods: Option<&PeriodRequest>, subtables: bool) -> Answer {
        let mut all = vec![];
        for report in reports::all() {
            let shown = report.listed || (subtables && report.is_subtable);
            if shown && let Some(described) = Description::of(report, site, &ReportParams::default(), periods) {
                all.push(described.value(report, site, periods, ""));
            }
        }
        for dimension in site.dimensions.iter().filter(|d| d.active) {
            let params = ReportParams { dimension: Some(dimension.id), ..ReportParams::default() };
            all.extend(self.described("CustomDimensions.getCustomDimension", site, &params, periods));
        }
        for goal in &site.goals {
            let params = ReportParams { goal: Some(goal.id.0.to_string()), ..ReportParams::default() };
            all.extend(self.described("Goals.get", site, &params, periods));
        }
        Answer::Data(Value::List(all))
    }

    /// What one report says of itself.
    #[must_use]
    pub fn described(
        &self,
        method: &str,
        site: &SiteSettings,
        params: &ReportParams,
        periods: Option<&PeriodRequest>,
    ) -> Option<Value> {
        let report = reports::find(method)?;
        Some(Description::of(report, site, params, periods)?.value(report, site, periods, ""))
    }
}
