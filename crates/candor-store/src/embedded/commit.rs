//! Writing a batch: all of it and the log position in one transaction.

use super::encode::append;
use super::readers::Readers;
use super::rows::ConsentRow;
use super::staging::{ChangedVisit, ConversionKey, ItemKey, VisitKey, stage};
use crate::schema;
use crate::{Batch, StoreError, TimingUpdate};
use candor_core::{Conversion, ConversionItem, Visit};
use duckdb::Connection;
use std::collections::BTreeMap;

/// Visits changed by one statement; more would need more memory.
const CHANGES_A_STATEMENT: usize = 8_192;

/// Writes the batch; at an error nothing of it is left.
pub(super) fn commit(connection: &mut Connection, batch: &Batch, readers: &Readers) -> Result<(), StoreError> {
    match write(connection, batch) {
        // Rows changed in place stay in memory until a checkpoint, which can't be made beside queries;
        // and those have a part of the memory too.
        Err(StoreError::OutOfMemory) => {
            tracing::warn!("the store ran out of memory; writing again after a checkpoint, while no query runs");
            readers.alone(|| {
                connection.execute_batch("checkpoint")?;
                write(connection, batch)
            })
        }
        result => result,
    }
}

fn write(connection: &mut Connection, batch: &Batch) -> Result<(), StoreError> {
    let transaction = connection.transaction()?;
    append(&transaction, &batch.new_visits)?;
    change_visits(&transaction, &batch.changed_visits)?;
    append(&transaction, &batch.actions)?;
    update_timings(&transaction, &batch.timings)?;
    // An order's cart goes before what comes: the visit may have filled a new cart since.
    remove_carts(&transaction, batch)?;
    put_conversions(&transaction, &batch.conversions)?;
    put_items(&transaction, &batch.items)?;
    append(&transaction, &batch.consents.iter().map(ConsentRow::of).collect::<Vec<_>>())?;
    transaction.execute("update log_position set next_seq = ?", [batch.position.next_seq])?;
    transaction.commit()?;
    Ok(())
}

fn change_visits(connection: &Connection, visits: &[Visit]) -> Result<(), StoreError> {
    let Some(first_at) = visits.iter().map(|visit| visit.first_at).min() else { return Ok(()) };
    let visits: Vec<_> = last_of_each(visits, |visit| visit.id).into_iter().map(ChangedVisit).collect();
    let sql = merge_visits();
    for visits in visits.chunks(CHANGES_A_STATEMENT) {
        stage(connection, visits)?;
        connection.execute(&sql, [first_at])?;
    }
    Ok(())
}

/// The columns that nearly every hit of a visit changes.
const MOVING: [&str; 11] = [
    "day",
    "last_at",
    "total_time",
    "actions",
    "interactions",
    "searches",
    "events",
    "exit_url",
    "exit_title",
    "exit_title_kind",
    "action_rows",
];

/// Where only moving columns differ they are changed in place, which leaves no dead row behind.
/// Anything else makes a new row, since the engine can't change a list in place.
fn merge_visits() -> String {
    let columns = || schema::VISITS.iter().map(|(name, _)| *name);
    let differs: Vec<_> = columns()
        .filter(|name| !MOVING.contains(name))
        .map(|name| format!("v.\"{name}\" is distinct from c.\"{name}\""))
        .collect();
    let set = |name: &str| format!("\"{name}\" = c.\"{name}\"");
    format!(
        "merge into visits v using changed_visits c on v.visit_id = c.visit_id and v.first_at >= ?
         when matched and ({}) then update set {}
         when matched then update set {}",
        differs.join(" or "),
        columns().map(set).collect::<Vec<_>>().join(", "),
        MOVING.map(set).join(", "),
    )
}

fn update_timings(connection: &Connection, updates: &[TimingUpdate]) -> Result<(), StoreError> {
    let Some(first_at) = updates.iter().map(|update| update.visit.first_at).min() else { return Ok(()) };
    let mut merged: BTreeMap<_, TimingUpdate> = BTreeMap::new();
    for update in updates {
        let known = merged.entry((update.visit.id, update.seq)).or_insert_with(|| update.clone());
        for (old, new) in known.timings.iter_mut().zip(update.timings) {
            *old = new.or(*old);
        }
    }
    stage(connection, &merged.into_values().collect::<Vec<_>>())?;
    connection.execute(include_str!("update_timings.sql"), [first_at])?;
    Ok(())
}

fn remove_carts(connection: &Connection, batch: &Batch) -> Result<(), StoreError> {
    if !batch.removed_conversions.is_empty() {
        let keys =
            batch.removed_conversions.iter().map(|(visit, goal, buster)| ConversionKey(visit.id, *goal, *buster));
        delete_conversions(connection, &keys.collect::<Vec<_>>())?;
    }
    if !batch.removed_cart_items.is_empty() {
        stage(connection, &batch.removed_cart_items.iter().map(|visit| VisitKey(visit.id)).collect::<Vec<_>>())?;
        connection.execute_batch(
            "delete from conversion_items i using visit_keys k where i.order_id = '' and i.visit_id = k.visit_id",
        )?;
    }
    Ok(())
}

fn put_conversions(connection: &Connection, conversions: &[Conversion]) -> Result<(), StoreError> {
    if conversions.is_empty() {
        return Ok(());
    }
    let conversions = last_of_each(conversions, |c| (c.visit, c.goal, c.buster));
    delete_conversions(
        connection,
        &conversions.iter().map(|c| ConversionKey(c.visit, c.goal, c.buster)).collect::<Vec<_>>(),
    )?;
    append(connection, &conversions)
}

fn delete_conversions(connection: &Connection, keys: &[ConversionKey]) -> Result<(), StoreError> {
    stage(connection, keys)?;
    connection.execute_batch(
        "delete from conversions c using conversion_keys k
         where c.visit_id = k.visit_id and c.goal_id = k.goal_id and c.buster = k.buster",
    )?;
    Ok(())
}

fn put_items(connection: &Connection, items: &[ConversionItem]) -> Result<(), StoreError> {
    if items.is_empty() {
        return Ok(());
    }
    let items = last_of_each(items, |item| (item.visit, &item.order_id, &item.sku));
    stage(connection, &items.iter().map(|item| ItemKey(item.visit, &item.order_id, &item.sku)).collect::<Vec<_>>())?;
    connection.execute_batch(
        "delete from conversion_items i using item_keys k
         where i.visit_id = k.visit_id and i.order_id = k.order_id and i.sku = k.sku",
    )?;
    append(connection, &items)
}

/// The last row for each key, in order of the keys.
fn last_of_each<'a, T, K: Ord>(rows: &'a [T], key: impl Fn(&'a T) -> K) -> Vec<&'a T> {
    rows.iter().map(|row| (key(row), row)).collect::<BTreeMap<_, _>>().into_values().collect()
}
