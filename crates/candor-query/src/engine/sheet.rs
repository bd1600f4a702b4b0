//! Puts a table together: rows by label, values added up, the rows beyond the limits summed into "Others".
//!
//! A [`Sheet`] holds rows by the number of their label and values by place instead of by name, for a year of pages has
//! millions of them on the way; what leaves the engine is a [`Table`].

use super::{
    labels::{LabelId, Labels, TOP},
    layout::{Goals, Layout, Number, add_goals, of_goal},
};
use crate::table::{Name, Row, Table, Value};
use foldhash::{HashMap, HashMapExt};
use std::borrow::Cow;

/// The stored label of the row that sums what was cut off.
pub(crate) const OTHERS: &str = "-1";

/// Where tables are cut.
#[derive(Debug, Clone)]
pub(crate) struct Cut<'a> {
    /// Rows of the table and of each subtable, Others included; 0 = no limit.
    pub(crate) limits: (usize, usize),
    /// Rows with the most of this stay; of equals, those whose labels come first.
    pub(crate) sort: &'a str,
    /// The label that stands for an empty one and comes before its equals.
    pub(crate) home: String,
    /// Columns left out of rows with a subtable and of Others.
    pub(crate) unsummable: &'a [&'a str],
}

/// A table in the making.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    /// As they came; once finished those above first, and rows beside each other in order.
    lines: Vec<Line>,
    index: HashMap<LabelId, usize>,
    /// What was cut off below a label.
    others: HashMap<LabelId, Line>,
}

/// A row in the making.
#[derive(Debug, Default)]
pub(crate) struct Line {
    label: LabelId,
    numbers: Box<[Number]>,
    goals: Goals,
    metadata: Vec<(Name, Value)>,
}

impl Sheet {
    /// Whether there is a row with this label.
    pub(crate) fn has(&self, label: LabelId) -> bool {
        self.index.contains_key(&label)
    }

    /// The row with this label, made with all above it where it isn't there.
    /// Rows above get the numbers of those below by [`Sheet::sum_up`].
    pub(crate) fn line(&mut self, layout: &Layout, labels: &Labels, label: LabelId) -> Option<&mut Line> {
        if !self.has(label) {
            let mut above = labels.above(label);
            while above != TOP && !self.has(above) {
                self.own_line(layout, above);
                above = labels.above(above);
            }
        }
        self.own_line(layout, label)
    }

    fn own_line(&mut self, layout: &Layout, label: LabelId) -> Option<&mut Line> {
        let next = self.lines.len();
        let at = *self.index.entry(label).or_insert(next);
        if at == next {
            self.lines.push(Line::new(layout, label));
        }
        self.lines.get_mut(at)
    }

    /// Adds to each page's goals the rates of visits that began there; rows above sum them, as Matomo does.
    pub(crate) fn add_entry_rates(&mut self, layout: &Layout) {
        let Some(entries) = layout.place("entry_nb_visits") else { return };
        for line in &mut self.lines {
            let entries = line.numbers.get(entries).map_or(0.0, |number| number.get());
            if entries > 0.0 {
                line.add_entry_rates(layout, entries);
            }
        }
    }

    /// Adds each row's numbers to those of all rows above it.
    pub(crate) fn sum_up(&mut self, layout: &Layout, labels: &Labels) {
        let mut places: Vec<(LabelId, usize)> = self.index.iter().map(|(label, at)| (*label, *at)).collect();
        // Those above have smaller numbers: each is whole before it is added further up.
        places.sort_unstable_by(|a, b| b.cmp(a));
        for (label, at) in places {
            let Some(above) = self.index.get(&labels.above(label)).copied() else { continue };
            if let Ok([line, above]) = self.lines.get_disjoint_mut([at, above]) {
                layout.add(&mut above.numbers, &line.numbers);
                add_goals(&mut above.goals, layout, &line.goals);
            }
        }
    }

    /// Adds a finished sheet of a shorter period.
    pub(crate) fn merge(&mut self, layout: &Layout, other: Self) {
        for from in other.lines {
            if let Some(line) = self.own_line(layout, from.label) {
                line.add(layout, from);
            }
        }
        for (above, from) in other.others {
            self.others.entry(above).or_insert_with(|| Line::new(layout, TOP)).add(layout, from);
        }
    }

