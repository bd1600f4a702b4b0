//! One site, one period: rows of a record or a row of numbers, labelled and shaped.

use super::{Ask, Reports, TableOptions, process, subtables, timings};
use crate::{
    QueryError, Scope,
    catalogue::{
        metrics::{Formula, round},
        reports::{Labelling, ReportDef, Source},
    },
    period::PeriodKind,
    segment::Asker,
    table::{Answer, Row, Table, Value},
};
use candor_core::SiteSettings;

/// Numbers that years and ranges have only when a setting says so.
const DISTINCT: [&str; 2] = ["nb_uniq_visitors", "nb_users"];

impl Reports {
    pub(super) fn answer_one(&self, report: &'static ReportDef, ask: &Ask<'_>) -> Result<Answer, QueryError> {
        if report.personal && ask.request.asker == Asker::Anonymous {
            return Err(QueryError::Parameter(format!("{} is only for people who signed in", report.method)));
        }
        match report.source {
            Source::Record(record) => self.record_answer(report, record, ask),
            Source::Chosen(choose) => {
                let record = choose(&ask.request.params, ask.site).map_err(QueryError::Parameter)?;
                self.record_answer(report, &record, ask)
            }
            Source::Numbers(numbers) => self.numbers_answer(report, numbers, ask),
            Source::Composed(composed) => self.composed_answer(report, composed, ask),
        }
    }

    fn record_answer(&self, report: &'static ReportDef, record: &str, ask: &Ask<'_>) -> Result<Answer, QueryError> {
        let stored = self.records.table(record, &ask.scope())?;
        let total = || -> Result<f64, QueryError> {
            let needed = report.computed.iter().any(|metric| matches!(metric.formula, Formula::Share(..)));
            if !needed {
                return Ok(0.0);
            }
            Ok(self.records.numbers(&["nb_visits"], &ask.scope())?.number("nb_visits"))
        };
        let mut table = self.labelled(report, &stored, ask, total()?);
        if PAGES.contains(&record) {
            // A row found by its label shows what is known of itself.
            if ask.request.options.labels.len() != 1 {
                timings::complete(&mut table);
            }
            self.add_page_rates(&mut table, ask)?;
        }
        if let Some(pivot) = &ask.request.options.pivot {
            table = self.pivoted(table, report, ask, pivot)?;
        }
        Ok(Answer::Table(self.shaped(table, report, ask, &ask.request.options)))
    }

    /// The share of a goal's conversions before which a page was seen. It is known of the top rows only.
    fn add_page_rates(&self, table: &mut Table, ask: &Ask<'_>) -> Result<(), QueryError> {
        let mut conversions: Vec<(String, f64)> = vec![];
        for id in goals_in(table) {
            let number = match id.as_str() {
                "ecommerceOrder" => "0",
                "ecommerceAbandonedCart" => "-1",
                id => id,
            };
            let name = format!("Goal_{number}_nb_conversions");
            let total = self.records.numbers(&[name.as_str()], &ask.scope())?.number(&name);
            conversions.push((format!("idgoal={id}"), total));
        }
        let lists_pages = ask.request.options.flat;
        let set = |row: &mut Row, top: bool| {
            let Some((_, Value::Map(goals))) = row.columns.iter_mut().find(|(name, _)| name == "goals") else { return };
            for (key, goal) in goals {
                let Value::Map(columns) = goal else { continue };
                let seen =
                    columns.iter().find(|(n, _)| n == "nb_conversions_page_uniq").map_or(0.0, |(_, v)| v.number());
                if key == "idgoal=ecommerceAbandonedCart" {
                    columns.retain(|(name, _)| CART_COLUMNS.contains(&name.as_str()));
                }
                let total = conversions.iter().find(|(k, _)| k == key).map_or(0.0, |(_, total)| *total);
                let rate = if top && total > 0.0 { round(seen / total, 3) } else { 0.0 };
                columns.push(("nb_conversions_page_rate".into(), Value::from_number(rate.min(1.0))));
            }
        };
        for row in &mut table.rows {
            let leaf = row.subtable.is_none();
            set(row, leaf || !lists_pages);
            if let Some(below) = &mut row.subtable {
                below.each_row(&mut |row| set(row, false));
            }
        }
        Ok(())
    }

