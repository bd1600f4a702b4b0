//! Rows on their way in: nouns become values, values become record batches, which the engine
//! takes in at half the cost of single values. Never decides what is written.

use crate::StoreError;
use crate::schema::{ColumnType, Columns};
use candor_core::VisitorId;
use duckdb::Connection;
use duckdb::arrow::array::{
    ArrayRef, BinaryBuilder, BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, ListBuilder, StringBuilder,
    UInt8Builder, UInt16Builder, UInt32Builder,
};
use duckdb::arrow::datatypes::{DataType, Field, Schema};
use duckdb::arrow::record_batch::RecordBatch;
use std::sync::Arc;

/// Rows handed over at a time. More at once costs memory that the engine's limit does not cover.
const CHUNK_ROWS: usize = 2_048;

/// One value of a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    /// Any integer that fits.
    Int(i64),
    /// 64 bits, kept as a signed number.
    Bits(u64),
    /// An integer or nothing.
    OptInt(Option<i64>),
    /// A number or nothing.
    OptFloat(Option<f64>),
    /// Yes or no.
    Bool(bool),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Texts.
    Texts(&'a [String]),
}

impl From<u8> for Value<'_> {
    fn from(n: u8) -> Self {
        Self::Int(n.into())
    }
}

impl From<u32> for Value<'_> {
    fn from(n: u32) -> Self {
        Self::Int(n.into())
    }
}

impl From<Option<u32>> for Value<'_> {
    fn from(n: Option<u32>) -> Self {
        Self::OptInt(n.map(i64::from))
    }
}

