//! Connections for queries: a few, each lent for one query at a time.

use super::deadlines::Deadlines;
use super::decode::{push_cells, push_numbers};
use crate::{Cell, Numbers, Rows, StoreError};
use duckdb::arrow::array::{Array, StructArray};
use duckdb::types::{ToSqlOutput, Value, ValueRef};
use duckdb::{Connection, ToSql, params_from_iter};
use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use std::time::Duration;

/// Queries at a time; more wait their turn. They share the engine's threads and memory, so more
/// would only make all of them slower.
const CONNECTIONS: usize = 4;

/// How long queries may take to end when they are interrupted. Milliseconds are enough.
const CLOSE_TIME_MAX: Duration = Duration::from_secs(1);

/// The pool.
pub(super) struct Readers {
    /// `None` once the store is closed.
    idle: Mutex<Option<Vec<Connection>>>,
    returned: Condvar,
    /// Somebody waits for all connections to be idle: no other query begins.
    reserved: AtomicBool,
    deadlines: Deadlines,
    timeout_ms: u64,
}

impl Readers {
    /// Opens the connections beside `writer`.
    pub(super) fn open(writer: &Connection, timeout_ms: u64) -> Result<Self, StoreError> {
        let idle = (0..CONNECTIONS).map(|_| writer.try_clone()).collect::<Result<_, _>>()?;
        let deadlines =
            Deadlines::start().map_err(|e| StoreError::Open(format!("can't start a thread for time limits: {e}")))?;
        let (idle, returned, reserved) = (Mutex::new(Some(idle)), Condvar::new(), AtomicBool::new(false));
        Ok(Self { idle, returned, reserved, deadlines, timeout_ms })
    }

    /// Runs one query.
    pub(super) fn query(&self, sql: &str, params: &[Cell]) -> Result<Rows, StoreError> {
        let mut answer = Rows::default();
        let empty: Arc<str> = Arc::from("");
        answer.columns = self.run(sql, params, &mut |chunk| {
            let first = answer.rows.len();
            answer.rows.resize_with(first + chunk.len(), || Vec::with_capacity(chunk.num_columns()));
            let rows = answer.rows.get_mut(first..).unwrap_or_default();
            chunk.columns().iter().try_for_each(|column| push_cells(column, rows, &empty))
        })?;
        Ok(answer)
    }

    /// Runs one query whose answer is all numbers.
    pub(super) fn columns(&self, sql: &str, params: &[Cell]) -> Result<Vec<Numbers>, StoreError> {
        let mut answer = vec![];
        let names = self.run(sql, params, &mut |chunk| {
            answer.resize_with(chunk.num_columns(), Numbers::default);
            chunk.columns().iter().zip(&mut answer).try_for_each(|(column, numbers)| push_numbers(column, numbers))
        })?;
        answer.resize_with(names.len(), Numbers::default);
        Ok(answer)
    }

    /// Runs one query, chunk by chunk; the names of its columns.
    fn run(&self, sql: &str, params: &[Cell], take: &mut Take<'_>) -> Result<Vec<String>, StoreError> {
        let reader = self.lend()?;
        let limit = Duration::from_millis(self.timeout_ms);
        let deadline = self.deadlines.limit(reader.connection()?.interrupt_handle(), limit);
        // Closed since it was lent, and perhaps before it was watched.
        if self.is_closed() {
            return Err(super::closed());
        }
        match run(reader.connection()?, sql, params, take) {
            Err(_) if self.is_closed() => Err(super::closed()),
            Err(_) if deadline.has_passed() => Err(StoreError::Timeout(self.timeout_ms)),
            other => other,
        }
    }

    /// Does something while no query runs; nothing when one does.
    pub(super) fn while_idle(&self, work: impl FnOnce() -> duckdb::Result<()>) -> Result<(), StoreError> {
        let idle = self.lock();
        if idle.as_ref().is_some_and(|connections| connections.len() == CONNECTIONS) {
            work()?;
        }
        Ok(())
    }

    /// Waits for the queries that run, and does something while no other may begin.
    pub(super) fn alone<T>(&self, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.reserved.store(true, Ordering::Relaxed);
        let mut idle = self.lock();
        while idle.as_ref().is_some_and(|connections| connections.len() < CONNECTIONS) {
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
        self.reserved.store(false, Ordering::Relaxed);
        // Those who wait go on when the lock is free.
        self.returned.notify_all();
        work()
    }

    /// Ends all connections and interrupts what runs on them; no query begins afterwards.
    pub(super) fn close(&self) {
        self.lock().take();
        self.returned.notify_all();
        if !self.deadlines.end_all(CLOSE_TIME_MAX) {
            tracing::warn!("a query doesn't end; the store is closed beside it");
        }
    }

    fn is_closed(&self) -> bool {
        self.lock().is_none()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lend(&self) -> Result<Reader<'_>, StoreError> {
        let mut idle = self.lock();
        loop {
            let Some(connections) = idle.as_mut() else { return Err(super::closed()) };
            if !self.reserved.load(Ordering::Relaxed)
                && let Some(connection) = connections.pop()
            {
                return Ok(Reader { readers: self, connection: Some(connection) });
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A connection that goes back when dropped.
struct Reader<'r> {
    readers: &'r Readers,
    connection: Option<Connection>,
}

impl Reader<'_> {
    fn connection(&self) -> Result<&Connection, StoreError> {
        self.connection.as_ref().ok_or_else(super::closed)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let (Some(idle), Some(connection)) = (self.readers.lock().as_mut(), self.connection.take()) {
            idle.push(connection);
            self.readers.returned.notify_all();
        }
    }
}

/// What is done with each chunk of an answer.
type Take<'a> = dyn FnMut(&StructArray) -> Result<(), StoreError> + 'a;

fn run(connection: &Connection, sql: &str, params: &[Cell], take: &mut Take<'_>) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare(sql)?;
    // Streaming: the engine keeps no second copy of the answer.
    drop(statement.stream_arrow(params_from_iter(params.iter().map(Param)))?);
    while let Some(chunk) = statement.step()? {
        take(&chunk)?;
    }
    Ok(statement.schema().fields().iter().map(|field| field.name().clone()).collect())
}

/// A cell as a bound parameter.
struct Param<'a>(&'a Cell);

impl ToSql for Param<'_> {
    fn to_sql(&self) -> duckdb::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Cell::Null => ToSqlOutput::Owned(Value::Null),
            Cell::Int(number) => ToSqlOutput::Owned(Value::BigInt(*number)),
            Cell::Float(number) => ToSqlOutput::Owned(Value::Double(*number)),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Cell::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Cell::List(_) => {
                let problem = "a list can't be bound to a query; bind its elements";
                return Err(duckdb::Error::ToSqlConversionFailure(problem.into()));
            }
        })
    }
}
