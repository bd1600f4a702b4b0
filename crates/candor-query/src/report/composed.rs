//! Reports put together of several records or segments: new and returning visits, goals, referrers, the totals of all.

use super::{Ask, Reports};
use crate::{
    QueryError, Scope,
    catalogue::{
        metrics::{self, Formula, Processed, round},
        reports::{Composed, Labelling, ReportDef, referrers, totals},
    },
    report::process,
    segment::Segment,
    table::{Answer, Row, Table, Value},
};

/// The segments of the goal overview's and the visit frequency's parts.
const NEW: &str = "visitorType==new";
const RETURNING: &str = "visitorType==returning,visitorType==returningCustomer";

/// Conditions and endings of the goal overview's parts.
const ALL_PARTS: [(&str, &str); 3] = [("", ""), (NEW, "_new_visit"), (RETURNING, "_returning_visit")];

/// Number and revenue of orders.
const ORDERS: [&str; 2] = ["Goal_0_nb_conversions", "Goal_0_revenue"];

impl Reports {
    pub(super) fn composed_answer(
        &self,
        report: &'static ReportDef,
        composed: Composed,
        ask: &Ask<'_>,
    ) -> Result<Answer, QueryError> {
        let row = match composed {
            Composed::VisitFrequency => self.visit_frequency(ask)?,
            Composed::Goals => self.goals(ask, &ALL_PARTS)?,
            Composed::GoalMetrics => self.goals(ask, ALL_PARTS.get(..1).unwrap_or_default())?,
            Composed::ReferrerTypes => return self.referrer_types(report, ask),
            Composed::Referrers => self.referrers(ask)?,
            Composed::PagePerformance => self.page_performance(ask, false)?,
            Composed::Everything => self.everything(ask)?,
            Composed::AllReferrers => return self.all_referrers(report, ask),
            // Answered before sites are told apart.
            Composed::Sites | Composed::GroupedSites | Composed::OneSite => Row::default(),
        };
        self.one_row(report, row, ask)
    }

