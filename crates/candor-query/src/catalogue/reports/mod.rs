//! Reports: one definition each, plain data. From it come the API method, its metadata, the dashboard's menu and
//! the test that runs every report.
//!
//! To add one: a `ReportDef` in the module of its name, listed in that module's `REPORTS`.

mod actions;
mod contents;
mod custom;
mod devices;
mod ecommerce;
mod events;
mod goals;
pub(crate) mod labels;
mod location;
pub(crate) mod referrers;
mod times;
pub(crate) mod totals;

use super::metrics::Processed;
use crate::{
    report::ReportParams,
    table::{Row, Table, flatten::Flattening, sort::Order},
};
use candor_core::{Settings, SiteSettings, Vocabulary};

/// Where a report's rows come from.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// The record of this name.
    Record(&'static str),
    /// The record that the request's parameters choose; an error's text says why there is none.
    Chosen(fn(&ReportParams, &SiteSettings) -> Result<String, String>),
    /// One row of numbers: (record's name, column shown).
    Numbers(&'static [(&'static str, &'static str)]),
    /// Put together of other reports; see `report::composed`.
    Composed(Composed),
}

/// Reports that are put together of several records, segments, periods or sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Composed {
    /// New and returning visits side by side.
    VisitFrequency,
    /// Goals' totals, overall, for new and for returning visits.
    Goals,
    /// Goals' totals, overall only.
    GoalMetrics,
    /// Kinds of referrers, below them the referrers of each.
    ReferrerTypes,
    /// Visits by kind of referrer, distinct referrers.
    Referrers,
    /// All referrers in one list.
    AllReferrers,
    /// Loading times.
    PagePerformance,
    /// The totals of all modules in one row.
    Everything,
    /// One row a site, with the change since the period before.
    Sites,
    /// The same, sites of a group together, a page of them with the totals of all.
    GroupedSites,
    /// The row of one site.
    OneSite,
}

/// What a report shows of goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goals {
    /// Nothing.
    None,
    /// Conversions of the visits in a row.
    Visits,
    /// Conversions after a page was seen.
    Pages,
    /// Conversions of visits that began with a page.
    EntryPages,
}

/// How our dashboard draws a report first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Rows and columns.
    Table,
    /// Numbers with their course over time.
    Numbers,
    /// Bars, rows in their own order.
    Bars,
    /// A map of the world.
    Map,
}

/// What a row's label and metadata are made with.
#[derive(Clone, Copy)]
pub struct Labelling<'a> {
    /// The site.
    pub site: &'a SiteSettings,
    /// All settings.
    pub settings: &'a Settings,
    /// Names of codes.
    pub vocabulary: &'a Vocabulary,
    /// The report's own parameters.
    pub params: &'a ReportParams,
    /// 0 for the report's rows, 1 for those below …
    pub level: usize,
    /// The stored label of the row above; empty for the report's own rows.
    pub parent: &'a str,
    /// The stored labels of all rows above, outermost first.
    pub path: &'a [String],
    /// The tree is shown as one list.
    pub flat: bool,
    /// Rows below are shown without the row above, so that they must say themselves where they belong.
    pub alone: bool,
}

