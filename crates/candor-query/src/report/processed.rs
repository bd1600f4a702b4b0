//! A report together with everything needed to show it: `API.getProcessedReport`.

use super::{Formatting, ReportRequest, Reports, answer::goal_ids, describe::Description};
use crate::{
    QueryError,
    catalogue::reports::{self, Goals, ReportDef},
    format,
    period::{Period, PeriodRequest},
    table::{
        Answer, Name, Row, Table, Value,
        compare::{CHANGE, COMPARISONS, SAME},
        goals::GoalColumns,
    },
};
use candor_core::SiteSettings;

impl Reports {
    /// The report with its metadata, names of columns, rows, metadata of rows, totals.
    /// Numbers are formatted for people unless `format` says otherwise.
    ///
    /// # Errors
    /// When there is no such report for the site, or as [`Reports::answer`].
    pub fn processed(
        &self,
        method: &str,
        request: &ReportRequest,
        formatting: Formatting,
    ) -> Result<Answer, QueryError> {
        let unknown = |site: &SiteSettings| {
            QueryError::Parameter(format!(
                "Requested report {method} for Website id={} not found in the list of available reports. ",
                site.id
            ))
        };
        let Some(site) = request.sites.all().first().cloned() else {
            return Err(QueryError::Parameter("Please specify a value for 'idSite'.".into()));
        };
        let report = reports::find(method).ok_or_else(|| unknown(&site))?;
        let description =
            Description::of(report, &site, &request.params, Some(&request.periods)).ok_or_else(|| unknown(&site))?;
        let mut asked = request.clone();
        let hidden = std::mem::take(&mut asked.options.hide_columns);
        let shown = std::mem::take(&mut asked.options.show_columns);
        asked.options.format = Formatting::Raw;
        asked.options.expanded = false;
        asked.options.raw_metrics = true;
        asked.options.all_columns = (!report.overview.is_empty()).then_some(false);
        asked.options.goals = goal_columns(report, request);
        let answer = self.answer_report(report, &asked)?;
        let wanted =
            |name: &str| (shown.is_empty() || shown.iter().any(|s| s == name)) && !hidden.iter().any(|h| h == name);
        let mut columns = description.columns(report);
        if asked.options.goals.is_some() {
            columns.retain(|(name, _)| name != "revenue");
        }
        columns.retain(|(name, _)| wanted(name));
        let mut described = description;
        described.keep(&wanted);
        described.with_goal_columns = asked.options.goals.is_some();
        let view = View {
            columns: &columns,
            totalled: &wanted,
            goals: asked.options.goals.is_some().then(|| goal_ids(&site)),
            formatting,
            currency: self.currency(&site),
        };
        let metadata = described.value(report, &site, Some(&request.periods), &request.date);
        let whole = self.whole_of(report, &asked)?;
        Ok(view.parts(&site, &request.periods, metadata, report, (answer, whole)))
    }

    /// Of the rows below a row, totals are those of the whole report.
    fn whole_of(&self, report: &'static ReportDef, asked: &ReportRequest) -> Result<Option<Answer>, QueryError> {
        let whole = reports::all().find(|whole| whole.subtable == report.method);
        let (Some(whole), Some(_)) = (whole, asked.params.subtable) else { return Ok(None) };
        let mut asked = asked.clone();
        asked.params.subtable = None;
        self.answer_report(whole, &asked).map(Some)
    }
}

/// Pages show what came after them when goals are asked for.
fn goal_columns(report: &ReportDef, request: &ReportRequest) -> Option<GoalColumns> {
    match (request.options.goals.clone()?, report.goals) {
        (GoalColumns::Full | GoalColumns::One(_), Goals::Pages) => Some(GoalColumns::Pages),
        (GoalColumns::Full | GoalColumns::One(_), Goals::EntryPages) => Some(GoalColumns::EntryPages),
        (other, _) => Some(other),
    }
}

struct View<'a> {
    columns: &'a [(String, String)],
    /// Which columns may have totals.
    totalled: &'a dyn Fn(&str) -> bool,
    /// Goals' columns are shown as well.
    goals: Option<Vec<String>>,
    formatting: Formatting,
    currency: &'a str,
}

