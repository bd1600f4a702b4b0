//! Numbers by name, from the records of one row.

use super::{Engine, Scope};
use crate::{
    catalogue::records::{self, GOALS, RecordDef, UNIQUE_NUMBERS, VISIT_NUMBERS},
    error::QueryError,
    period::PeriodKind,
    table::{Row, Table, Value},
};
use std::{borrow::Cow, collections::HashMap, sync::Arc};

impl Engine {
    /// The numbers with these names (Matomo's numeric records: `nb_visits`, `Actions_nb_pageviews`,
    /// `Goal_2_revenue`, `Goal_nb_conversions`…), 0 where nothing happened. Left out are names that there aren't, and
    /// distinct visitors and users of a year or range where the settings don't want them counted.
    ///
    /// # Errors
    /// When the store fails or takes too long.
    pub fn numbers(&self, names: &[&str], scope: &Scope<'_>) -> Result<Row, QueryError> {
        let mut tables: HashMap<&'static str, Arc<Table>> = HashMap::new();
        let mut row = Row::default();
        for name in names {
            let Some((record, number)) = Number::find(name) else { continue };
            if record.name == UNIQUE_NUMBERS.name && !counts_uniques(scope) {
                continue;
            }
            if !tables.contains_key(record.name) {
                tables.insert(record.name, self.record(record, scope)?);
            }
            let value = tables.get(record.name).map_or(Value::Int(0), |table| number.value(table));
            row.set(Cow::Owned((*name).to_owned()), value);
        }
        Ok(row)
    }
}

fn counts_uniques(scope: &Scope<'_>) -> bool {
    match scope.period.kind {
        PeriodKind::Year => scope.settings.reports.enable_processing_unique_visitors_year,
        PeriodKind::Range => scope.settings.reports.enable_processing_unique_visitors_range,
        PeriodKind::Day | PeriodKind::Week | PeriodKind::Month => true,
    }
}

/// Where in a record's table a number is.
enum Number<'a> {
    /// A column of its only row.
    Column(&'a str),
    /// A column of one goal's row.
    Goal(&'a str, &'a str),
    /// A column summed over all goals and orders.
    Goals(&'a str),
}

impl<'a> Number<'a> {
    fn find(name: &'a str) -> Option<(&'static RecordDef, Self)> {
        if let Some(record) = records::number(name) {
            return Some((record, Self::Column(name)));
        }
        let rest = name.strip_prefix("Goal_")?;
        match rest.split_once('_') {
            Some((goal, column)) if goal.parse::<i32>().is_ok() => Some((&GOALS, Self::Goal(goal, column))),
            // A visit that reached two goals is one converted visit.
            _ if rest == "nb_visits_converted" => Some((&VISIT_NUMBERS, Self::Column(rest))),
            _ => Some((&GOALS, Self::Goals(rest))),
        }
    }

    fn value(&self, table: &Table) -> Value {
        let column = |row: &Row, name: &str| row.get(name).cloned();
        let value = match self {
            Self::Column(name) => table.rows.first().and_then(|row| column(row, name)),
            Self::Goal(goal, name) => {
                table.rows.iter().find(|row| row.label.as_deref() == Some(goal)).and_then(|row| column(row, name))
            }
            Self::Goals(name) => {
                let goals = table.rows.iter().filter(|row| row.label.as_deref() != Some("-1"));
                let sum: f64 = goals.map(|row| row.number(name)).sum();
                Some(if sum.fract() == 0.0 { Value::Int(sum as i64) } else { Value::Float((sum * 1e6).round() / 1e6) })
            }
        };
        match value {
            None | Some(Value::Null) => Value::Int(0),
            Some(value) => value,
        }
    }
}