impl From<Option<VisitorId>> for Value<'_> {
    fn from(id: Option<VisitorId>) -> Self {
        Self::OptInt(id.map(|id| id.0.cast_signed()))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Vec<String>> for Value<'a> {
    fn from(texts: &'a Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

/// Something that is one row of a table.
pub(super) trait Record {
    /// The table.
    const TABLE: &'static str;
    /// Its columns, in the order of `write`.
    const COLUMNS: Columns;
    /// Whether the table is one of the connection's own.
    const TEMPORARY: bool = false;

    /// Adds one value a column.
    fn write<'a>(&'a self, row: &mut Vec<Value<'a>>);
}

impl<T: Record> Record for &T {
    const TABLE: &'static str = T::TABLE;
    const COLUMNS: Columns = T::COLUMNS;
    const TEMPORARY: bool = T::TEMPORARY;

    fn write<'a>(&'a self, row: &mut Vec<Value<'a>>) {
        T::write(self, row);
    }
}

/// Appends rows to their table, inside the connection's transaction.
pub(super) fn append<T: Record>(connection: &Connection, rows: &[T]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut appender = if T::TEMPORARY {
        connection.appender_to_catalog_and_db(T::TABLE, "temp", "main")?
    } else {
        connection.appender(T::TABLE)?
    };
    for chunk in rows.chunks(CHUNK_ROWS) {
        appender.append_record_batch(record_batch(chunk)?)?;
        appender.flush()?;
    }
    Ok(())
}

fn record_batch<T: Record>(rows: &[T]) -> Result<RecordBatch, StoreError> {
    let mut columns: Vec<Column> = T::COLUMNS.iter().map(|(_, kind)| Column::new(*kind, rows.len())).collect();
    let mut values = Vec::with_capacity(columns.len());
    for row in rows {
        row.write(&mut values);
        if values.len() != columns.len() {
            return Err(StoreError::Internal(format!("a row of `{}` has {} values", T::TABLE, values.len())));
        }
        for ((column, value), (name, _)) in columns.iter_mut().zip(values.drain(..)).zip(T::COLUMNS) {
            column.push(value).ok_or_else(|| {
                StoreError::Internal(format!("a value of `{}.{name}` is out of range or of another type", T::TABLE))
            })?;
        }
    }
    let arrays: Vec<ArrayRef> = columns.into_iter().map(Column::finish).collect();
    let fields: Vec<Field> =
        T::COLUMNS.iter().zip(&arrays).map(|((name, _), a)| Field::new(*name, a.data_type().clone(), true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|e| StoreError::Internal(e.to_string()))
}

/// Values of one column on their way into a record batch.
enum Column {
    Int(Int64Builder),
    Int32(Int32Builder),
    UInt32(UInt32Builder),
    UInt16(UInt16Builder),
    UInt8(UInt8Builder),
    Float(Float64Builder),
    Bool(BooleanBuilder),
    Text(StringBuilder),
    Bytes(BinaryBuilder),
    Texts(ListBuilder<StringBuilder>),
}

impl Column {
    fn new(kind: ColumnType, rows: usize) -> Self {
        match kind {
            ColumnType::Int | ColumnType::UInt64 | ColumnType::OptUInt64 | ColumnType::OptInt => {
                Self::Int(Int64Builder::with_capacity(rows))
            }
            ColumnType::Int32 => Self::Int32(Int32Builder::with_capacity(rows)),
            ColumnType::UInt32 | ColumnType::OptUInt32 => Self::UInt32(UInt32Builder::with_capacity(rows)),
            ColumnType::UInt16 => Self::UInt16(UInt16Builder::with_capacity(rows)),
            ColumnType::UInt8 | ColumnType::OptUInt8 => Self::UInt8(UInt8Builder::with_capacity(rows)),
            ColumnType::OptFloat => Self::Float(Float64Builder::with_capacity(rows)),
            ColumnType::Bool => Self::Bool(BooleanBuilder::with_capacity(rows)),
            ColumnType::Text => Self::Text(StringBuilder::with_capacity(rows, 0)),
            ColumnType::Bytes => Self::Bytes(BinaryBuilder::with_capacity(rows, 0)),
            ColumnType::Texts => {
                let field = Field::new("item", DataType::Utf8, true);
                Self::Texts(ListBuilder::with_capacity(StringBuilder::new(), rows).with_field(field))
            }
        }
    }

    /// `None` when the value doesn't belong here.
    fn push(&mut self, value: Value<'_>) -> Option<()> {
        match (self, value) {
            (Self::Text(column), Value::Text(text)) => column.append_value(text),
            (Self::Bytes(column), Value::Bytes(bytes)) => column.append_value(bytes),
            (Self::Bool(column), Value::Bool(yes)) => column.append_value(yes),
            (Self::Float(column), Value::OptFloat(number)) => column.append_option(number),
            (Self::Int(column), Value::Bits(bits)) => column.append_value(bits.cast_signed()),
            (Self::Texts(column), Value::Texts(texts)) => {
                for text in texts {
                    column.values().append_value(text);
                }
                column.append(true);
            }
            (column, Value::Int(number)) => column.push_int(Some(number))?,
            (column, Value::OptInt(number)) => column.push_int(number)?,
            _ => return None,
        }
        Some(())
    }

    fn push_int(&mut self, number: Option<i64>) -> Option<()> {
        match self {
            Self::Int(column) => column.append_option(number),
            Self::Int32(column) => column.append_option(number.map(i32::try_from).transpose().ok()?),
            Self::UInt32(column) => column.append_option(number.map(u32::try_from).transpose().ok()?),
            Self::UInt16(column) => column.append_option(number.map(u16::try_from).transpose().ok()?),
            Self::UInt8(column) => column.append_option(number.map(u8::try_from).transpose().ok()?),
            _ => return None,
        }
        Some(())
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Int(mut column) => Arc::new(column.finish()),
            Self::Int32(mut column) => Arc::new(column.finish()),
            Self::UInt32(mut column) => Arc::new(column.finish()),
            Self::UInt16(mut column) => Arc::new(column.finish()),
            Self::UInt8(mut column) => Arc::new(column.finish()),
            Self::Float(mut column) => Arc::new(column.finish()),
            Self::Bool(mut column) => Arc::new(column.finish()),
            Self::Text(mut column) => Arc::new(column.finish()),
            Self::Bytes(mut column) => Arc::new(column.finish()),
            Self::Texts(mut column) => Arc::new(column.finish()),
        }
    }
}
