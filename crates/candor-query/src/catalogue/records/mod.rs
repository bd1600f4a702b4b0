//! Records: the tables of numbers that reports are made of, as data. A record is computed a day at a time from rows of
//! the store; longer periods are merged from shorter ones. Names are those of Matomo's archives.
//! To add one: an entry in the file of its topic. Nothing here runs anything; `engine` does.

mod actions;
mod ecommerce;
mod events;
mod numbers;
mod referrers;
mod visitors;

pub use actions::{ACTION_DIMENSION, DOWNLOADS, OUTLINKS, PAGE_TITLES, PAGE_URLS, SEARCH_CATEGORIES, SEARCH_KEYWORDS};
pub use ecommerce::{
    DAYS_TO_CONVERSION, GOALS, ITEMS_CATEGORY, ITEMS_CATEGORY_CART, ITEMS_NAME, ITEMS_NAME_CART, ITEMS_SKU,
    ITEMS_SKU_CART, VISITS_UNTIL_CONVERSION,
};
pub use events::{
    CONTENT_NAMES, CONTENT_PIECES, EVENT_ACTION_CATEGORY, EVENT_ACTION_NAME, EVENT_CATEGORY_ACTION,
    EVENT_CATEGORY_NAME, EVENT_NAME_ACTION, EVENT_NAME_CATEGORY,
};
pub use numbers::{ACTION_NUMBERS, DISTINCT_NUMBERS, UNIQUE_NUMBERS, VISIT_NUMBERS, number};
pub use referrers::{CAMPAIGNS, KEYWORDS, REFERRER_TYPES, SEARCH_ENGINES, SOCIALS, WEBSITES, campaign};
pub use visitors::{
    BROWSER_ENGINES, BROWSER_VERSIONS, BROWSERS, CITIES, CONFIGURATIONS, COUNTRIES, CUSTOM_VARIABLES, DAYS_OF_WEEK,
    DAYS_SINCE_LAST, DEVICE_BRANDS, DEVICE_MODELS, DEVICE_TYPES, LANGUAGES, LOCAL_TIMES, OS, OS_VERSIONS,
    PAGES_PER_VISIT, PLUGINS, REGIONS, RESOLUTIONS, SERVER_TIMES, USERS, VISIT_COUNTS, VISIT_DIMENSION,
    VISIT_DURATIONS,
};

pub use super::dimensions::{Expr, Source};
use candor_core::settings::ReportSettings;

/// One record.
#[derive(Debug, Clone, Copy)]
pub struct RecordDef {
    /// Matomo's name of it; unique together with `number`.
    pub name: &'static str,
    /// Which one, where there are many: slot of a custom dimension, goal.
    pub number: Option<i32>,
    /// Queries whose rows are put together by label.
    pub parts: &'static [Part],
    /// How a grouped row becomes rows of the table.
    pub shape: Shape,
    /// How many rows are kept.
    pub limits: Limits,
    /// Rows with the most of this stay when the table is cut.
    pub sort: &'static str,
    /// Columns that can't be summed over rows: left out of a day's rows with a subtable and of its Others.
    pub unsummable: &'static [&'static str],
    /// Computed from the rows of the whole period instead of being merged from days: distinct counts.
    pub whole: bool,
}

impl RecordDef {
    const fn new(name: &'static str, parts: &'static [Part]) -> Self {
        Self {
            name,
            number: None,
            parts,
            shape: Shape::Levels,
            limits: Limits::Standard,
            sort: "nb_visits",
            unsummable: &[],
            whole: false,
        }
    }

    const fn shape(mut self, shape: Shape) -> Self {
        self.shape = shape;
        self
    }

    const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    const fn sort(mut self, column: &'static str) -> Self {
        self.sort = column;
        self
    }

    const fn unsummable(mut self, columns: &'static [&'static str]) -> Self {
        self.unsummable = columns;
        self
    }

    const fn whole(mut self) -> Self {
        self.whole = true;
        self
    }

    /// Whether there are many of this record: one for each slot of a custom dimension, or each goal.
    #[must_use]
    pub fn is_numbered(&self) -> bool {
        let by_slot = |level: &Level| match level {
            Level::Values(expressions, _) => expressions.iter().any(|e| matches!(e, Expr::Slot { .. })),
            Level::Optional(expression) | Level::Apart(expression) | Level::Ranges(expression, _) => {
                matches!(expression, Expr::Slot { .. })
            }
        };
        let parts = self.parts.iter().filter(|part| part.slots == 0);
        parts.into_iter().any(|part| part.filter.contains("{n}") || part.levels.iter().any(by_slot))
    }

    /// The record of this slot or goal.
    #[must_use]
    pub const fn with(mut self, number: i32) -> Self {
        self.number = Some(number);
        self
    }
}

