//! Why a number can't be shown.

use crate::{period::PeriodError, segment::SegmentError};
use candor_store::StoreError;

/// Everything that can go wrong below the server.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The store failed or took too long.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The segment means nothing.
    #[error(transparent)]
    Segment(#[from] SegmentError),
    /// The period or date means nothing.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// A parameter means nothing; the text says which and what to use.
    #[error("{0}")]
    Parameter(String),
    /// Whoever asked stopped waiting between two queries.
    #[error(
        "the request took too long; ask for fewer sites, periods or reports at once, or again: what is ready is kept"
    )]
    TooLong,
    /// The answer has more rows than one answer may have.
    #[error("the report has more than {0} rows a day; ask for a shorter period or a narrower segment")]
    TooMany(usize),
}