/// A report.
#[derive(Clone, Copy)]
pub struct ReportDef {
    /// Matomo's name of the method.
    pub method: &'static str,
    /// For people.
    pub name: &'static str,
    /// Where it is listed.
    pub category: &'static str,
    /// The page of that category.
    pub subcategory: &'static str,
    /// Its place on that page.
    pub order: u32,
    /// What it says, in a sentence or two.
    pub documentation: &'static str,
    /// What its rows are, for people; empty for one-row reports.
    pub dimension: &'static str,
    /// Ids of the dimensions of its levels.
    pub dimension_ids: &'static [&'static str],
    /// Between the labels of two levels when the tree is shown as one list.
    pub separator: &'static str,
    /// Rows below can be part of the answer.
    pub expands: bool,
    /// Where the rows come from.
    pub source: Source,
    /// Columns that are described, those of records first.
    pub metrics: &'static [&'static str],
    /// Metrics computed for rows of all levels.
    pub computed: &'static [Processed],
    /// Metrics computed for the report's own rows only.
    pub top_computed: &'static [&'static [Processed]],
    /// Metrics computed when all columns are asked for, as processed reports do.
    pub overview: &'static [Processed],
    /// Column to sort by.
    pub sort: (&'static str, Order),
    /// Always the same rows: neither limit nor low population apply.
    pub constant_rows: bool,
    /// Whether rows have goals.
    pub goals: Goals,
    /// Method that answers for the rows below a row; empty for none.
    pub subtable: &'static str,
    /// It answers for rows below only and isn't listed.
    pub is_subtable: bool,
    /// Listed, in menus and metadata.
    pub listed: bool,
    /// Its rows are single people: not for anonymous callers.
    pub personal: bool,
    /// Among the few that a site's overview shows.
    pub featured: bool,
    /// Says, after its name, that it answers for one site and one date only; empty where that isn't so.
    pub single: &'static str,
    /// How it is drawn.
    pub view: View,
    /// Makes label and metadata of a stored row.
    pub label: fn(&mut Row, &Labelling<'_>),
    /// Names of metrics that differ here: column, name.
    pub titles: &'static [(&'static str, &'static str)],
    /// Reports that show the same from another side.
    pub related: &'static [&'static str],
    /// Computed metrics that are described, where they are fewer than `computed`.
    pub described: &'static [&'static str],
    /// Computed metrics whose unit is told though they aren't described.
    pub typed: &'static [&'static str],
    /// Adds metadata to the row that sums what was cut off.
    pub label_others: fn(&mut Row, &Labelling<'_>),
    /// Changes a row of the tree shown as a list.
    pub list_row: fn(&mut Row),
    /// Changes the rows as a whole before labels are made: groups codes, adds missing rows.
    pub shape: fn(Table, &Labelling<'_>) -> Table,
}

impl ReportDef {
    /// A report of rows.
    pub(super) const fn rows(method: &'static str, name: &'static str, record: &'static str) -> Self {
        Self {
            method,
            name,
            category: "",
            subcategory: "",
            order: 50,
            documentation: "",
            dimension: name,
            dimension_ids: &[],
            separator: " - ",
            expands: true,
            source: Source::Record(record),
            metrics: &["nb_visits", "nb_uniq_visitors", "nb_actions", "nb_users"],
            computed: &[],
            top_computed: &[],
            overview: super::metrics::VISIT,
            sort: ("nb_visits", Order::Descending),
            constant_rows: false,
            goals: Goals::None,
            subtable: "",
            is_subtable: false,
            listed: true,
            personal: false,
            featured: false,
            single: "",
            view: View::Table,
            label: keep_label,
            described: &["*"],
            titles: &[],
            related: &[],
            typed: &[],
            label_others: keep_label,
            list_row: keep_row,
            shape: keep_rows,
        }
    }

    /// A report of one row of numbers.
    pub(super) const fn numbers(
        method: &'static str,
        name: &'static str,
        numbers: &'static [(&'static str, &'static str)],
    ) -> Self {
        let mut report = Self::rows(method, name, "");
        report.source = Source::Numbers(numbers);
        report.dimension = "";
        report.overview = &[];
        report.view = View::Numbers;
        report
    }

    /// Where it is listed: category, page, place.
    pub(super) const fn listed(mut self, category: &'static str, subcategory: &'static str, order: u32) -> Self {
        self.category = category;
        self.subcategory = subcategory;
        self.order = order;
        self
    }

    /// Shown on a site's overview.
    pub(super) const fn featured(mut self) -> Self {
        self.featured = true;
        self
    }

    /// What it says.
    pub(super) const fn says(mut self, documentation: &'static str) -> Self {
        self.documentation = documentation;
        self
    }

    /// What its rows are, and the ids of its levels' dimensions.
    pub(super) const fn of(mut self, dimension: &'static str, ids: &'static [&'static str]) -> Self {
        self.dimension = dimension;
        self.dimension_ids = ids;
        self
    }

    /// Described columns, and computed ones.
    pub(super) const fn columns(mut self, metrics: &'static [&'static str], computed: &'static [Processed]) -> Self {
        self.metrics = metrics;
        self.computed = computed;
        self.overview = &[];
        self
    }

    /// Metrics that have another name here.
    pub(super) const fn titled(mut self, titles: &'static [(&'static str, &'static str)]) -> Self {
        self.titles = titles;
        self
    }

    /// Reports that show the same from another side.
    pub(super) const fn relates(mut self, methods: &'static [&'static str]) -> Self {
        self.related = methods;
        self
    }

    /// Described columns, computed ones left as they are.
    pub(super) const fn describing(
        mut self,
        metrics: &'static [&'static str],
        computed: &'static [&'static str],
    ) -> Self {
        self.metrics = metrics;
        self.described = computed;
        self
    }

    /// The column to sort by, greatest first.
    pub(super) const fn sorted(mut self, column: &'static str) -> Self {
        self.sort = (column, Order::Descending);
        self
    }

    /// Rows have goals.
    pub(super) const fn goals(mut self, goals: Goals) -> Self {
        self.goals = goals;
        self
    }

    /// How labels and metadata are made.
    pub(super) const fn labelled(mut self, label: fn(&mut Row, &Labelling<'_>)) -> Self {
        self.label = label;
        self
    }

    /// How rows are changed as a whole.
    pub(super) const fn shaped(mut self, shape: fn(Table, &Labelling<'_>) -> Table) -> Self {
        self.shape = shape;
        self
    }

    /// The method for the rows below.
    pub(super) const fn below(mut self, method: &'static str) -> Self {
        self.subtable = method;
        self
    }

    /// Answers for rows below a row of another report only.
    pub(super) const fn only_below(mut self) -> Self {
        self.is_subtable = true;
        self.listed = false;
        self
    }

    /// Its rows are single people.
    pub(super) const fn personal(mut self) -> Self {
        self.personal = true;
        self
    }

    /// Not in menus.
    pub(super) const fn unlisted(mut self) -> Self {
        self.listed = false;
        self
    }

    /// Always the same rows, in this order of a column.
    pub(super) const fn constant(mut self, column: &'static str, order: Order) -> Self {
        self.sort = (column, order);
        self.constant_rows = true;
        self.view = View::Bars;
        self
    }

    /// What a column is called here.
    #[must_use]
    pub fn title(&self, column: &str) -> Option<&'static str> {
        let own = self.titles.iter().find(|(name, _)| *name == column).map(|(_, title)| *title);
        own.or_else(|| super::metrics::find(column).map(|metric| metric.title))
    }

    /// The module: what comes before the dot of its method.
    #[must_use]
    pub fn module(&self) -> &'static str {
        self.method.split('.').next().unwrap_or_default()
    }

    /// The action: what comes after the dot of its method.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.method.split('.').nth(1).unwrap_or_default()
    }

    /// How its tree is joined into one list.
    #[must_use]
    pub fn flattening<'a>(&self, dimensions: &'a [&'a str], keep_parents: bool) -> Flattening<'a> {
        Flattening {
            separator: self.separator,
            dimensions,
            keep_parents,
            // rows below with a dimension of their own have their own segment, or none
            inherit_segment: dimensions.len() < 2,
        }
    }

    /// Computed metrics of the report's own rows.
    pub fn all_computed(&self) -> impl Iterator<Item = &'static Processed> {
        self.top_computed.iter().copied().flatten().chain(self.computed)
    }
}

fn keep_label(_: &mut Row, _: &Labelling<'_>) {}

fn keep_row(_: &mut Row) {}

fn keep_rows(table: Table, _: &Labelling<'_>) -> Table {
    table
}

/// Every report.
pub fn all() -> impl Iterator<Item = &'static ReportDef> {
    [
        totals::REPORTS,
        actions::REPORTS,
        referrers::REPORTS,
        location::REPORTS,
        devices::REPORTS,
        times::REPORTS,
        events::REPORTS,
        contents::REPORTS,
        custom::REPORTS,
        goals::REPORTS,
        ecommerce::REPORTS,
    ]
    .into_iter()
    .flatten()
}

/// The report that this method answers. Names are compared as Matomo does, module and action exactly.
#[must_use]
pub fn find(method: &str) -> Option<&'static ReportDef> {
    all().find(|report| report.method == method)
}
