//! What every engine can do.

use candor_core::{
    Action, ActionKind, ConsentLink, Conversion, ConversionItem, Fingerprint, GoalId, LinkedConsent, PageTimings,
    SiteId, Visit, VisitId, VisitorId,
};
use std::sync::Arc;

/// What can go wrong in a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data directory is held by another process, or can't be opened.
    #[error("the store can't be opened: {0}")]
    Open(String),
    /// The query took longer than its limit and was stopped.
    #[error("the query took longer than {0} ms and was stopped; ask for a shorter period")]
    Timeout(u64),
    /// What was asked or written needs more memory than the store may use, together with what ran beside it.
    #[error(
        "the store ran out of memory; ask for a shorter period or a narrower segment, try again when less is asked, \
         or raise `store.memory_limit_mb`"
    )]
    OutOfMemory,
    /// Anything else; the text is the engine's.
    #[error("the store failed: {0}")]
    Internal(String),
}

/// How far the store has come in the hit log: everything before it is in the tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogPosition {
    /// Sequence number of the next record to apply, from 1. 0 = nothing applied yet.
    pub next_seq: u64,
}

/// The result of applying some hits: written in one transaction together with the position.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// Visits that are not in the store yet.
    pub new_visits: Vec<Visit>,
    /// Visits that are, with all their fields as they are now.
    pub changed_visits: Vec<Visit>,
    /// New actions.
    pub actions: Vec<Action>,
    /// Page timings (and bandwidth) that arrived after their page view.
    pub timings: Vec<TimingUpdate>,
    /// Conversions to insert, or to replace where (visit, goal, buster) is there.
    pub conversions: Vec<Conversion>,
    /// Conversions to delete (a cart that became an order): visit, goal, buster.
    pub removed_conversions: Vec<(VisitRef, GoalId, u64)>,
    /// Items to insert, or to replace where (visit, order id, sku) is there.
    pub items: Vec<ConversionItem>,
    /// Items of open carts to delete (the cart became an order).
    pub removed_cart_items: Vec<VisitRef>,
    /// New consent records, in order.
    pub consents: Vec<LinkedConsent>,
    /// Where the log stands after this batch.
    pub position: LogPosition,
}

/// Late loading times of a page view.
#[derive(Debug, Clone, PartialEq)]
pub struct TimingUpdate {
    /// Its visit.
    pub visit: VisitRef,
    /// The page view's `seq`.
    pub seq: u32,
    /// Values that are `Some` replace.
    pub timings: PageTimings,
}

/// Names a visit; a bound for the times of its rows lets the engine prune.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VisitRef {
    /// Site.
    pub site: SiteId,
    /// Visit.
    pub id: VisitId,
    /// No row of the visit is older, seconds. Mostly `Visit::first_at`, less when late hits may have joined.
    pub first_at: i64,
}

/// Asks for the newest visit (greatest `last_at`, then id) of one site by visitor id or by fingerprint,
/// with `last_at_min <= last_at <= last_at_max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitLookup {
    /// Site.
    pub site: SiteId,
    /// By this visitor id, or …
    pub visitor: Option<VisitorId>,
    /// … by this fingerprint (used when `visitor` is `None`).
    pub fingerprint: Fingerprint,
    /// Lower bound, inclusive, seconds; `i64::MIN` for none.
    pub last_at_min: i64,
    /// Upper bound, inclusive, seconds.
    pub last_at_max: i64,
}

/// What the visit state machine must know of a visit that it takes up again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VisitHistory {
    /// Its actions in order of `seq`, the parts that decide `first_*`, previous page and page position.
    pub actions: Vec<SeenAction>,
    /// Conversions so far (open cart included).
    pub conversions: Vec<Conversion>,
    /// Items of the open cart.
    pub cart_items: Vec<ConversionItem>,
}

/// An action as far as later actions depend on it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenAction {
    /// Ordinal within the visit.
    pub seq: u32,
    /// Kind.
    pub kind: ActionKind,
    /// URL.
    pub url: String,
    /// Title.
    pub title: String,
    /// Ties hits to it.
    pub pageview_id: String,
    /// Page position.
    pub pageview_position: u32,
}

/// One value of an answer, or a bound parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// SQL null.
    Null,
    /// Any integer or boolean (0, 1).
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(Arc<str>),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list of texts.
    List(Vec<String>),
}

/// The answer to a query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows, each with one cell a column.
    pub rows: Vec<Vec<Cell>>,
}

/// One column of an answer that is all numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Numbers {
    /// One a row; where it is missing, any.
    pub values: Values,
    /// For each row whether it has no value.
    pub missing: Vec<bool>,
}

/// Numbers of one kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Whole ones. A yes is 1, a no 0.
    Whole(Vec<i64>),
    /// Others.
    Float(Vec<f64>),
}

impl Default for Values {
    fn default() -> Self {
        Self::Whole(vec![])
    }
}

/// Names a memo: an opaque text made by `candor_query::memo`, with the parts that invalidation goes by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MemoKey {
    /// Site.
    pub site: SiteId,
    /// First local day it covers.
    pub first_day: i32,
    /// Last local day it covers.
    pub last_day: i32,
    /// Everything else: record, segment, settings revision, format version.
    pub what: String,
    /// It is of a part of the visits only. Everyone can make up more of those: at the store's limit they go first.
    pub of_segment: bool,
}

