//! Dimensions: one definition each, for segments and for the rows of reports.
//! To add one: an entry here; if its value isn't stored yet, a column in `candor_store::schema`.

mod acquisition;
mod behaviour;
mod ecommerce;
mod place;
mod visitors;

pub use crate::sql::Expr;
use candor_core::{SiteSettings, Vocabulary};
use candor_store::Cell;

pub(crate) use behaviour::html_unescaped;

/// The table that holds a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// One row a visit.
    Visits,
    /// One row an action.
    Actions,
    /// One row a conversion.
    Conversions,
    /// One row a product of an order or cart.
    Items,
}

impl Source {
    /// The table's name.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::Visits => "visits",
            Self::Actions => "actions",
            Self::Conversions => "conversions",
            Self::Items => "conversion_items",
        }
    }
}

/// What a code list is made from.
#[derive(Debug, Clone, Copy)]
pub struct Lists<'a> {
    /// Names of codes.
    pub vocabulary: &'a Vocabulary,
    /// The site, for its goals and dimensions; `None` when several sites are meant.
    pub site: Option<&'a SiteSettings>,
}

/// How a segment's text becomes a value of the column.
#[derive(Debug, Clone, Copy)]
pub enum Values {
    /// Text, compared without regard to case.
    Text,
    /// Text whose equality regards case.
    Exact,
    /// A page's URL: like `Exact`, a leading `http(s)://` and then `www.` are cut off.
    PageUrl,
    /// A number.
    Number,
    /// A number that is stored multiplied: days as seconds, money as micro-units.
    Times(f64),
    /// 16 hex digits.
    Hex,
    /// An address.
    Ip,
    /// `YYYY-MM-DD`, stored as days since 1970.
    Date,
    /// A code or its label. With `closed`, anything else is an error.
    Codes {
        /// Labels with the values they stand for; a label may occur more than once.
        list: fn(Lists<'_>) -> Vec<(String, Cell)>,
        /// Nothing but labels of the list is allowed.
        closed: bool,
    },
}

/// What is suggested to somebody who writes a segment.
#[derive(Debug, Clone, Copy)]
pub enum Suggest {
    /// Values that visits have, most frequent first.
    Frequent,
    /// Those, and then the rest of the code list, last names first.
    FrequentThenListed,
    /// The labels of the code list.
    Listed,
    /// Numbers of a clock or calendar, both included.
    Range(i64, i64),
    /// The last days.
    Days,
    /// These.
    These(&'static [&'static str]),
}

/// One dimension or metric that segments and records can use.
#[derive(Debug, Clone, Copy)]
pub struct Dimension {
    /// Its name in segments.
    pub segment: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Where it is listed.
    pub category: &'static str,
    /// The table that holds it.
    pub source: Source,
    /// Its value.
    pub expression: Expr,
    /// Rows that have it; empty = all.
    pub filter: &'static str,
    /// How text is compared with it.
    pub values: Values,
    /// Listed as a metric.
    pub metric: bool,
    /// Only for people who signed in.
    pub restricted: bool,
    /// Only `==`, `>`, `>=`, `<`, `<=` make sense.
    pub ordered_only: bool,
    /// Stands for these others: any of them matches.
    pub members: &'static [&'static str],
    /// Exists once a slot, `name1` to `name<slots>`; without a number it stands for all of them. 0 = no slots.
    pub slots: u32,
    /// What is suggested.
    pub suggest: Suggest,
}

impl Dimension {
    const fn new(source: Source, segment: &'static str, name: &'static str, column: &'static str) -> Self {
        Self {
            segment,
            name,
            category: "Visitors",
            source,
            expression: Expr::Sql(column),
            filter: "",
            values: Values::Text,
            metric: false,
            restricted: false,
            ordered_only: false,
            members: &[],
            slots: 0,
            suggest: Suggest::Frequent,
        }
    }

    const fn visit(segment: &'static str, name: &'static str, column: &'static str) -> Self {
        Self::new(Source::Visits, segment, name, column)
    }

    const fn action(segment: &'static str, name: &'static str, column: &'static str) -> Self {
        Self::new(Source::Actions, segment, name, column).category("Behaviour")
    }

    const fn category(mut self, category: &'static str) -> Self {
        self.category = category;
        self
    }

