//! The columns of a record's rows: where each is, and how two values of it become one.

use crate::{
    catalogue::records::{Beside, RecordDef},
    table::Value,
};
use candor_core::{CART_GOAL_ID, GoalId, ORDER_GOAL_ID};
use foldhash::{HashMap, HashMapExt};

/// A value in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    /// The row hasn't the column.
    Absent,
    /// The row has it and nothing is known.
    Null,
    Int(i64),
    Float(f64),
}

impl Number {
    pub(super) fn get(self) -> f64 {
        match self {
            Self::Absent | Self::Null => 0.0,
            Self::Int(n) => n as f64,
            Self::Float(x) => x,
        }
    }

    pub(crate) fn value(self) -> Option<Value> {
        match self {
            Self::Absent => None,
            Self::Null => Some(Value::Null),
            Self::Int(n) => Some(Value::Int(n)),
            Self::Float(x) => Some(Value::Float(x)),
        }
    }

    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Int(n) => Self::Int(*n),
            Value::Float(x) => Self::Float(*x),
            _ => Self::Null,
        }
    }

    /// The sum, whatever the column's name.
    pub(super) fn add_up(&mut self, other: Self) {
        self.add(other, Adding::Sum);
    }

    pub(super) fn add(&mut self, other: Self, how: Adding) {
        *self = match (*self, other) {
            (old, Self::Absent) => old,
            (Self::Absent, new) | (Self::Null, new) => new,
            (old, Self::Null) => old,
            (old, new) if how == Adding::Greatest => {
                if new.get() > old.get() {
                    new
                } else {
                    old
                }
            }
            (old, new) if how == Adding::Least => {
                if new.get() < old.get() {
                    new
                } else {
                    old
                }
            }
            (Self::Int(a), Self::Int(b)) => Self::Int(a.saturating_add(b)),
            // Amounts have six decimals; rounding to them keeps sums of days and of months equal.
            (old, new) => Self::Float(((old.get() + new.get()) * 1e6).round() / 1e6),
        };
    }
}

/// How two values of a column become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Adding {
    Sum,
    Greatest,
    Least,
}

impl Adding {
    fn of(name: &str) -> Self {
        if name.starts_with("max_") {
            Self::Greatest
        } else if name.starts_with("min_") {
            Self::Least
        } else {
            Self::Sum
        }
    }
}

/// The columns of a record in order: those of a row, and those that it has for each goal.
#[derive(Debug)]
pub(crate) struct Layout {
    columns: Vec<(&'static str, Adding)>,
    places: HashMap<&'static str, usize>,
    of_goals: Vec<&'static str>,
}

/// Distinct counts of a day are summed under another name, for their sum counts some more than once.
const SUMMED_NAMES: [(&str, &str); 4] = [
    ("nb_uniq_visitors", "sum_daily_nb_uniq_visitors"),
    ("nb_users", "sum_daily_nb_users"),
    ("entry_nb_uniq_visitors", "sum_daily_entry_nb_uniq_visitors"),
    ("exit_nb_uniq_visitors", "sum_daily_exit_nb_uniq_visitors"),
];

/// Rates of visits that began on a page, and what is divided by the number of those visits.
const ENTRY_RATES: [(&str, &str); 2] =
    [("nb_conversions_entry_rate", "nb_conversions_entry"), ("revenue_per_entry", "revenue_entry")];

impl Layout {
    pub(crate) fn of(def: &RecordDef) -> Self {
        let mut layout = Self { columns: vec![], places: HashMap::new(), of_goals: vec![] };
        for part in def.parts.iter().filter(|part| !part.by_goal) {
            part.metrics.iter().for_each(|metric| layout.push(metric.name));
        }
        let by_goal = || def.parts.iter().filter(|part| part.by_goal);
        if by_goal().any(|part| part.beside == Beside::Nothing) {
            layout.push("nb_conversions");
            layout.push("revenue");
        }
        let names = by_goal().flat_map(|part| part.metrics).map(|metric| metric.name);
        let rates = ENTRY_RATES.iter().map(|(rate, _)| *rate);
        let rates = rates.filter(|_| by_goal().any(|part| part.beside == Beside::Entry));
        for name in names.chain(rates) {
            if !layout.of_goals.contains(&name) {
                layout.of_goals.push(name);
            }
        }
        layout
    }

    fn push(&mut self, name: &'static str) {
        if !self.places.contains_key(name) {
            self.places.insert(name, self.columns.len());
            self.columns.push((name, Adding::of(name)));
        }
    }

    /// Where a column is, by its name of a day or of a longer period.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        let name = SUMMED_NAMES.iter().find(|(_, summed)| *summed == name).map_or(name, |(daily, _)| *daily);
        self.places.get(name).copied()
    }

    /// Where a column of goals is.
    pub(crate) fn place_of_goals(&self, name: &str) -> Option<usize> {
        self.of_goals.iter().position(|column| *column == name)
    }

    /// Places of the rates of visits that began on a page and of what they are made of.
    pub(crate) fn entry_rates(&self) -> impl Iterator<Item = (usize, usize)> {
        ENTRY_RATES.iter().filter_map(|(rate, of)| Some((self.place_of_goals(rate)?, self.place_of_goals(of)?)))
    }

