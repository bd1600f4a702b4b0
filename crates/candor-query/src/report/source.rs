//! Where a report's numbers come from: records, computed by the engine. Tests put tables in its place.

use crate::{
    Engine, QueryError, Scope,
    catalogue::records::{self, RecordDef},
    table::{Row, Table},
};
use std::sync::Arc;

/// Gives records by their names (Matomo's, as in `Referrers_keywordBySearchEngine`; with `/N` where there is one for
/// each custom dimension or goal).
pub trait Records: Send + Sync {
    /// A record's table, with stored values as labels.
    ///
    /// # Errors
    /// When there is no such record or the store fails.
    fn table(&self, record: &str, scope: &Scope<'_>) -> Result<Arc<Table>, QueryError>;

    /// Single numbers, one column each. Numbers that the period doesn't have are absent.
    ///
    /// # Errors
    /// When the store fails.
    fn numbers(&self, names: &[&str], scope: &Scope<'_>) -> Result<Row, QueryError>;
}

impl Records for Engine {
    fn table(&self, record: &str, scope: &Scope<'_>) -> Result<Arc<Table>, QueryError> {
        let (name, number) = match record.split_once('/') {
            Some((name, number)) => (name, number.parse::<i32>().ok()),
            None => (record, None),
        };
        let def = records::all()
            .find(|def| def.name == name)
            .ok_or_else(|| QueryError::Parameter(format!("there is no record `{record}`")))?;
        match number {
            Some(number) => self.record(&def.with(number), scope),
            None if of_goals(def) => self.sum_of_goals(def, scope),
            None => self.record(def, scope),
        }
    }

    fn numbers(&self, names: &[&str], scope: &Scope<'_>) -> Result<Row, QueryError> {
        Self::numbers(self, names, scope)
    }
}

/// Whether there is a record of this name for each goal.
fn of_goals(def: &RecordDef) -> bool {
    [records::DAYS_TO_CONVERSION.name, records::VISITS_UNTIL_CONVERSION.name].contains(&def.name)
}

impl Engine {
    /// The rows of all goals and orders together.
    fn sum_of_goals(&self, def: &RecordDef, scope: &Scope<'_>) -> Result<Arc<Table>, QueryError> {
        const ORDER: i32 = 0;
        let mut sum = Table::default();
        for goal in scope.site.goals.iter().map(|goal| goal.id.0).chain([ORDER]) {
            let table = self.record(&def.with(goal), scope)?;
            table.rows.iter().for_each(|row| sum.add(row.clone()));
        }
        Ok(Arc::new(sum))
    }
}