    /// The numbers of one report, once for each part of the visits, under names with the part's ending.
    fn by_part(
        &self,
        ask: &Ask<'_>,
        parts: &[(&str, &'static str)],
        mut numbers: impl FnMut(&Scope<'_>) -> Result<Row, QueryError>,
    ) -> Result<Row, QueryError> {
        let mut all = Row::default();
        for (condition, ending) in parts {
            let segment = self.narrowed(ask, condition)?;
            let scope = Scope { segment: segment.as_ref(), ..ask.scope() };
            let part = numbers(&scope)?;
            if ask.in_map && process::is_empty(&part) {
                continue;
            }
            for (name, value) in part.columns {
                all.set(format!("{name}{ending}"), value);
            }
        }
        Ok(all)
    }

    /// The request's segment and one more condition.
    fn narrowed(&self, ask: &Ask<'_>, condition: &str) -> Result<Option<Segment>, QueryError> {
        let text = match (ask.request.segment.as_str(), condition) {
            (all, "") => all.to_owned(),
            ("", condition) => condition.to_owned(),
            (all, condition) => format!("{all};{condition}"),
        };
        self.segment(&text, ask.site, ask.request.asker)
    }

    fn visit_frequency(&self, ask: &Ask<'_>) -> Result<Row, QueryError> {
        self.by_part(ask, &[(NEW, "_new"), (RETURNING, "_returning")], |scope| {
            let mut row = self.numbers(totals::VISITS, scope)?;
            process::compute_row(&mut row, metrics::VISIT);
            Ok(row)
        })
    }

    fn goals(&self, ask: &Ask<'_>, parts: &[(&str, &'static str)]) -> Result<Row, QueryError> {
        let goal = ask.request.params.goal.as_deref().unwrap_or_default();
        let mut all = self.by_part(ask, parts, |scope| self.goal_numbers(scope, goal))?;
        let keep_visits = |(name, _): &(std::borrow::Cow<'_, str>, Value)| !name.starts_with("nb_visits_of_scope");
        all.columns.retain(keep_visits);
        // `avg_order_revenue` brings its parts' averages along.
        let wanted = &ask.request.params.columns;
        if !wanted.is_empty() {
            all.columns.retain(|(name, _)| wanted.iter().any(|w| name.starts_with(w.as_str())));
        }
        Ok(all)
    }

    /// The numbers of one goal, or of all when `goal` is empty.
    fn goal_numbers(&self, scope: &Scope<'_>, goal: &str) -> Result<Row, QueryError> {
        let (infix, more): (String, &[&str]) = match goal {
            "" => (String::new(), &[]),
            "ecommerceOrder" | "0" => ("0_".into(), &["subtotal", "tax", "shipping", "discount"]),
            "ecommerceAbandonedCart" | "-1" => ("-1_".into(), &[]),
            id => (format!("{id}_"), &[]),
        };
        let mut columns: Vec<String> = ["nb_conversions", "nb_visits_converted", "revenue"].map(str::to_owned).into();
        columns.extend(more.iter().map(|part| format!("revenue_{part}")));
        let ecommerce = matches!(infix.as_str(), "0_" | "-1_");
        if ecommerce {
            columns.push("items".into());
        }
        let names: Vec<String> = columns.iter().map(|column| format!("Goal_{infix}{column}")).collect();
        let mut wanted: Vec<&str> = names.iter().map(String::as_str).collect();
        wanted.extend(["nb_visits", ORDERS[0], ORDERS[1]]);
        let mut found = self.records.numbers(&wanted, scope)?;
        if infix.is_empty() && !scope.site.ecommerce {
            // Who sells nothing has no orders, whatever was sent.
            for (name, of_orders) in names.iter().zip([ORDERS[0], "", ORDERS[1]]) {
                found.set(name.clone(), Value::from_number(found.number(name) - found.number(of_orders)));
            }
        }
        let mut row = Row::default();
        for (column, name) in columns.into_iter().zip(&names) {
            row.set(column, Value::from_number(found.number(name)));
        }
        row.set("nb_visits", Value::from_number(found.number("nb_visits")));
        process::compute_row(&mut row, if ecommerce { metrics::ORDER } else { metrics::CONVERSION_RATE });
        // so that a part with visits but without conversions isn't taken for an empty one
        if let Some(visits) = row.remove("nb_visits") {
            row.set("nb_visits_of_scope", visits);
        }
        Ok(row)
    }

    fn referrers(&self, ask: &Ask<'_>) -> Result<Row, QueryError> {
        let scope = ask.scope();
        let types = self.records.table("Referrers_type", &scope)?;
        let mut row = Row::default();
        for (number, column) in referrers::VISITS_FROM {
            let visits = types.rows.iter().find(|r| r.label() == *number).map_or(0.0, |r| r.number("nb_visits"));
            row.set(*column, Value::from_number(visits));
        }
        for (name, value) in self.numbers(referrers::DISTINCT, &scope)?.columns {
            row.set(name, value);
        }
        let visits = self.records.numbers(&["nb_visits"], &scope)?.number("nb_visits");
        if ask.in_map && visits == 0.0 {
            return Ok(Row::default());
        }
        for (_, column) in referrers::VISITS_FROM {
            let share = if visits == 0.0 { 0.0 } else { round(row.number(column) / visits, 2) };
            row.set(format!("{column}_percent"), Value::from_number(share));
        }
        Ok(row)
    }

    /// Mean loading times; with `raw` also the sums they are made of.
    fn page_performance(&self, ask: &Ask<'_>, raw: bool) -> Result<Row, QueryError> {
        let sums = self.numbers(totals::PAGE_PERFORMANCE, &ask.scope())?;
        if ask.in_map && process::is_empty(&sums) {
            return Ok(Row::default());
        }
        let mut row = if raw { sums.clone() } else { Row::default() };
        for (column, time, hits) in totals::PAGE_TIMES {
            let metric =
                Processed { name: column, formula: Formula::Quotient(time, hits), decimals: 2, temporary: &[] };
            if let Some(value) = metric.compute(&sums) {
                row.set(*column, value);
            }
        }
        Ok(row)
    }

    fn everything(&self, ask: &Ask<'_>) -> Result<Row, QueryError> {
        // The columns are chosen from the whole.
        let whole = Ask { in_map: ask.in_map, ..*ask };
        let mut visits = self.numbers(totals::VISITS, &whole.scope())?;
        process::compute_row(&mut visits, metrics::VISIT);
        let mut frequency = self.visit_frequency(&whole)?;
        let hidden = ["nb_visits_converted", "bounce_count", "sum_visit_length"];
        frequency.columns.retain(|(name, _)| !hidden.iter().any(|h| name.starts_with(h)));
        let parts = [
            visits,
            frequency,
            self.referrers(&whole)?,
            self.page_performance(&whole, true)?,
            self.goals(&whole, &ALL_PARTS)?,
            self.numbers(totals::BANDWIDTH, &whole.scope())?,
            self.numbers(totals::ACTIONS, &whole.scope())?,
        ];
        let mut row = Row::default();
        for (name, value) in parts.into_iter().flat_map(|part| part.columns) {
            row.set(name, value);
        }
        Ok(row)
    }

    /// Kinds of referrers; below each its referrers, without what is below those.
    fn referrer_types(&self, report: &'static ReportDef, ask: &Ask<'_>) -> Result<Answer, QueryError> {
        let labelling = self.labelling(ask);
        let options = &ask.request.options;
        if let Some(kind) = ask.request.params.subtable {
            let below = self.referrers_of(i64::try_from(kind).unwrap_or(0), ask, &labelling)?;
            return Ok(Answer::Table(self.shaped(below, report, ask, options)));
        }
        let mut table = (*self.records.table("Referrers_type", &ask.scope())?).clone();
        for row in &mut table.rows {
            let kind: i64 = row.label().parse().unwrap_or(0);
            super::answer::tidy_goals(row);
            (report.label)(row, &labelling);
            if referrers::ALL_KINDS.iter().any(|(_, of, _)| *of == kind) {
                // Matomo doesn't tell visitors of different referrers apart.
                for column in ["nb_uniq_visitors", "nb_users", "sum_daily_nb_uniq_visitors", "sum_daily_nb_users"] {
                    if row.get(column).is_some() {
                        row.set(column, Value::from_number(self.sum_of_referrers(kind, column, ask)?));
                    }
                }
                row.subtable_id = u64::try_from(kind).ok();
                if options.expanded || options.flat {
                    row.subtable = Some(Box::new(self.referrers_of(kind, ask, &labelling)?));
                }
            }
        }
        Ok(Answer::Table(self.shaped(table, report, ask, options)))
    }

    /// A column summed over the referrers of one kind.
    fn sum_of_referrers(&self, kind: i64, column: &str, ask: &Ask<'_>) -> Result<f64, QueryError> {
        let mut sum = 0.0;
        for (record, ..) in referrers::ALL_KINDS.iter().filter(|(_, of, _)| *of == kind) {
            sum += self.records.table(record, &ask.scope())?.rows.iter().map(|row| row.number(column)).sum::<f64>();
        }
        Ok(sum)
    }

    /// The labelled referrers of one kind.
    fn referrers_of(&self, kind: i64, ask: &Ask<'_>, labelling: &Labelling<'_>) -> Result<Table, QueryError> {
        let mut all = Table::default();
        for (record, _, label) in referrers::ALL_KINDS.iter().filter(|(_, of, _)| *of == kind) {
            for row in &self.records.table(record, &ask.scope())?.rows {
                let mut row = row.alone();
                super::answer::tidy_goals(&mut row);
                if row.is_summary {
                    row.label = Some(crate::table::filter::OTHERS.to_owned());
                } else {
                    label(&mut row, labelling);
                }
                all.rows.push(row);
            }
        }
        Ok(all)
    }

    fn labelling<'a>(&'a self, ask: &Ask<'a>) -> Labelling<'a> {
        Labelling {
            site: ask.site,
            settings: &ask.request.settings,
            vocabulary: &self.vocabulary,
            params: &ask.request.params,
            level: 0,
            parent: "",
            path: &[],
            flat: false,
            alone: false,
        }
    }

    /// Keywords, campaigns, websites and networks in one list, each with its kind.
    fn all_referrers(&self, report: &'static ReportDef, ask: &Ask<'_>) -> Result<Answer, QueryError> {
        let labelling = self.labelling(ask);
        let mut all = Table::default();
        for (_, kind, _) in referrers::ALL_KINDS {
            for mut row in self.referrers_of(*kind, ask, &labelling)?.rows {
                if !row.is_summary {
                    row.set_meta("referer_type", Value::Int(*kind));
                }
                // Matomo adds up even the greatest number of actions where rows of two kinds meet.
                let met = all.rows.iter().find(|r| r.label == row.label && r.is_summary == row.is_summary);
                let greatest = met.map_or(0.0, |r| r.number("max_actions")) + row.number("max_actions");
                row.set("max_actions", Value::from_number(greatest));
                all.add(row);
            }
        }
        Ok(Answer::Table(self.shaped(all, report, ask, &ask.request.options)))
    }
}
