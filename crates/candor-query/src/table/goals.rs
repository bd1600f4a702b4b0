//! The nested `goals` column as columns of its own: `goal_1_conversion_rate`, `goal_ecommerceOrder_revenue`, …

use super::{Row, Table, Value};
use crate::catalogue::metrics::{self, round};

/// Which columns a goal gets. Matomo chooses by magic values of `idGoal`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum GoalColumns {
    /// −1: each goal's conversion rate, and the revenue per visit.
    #[default]
    Overview,
    /// 0: everything of every goal.
    Full,
    /// −2: only the revenue per visit.
    Minimal,
    /// −3, −5: everything, and what pages seen before a conversion have.
    Pages,
    /// −4, −6: everything, and what entry pages have.
    EntryPages,
    /// Everything of one goal: its number, `ecommerceOrder` or `ecommerceAbandonedCart`.
    One(String),
}

/// Columns of a goal besides its conversion rate.
const FULL: [&str; 3] = ["nb_conversions", "revenue_per_visit", "revenue"];
const PAGES: [&str; 3] = ["nb_conversions_attrib", "revenue_attrib", "nb_conversions_page_rate"];
const ENTRY_PAGES: [&str; 4] =
    ["nb_conversions_entry", "nb_conversions_entry_rate", "revenue_entry", "revenue_per_entry"];
const ECOMMERCE: [&str; 2] = ["avg_order_revenue", "items"];
const CART: &str = "ecommerceAbandonedCart";

impl GoalColumns {
    /// From `idGoal`'s magic values.
    #[must_use]
    pub fn from_id(id: &str) -> Self {
        match id {
            "" | "-1" => Self::Overview,
            "0" => Self::Full,
            "-2" => Self::Minimal,
            "-3" | "-5" => Self::Pages,
            "-4" | "-6" => Self::EntryPages,
            one => Self::One(one.to_owned()),
        }
    }

    /// Adds the columns to every row. `site_goals` names the goals that are shown also where a row has none of them.
    pub fn add(&self, table: &mut Table, site_goals: &[String]) {
        for row in &mut table.rows {
            self.add_to_row(row, site_goals);
        }
    }

    fn add_to_row(&self, row: &mut Row, site_goals: &[String]) {
        for metric in metrics::VISIT_ALL {
            if row.get(metric.name).is_none()
                && let Some(value) = metric.compute(row)
            {
                row.set(metric.name, value);
            }
        }
        let goals = goals_of(row);
        let visits = [row.number("nb_visits"), row.number("nb_conversions")].into_iter().find(|n| *n > 0.0);
        let visits = visits.unwrap_or(0.0);
        // Matomo adds whole units of each goal here; cents are lost.
        let revenue: f64 = goals.iter().filter(|(id, _)| id != CART).map(|(_, g)| g.number("revenue").trunc()).sum();
        row.set("revenue_per_visit", ratio(revenue, visits, 2));
        if *self == Self::Minimal {
            return;
        }
        let ids: Vec<String> = match self {
            Self::One(id) => vec![id.clone()],
            _ => goals.iter().map(|(id, _)| id.clone()).filter(|id| site_goals.contains(id)).collect(),
        };
        let nothing = Row::default();
        for id in ids {
            let goal = goals.iter().find(|(known, _)| *known == id).map_or(&nothing, |(_, goal)| goal);
            row.set(format!("goal_{id}_conversion_rate"), ratio(goal.number("nb_conversions"), visits, 4));
            for name in self.further_columns(&id) {
                row.set(format!("goal_{id}_{name}"), value_of(goal, name, visits));
            }
        }
    }

    fn further_columns(&self, id: &str) -> Vec<&'static str> {
        let mut names = match self {
            Self::Overview | Self::Minimal => return vec![],
            Self::Full | Self::One(_) => FULL.to_vec(),
            Self::Pages => [FULL.as_slice(), &PAGES].concat(),
            Self::EntryPages => [FULL.as_slice(), &ENTRY_PAGES].concat(),
        };
        if id.starts_with("ecommerce") {
            names.extend(ECOMMERCE);
        }
        names
    }
}

fn value_of(goal: &Row, name: &str, visits: f64) -> Value {
    match name {
        "revenue_per_visit" => ratio(goal.number("revenue"), visits, 2),
        "avg_order_revenue" => ratio(goal.number("revenue"), goal.number("nb_conversions"), 2),
        _ => Value::from_number(goal.number(name)),
    }
}

fn ratio(a: f64, b: f64, decimals: i32) -> Value {
    Value::from_number(if b == 0.0 { 0.0 } else { round(a / b, decimals) })
}

/// The goals of a row by id, each as a row of its numbers.
fn goals_of(row: &Row) -> Vec<(String, Row)> {
    let Some(Value::Map(goals)) = row.get("goals") else {
        return vec![];
    };
    let as_row = |columns: &[(String, Value)]| Row {
        columns: columns.iter().map(|(name, value)| (name.clone().into(), value.clone())).collect(),
        ..Row::default()
    };
    goals
        .iter()
        .filter_map(|(key, value)| match value {
            Value::Map(columns) => Some((key.strip_prefix("idgoal=")?.to_owned(), as_row(columns))),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visits_with_goals() -> Table {
        let goal = |conversions: i64, revenue: f64| {
            Value::Map(vec![
                ("nb_conversions".into(), Value::Int(conversions)),
                ("revenue".into(), Value::from_number(revenue)),
            ])
        };
        let mut row = Row::default();
        row.set("nb_visits", Value::Int(4));
        row.set(
            "goals",
            Value::Map(vec![
                ("idgoal=1".into(), goal(3, 10.5)),
                ("idgoal=ecommerceOrder".into(), goal(2, 100.0)),
                ("idgoal=ecommerceAbandonedCart".into(), goal(1, 7.0)),
            ]),
        );
        Table { rows: vec![row] }
    }

    fn added(mode: &GoalColumns) -> Vec<String> {
        let mut table = visits_with_goals();
        mode.add(&mut table, &["1".into(), "ecommerceOrder".into()]);
        let row = &table.rows[0];
        let shown = |name: &str| row.number(name);
        row.columns
            .iter()
            .filter(|(n, _)| n.starts_with("goal_") || *n == "revenue_per_visit")
            .map(|(n, _)| format!("{n} {}", shown(n)))
            .collect()
    }

    #[test]
    fn an_overview_has_rates() {
        assert_eq!(
            added(&GoalColumns::Overview),
            ["revenue_per_visit 27.5", "goal_1_conversion_rate 0.75", "goal_ecommerceOrder_conversion_rate 0.5"]
        );
        assert_eq!(added(&GoalColumns::from_id("-2")), ["revenue_per_visit 27.5"]);
    }

    #[test]
    fn one_goal_has_everything_also_when_nobody_reached_it() {
        assert_eq!(
            added(&GoalColumns::from_id("ecommerceOrder")),
            [
                "revenue_per_visit 27.5",
                "goal_ecommerceOrder_conversion_rate 0.5",
                "goal_ecommerceOrder_nb_conversions 2",
                "goal_ecommerceOrder_revenue_per_visit 25",
                "goal_ecommerceOrder_revenue 100",
                "goal_ecommerceOrder_avg_order_revenue 50",
                "goal_ecommerceOrder_items 0",
            ]
        );
        assert_eq!(added(&GoalColumns::from_id("9"))[1], "goal_9_conversion_rate 0");
    }
}