/// One query: rows of a table grouped by levels.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// The table.
    pub source: Source,
    /// Rows that count; `{n}` is the slot or the record's number. Empty = all.
    pub filter: &'static str,
    /// What rows are grouped by, outermost first. None = one row without a label.
    pub levels: &'static [Level],
    /// What is computed.
    pub metrics: &'static [Metric],
    /// Facts kept beside the metrics of the last level.
    pub metadata: &'static [Metadata],
    /// Grouped by goal too; metrics go into the `goals` column.
    pub by_goal: bool,
    /// Asked once for each slot from 1 to this; 0 = once, with the record's number.
    pub slots: u32,
    /// What is known beside the table's own columns.
    pub beside: Beside,
    /// Adds to rows that other parts made, and makes none.
    pub adds_only: bool,
}

/// Columns from other rows of the same visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// None.
    Nothing,
    /// One row for each page view (`url`, `title`) of the visit up to a conversion.
    PagesBefore,
    /// The visit's `entry_url`, `entry_title` and `entry_title_kind`, of conversions.
    Entry,
    /// Of actions: `next_time_spent`, the seconds until the visit's next action; `is_last`; `is_only`.
    Neighbours,
}

impl Part {
    const fn new(source: Source, levels: &'static [Level], metrics: &'static [Metric]) -> Self {
        Self {
            source,
            filter: "",
            levels,
            metrics,
            metadata: &[],
            by_goal: false,
            slots: 0,
            beside: Beside::Nothing,
            adds_only: false,
        }
    }

    const fn visits(levels: &'static [Level], metrics: &'static [Metric]) -> Self {
        Self::new(Source::Visits, levels, metrics)
    }

    const fn actions(levels: &'static [Level], metrics: &'static [Metric]) -> Self {
        Self::new(Source::Actions, levels, metrics)
    }

    const fn goals(levels: &'static [Level]) -> Self {
        Self::new(Source::Conversions, levels, GOAL_METRICS).by_goal()
    }

    const fn filter(mut self, filter: &'static str) -> Self {
        self.filter = filter;
        self
    }

    const fn metadata(mut self, metadata: &'static [Metadata]) -> Self {
        self.metadata = metadata;
        self
    }

    const fn slots(mut self, slots: u32) -> Self {
        self.slots = slots;
        self
    }

    const fn beside(mut self, beside: Beside) -> Self {
        self.beside = beside;
        self
    }

    const fn adds_only(mut self) -> Self {
        self.adds_only = true;
        self
    }

    const fn by_goal(mut self) -> Self {
        self.by_goal = true;
        self
    }
}

/// What the rows of one level are about.
#[derive(Debug, Clone, Copy)]
pub enum Level {
    /// Values, joined by `|` or `;` when there are several.
    Values(&'static [Expr], &'static str),
    /// A value; without one, the rows above have no such row below.
    Optional(Expr),
    /// Counted apart and then summed without a row of its own: distinct counts add up as Matomo's do.
    Apart(Expr),
    /// A number by the range it falls into: from, to (both included); no end = and more.
    Ranges(Expr, &'static [(i64, Option<i64>)]),
}

/// A level of one column.
const fn column(name: &'static [Expr]) -> Level {
    Level::Values(name, "")
}

/// How a grouped row's labels become a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One level below the other.
    Levels,
    /// The label is a page's URL: its path, split at `/`.
    PageUrls,
    /// The label is a page's title: split at the configured text.
    PageTitles,
    /// The label is a URL: host, then path.
    Hosts,
    /// The label is a number whose bits are the rows.
    Plugins,
}

/// Which of the operator's row limits apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// All rows stay.
    None,
    /// Every report that has none of its own.
    Standard,
    /// Referrers.
    Referrers,
    /// Pages, downloads, outlinks, contents.
    Actions,
    /// Site search.
    Search,
    /// Events.
    Events,
    /// Custom dimensions.
    Dimensions,
    /// Custom variables.
    Variables,
    /// User ids.
    Users,
    /// Products.
    Products,
}

