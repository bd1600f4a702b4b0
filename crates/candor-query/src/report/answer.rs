//! One site, one period: rows of a record or a row of numbers, labelled and shaped.

use super::{Ask, Reports, TableOptions, process, subtables};
use crate::{
    QueryError, Scope,
    catalogue::reports::{Labelling, ReportDef, Source},
    period::PeriodKind,
    table::{Answer, Row, Table, Value},
};
use candor_core::SiteSettings;

/// Numbers that years and ranges have only when a setting says so.
const DISTINCT: [&str; 2] = ["nb_uniq_visitors", "nb_users"];

impl Reports {
    pub(super) fn answer_one(&self, report: &'static ReportDef, ask: &Ask<'_>) -> Result<Answer, QueryError> {
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
            let needed = report.computed.iter().any(|metric| metric.temporary.contains(&"nb_visits_total"));
            if !needed {
                return Ok(0.0);
            }
            Ok(self.records.numbers(&["nb_visits"], &ask.scope())?.number("nb_visits"))
        };
        let table = self.labelled(report, &stored, ask, total()?);
        Ok(Answer::Table(self.shaped(table, report, ask, &ask.request.options)))
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
            table.rows.iter_mut().for_each(|row| row.set("nb_visits_total", Value::from_number(total)));
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
        process::table(table, options, &self.shaping(report, ask.site, &goals))
    }

    pub(super) fn shaping<'a>(
        &'a self,
        report: &'static ReportDef,
        site: &'a SiteSettings,
        goals: &'a [String],
    ) -> process::Shaping<'a> {
        process::Shaping { report, goals, currency: self.currency(site) }
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
        if let Some(below) = &mut row.subtable {
            let path = [labelling.path, std::slice::from_ref(&stored)].concat();
            let inner = Labelling { level: labelling.level + 1, parent: &stored, path: &path, ..*labelling };
            label_rows(below, report, &inner);
        }
        if row.is_summary {
            row.label = Some(crate::table::filter::OTHERS.to_owned());
        } else {
            (report.label)(row, labelling);
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