    /// Reads a finished table again.
    pub(crate) fn from_table(layout: &Layout, labels: &mut Labels, table: &Table) -> Self {
        let mut sheet = Self::default();
        sheet.read(layout, labels, TOP, table);
        sheet
    }

    fn read(&mut self, layout: &Layout, labels: &mut Labels, above: LabelId, table: &Table) {
        for row in &table.rows {
            if row.is_summary {
                self.others.insert(above, Line::of(layout, TOP, row));
                continue;
            }
            let label = labels.below(above, row.label.as_deref().unwrap_or_default());
            self.lines.push(Line::of(layout, label, row));
            if let Some(below) = &row.subtable {
                self.read(layout, labels, label, below);
            }
        }
    }

    /// Sorts and cuts. The sheet can then be merged or shown, not added to.
    pub(crate) fn finish(self, layout: &Layout, labels: &Labels, cut: &Cut<'_>) -> Self {
        let mut below: HashMap<LabelId, Vec<Line>> = HashMap::new();
        for line in self.lines {
            below.entry(labels.above(line.label)).or_default().push(line);
        }
        let sort = layout.place(cut.sort).unwrap_or(usize::MAX);
        let unsummable = cut.unsummable.iter().filter_map(|name| layout.place(name)).collect();
        let mut finishing = Finishing {
            layout,
            labels,
            sort,
            home: &cut.home,
            unsummable,
            below,
            others: self.others,
            done: Self::default(),
        };
        finishing.level(TOP, cut.limits.0, cut.limits.1);
        finishing.done
    }

    /// The table of a finished sheet. `summed` = distinct counts are sums of days.
    pub(crate) fn table(&self, layout: &Layout, labels: &Labels, summed: bool) -> Table {
        let mut below: HashMap<LabelId, Vec<&Line>> = HashMap::new();
        for line in &self.lines {
            below.entry(labels.above(line.label)).or_default().push(line);
        }
        Showing { layout, labels, summed, below, others: &self.others }.level(TOP)
    }
}

/// Sorts and cuts a sheet, level by level.
struct Finishing<'a> {
    layout: &'a Layout,
    labels: &'a Labels,
    sort: usize,
    home: &'a str,
    unsummable: Vec<usize>,
    below: HashMap<LabelId, Vec<Line>>,
    others: HashMap<LabelId, Line>,
    done: Sheet,
}

impl Finishing<'_> {
    fn level(&mut self, above: LabelId, limit: usize, limit_below: usize) {
        let mut lines = self.below.remove(&above).unwrap_or_default();
        let mut others = self.others.remove(&above);
        let (sort, labels, home) = (self.sort, self.labels, self.home);
        let key = |line: &Line| line.numbers.get(sort).map_or(0.0, |number| number.get());
        let named = |line: &Line| labels.text(line.label) != home;
        lines.sort_by(|a, b| {
            key(b)
                .total_cmp(&key(a))
                .then_with(|| named(a).cmp(&named(b)))
                .then_with(|| labels.text(a.label).cmp(labels.text(b.label)))
        });
        if limit > 0 && lines.len() + usize::from(others.is_some()) > limit {
            for line in lines.split_off(lines.len().min(limit - 1)) {
                let others = others.get_or_insert_with(|| Line::new(self.layout, TOP));
                others.add(self.layout, Line { metadata: vec![], ..line });
            }
        }
        for mut line in lines {
            let label = line.label;
            let has_below = self.below.contains_key(&label) || self.others.contains_key(&label);
            if has_below {
                line.forget(&self.unsummable);
            }
            self.done.lines.push(line);
            if has_below {
                self.level(label, limit_below, limit_below);
            }
        }
        if let Some(mut others) = others {
            others.forget(&self.unsummable);
            self.done.others.insert(above, others);
        }
    }
}

/// Makes rows of a finished sheet, level by level.
struct Showing<'a> {
    layout: &'a Layout,
    labels: &'a Labels,
    summed: bool,
    below: HashMap<LabelId, Vec<&'a Line>>,
    others: &'a HashMap<LabelId, Line>,
}