impl Limits {
    /// Rows of the table and of each subtable, Others included; 0 = no limit.
    #[must_use]
    pub fn rows(self, s: &ReportSettings) -> (usize, usize) {
        let standard = s.datatable_archiving_maximum_rows_standard;
        match self {
            Self::None => (0, 0),
            Self::Standard => (standard, standard),
            Self::Referrers => {
                (s.datatable_archiving_maximum_rows_referrers, s.datatable_archiving_maximum_rows_subtable_referrers)
            }
            Self::Actions => {
                (s.datatable_archiving_maximum_rows_actions, s.datatable_archiving_maximum_rows_subtable_actions)
            }
            Self::Search => {
                (s.datatable_archiving_maximum_rows_site_search, s.datatable_archiving_maximum_rows_subtable_actions)
            }
            Self::Events => {
                (s.datatable_archiving_maximum_rows_events, s.datatable_archiving_maximum_rows_subtable_events)
            }
            Self::Dimensions => (
                s.datatable_archiving_maximum_rows_custom_dimensions,
                s.datatable_archiving_maximum_rows_subtable_custom_dimensions,
            ),
            // Matomo knows no limits of their own unless the operator sets them.
            Self::Variables => (
                s.datatable_archiving_maximum_rows_custom_variables
                    .min(s.datatable_archiving_maximum_rows_custom_dimensions),
                s.datatable_archiving_maximum_rows_subtable_custom_variables
                    .min(s.datatable_archiving_maximum_rows_subtable_custom_dimensions),
            ),
            Self::Users => (s.datatable_archiving_maximum_rows_userid_users, 0),
            Self::Products => (s.datatable_archiving_maximum_rows_products, 0),
        }
    }
}

/// A column of a record.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name in answers.
    pub name: &'static str,
    /// How it is computed.
    pub aggregate: Aggregate,
    /// What the store's number is divided by: money is held in micro-units, times of loading in milliseconds.
    pub scale: f64,
    /// Rows that have nothing to count or sum don't have the column; otherwise it is 0 or null.
    pub omit_null: bool,
}

