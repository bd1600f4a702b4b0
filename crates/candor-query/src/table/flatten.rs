//! A tree of rows as one list: labels joined, one metadata entry a dimension.

use super::{Row, Table, Value};

/// How a report's tree is joined.
#[derive(Debug, Clone, Copy)]
pub struct Flattening<'a> {
    /// Between the labels of two levels.
    pub separator: &'a str,
    /// The id of each level's dimension (`Referrers_Website`, `Referrers_WebsitePage`); the last one serves deeper levels.
    pub dimensions: &'a [&'a str],
    /// Rows that have rows below stay too, marked `is_aggregate`.
    pub keep_parents: bool,
    /// Rows below without a `segment` of their own show that of their parent.
    pub inherit_segment: bool,
}

/// What a row hands down.
#[derive(Default, Clone)]
struct Above {
    prefix: String,
    dimensions: Vec<(String, String)>,
    logo: Option<Value>,
    segment: Option<Value>,
    level: usize,
}

impl Flattening<'_> {
    /// Makes one list of the tree, parents in place of their children's first.
    #[must_use]
    pub fn flatten(&self, table: Table) -> Table {
        let mut flat = Table::default();
        self.add(table, &Above::default(), &mut flat);
        flat
    }

    fn add(&self, table: Table, above: &Above, flat: &mut Table) {
        for row in table.rows {
            self.add_row(row, above, flat);
        }
    }

    fn add_row(&self, mut row: Row, above: &Above, flat: &mut Table) {
        let own = row.label().trim().to_owned();
        let label = self.joined(&own, &row, above);
        let dimensions = self.dimensions_of(&own, &label, above);
        let segment = row.meta("segment").cloned().or_else(|| above.segment.clone());
        let logo = row.meta("logo").cloned().or_else(|| above.logo.clone());
        let below = row.subtable.take();
        row.subtable_id = None;
        row.label = Some(label.clone());
        for (name, value) in &dimensions {
            row.set_meta(name.clone(), Value::text(value.clone()));
        }
        if let Some(logo) = &logo {
            row.set_meta("logo", logo.clone());
        }
        match &segment {
            Some(segment) if self.inherit_segment => row.set_meta("segment", segment.clone()),
            _ => {}
        }
        if row.is_summary {
            row.is_summary = false;
            row.set_meta("is_summary", Value::Bool(true));
        }
        let below = below.filter(|below| !below.rows.is_empty());
        if self.keep_parents {
            row.set_meta("is_aggregate", Value::Int(i64::from(below.is_some())));
        }
        if below.is_none() || self.keep_parents {
            flat.rows.push(row);
        }
        if let Some(below) = below {
            let prefix = format!("{label}{}", self.separator);
            self.add(*below, &Above { prefix, dimensions, logo, segment, level: above.level + 1 }, flat);
        }
    }

    fn joined(&self, own: &str, row: &Row, above: &Above) -> String {
        if self.separator != "/" {
            return format!("{}{own}", above.prefix);
        }
        // Paths: a leaf's own slash is the separator.
        let own = own.strip_prefix('/').unwrap_or(own);
        if row.is_summary && !above.prefix.is_empty() {
            return format!("{} - {own}", above.prefix);
        }
        format!("{}{own}", above.prefix)
    }

    /// The dimensions of the levels above and this one; a level with its parent's dimension joins its label to it.
    fn dimensions_of(&self, own: &str, label: &str, above: &Above) -> Vec<(String, String)> {
        let Some(name) = self.dimensions.get(above.level).or_else(|| self.dimensions.last()) else {
            return vec![];
        };
        let mut dimensions = above.dimensions.clone();
        match dimensions.iter_mut().find(|(n, _)| n == name) {
            Some((_, value)) => label.clone_into(value),
            None => dimensions.push(((*name).to_owned(), own.to_owned())),
        }
        dimensions
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{shown, table};
    use super::*;

    const TWO: Flattening<'_> =
        Flattening { separator: " - ", dimensions: &["A_One", "A_Two"], keep_parents: false, inherit_segment: false };

    #[test]
    fn leaves_with_a_name_a_level() {
        let flat = TWO.flatten(table("a 3 (x 1, y 2), b 1"));
        assert_eq!(shown(&flat), "a - x 1, a - y 2, b 1");
        assert_eq!(flat.rows[1].meta("A_One"), Some(&Value::text("a")));
        assert_eq!(flat.rows[1].meta("A_Two"), Some(&Value::text("y")));
        assert_eq!(flat.rows[2].meta("A_Two"), None);
    }

    #[test]
    fn parents_can_stay() {
        let flat = Flattening { keep_parents: true, ..TWO }.flatten(table("a 3 (x 1, y 2), b 1"));
        assert_eq!(shown(&flat), "a 3, a - x 1, a - y 2, b 1");
        let marks: Vec<_> = flat.rows.iter().map(|r| r.meta("is_aggregate").map(Value::number)).collect();
        assert_eq!(marks, [Some(1.0), Some(0.0), Some(0.0), Some(0.0)]);
    }

    #[test]
    fn paths_have_one_slash_between() {
        let paths = Flattening { separator: "/", dimensions: &["Actions_PageUrl"], ..TWO };
        let mut t = table("docs 3 (/index 1, api 2 (/x 2))");
        if let Some(below) = t.rows[0].subtable.as_mut() {
            below.rows[0].is_summary = true;
        }
        let flat = paths.flatten(t);
        assert_eq!(shown(&flat), "docs/ - index 1, docs/api/x 2");
        assert_eq!(flat.rows[0].meta("is_summary"), Some(&Value::Bool(true)));
    }
}