    const fn expression(mut self, expression: Expr) -> Self {
        self.expression = expression;
        self
    }

    const fn filter(mut self, filter: &'static str) -> Self {
        self.filter = filter;
        self
    }

    const fn values(mut self, values: Values) -> Self {
        self.values = values;
        self
    }

    const fn metric(mut self) -> Self {
        self.metric = true;
        self.values = Values::Number;
        self
    }

    const fn restricted(mut self) -> Self {
        self.restricted = true;
        self
    }

    const fn ordered_only(mut self) -> Self {
        self.ordered_only = true;
        self
    }

    const fn members(mut self, members: &'static [&'static str]) -> Self {
        self.members = members;
        self
    }

    const fn suggests(mut self, suggest: Suggest) -> Self {
        self.suggest = suggest;
        self
    }

    const fn slots(mut self, list: &'static str, stride: u32, offset: u32) -> Self {
        self.expression = Expr::Slot { list, stride, offset };
        self.slots = 5;
        self
    }
}

/// Every dimension of the catalogue; a site's own custom dimensions are found by [`find`].
pub fn all() -> impl Iterator<Item = &'static Dimension> {
    [visitors::ALL, place::ALL, acquisition::ALL, behaviour::ALL, ecommerce::ALL].into_iter().flatten()
}

/// A dimension with the slot a name asked for.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// The dimension.
    pub dimension: Dimension,
    /// Its slot; 0 = none was named.
    pub slot: u32,
}

/// Finds a dimension by its name in segments, numbered ones and the site's custom dimensions included.
#[must_use]
pub fn find(name: &str, site: Option<&SiteSettings>) -> Option<Found> {
    if let Some(dimension) = all().find(|d| d.segment == name) {
        return Some(Found { dimension: *dimension, slot: 0 });
    }
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let number: u32 = name.get(base.len()..)?.parse().ok()?;
    if base == "dimension" {
        return custom_dimension(number, site?);
    }
    let dimension = all().find(|d| d.segment == base && (1..=d.slots).contains(&number))?;
    Some(Found { dimension: *dimension, slot: number })
}

fn custom_dimension(id: u32, site: &SiteSettings) -> Option<Found> {
    let custom = site.dimensions.iter().find(|d| d.id == id && d.active)?;
    let source = match custom.scope {
        candor_core::DimensionScope::Visit => Source::Visits,
        candor_core::DimensionScope::Action => Source::Actions,
    };
    let dimension = Dimension::new(source, "dimension", "Custom dimension", "").slots("dimensions", 1, 0);
    Some(Found { dimension, slot: custom.index })
}

/// A list for [`Values::Codes`] from names and numbers.
fn numbered(list: &[(&str, i64)]) -> Vec<(String, Cell)> {
    list.iter().map(|(name, number)| ((*name).to_owned(), Cell::Int(*number))).collect()
}

/// A list for [`Values::Codes`] from codes with names; the code itself is allowed too.
fn named<'a>(list: impl Iterator<Item = (&'a String, &'a String)>) -> Vec<(String, Cell)> {
    list.map(|(code, name)| (name.clone(), Cell::Text(code.as_str().into()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_store::schema;

    #[test]
    fn names_are_unique_and_columns_exist() {
        let mut names: Vec<_> = all().map(|d| d.segment).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        for dimension in all().filter(|d| d.members.is_empty()) {
            let columns = schema::TABLES.iter().find(|(name, _)| *name == dimension.source.table()).unwrap().1;
            let column = match dimension.expression {
                Expr::Sql(text) => text.trim_matches('"'),
                Expr::Bool(column) | Expr::Div(column, _) | Expr::Rest(column, ..) | Expr::DatePart(_, column) => {
                    column
                }
                Expr::Slot { list, .. } => list,
            };
            assert!(columns.iter().any(|(name, _)| *name == column), "{}: no column {column}", dimension.segment);
        }
    }

    #[test]
    fn members_exist() {
        for dimension in all() {
            for member in dimension.members {
                assert!(find(member, None).is_some(), "{member}");
            }
        }
    }

    #[test]
    fn numbered_names() {
        assert_eq!(find("customVariableName3", None).unwrap().slot, 3);
        assert!(find("customVariableName6", None).is_none());
        assert!(find("dimension1", None).is_none());
        assert!(find("nothing", None).is_none());
    }
}
