//! The all-sites page: totals of all sites, and a page of their rows, those of a group below the group's own row.

use super::{
    Formatting, ReportRequest, Reports, is_many,
    sites::{self, SiteRow},
};
use crate::{
    QueryError,
    catalogue::reports::ReportDef,
    format,
    table::{Answer, Row, Table, Value, filter, sort},
};

/// The columns that are totalled.
const TOTALLED: [&str; 4] = ["nb_pageviews", "nb_visits", "nb_actions", "revenue"];

impl Reports {
    pub(super) fn grouped_sites(&self, report: &ReportDef, request: &ReportRequest) -> Result<Answer, QueryError> {
        let (Some(period), false) = (request.periods.periods().first(), is_many(&request.periods)) else {
            return Err(QueryError::Parameter("Multiple periods are not supported".into()));
        };
        let mut rows = vec![];
        for site in sites::sites_named(request) {
            rows.push(self.site_row(request, site, *period, SiteRow::Grouped)?);
        }
        let number = rows.len();
        let all = sites::summed("", &rows);
        let mut totals: Vec<(String, Value)> =
            TOTALLED.iter().map(|name| ((*name).to_owned(), Value::from_number(all.number(name)))).collect();
        let past = all.meta("previous_nb_visits").cloned().unwrap_or(Value::Int(0));
        totals.push(("nb_visits_lastdate".into(), past));

        let options = &request.options;
        let mut table = grouped(rows);
        sort::sort(&mut table, options.sort.as_deref().unwrap_or(report.sort.0), options.order);
        let mut table = listed(table);
        filter::page(&mut table, options.offset, options.limit, false);
        let currency = request.sites.all().first().map_or("", |site| self.currency(site));
        format::table(&mut table, Formatting::Computed, currency);
        filter::hide(&mut table, &options.hide_columns, true);
        Ok(Answer::Parts(vec![
            ("numSites".into(), Answer::Scalar(Value::Int(i64::try_from(number).unwrap_or(i64::MAX)))),
            ("totals".into(), Answer::Data(Value::Map(totals))),
            ("lastDate".into(), Answer::Scalar(Value::Text(period.previous().key()))),
            ("sites".into(), Answer::Table(table)),
        ]))
    }
}

/// Sites of a group below a row of the group; those of none as they are.
fn grouped(rows: Vec<Row>) -> Table {
    let mut groups: Vec<(String, Vec<Row>)> = vec![];
    let mut table = Table::default();
    for row in rows {
        match row.meta("group").and_then(Value::as_text) {
            None | Some("") => table.rows.push(row),
            Some(name) => match groups.iter_mut().find(|(known, _)| known == name) {
                Some((_, members)) => members.push(row),
                None => groups.push((name.to_owned(), vec![row])),
            },
        }
    }
    for (name, members) in groups {
        let mut group = sites::summed(&name, &members);
        group.set_meta("isGroup", Value::Int(1));
        group.subtable = Some(Box::new(Table { rows: members }));
        table.rows.push(group);
    }
    table
}

/// Groups followed by their sites.
fn listed(table: Table) -> Table {
    let mut list = Table::default();
    for mut row in table.rows {
        let members = row.subtable.take();
        list.rows.push(row);
        list.rows.extend(members.into_iter().flat_map(|below| below.rows));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(name: &str, group: &str, visits: i64, before: i64) -> Row {
        let mut row = Row { label: Some(name.into()), ..Row::default() };
        row.set("nb_visits", Value::Int(visits));
        row.set_meta("group", Value::text(group));
        row.set_meta("previous_nb_visits", Value::Int(before));
        row
    }

    #[test]
    fn groups_sum_their_sites_and_stand_before_them() {
        let sites = vec![site("a", "", 5, 0), site("b", "shops", 4, 2), site("c", "shops", 2, 2), site("d", "", 9, 9)];
        let mut table = grouped(sites);
        sort::sort(&mut table, "nb_visits", sort::Order::Descending);
        let list = listed(table);
        let shown: Vec<String> =
            list.rows.iter().map(|row| format!("{} {}", row.label(), row.number("nb_visits"))).collect();
        assert_eq!(shown.join(", "), "d 9, shops 6, b 4, c 2, a 5");
        assert_eq!(list.rows[1].number("visits_evolution"), 0.5);
        assert_eq!(list.rows[1].meta("isGroup"), Some(&Value::Int(1)));
    }
}
