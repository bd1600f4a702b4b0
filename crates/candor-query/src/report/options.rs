//! What a request says about a report, typed: which rows and columns to show, and how. Matomo's generic
//! parameters (`filter_limit`, `flat`, `label`, …) and the few that single reports have (`idGoal`, …).

use super::{Comparison, Pivot};
use crate::table::{goals::GoalColumns, sort::Order};

/// How numbers are shown: Matomo's `format_metrics`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Formatting {
    /// `0`: as they are.
    Raw,
    /// `bc`, the default: shares as `50%`, all else as it is.
    #[default]
    Percent,
    /// `1`: also times and numbers of computed metrics.
    Computed,
    /// `all`: also amounts of money and sizes.
    All,
}

/// A search in one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The column, `label`, or a metadata entry.
    pub column: String,
    /// A regular expression.
    pub pattern: String,
}

/// Which rows and columns of a table are shown, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct TableOptions {
    /// Rows at most; negative = all.
    pub limit: i64,
    /// Rows to skip.
    pub offset: usize,
    /// "Others" stays when rows are cut.
    pub keep_summary: bool,
    /// Column to sort by instead of the report's own.
    pub sort: Option<String>,
    /// Which way, with `sort`.
    pub order: Order,
    /// Only rows that match.
    pub search: Option<Search>,
    /// Only rows that match or have a match below them.
    pub search_deep: Option<Search>,
    /// Column and least value; 0 = 2 % of the column's sum.
    pub low_population: Option<(String, f64)>,
    /// Rows beyond this many are summed into "Others".
    pub truncate: Option<usize>,
    /// Rows below are part of the answer.
    pub expanded: bool,
    /// Levels shown with `expanded`.
    pub depth: Option<usize>,
    /// The tree as one list.
    pub flat: bool,
    /// With `flat`: rows that have rows below stay.
    pub aggregate_rows: bool,
    /// Only these columns.
    pub show_columns: Vec<String>,
    /// Not these columns.
    pub hide_columns: Vec<String>,
    /// Hidden columns are hidden below, too.
    pub hide_deep: bool,
    /// Columns that exist only to compute others are shown.
    pub raw_metrics: bool,
    /// Only the rows with these labels.
    pub labels: Vec<String>,
    /// Rows say which of the labels they are.
    pub label_index: bool,
    /// How numbers are shown.
    pub format: Formatting,
    /// Rates and averages for all rows: `Some(true)` also leaves out rows without visits.
    pub all_columns: Option<bool>,
    /// Goals as columns of their own.
    pub goals: Option<GoalColumns>,
    /// Columns are another dimension's values.
    pub pivot: Option<Pivot>,
    /// Other periods and segments beside each row.
    pub comparison: Option<Comparison>,
    /// No limit, sorting and the like.
    pub no_generic_filters: bool,
}

impl Default for TableOptions {
    fn default() -> Self {
        Self {
            limit: 100,
            offset: 0,
            keep_summary: false,
            sort: None,
            order: Order::Descending,
            search: None,
            search_deep: None,
            low_population: None,
            truncate: None,
            expanded: false,
            depth: None,
            flat: false,
            aggregate_rows: false,
            show_columns: vec![],
            hide_columns: vec![],
            hide_deep: true,
            raw_metrics: false,
            labels: vec![],
            label_index: false,
            format: Formatting::Percent,
            all_columns: None,
            goals: None,
            pivot: None,
            comparison: None,
            no_generic_filters: false,
        }
    }
}

/// Parameters that only some reports know.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReportParams {
    /// `idGoal`: a number, `ecommerceOrder` or `ecommerceAbandonedCart`.
    pub goal: Option<String>,
    /// `idDimension`.
    pub dimension: Option<u32>,
    /// `idSubtable`: an `idsubdatatable` of an earlier answer.
    pub subtable: Option<u64>,
    /// `secondaryDimension` of events.
    pub secondary_dimension: Option<String>,
    /// `abandonedCarts` of products.
    pub abandoned_carts: bool,
    /// `pageUrl`, `pageName`, `downloadUrl` or `outlinkUrl`.
    pub page: Option<String>,
    /// `columns` of one-row reports.
    pub columns: Vec<String>,
    /// `enhanced` of the all-sites report.
    pub enhanced: bool,
    /// `showAllGoalSpecificMetrics`.
    pub all_goal_metrics: bool,
    /// `pattern` of the all-sites report.
    pub pattern: String,
    /// `_setReferrerTypeLabel` off: referrer types by number.
    pub raw_referrer_types: bool,
}
