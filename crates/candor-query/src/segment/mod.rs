//! Segments: conditions over visits, in Matomo's language. `a;b,c` means a and (b or c).
//!
//! [`lexer`] cuts the text, [`parser`] reads operands, [`check`] finds their dimensions and values,
//! [`condition`] turns them into SQL. Nothing of a request's text ever becomes SQL text.

mod check;
mod condition;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;

pub use check::{Asker, SegmentContext};
pub use condition::Window;
pub use lexer::{decode, encode};
pub use parser::{Operand, Operator};

use md5::{Digest, Md5};

/// Longer definitions are cut off, as Matomo does.
const TEXT_CHARS_MAX: usize = 8192;

/// Each condition is a test of every row; more than a person writes would only keep the store busy.
const CONDITIONS_MAX: usize = 100;

/// Why a segment means nothing. Texts are those that Matomo's clients know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    /// No dimension has this name.
    #[error("Segment '{0}' is not a supported segment.")]
    Unknown(String),
    /// A condition isn't name, operator, value.
    #[error("The segment condition '{0}' is not valid.")]
    Syntax(String),
    /// The value isn't one that the dimension can have.
    #[error("The segment value '{value}' is not valid for '{name}', use one of: {allowed}")]
    Value {
        /// The dimension.
        name: String,
        /// What was given.
        value: String,
        /// What is allowed.
        allowed: String,
    },
    /// The operator makes no sense for the dimension.
    #[error("The operator '{operator}' is not supported for the segment '{name}'.")]
    Operator {
        /// The dimension.
        name: String,
        /// What was given.
        operator: &'static str,
    },
    /// Only people who signed in may use the dimension.
    #[error("the segment `{0}` is only for people who signed in")]
    Restricted(String),
    /// There are more conditions than a segment may have.
    #[error("The segment has {0} conditions, it may have at most {CONDITIONS_MAX}.")]
    TooMany(usize),
}

/// A checked segment: every group must hold, of a group any operand.
#[derive(Debug, Clone)]
pub struct Segment {
    operands: Vec<Vec<Operand>>,
    conditions: Vec<Vec<check::Condition>>,
}

impl Segment {
    /// Reads and checks a definition. The text is URL-decoded once, as a query string's value is;
    /// its values may be encoded up to two times more. No segment is `None`, never an empty text.
    ///
    /// # Errors
    /// When a condition can't be read, names no dimension or has an impossible value.
    pub fn parse(text: &str, context: &SegmentContext<'_>) -> Result<Self, SegmentError> {
        let text: String = text.chars().take(TEXT_CHARS_MAX).collect();
        let operands = parser::parse(&text)?;
        let count = operands.iter().map(Vec::len).sum();
        if count > CONDITIONS_MAX {
            return Err(SegmentError::TooMany(count));
        }
        let conditions = operands
            .iter()
            .map(|group| group.iter().map(|operand| check::check(operand, context)).collect())
            .collect::<Result<_, _>>()?;
        Ok(Self { operands, conditions })
    }

    /// The definition in one spelling: equal segments print alike, and reading it gives the segment again, as long as
    /// encoding has not made it longer than a definition may be.
    #[must_use]
    pub fn canonical(&self) -> String {
        parser::print(&self.operands)
    }

    /// Lower-case hex MD5 of the canonical definition.
    #[must_use]
    pub fn hash(&self) -> String {
        hex::encode(Md5::digest(self.canonical().as_bytes()))
    }

    /// What memos go by: the definition and what its labels stand for at present.
    pub(crate) fn key(&self) -> String {
        let tests: Vec<_> =
            self.conditions.iter().flatten().flat_map(|c| &c.members).map(|m| (&m.slots, &m.test)).collect();
        hex::encode(Md5::digest(format!("{} {tests:?}", self.canonical()).as_bytes()))
    }

    /// Both must hold.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.operands.extend(other.operands.iter().cloned());
        both.conditions.extend(other.conditions.iter().cloned());
        both
    }

    /// Names of the dimensions used, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.operands.iter().flatten().map(|operand| operand.name.as_str())
    }
}
