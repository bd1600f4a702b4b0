//! SQL text with its bound values. Values never become text; identifiers come from the catalogue.

use candor_store::{Cell, Dialect};

/// A piece of SQL and the values of its `?`, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Fragment {
    /// The text.
    pub text: String,
    /// One value a `?`.
    pub values: Vec<Cell>,
}

impl Fragment {
    /// Text with its values.
    pub(crate) fn new(text: impl Into<String>, values: impl Into<Vec<Cell>>) -> Self {
        Self { text: text.into(), values: values.into() }
    }

    /// What always holds.
    pub(crate) fn always() -> Self {
        Self::new("true", [])
    }

    /// What never holds.
    pub(crate) fn never() -> Self {
        Self::new("false", [])
    }

    /// This text and then that.
    pub(crate) fn then(mut self, other: Self) -> Self {
        self.text.push_str(&other.text);
        self.values.extend(other.values);
        self
    }

    /// All hold; an empty list always does.
    pub(crate) fn all(parts: Vec<Self>) -> Self {
        Self::join(parts, " and ").unwrap_or_else(Self::always)
    }

    /// At least one holds; of an empty list none does.
    pub(crate) fn any(parts: Vec<Self>) -> Self {
        Self::join(parts, " or ").unwrap_or_else(Self::never)
    }

    /// Holds when `self` doesn't, also where a null makes `self` unknown.
    pub(crate) fn negated(self) -> Self {
        Self { text: format!("not coalesce(({}), false)", self.text), values: self.values }
    }

    fn join(mut parts: Vec<Self>, word: &str) -> Option<Self> {
        if parts.len() < 2 {
            return parts.pop();
        }
        let text = parts.iter().map(|p| format!("({})", p.text)).collect::<Vec<_>>().join(word);
        Some(Self { text, values: parts.into_iter().flat_map(|p| p.values).collect() })
    }
}

/// An expression over the columns of one table. Names no engine; what differs is asked of the [`Dialect`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expr {
    /// A column, or SQL that reads the same in every engine.
    Sql(&'static str),
    /// A yes or no as 1 or 0.
    Bool(&'static str),
    /// A column divided by a whole number, rounded down.
    Div(&'static str, u32),
    /// What is left of that column after dividing by `.1`, divided by `.2`: hours and minutes of a time.
    Rest(&'static str, u32, u32),
    /// Element of a list column: slot × `stride` − `offset`, counted from 1. The slot is the record's or segment's number.
    Slot {
        /// The list column.
        list: &'static str,
        /// Elements a slot.
        stride: u32,
        /// Elements to step back.
        offset: u32,
    },
    /// A part of the UTC date of a column of seconds: `day`, `dow` (0 = Sunday), `doy`, `week`, `month`, `quarter`, `year`.
    DatePart(&'static str, &'static str),
}

impl Expr {
    /// The SQL text; `slot` fills [`Expr::Slot`].
    pub(crate) fn sql(self, dialect: &dyn Dialect, slot: u32) -> String {
        match self {
            Self::Sql(text) => text.to_owned(),
            Self::Bool(column) => format!("cast({} as integer)", dialect.identifier(column)),
            Self::Div(column, by) => dialect.int_div(&dialect.identifier(column), &by.to_string()),
            Self::Rest(column, of, by) => {
                dialect.int_div(&format!("({} % {of})", dialect.identifier(column)), &by.to_string())
            }
            Self::Slot { list, stride, offset } => {
                dialect.element(list, slot.saturating_mul(stride).saturating_sub(offset))
            }
            Self::DatePart(part, column) => dialect.date_part(part, &dialect.identifier(column)),
        }
    }
}