/// How many, how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    /// Number of rows.
    Rows,
    /// Number of rows for which a condition holds.
    RowsIf(&'static str),
    /// Number of rows that have a value.
    Present(&'static str),
    /// Sum of whole numbers.
    Sum(&'static str),
    /// Sum of other numbers.
    SumFloat(&'static str),
    /// Average of those rows that have a value.
    Average(&'static str),
    /// Greatest.
    Max(&'static str),
    /// Least.
    Min(&'static str),
    /// 1 where values are known and none is above 0, else 0.
    NoneAbove0(&'static str),
    /// Number of distinct values that aren't null.
    Distinct(&'static str),
    /// Nothing yet; other parts add to it.
    Zero,
}

const fn metric(name: &'static str, aggregate: Aggregate) -> Metric {
    Metric { name, aggregate, scale: 1.0, omit_null: false }
}

const fn optional(name: &'static str, aggregate: Aggregate) -> Metric {
    Metric { name, aggregate, scale: 1.0, omit_null: true }
}

const fn scaled(name: &'static str, aggregate: Aggregate, scale: f64) -> Metric {
    Metric { name, aggregate, scale, omit_null: true }
}

/// Micro-units a unit of money.
const MICRO: f64 = 1_000_000.0;

/// A fact beside the metrics: that of any row.
#[derive(Debug, Clone, Copy)]
pub struct Metadata {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub expression: Expr,
    /// How it is shown.
    pub kind: MetadataKind,
}

/// What a fact is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetadataKind {
    /// The value itself.
    Plain,
    /// A number as 16 hex digits.
    Hex,
    /// What was cut off a page's URL; the fact is the whole URL.
    UrlPrefix,
    /// The slot of a custom variable of this scope; kept with the outermost row.
    Slot(&'static str),
}

impl MetadataKind {
    pub(crate) fn is_of_first_level(self) -> bool {
        matches!(self, Self::Slot(_))
    }
}

/// Who visited. Exempt visits tell of nobody: each counts as a visitor of its own.
pub(crate) const VISITOR: &str = "coalesce(visitor_id, visit_id)";

/// Metrics of visits.
const VISIT_METRICS: &[Metric] = &[
    metric("nb_uniq_visitors", Aggregate::Distinct(VISITOR)),
    metric("nb_visits", Aggregate::Rows),
    metric("nb_actions", Aggregate::Sum("actions")),
    metric("nb_users", Aggregate::Distinct("nullif(user_id, '')")),
    metric("max_actions", Aggregate::Max("actions")),
    metric("sum_visit_length", Aggregate::Sum("total_time")),
    metric("bounce_count", Aggregate::RowsIf("actions <= 1")),
    metric("nb_visits_converted", Aggregate::RowsIf("converted")),
];

/// Metrics of conversions, for each goal; which of them a goal has is decided by its kind.
const GOAL_METRICS: &[Metric] = &[
    metric("nb_conversions", Aggregate::Rows),
    metric("nb_visits_converted", Aggregate::Distinct("visit_id")),
    scaled("revenue", Aggregate::Sum("revenue"), MICRO),
    scaled("revenue_subtotal", Aggregate::Sum("revenue_subtotal"), MICRO),
    scaled("revenue_tax", Aggregate::Sum("revenue_tax"), MICRO),
    scaled("revenue_shipping", Aggregate::Sum("revenue_shipping"), MICRO),
    scaled("revenue_discount", Aggregate::Sum("revenue_discount"), MICRO),
    metric("items", Aggregate::Sum("items")),
];

/// Every record once; numbered ones without their number.
pub fn all() -> impl Iterator<Item = &'static RecordDef> {
    static ALL: &[RecordDef] = &[
        VISIT_NUMBERS,
        UNIQUE_NUMBERS,
        ACTION_NUMBERS,
        DISTINCT_NUMBERS,
        PAGE_URLS,
        PAGE_TITLES,
        DOWNLOADS,
        OUTLINKS,
        SEARCH_KEYWORDS,
        SEARCH_CATEGORIES,
        ACTION_DIMENSION,
        REFERRER_TYPES,
        SEARCH_ENGINES,
        KEYWORDS,
        WEBSITES,
        CAMPAIGNS,
        SOCIALS,
        COUNTRIES,
        REGIONS,
        CITIES,
        LANGUAGES,
        DEVICE_TYPES,
        DEVICE_BRANDS,
        DEVICE_MODELS,
        OS,
        OS_VERSIONS,
        BROWSERS,
        BROWSER_VERSIONS,
        BROWSER_ENGINES,
        RESOLUTIONS,
        CONFIGURATIONS,
        PLUGINS,
        SERVER_TIMES,
        LOCAL_TIMES,
        DAYS_OF_WEEK,
        VISIT_DURATIONS,
        PAGES_PER_VISIT,
        VISIT_COUNTS,
        DAYS_SINCE_LAST,
        USERS,
        VISIT_DIMENSION,
        CUSTOM_VARIABLES,
        EVENT_CATEGORY_ACTION,
        EVENT_CATEGORY_NAME,
        EVENT_ACTION_CATEGORY,
        EVENT_ACTION_NAME,
        EVENT_NAME_ACTION,
        EVENT_NAME_CATEGORY,
        CONTENT_NAMES,
        CONTENT_PIECES,
        GOALS,
        DAYS_TO_CONVERSION,
        VISITS_UNTIL_CONVERSION,
        ITEMS_SKU,
        ITEMS_NAME,
        ITEMS_CATEGORY,
        ITEMS_SKU_CART,
        ITEMS_NAME_CART,
        ITEMS_CATEGORY_CART,
    ];
    ALL.iter().chain(referrers::CAMPAIGN_DIMENSIONS)
}

/// Names of all columns that records can have.
pub(crate) fn column_names() -> impl Iterator<Item = &'static str> {
    let metrics = all().flat_map(|record| record.parts).flat_map(|part| part.metrics).map(|metric| metric.name);
    let metadata = all().flat_map(|record| record.parts).flat_map(|part| part.metadata).map(|fact| fact.name);
    metrics.chain(metadata).chain([
        "goals",
        "sum_daily_nb_uniq_visitors",
        "sum_daily_nb_users",
        "sum_daily_entry_nb_uniq_visitors",
        "sum_daily_exit_nb_uniq_visitors",
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_are_those_of_goals_and_custom_dimensions() {
        let numbered: Vec<_> = all().filter(|record| record.is_numbered()).map(|record| record.name).collect();
        assert_eq!(
            numbered,
            [ACTION_DIMENSION, VISIT_DIMENSION, DAYS_TO_CONVERSION, VISITS_UNTIL_CONVERSION].map(|record| record.name)
        );
    }
}
