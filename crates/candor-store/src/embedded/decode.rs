//! Rows on their way out: columns of an answer become fields of nouns, or cells of a report's query.

use crate::{Cell, Numbers, StoreError, Values};
use duckdb::arrow::array::{Array, ArrayRef, AsArray, StructArray};
use duckdb::arrow::datatypes::{
    ArrowPrimitiveType, DataType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use std::sync::Arc;

/// The fields of one row, read from left to right. A column of another type reads as 0, empty
/// or nothing; that reader and table agree is what the contract suite shows.
pub(super) struct Fields<'a> {
    columns: std::slice::Iter<'a, ArrayRef>,
    row: usize,
}

impl<'a> Fields<'a> {
    /// The row `row` of a chunk of an answer.
    pub(super) fn new(chunk: &'a StructArray, row: usize) -> Self {
        Self { columns: chunk.columns().iter(), row }
    }

    fn next<T>(&mut self, read: impl FnOnce(&'a ArrayRef, usize) -> Option<T>) -> Option<T> {
        let column = self.columns.next()?;
        if self.row >= column.len() || column.is_null(self.row) { None } else { read(column, self.row) }
    }

    fn primitive<T: ArrowPrimitiveType>(&mut self) -> Option<T::Native> {
        self.next(|column, row| Some(column.as_primitive_opt::<T>()?.value(row)))
    }

    pub(super) fn int(&mut self) -> i64 {
        self.primitive::<Int64Type>().unwrap_or_default()
    }

    pub(super) fn bits(&mut self) -> u64 {
        self.opt_bits().unwrap_or_default()
    }

    pub(super) fn opt_bits(&mut self) -> Option<u64> {
        self.primitive::<Int64Type>().map(i64::cast_unsigned)
    }

    pub(super) fn int32(&mut self) -> i32 {
        self.primitive::<Int32Type>().unwrap_or_default()
    }

    pub(super) fn uint32(&mut self) -> u32 {
        self.opt_uint32().unwrap_or_default()
    }

    pub(super) fn opt_uint32(&mut self) -> Option<u32> {
        self.primitive::<UInt32Type>()
    }

    pub(super) fn uint16(&mut self) -> u16 {
        self.primitive::<UInt16Type>().unwrap_or_default()
    }

    pub(super) fn uint8(&mut self) -> u8 {
        self.opt_uint8().unwrap_or_default()
    }

    pub(super) fn opt_uint8(&mut self) -> Option<u8> {
        self.primitive::<UInt8Type>()
    }

    pub(super) fn opt_float(&mut self) -> Option<f64> {
        self.primitive::<Float64Type>()
    }

    pub(super) fn bool(&mut self) -> bool {
        self.next(|column, row| Some(column.as_boolean_opt()?.value(row))).unwrap_or_default()
    }

    pub(super) fn text(&mut self) -> String {
        self.next(|column, row| Some(column.as_string_opt::<i32>()?.value(row).to_owned())).unwrap_or_default()
    }

    pub(super) fn bytes(&mut self) -> Vec<u8> {
        self.next(|column, row| Some(column.as_binary_opt::<i32>()?.value(row).to_owned())).unwrap_or_default()
    }

    pub(super) fn texts(&mut self) -> Vec<String> {
        self.next(texts).unwrap_or_default()
    }
}

fn texts(column: &ArrayRef, row: usize) -> Option<Vec<String>> {
    let list = column.as_list_opt::<i32>()?.value(row);
    Some(list.as_string_opt::<i32>()?.iter().map(|text| text.unwrap_or_default().to_owned()).collect())
}

/// Adds one cell to each of `rows`, which has a row for each of the column's values.
pub(super) fn push_cells(column: &ArrayRef, rows: &mut [Vec<Cell>], empty: &Arc<str>) -> Result<(), StoreError> {
    match column.data_type() {
        DataType::Null => rows.iter_mut().for_each(|row| row.push(Cell::Null)),
        DataType::Boolean => {
            let values = column.as_boolean();
            push(rows, values.iter().map(|yes| yes.map(|yes| Cell::Int(yes.into()))));
        }
        DataType::Int8 => push_ints::<Int8Type>(column, rows),
        DataType::Int16 => push_ints::<Int16Type>(column, rows),
        DataType::Int32 => push_ints::<Int32Type>(column, rows),
        DataType::Int64 => push_ints::<Int64Type>(column, rows),
        DataType::UInt8 => push_ints::<UInt8Type>(column, rows),
        DataType::UInt16 => push_ints::<UInt16Type>(column, rows),
        DataType::UInt32 => push_ints::<UInt32Type>(column, rows),
        DataType::UInt64 => {
            push(rows, column.as_primitive::<UInt64Type>().iter().map(|n| n.map(|n| Cell::Int(n.cast_signed()))));
        }
        // Sums of integers: 128 bits wide, nearly always small.
        DataType::Decimal128(_, scale) => {
            let unit = 10f64.powi(i32::from(*scale));
            let cell = |n: i128| match i64::try_from(n) {
                Ok(n) if *scale == 0 => Cell::Int(n),
                _ => Cell::Float(n as f64 / unit),
            };
            push(rows, column.as_primitive::<Decimal128Type>().iter().map(|n| n.map(cell)));
        }
        DataType::Float32 => {
            push(rows, column.as_primitive::<Float32Type>().iter().map(|n| n.map(|n| Cell::Float(n.into()))));
        }
        DataType::Float64 => push(rows, column.as_primitive::<Float64Type>().iter().map(|n| n.map(Cell::Float))),
        DataType::Utf8 => {
            let cell = |text: &str| Cell::Text(if text.is_empty() { empty.clone() } else { text.into() });
            push(rows, column.as_string::<i32>().iter().map(|text| text.map(cell)));
        }
        DataType::Binary => {
            push(rows, column.as_binary::<i32>().iter().map(|bytes| bytes.map(|b| Cell::Bytes(b.to_owned()))));
        }
        DataType::List(_) => push(rows, (0..column.len()).map(|row| texts(column, row).map(Cell::List))),
        other => {
            return Err(StoreError::Internal(format!("a query answers with the type `{other}`, which has no cell")));
        }
    }
    Ok(())
}

/// Adds a column's numbers to those that there are.
pub(super) fn push_numbers(column: &ArrayRef, numbers: &mut Numbers) -> Result<(), StoreError> {
    match column.nulls() {
        None => numbers.missing.resize(numbers.missing.len() + column.len(), false),
        Some(nulls) => numbers.missing.extend(nulls.iter().map(|known| !known)),
    }
    match column.data_type() {
        DataType::Boolean => push_whole(column.as_boolean().values().iter().map(i64::from), numbers),
        DataType::Int8 => push_primitives::<Int8Type>(column, numbers),
        DataType::Int16 => push_primitives::<Int16Type>(column, numbers),
        DataType::Int32 => push_primitives::<Int32Type>(column, numbers),
        DataType::Int64 => push_primitives::<Int64Type>(column, numbers),
        DataType::UInt8 => push_primitives::<UInt8Type>(column, numbers),
        DataType::UInt16 => push_primitives::<UInt16Type>(column, numbers),
        DataType::UInt32 => push_primitives::<UInt32Type>(column, numbers),
        DataType::Float64 => {
            let new = column.as_primitive::<Float64Type>().values();
            match &mut numbers.values {
                Values::Float(values) => values.extend_from_slice(new),
                Values::Whole(_) => numbers.values = Values::Float(new.to_vec()),
            }
        }
        other => return Err(StoreError::Internal(format!("a column of `{other}` is not one of numbers"))),
    }
    Ok(())
}

fn push_primitives<T: ArrowPrimitiveType>(column: &ArrayRef, numbers: &mut Numbers)
where
    T::Native: Into<i64>,
{
    push_whole(column.as_primitive::<T>().values().iter().map(|n| (*n).into()), numbers);
}

fn push_whole(new: impl Iterator<Item = i64>, numbers: &mut Numbers) {
    if let Values::Whole(values) = &mut numbers.values {
        values.extend(new);
    }
}

fn push_ints<T: ArrowPrimitiveType>(column: &ArrayRef, rows: &mut [Vec<Cell>])
where
    T::Native: Into<i64>,
{
    push(rows, column.as_primitive::<T>().iter().map(|n| n.map(|n| Cell::Int(n.into()))));
}

fn push(rows: &mut [Vec<Cell>], cells: impl Iterator<Item = Option<Cell>>) {
    for (row, cell) in rows.iter_mut().zip(cells) {
        row.push(cell.unwrap_or(Cell::Null));
    }
}