/// A place for visits. Methods block; callers use threads of their own.
pub trait Store: Send + Sync {
    /// How far the log has been applied.
    ///
    /// # Errors
    /// When the engine fails.
    fn position(&self) -> Result<LogPosition, StoreError>;

    /// The greatest visit id there is; 0 when there is none.
    ///
    /// # Errors
    /// When the engine fails.
    fn last_visit(&self) -> Result<VisitId, StoreError>;

    /// The place of the newest consent record in the chain.
    ///
    /// # Errors
    /// When the engine fails.
    fn last_consent(&self) -> Result<ConsentLink, StoreError>;

    /// Writes a batch and its position, all or nothing, and durably: ingest deletes the hits from its log afterwards.
    ///
    /// # Errors
    /// When the engine fails; nothing of the batch is then visible.
    fn commit(&self, batch: &Batch) -> Result<(), StoreError>;

    /// Answers each lookup, in order.
    ///
    /// # Errors
    /// When the engine fails.
    fn find_visits(&self, lookups: &[VisitLookup]) -> Result<Vec<Option<Visit>>, StoreError>;

    /// The histories of visits, in order.
    ///
    /// # Errors
    /// When the engine fails.
    fn histories(&self, visits: &[VisitRef]) -> Result<Vec<VisitHistory>, StoreError>;

    /// Every order id there is, for refusing repeated orders.
    ///
    /// # Errors
    /// When the engine fails.
    fn orders(&self) -> Result<Vec<(SiteId, String)>, StoreError>;

    /// Runs a query made by `candor_query::sql` in this engine's dialect. `?` are bound in order.
    ///
    /// # Errors
    /// On a timeout or when the engine fails.
    fn query(&self, sql: &str, params: &[Cell]) -> Result<Rows, StoreError>;

    /// Runs a query as [`Self::query`] does whose columns are all numbers; answers with the columns, which takes a
    /// tenth of the time and memory of cells.
    ///
    /// # Errors
    /// On a timeout, when the engine fails or when a column isn't of numbers.
    fn columns(&self, sql: &str, params: &[Cell]) -> Result<Vec<Numbers>, StoreError>;

    /// How this engine's SQL differs.
    fn dialect(&self) -> &dyn Dialect;

    /// Reads memos; `None` where there is none.
    ///
    /// # Errors
    /// When the engine fails.
    fn memos(&self, keys: &[MemoKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError>;

    /// Writes memos, replacing equal keys. The store has a limit for them and drops others where it is reached.
    ///
    /// # Errors
    /// When the engine fails.
    fn put_memos(&self, memos: &[(MemoKey, Vec<u8>)]) -> Result<(), StoreError>;

    /// Deletes the memos of a site that cover any of these days (all memos of the site when `None`).
    ///
    /// # Errors
    /// When the engine fails.
    fn forget_memos(&self, site: SiteId, days: Option<&[i32]>) -> Result<(), StoreError>;

    /// To be called now and then: where nothing was asked or committed since the call before, memory that only
    /// copies what is on disk is given back.
    fn rest(&self) {}

    /// Interrupts the queries that run; they and all later ones fail. Hits are still taken.
    fn end_queries(&self) {}

    /// Makes everything durable in the main file and releases the store; called once at shutdown.
    ///
    /// # Errors
    /// When the engine fails.
    fn close(&self) -> Result<(), StoreError>;
}

/// How an engine's SQL differs from another's. Texts are SQL expressions.
pub trait Dialect: Send + Sync {
    /// Quotes an identifier.
    fn identifier(&self, name: &str) -> String;
    /// Number of distinct values.
    fn count_distinct(&self, expression: &str) -> String;
    /// The value of `expression` in the row with the greatest `by`.
    fn arg_max(&self, expression: &str, by: &str) -> String;
    /// A number from 0 to 2^63 - 1 for a value: always the same within one version of the engine, and never, but for
    /// once in ten million tables of a million values, that of another value.
    fn hash(&self, expression: &str) -> String;
    /// Any value of the group.
    fn any(&self, expression: &str) -> String;
    /// Rows of the group for which the condition holds.
    fn count_if(&self, condition: &str) -> String;
    /// Sum over the rows for which the condition holds.
    fn sum_if(&self, expression: &str, condition: &str) -> String;
    /// Integer division, rounded towards zero.
    fn int_div(&self, a: &str, b: &str) -> String;
    /// A part of the UTC date of seconds since 1970: `day`, `dow` (0 = Sunday), `doy`, `week` (ISO 8601), `month`,
    /// `quarter`, `year`.
    fn date_part(&self, part: &str, seconds: &str) -> String {
        format!("extract({part} from timestamp '1970-01-01 00:00:00' + {seconds} * interval '1 second')")
    }
    /// Element of a list column, counted from 1; empty text when the list is shorter.
    fn element(&self, list: &str, index: u32) -> String;
    /// Whether text contains / begins / ends, without regard to case. `pattern` is a bound `?`.
    fn contains_ci(&self, text: &str, pattern: &str) -> String;
    /// See `contains_ci`.
    fn starts_with_ci(&self, text: &str, pattern: &str) -> String;
    /// See `contains_ci`.
    fn ends_with_ci(&self, text: &str, pattern: &str) -> String;
    /// Equality without regard to case.
    fn equals_ci(&self, text: &str, pattern: &str) -> String;
}
