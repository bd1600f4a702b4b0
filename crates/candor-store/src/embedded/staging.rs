//! Keys that a statement joins against: a temporary table each, gone with its connection.

use super::database::sql_type;
use super::encode::{Record, Value, append};
use crate::schema::{ColumnType, Columns};
use crate::{StoreError, TimingUpdate, VisitLookup};
use candor_core::{GoalId, Visit, VisitId};
use duckdb::Connection;

/// Fills the rows' temporary table, replacing what was in it.
pub(super) fn stage<T: Record>(connection: &Connection, rows: &[T]) -> Result<(), StoreError> {
    let columns: Vec<String> =
        T::COLUMNS.iter().map(|(name, kind)| format!("\"{name}\" {}", sql_type(*kind))).collect();
    connection.execute_batch(&format!("create or replace temp table {} ({})", T::TABLE, columns.join(", ")))?;
    append(connection, rows)
}

/// A visit as it is now.
pub(super) struct ChangedVisit<'v>(pub &'v Visit);

impl Record for ChangedVisit<'_> {
    const TABLE: &'static str = "changed_visits";
    const COLUMNS: Columns = Visit::COLUMNS;
    const TEMPORARY: bool = true;

    fn write<'a>(&'a self, row: &mut Vec<Value<'a>>) {
        self.0.write(row);
    }
}

/// Names a visit.
pub(super) struct VisitKey(pub VisitId);

impl Record for VisitKey {
    const TABLE: &'static str = "visit_keys";
    const COLUMNS: Columns = &[("visit_id", ColumnType::UInt64)];
    const TEMPORARY: bool = true;

    fn write<'a>(&'a self, row: &mut Vec<Value<'a>>) {
        row.push(Value::Bits(self.0.0));
    }
}

/// Names a conversion.
pub(super) struct ConversionKey(pub VisitId, pub GoalId, pub u64);

impl Record for ConversionKey {
    const TABLE: &'static str = "conversion_keys";
    const COLUMNS: Columns =
        &[("visit_id", ColumnType::UInt64), ("goal_id", ColumnType::Int32), ("buster", ColumnType::UInt64)];
    const TEMPORARY: bool = true;

    fn write<'a>(&'a self, row: &mut Vec<Value<'a>>) {
        row.extend([Value::Bits(self.0.0), Value::Int(self.1.0.into()), Value::Bits(self.2)]);
    }
}

/// Names an item of an order or cart.
pub(super) struct ItemKey<'k>(pub VisitId, pub &'k str, pub &'k str);

impl Record for ItemKey<'_> {
    const TABLE: &'static str = "item_keys";
    const COLUMNS: Columns =
        &[("visit_id", ColumnType::UInt64), ("order_id", ColumnType::Text), ("sku", ColumnType::Text)];
    const TEMPORARY: bool = true;

    fn write<'a>(&'a self, row: &mut Vec<Value<'a>>) {
        row.extend([Value::Bits(self.0.0), Value::Text(self.1), Value::Text(self.2)]);
    }
}

impl Record for TimingUpdate {
    const TABLE: &'static str = "timing_updates";
    const COLUMNS: Columns = &[
        ("visit_id", ColumnType::UInt64),
        ("seq", ColumnType::UInt32),
        ("time_network", ColumnType::OptUInt32),
        ("time_server", ColumnType::OptUInt32),
        ("time_transfer", ColumnType::OptUInt32),
        ("time_dom_processing", ColumnType::OptUInt32),
        ("time_dom_completion", ColumnType::OptUInt32),
        ("time_on_load", ColumnType::OptUInt32),
    ];
    const TEMPORARY: bool = true;

    fn write<'a>(&'a self, row: &mut Vec<Value<'a>>) {
        row.extend([Value::Bits(self.visit.id.0), self.seq.into()]);
        row.extend(self.timings.map(Value::from));
    }
}

/// A question with its number.
pub(super) struct NumberedLookup<'k>(pub u32, pub &'k VisitLookup);

impl Record for NumberedLookup<'_> {
    const TABLE: &'static str = "visit_lookups";
    const COLUMNS: Columns = &[
        ("n", ColumnType::UInt32),
        ("by_visitor", ColumnType::Bool),
        ("site_id", ColumnType::UInt32),
        ("who", ColumnType::UInt64),
        ("last_at_min", ColumnType::Int),
        ("last_at_max", ColumnType::Int),
    ];
    const TEMPORARY: bool = true;

    fn write<'a>(&'a self, row: &mut Vec<Value<'a>>) {
        let Self(n, lookup) = self;
        row.extend([
            (*n).into(),
            Value::Bool(lookup.visitor.is_some()),
            lookup.site.0.into(),
            Value::Bits(lookup.visitor.map_or(lookup.fingerprint.0, |visitor| visitor.0)),
            Value::Int(lookup.last_at_min),
            Value::Int(lookup.last_at_max),
        ]);
    }
}