    /// A record's rows with labels, metadata and ids; those of a subtable when the request names one.
    fn labelled(&self, report: &'static ReportDef, stored: &Table, ask: &Ask<'_>, total: f64) -> Table {
        let options = &ask.request.options;
        let (path, mut table) = match ask.request.params.subtable {
            Some(id) => match subtables::find(stored, id) {
                Some((path, below)) => (path, below.clone()),
                None => return Table::default(),
            },
            None if report.is_subtable => return Table::default(),
            None => (vec![], stored.clone()),
        };
        // Ids continue those of the whole record, so they are given before rows are changed.
        let mut whole = stored.clone();
        subtables::name(&mut whole);
        if path.is_empty() {
            table = whole;
        } else if let Some((_, named)) = ask.request.params.subtable.and_then(|id| subtables::find(&whole, id)) {
            table = named.clone();
        }
        let labelling = Labelling {
            site: ask.site,
            settings: &ask.request.settings,
            vocabulary: &self.vocabulary,
            params: &ask.request.params,
            level: path.len(),
            parent: path.last().map_or("", String::as_str),
            path: &path,
            flat: options.flat,
            alone: ask.request.params.subtable.is_some() || !options.labels.is_empty() || ask.lone_rows,
        };
        let mut table = if path.is_empty() { (report.shape)(table, &labelling) } else { table };
        label_rows(&mut table, report, &labelling);
        if total > 0.0 {
            table.rows.iter_mut().for_each(|row| row.set(process::VISITS_TOTAL, Value::from_number(total)));
        }
        table
    }

    pub(super) fn shaped(
        &self,
        table: Table,
        report: &'static ReportDef,
        ask: &Ask<'_>,
        options: &TableOptions,
    ) -> Table {
        let goals = goal_ids(ask.site);
        let dimensions = match ask.request.params.dimension {
            Some(id) if report.dimension_ids.is_empty() => vec![format!("CustomDimension_CustomDimension{id}")],
            _ => report.dimension_ids.iter().map(|id| (*id).to_owned()).collect(),
        };
        let shaping = process::Shaping { dimensions: &dimensions, ..self.shaping(report, ask.site, &goals) };
        process::table(table, options, &shaping)
    }

    pub(super) fn shaping<'a>(
        &'a self,
        report: &'static ReportDef,
        site: &'a SiteSettings,
        goals: &'a [String],
    ) -> process::Shaping<'a> {
        process::Shaping { report, goals, dimensions: &[], currency: self.currency(site) }
    }

    /// The symbol of a site's currency, its code where none is known.
    pub(super) fn currency<'a>(&'a self, site: &'a SiteSettings) -> &'a str {
        self.vocabulary.currency_symbols.get(&site.currency).map_or(&site.currency, String::as_str)
    }

    fn numbers_answer(
        &self,
        report: &'static ReportDef,
        numbers: &[(&'static str, &'static str)],
        ask: &Ask<'_>,
    ) -> Result<Answer, QueryError> {
        let row = self.numbers(numbers, &ask.scope())?;
        if let ([(_, only)], false) = (numbers, row.columns.len() == numbers.len()) {
            let text = format!(
                "The metric {only} is not enabled for the requested period. \
                 Please see this FAQ: https://matomo.org/faq/how-to/faq_113/"
            );
            return Err(QueryError::Parameter(text));
        }
        self.one_row(report, row, ask)
    }

    /// A shaped one-row answer; empty where nothing was counted and the answer is part of a map.
    pub(super) fn one_row(&self, report: &'static ReportDef, row: Row, ask: &Ask<'_>) -> Result<Answer, QueryError> {
        // One number is 0 then.
        let is_number = matches!(report.source, Source::Numbers([_]));
        if ask.in_map && !is_number && process::is_empty(&row) {
            return Ok(Answer::Table(Table::default()));
        }
        let request = ask.request;
        let shaping = self.shaping(report, ask.site, &[]);
        let row = process::row(row, &request.params.columns, &request.options, &shaping);
        // A report of one number is that number.
        match (report.source, row.columns.as_slice()) {
            (Source::Numbers([(_, name)]), [(_, value)]) if name.ends_with("_pretty") => {
                Ok(Answer::Scalar(Value::Text(crate::format::sentence(value.number()))))
            }
            (Source::Numbers([_]), [(_, value)]) => Ok(Answer::Scalar(value.clone())),
            _ => Ok(Answer::Simple(row)),
        }
    }

    /// Numbers under the names they are shown by, 0 where nothing was counted. Those that the period
    /// doesn't have are absent.
    pub(super) fn numbers(
        &self,
        numbers: &[(&'static str, &'static str)],
        scope: &Scope<'_>,
    ) -> Result<Row, QueryError> {
        let wanted: Vec<_> = numbers.iter().filter(|(name, _)| exists(name, scope)).collect();
        let names: Vec<_> = wanted.iter().map(|(name, _)| *name).collect();
        let found = self.records.numbers(&names, scope)?;
        let mut row = Row::default();
        for (name, shown) in wanted {
            row.set(*shown, Value::from_number(found.number(name)));
        }
        Ok(row)
    }
}