impl Showing<'_> {
    fn level(&self, above: LabelId) -> Table {
        let lines = self.below.get(&above).into_iter().flatten();
        let mut rows: Vec<Row> = lines
            .map(|line| {
                let has_below = self.below.contains_key(&line.label) || self.others.contains_key(&line.label);
                let subtable = has_below.then(|| Box::new(self.level(line.label)));
                Row { subtable, ..self.row(self.labels.text(line.label), line) }
            })
            .collect();
        if let Some(line) = self.others.get(&above) {
            rows.push(Row { is_summary: true, ..self.row(OTHERS, line) });
        }
        Table { rows }
    }

    fn row(&self, label: &str, line: &Line) -> Row {
        let named = self.layout.names(self.summed).zip(&line.numbers);
        let mut columns: Vec<(Name, Value)> =
            named.filter_map(|(name, number)| Some((Cow::Borrowed(name), number.value()?))).collect();
        if !line.goals.is_empty() {
            columns.push((Cow::Borrowed("goals"), self.layout.goals_value(&line.goals)));
        }
        Row {
            label: Some(label.to_owned()),
            columns,
            metadata: line.metadata.clone(),
            subtable: None,
            subtable_id: None,
            is_summary: false,
        }
    }
}

impl Line {
    fn new(layout: &Layout, label: LabelId) -> Self {
        Self { label, numbers: layout.empty(), ..Self::default() }
    }

    fn of(layout: &Layout, label: LabelId, row: &Row) -> Self {
        let mut line = Self::new(layout, label);
        for (name, value) in &row.columns {
            if let Some(number) = layout.place(name).and_then(|place| line.numbers.get_mut(place)) {
                *number = Number::of(value);
            }
        }
        line.goals = layout.read_goals(row.get("goals"));
        line.metadata.clone_from(&row.metadata);
        line
    }

    /// Adds to the number in this place.
    pub(crate) fn add_number(&mut self, layout: &Layout, place: usize, number: Number) {
        layout.add_one(&mut self.numbers, place, number);
    }

    /// Adds to a number of one goal; where one is there already, not if `only_first`.
    pub(crate) fn add_to_goal(&mut self, layout: &Layout, goal: i32, place: usize, number: Number, only_first: bool) {
        if let Some(old) = of_goal(&mut self.goals, layout, goal).get_mut(place)
            && (*old == Number::Absent || !only_first)
        {
            old.add_up(number);
        }
    }

    fn add(&mut self, layout: &Layout, from: Self) {
        layout.add(&mut self.numbers, &from.numbers);
        add_goals(&mut self.goals, layout, &from.goals);
        if self.metadata.is_empty() {
            self.metadata = from.metadata;
        } else {
            from.metadata.into_iter().for_each(|(name, value)| self.add_metadata(name, value));
        }
    }

    fn forget(&mut self, places: &[usize]) {
        for place in places {
            if let Some(number) = self.numbers.get_mut(*place) {
                *number = Number::Absent;
            }
        }
    }

    /// Facts that are lists are united; of others the first stays.
    pub(crate) fn add_metadata(&mut self, name: Name, value: Value) {
        match (self.metadata.iter_mut().find(|(n, _)| *n == name), value) {
            (None, value) => self.metadata.push((name, value)),
            (Some((_, Value::List(old))), Value::List(new)) => {
                for item in new {
                    if !old.contains(&item) {
                        old.push(item);
                    }
                }
            }
            (Some(_), _) => {}
        }
    }

    /// Whether this fact is known.
    pub(crate) fn has_metadata(&self, name: &str) -> bool {
        self.metadata.iter().any(|(n, _)| n == name)
    }