impl View<'_> {
    fn parts(
        &self,
        site: &SiteSettings,
        periods: &PeriodRequest,
        metadata: Value,
        report: &ReportDef,
        (answer, whole): (Answer, Option<Answer>),
    ) -> Answer {
        let mut totals = Row::default();
        let (data, facts) = self.split(answer, periods, report, &mut totals);
        if let Some(whole) = whole {
            totals = Row::default();
            self.split(whole, periods, report, &mut totals);
        }
        let mut names: Vec<(String, Value)> = vec![];
        if !report.dimension.is_empty() {
            let dimension = match &metadata {
                Value::Map(fields) => fields.iter().find(|(n, _)| n == "dimension").map(|(_, v)| v.clone()),
                _ => None,
            };
            names.push(("label".into(), dimension.unwrap_or_else(|| Value::text(report.dimension))));
        }
        names.extend(self.columns.iter().map(|(name, title)| (name.clone(), Value::text(title.clone()))));
        super::answer::tidy_goals(&mut totals);
        totals.columns.retain(|(name, _)| (self.totalled)(name));
        let part = |name: &'static str, answer: Answer| (Name::Borrowed(name), answer);
        let total =
            if totals.columns.is_empty() { Answer::Table(Table::default()) } else { Answer::Data(as_map(totals)) };
        Answer::Parts(vec![
            part("website", Answer::Scalar(Value::text(site.name.clone()))),
            part("prettyDate", Answer::Scalar(Value::Text(pretty(periods)))),
            part("metadata", Answer::Data(metadata)),
            part("columns", Answer::Data(Value::Map(names))),
            part("reportData", data),
            part("reportMetadata", facts),
            part("reportTotal", total),
        ])
    }

    /// Rows with the described columns, and apart from them what else is known of each row.
    fn split(&self, answer: Answer, periods: &PeriodRequest, report: &ReportDef, totals: &mut Row) -> (Answer, Answer) {
        match answer {
            Answer::Map { key: "date", entries } => {
                let names = periods.periods().iter().map(Period::pretty);
                let (mut data, mut facts) = (vec![], vec![]);
                for (name, (_, entry)) in names.zip(entries) {
                    let (rows, known) = self.split(entry, periods, report, totals);
                    data.push((name.clone(), rows));
                    facts.push((name, known));
                }
                (Answer::Map { key: "prettyDate", entries: data }, Answer::Map { key: "prettyDate", entries: facts })
            }
            Answer::Table(table) => {
                for row in &table.rows {
                    add_total(totals, row, report);
                }
                let known: Vec<Row> = table.rows.iter().map(facts_of).collect();
                let known = if known.iter().all(|row| row.columns.is_empty()) { vec![] } else { known };
                let rows = table.rows.into_iter().map(|row| self.shown(row)).collect();
                (Answer::Table(Table { rows }), Answer::Table(Table { rows: known }))
            }
            Answer::Simple(row) => (Answer::Simple(self.shown(row)), Answer::Table(Table::default())),
            other => (other, Answer::Table(Table::default())),
        }
    }

    fn shown(&self, row: Row) -> Row {
        let mut out = Row { label: row.label.clone(), ..Row::default() };
        for (name, _) in self.columns {
            let value = row.get(name).cloned().filter(|value| *value != Value::Null);
            out.set(name.clone(), value.unwrap_or(Value::Int(0)));
        }
        if self.goals.is_some() {
            for (name, value) in row.columns.iter().filter(|(name, _)| name.starts_with("goal_")) {
                out.set(name.clone(), value.clone());
            }
        }
        format::row(&mut out, self.formatting, self.currency);
        if let Some(Value::List(all)) = row.meta(COMPARISONS) {
            let all = all.iter().map(|one| self.counterpart(one, row.label.is_some())).collect();
            out.set_meta(COMPARISONS, Value::List(all));
        }
        out
    }

    /// A compared row with the described columns, how they changed, and which row it is.
    fn counterpart(&self, one: &Value, labelled: bool) -> Value {
        let Value::Map(fields) = one else { return one.clone() };
        let field = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let mut out = Row::default();
        let names = labelled.then_some("label").into_iter().chain(self.columns.iter().map(|(name, _)| name.as_str()));
        for name in names {
            out.set(name.to_owned(), field(name).unwrap_or(Value::Int(0)));
            let change = format!("{name}{CHANGE}");
            let changed = field(&change).unwrap_or_else(|| Value::text(SAME));
            out.set(change, changed);
        }
        format::row(&mut out, self.formatting, self.currency);
        let told = fields.iter().filter(|(name, _)| name.starts_with("compare"));
        out.columns.extend(told.map(|(name, value)| (name.clone().into(), value.clone())));
        as_map(out)
    }
}

fn as_map(row: Row) -> Value {
    Value::Map(row.columns.into_iter().map(|(name, value)| (name.into_owned(), value)).collect())
}

fn facts_of(row: &Row) -> Row {
    let told = row.metadata.iter().filter(|(name, _)| name != COMPARISONS);
    Row { columns: told.cloned().collect(), subtable_id: row.subtable_id, ..Row::default() }
}

/// The one computed column that has a total.
const SUMMED: &str = "nb_pages_per_search";

/// Adds a row to the totals: everything that was counted.
fn add_total(totals: &mut Row, row: &Row, report: &ReportDef) {
    let computed: Vec<&str> = report.all_computed().chain(report.overview).map(|metric| metric.name).collect();
    let counted = |name: &str, value: &Value| {
        (name == SUMMED || !computed.contains(&name))
            && !name.starts_with("goal_")
            && !name.ends_with("_evolution")
            && !crate::catalogue::metrics::VISIT_ALL.iter().any(|metric| metric.name == name)
            && !matches!(name, "revenue_per_visit" | "avg_price" | COMPARISONS)
            && *value != Value::Null
    };
    let columns = row.columns.iter().filter(|(name, value)| counted(name, value)).cloned().collect();
    totals.absorb(Row { columns, ..Row::default() });
    if report.overview.iter().any(|metric| metric.name == "nb_actions_per_visit") {
        totals.remove("nb_actions_per_visit");
        super::process::compute_row(totals, report.overview.get(..1).unwrap_or_default());
    }
}

fn pretty(periods: &PeriodRequest) -> String {
    match (periods, periods.periods()) {
        // the word for a week begins small inside a sentence
        (PeriodRequest::One(period), _) => period.pretty().replacen("Week", "week", 1),
        (_, [first, .., last]) => Period::range(first.start, last.end).pretty(),
        (_, [only]) => only.pretty(),
        _ => String::new(),
    }
}