    pub(crate) fn empty(&self) -> Box<[Number]> {
        vec![Number::Absent; self.columns.len()].into()
    }

    pub(crate) fn empty_of_goals(&self) -> Box<[Number]> {
        vec![Number::Absent; self.of_goals.len()].into()
    }

    /// Adds one number to a row's.
    pub(crate) fn add_one(&self, into: &mut [Number], place: usize, number: Number) {
        if let (Some(old), Some((_, how))) = (into.get_mut(place), self.columns.get(place)) {
            old.add(number, *how);
        }
    }

    /// Adds a row's numbers to another's.
    pub(crate) fn add(&self, into: &mut [Number], from: &[Number]) {
        for ((old, new), (_, how)) in into.iter_mut().zip(from).zip(&self.columns) {
            old.add(*new, *how);
        }
    }

    /// Names of a row's columns. `summed` = distinct counts are sums of days.
    pub(crate) fn names(&self, summed: bool) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(move |(name, _)| {
            let long = SUMMED_NAMES.iter().find(|(daily, _)| summed && daily == name);
            long.map_or(*name, |(_, summed)| *summed)
        })
    }

    /// The `goals` column.
    pub(crate) fn goals_value(&self, goals: &Goals) -> Value {
        let goal = |(goal, numbers): &(i32, Box<[Number]>)| {
            let named = self.of_goals.iter().zip(numbers);
            let values = named.filter_map(|(name, number)| Some(((*name).to_owned(), number.value()?)));
            (goal_key(*goal), Value::Map(values.collect()))
        };
        let mut goals: Vec<_> = goals.iter().collect();
        // Open carts, orders, then goals by their number.
        goals.sort_by_key(|(goal, _)| *goal);
        Value::Map(goals.into_iter().map(goal).collect())
    }

    /// Reads a `goals` column again.
    pub(crate) fn read_goals(&self, value: Option<&Value>) -> Goals {
        let Some(Value::Map(goals)) = value else { return vec![] };
        let read = |(key, values): &(String, Value)| {
            let mut numbers = self.empty_of_goals();
            if let Value::Map(values) = values {
                for (name, value) in values {
                    if let Some(number) = self.place_of_goals(name).and_then(|place| numbers.get_mut(place)) {
                        *number = Number::of(value);
                    }
                }
            }
            Some((goal_of(key)?, numbers))
        };
        goals.iter().filter_map(read).collect()
    }
}

/// A row's numbers by goal. Few, so they are searched through.
pub(crate) type Goals = Vec<(i32, Box<[Number]>)>;

/// The numbers of one goal.
pub(crate) fn of_goal<'a>(goals: &'a mut Goals, layout: &Layout, goal: i32) -> &'a mut [Number] {
    let at = goals.iter().position(|(known, _)| *known == goal).unwrap_or_else(|| {
        goals.push((goal, layout.empty_of_goals()));
        goals.len() - 1
    });
    goals.get_mut(at).map_or(&mut [], |(_, numbers)| numbers)
}

/// Adds up, whatever the columns' names: Matomo sums what goals say.
pub(crate) fn add_goals(into: &mut Goals, layout: &Layout, from: &Goals) {
    for (goal, numbers) in from {
        for (old, new) in of_goal(into, layout, *goal).iter_mut().zip(numbers) {
            old.add_up(*new);
        }
    }
}

fn goal_key(goal: i32) -> String {
    match GoalId(goal) {
        ORDER_GOAL_ID => "idgoal=ecommerceOrder".to_owned(),
        CART_GOAL_ID => "idgoal=ecommerceAbandonedCart".to_owned(),
        GoalId(goal) => format!("idgoal={goal}"),
    }
}

fn goal_of(key: &str) -> Option<i32> {
    match key.strip_prefix("idgoal=")? {
        "ecommerceOrder" => Some(ORDER_GOAL_ID.0),
        "ecommerceAbandonedCart" => Some(CART_GOAL_ID.0),
        goal => goal.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_known_is_not_zero() {
        let mut least = Number::Null;
        least.add(Number::Float(2.0), Adding::Least);
        least.add(Number::Null, Adding::Least);
        least.add(Number::Float(3.0), Adding::Least);
        assert_eq!(least, Number::Float(2.0));
    }

    #[test]
    fn goals_are_read_as_they_were_written() {
        let layout = Layout::of(&crate::catalogue::records::COUNTRIES);
        let mut goals = Goals::new();
        for goal in [2, CART_GOAL_ID.0, 1, ORDER_GOAL_ID.0] {
            of_goal(&mut goals, &layout, goal)[0] = Number::Int(goal.into());
        }
        let value = layout.goals_value(&goals);
        let Value::Map(shown) = &value else { panic!("{value:?}") };
        let keys: Vec<_> = shown.iter().map(|(key, _)| key.trim_start_matches("idgoal=")).collect();
        assert_eq!(keys, ["ecommerceAbandonedCart", "ecommerceOrder", "1", "2"]);
        goals.sort_by_key(|(goal, _)| *goal);
        assert_eq!(layout.read_goals(Some(&value)), goals);
    }
}