    /// Conversions and revenue of a page's entries by its entries, rounded to three decimals.
    fn add_entry_rates(&mut self, layout: &Layout, entries: f64) {
        for (_, numbers) in &mut self.goals {
            for (rate, of) in layout.entry_rates() {
                let value = numbers.get(of).copied().unwrap_or(Number::Absent);
                if let (Some(rate), true) = (numbers.get_mut(rate), value != Number::Absent) {
                    *rate = Number::Float((value.get() / entries * 1000.0).round() / 1000.0);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::records::COUNTRIES;

    fn sheet(labels: &mut Labels, limits: (usize, usize), rows: &[(&[&str], i64)]) -> Sheet {
        let layout = Layout::of(&COUNTRIES);
        let places = ["nb_visits", "max_actions"].map(|name| layout.place(name).unwrap());
        let mut sheet = Sheet::default();
        for (path, n) in rows {
            let label = labels.path(path);
            let line = sheet.line(&layout, labels, label).unwrap();
            places.iter().for_each(|place| line.add_number(&layout, *place, Number::Int(*n)));
        }
        sheet.sum_up(&layout, labels);
        sheet.finish(&layout, labels, &cut(limits))
    }

    fn cut(limits: (usize, usize)) -> Cut<'static> {
        Cut { limits, sort: "nb_visits", home: "/home".into(), unsummable: &[] }
    }

    fn shown(limits: (usize, usize), rows: &[(&[&str], i64)]) -> String {
        let mut labels = Labels::default();
        let sheet = sheet(&mut labels, limits, rows);
        text(&sheet.table(&Layout::of(&COUNTRIES), &labels, false))
    }

    fn text(table: &Table) -> String {
        let row = |row: &Row| {
            let label = if row.is_summary { "Others" } else { row.label.as_deref().unwrap_or("–") };
            let below = row.subtable.as_ref().map(|t| format!(" ({})", text(t))).unwrap_or_default();
            format!("{label} {}/{}{below}", row.number("nb_visits"), row.number("max_actions"))
        };
        table.rows.iter().map(row).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn rows_above_sum_the_rows_below() {
        let rows: &[(&[&str], i64)] = &[(&["a", "x"], 1), (&["b", "x"], 4), (&["a", "y"], 2), (&["a", "x"], 2)];
        assert_eq!(shown((0, 0), rows), "a 5/2 (x 3/2, y 2/2), b 4/4 (x 4/4)");
    }

    #[test]
    fn the_rest_is_summed_into_others_and_equals_go_by_label() {
        let rows: &[(&[&str], i64)] = &[(&["c"], 1), (&["a"], 1), (&["b"], 1), (&["d"], 5)];
        assert_eq!(shown((3, 0), rows), "d 5/5, a 1/1, Others 2/1");
        assert_eq!(shown((4, 0), rows), "d 5/5, a 1/1, b 1/1, c 1/1");
    }

    #[test]
    fn an_empty_name_comes_before_its_equals() {
        let rows: &[(&[&str], i64)] = &[(&["/0"], 1), (&["/home"], 1), (&["/z"], 2)];
        assert_eq!(shown((3, 0), rows), "/z 2/2, /home 1/1, /0 1/1");
    }

    #[test]
    fn what_a_day_cut_off_stays_cut_off() {
        let (layout, mut labels) = (Layout::of(&COUNTRIES), Labels::default());
        let monday = sheet(&mut labels, (2, 0), &[(&["a"], 5), (&["b"], 4), (&["c"], 4)]);
        let tuesday = sheet(&mut labels, (2, 0), &[(&["c"], 3), (&["b"], 2)]).table(&layout, &labels, false);
        let mut week = Sheet::default();
        week.merge(&layout, monday);
        week.merge(&layout, Sheet::from_table(&layout, &mut labels, &tuesday));
        let week = week.finish(&layout, &labels, &cut((3, 0))).table(&layout, &labels, true);
        // c had 7 visits, 4 of them in Monday's Others; b with its 6 is in none but Others.
        assert_eq!(text(&week), "a 5/5, c 3/3, Others 10/4");
    }

    #[test]
    fn goals_add_up_and_are_summed_above() {
        let (layout, mut labels) = (Layout::of(&COUNTRIES), Labels::default());
        let place = layout.place_of_goals("revenue").unwrap();
        let mut sheet = Sheet::default();
        for (goal, path) in [(1, "x"), (2, "x"), (1, "y"), (1, "x")] {
            let label = labels.path(&["a", path]);
            let line = sheet.line(&layout, &labels, label).unwrap();
            line.add_to_goal(&layout, goal, place, Number::Float(0.1), false);
        }
        sheet.sum_up(&layout, &labels);
        let table = sheet.finish(&layout, &labels, &cut((0, 0))).table(&layout, &labels, true);
        let goal = |value| Value::Map(vec![("revenue".to_owned(), Value::Float(value))]);
        let expected = [("idgoal=1".to_owned(), goal(0.3)), ("idgoal=2".to_owned(), goal(0.1))];
        assert_eq!(table.rows[0].get("goals"), Some(&Value::Map(expected.into())));
    }
}