/// What pages know of carts.
const CART_COLUMNS: [&str; 3] = ["nb_conversions", "revenue", "nb_conversions_page_uniq"];

/// Records whose rows are pages.
const PAGES: [&str; 2] = ["Actions_actions_url", "Actions_actions"];

/// The goals that occur in a table's rows.
fn goals_in(table: &Table) -> Vec<String> {
    let mut ids: Vec<String> = vec![];
    for row in &table.rows {
        if let Some(Value::Map(goals)) = row.get("goals") {
            ids.extend(goals.iter().filter_map(|(key, _)| key.strip_prefix("idgoal=")).map(str::to_owned));
        }
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Whether a period has a number at all.
fn exists(name: &str, scope: &Scope<'_>) -> bool {
    let reports = &scope.settings.reports;
    !DISTINCT.contains(&name)
        || match scope.period.kind {
            PeriodKind::Year => reports.enable_processing_unique_visitors_year,
            PeriodKind::Range => reports.enable_processing_unique_visitors_range,
            _ => true,
        }
}

fn label_rows(table: &mut Table, report: &ReportDef, labelling: &Labelling<'_>) {
    for row in &mut table.rows {
        let stored = row.label().to_owned();
        tidy_goals(row);
        if let Some(below) = &mut row.subtable {
            let path = [labelling.path, std::slice::from_ref(&stored)].concat();
            let inner = Labelling { level: labelling.level + 1, parent: &stored, path: &path, ..*labelling };
            label_rows(below, report, &inner);
        }
        if row.is_summary {
            row.label = Some(crate::table::filter::OTHERS.to_owned());
            (report.label_others)(row, labelling);
        } else {
            (report.label)(row, labelling);
        }
    }
}

/// Goals in the order of their numbers, carts and orders first; rows that have goals have visits and totals, if only 0.
pub(super) fn tidy_goals(row: &mut Row) {
    let Some((_, Value::Map(goals))) = row.columns.iter_mut().find(|(name, _)| name == "goals") else { return };
    goals.sort_by_key(|(key, _)| match key.trim_start_matches("idgoal=") {
        "ecommerceAbandonedCart" => -1,
        "ecommerceOrder" => 0,
        id => id.parse::<i64>().unwrap_or(i64::MAX),
    });
    let of_visits = goals.iter().all(|(_, goal)| {
        !matches!(goal, Value::Map(columns) if columns.iter().any(|(name, _)| name == "nb_conversions_page_uniq"))
    });
    if of_visits {
        for column in ["nb_visits", "nb_conversions", "revenue"] {
            if row.get(column).is_none() {
                row.set(column, Value::Int(0));
            }
        }
    }
}

/// The ids of a site's goals as `goals` columns name them.
pub(super) fn goal_ids(site: &SiteSettings) -> Vec<String> {
    let mut ids: Vec<String> = site.goals.iter().map(|goal| goal.id.0.to_string()).collect();
    if site.ecommerce {
        ids.extend(["ecommerceOrder".to_owned(), "ecommerceAbandonedCart".to_owned()]);
    }
    ids
}
