//! What ingest asks before it can decide: newest visits, what happened in them, known orders.

use super::decode::Fields;
use super::rows::{SEEN_ACTION, read_conversion, read_item, read_seen_action, read_visit};
use super::staging::{NumberedLookup, VisitKey, stage};
use crate::{StoreError, VisitHistory, VisitLookup, VisitRef};
use candor_core::{ConsentLink, SiteId, Visit, VisitId, consent::bytes_of_hex};
use duckdb::arrow::array::Array;
use duckdb::{Connection, Params};
use std::collections::HashMap;

/// Answers each lookup, in order.
pub(super) fn find_visits(connection: &Connection, lookups: &[VisitLookup]) -> Result<Vec<Option<Visit>>, StoreError> {
    let mut found = vec![None; lookups.len()];
    let (by_visitor, by_fingerprint): (Vec<_>, Vec<_>) =
        (0..).zip(lookups).map(|(n, lookup)| NumberedLookup(n, lookup)).partition(|l| l.1.visitor.is_some());
    for (column, lookups) in [("visitor_id", by_visitor), ("fingerprint", by_fingerprint)] {
        let Some(earliest) = lookups.iter().map(|l| l.1.last_at_min).min() else { continue };
        stage(connection, &lookups)?;
        let sql = include_str!("find_visits.sql").replace("{column}", column);
        each_row(connection, &sql, [earliest], |row| {
            let n = row.uint32() as usize;
            if let Some(place) = found.get_mut(n) {
                *place = Some(read_visit(row));
            }
        })?;
    }
    Ok(found)
}

/// The histories of visits, in order.
pub(super) fn histories(connection: &Connection, visits: &[VisitRef]) -> Result<Vec<VisitHistory>, StoreError> {
    let Some(first_at) = visits.iter().map(|visit| visit.first_at).min() else { return Ok(Vec::new()) };
    stage(connection, &visits.iter().map(|visit| VisitKey(visit.id)).collect::<Vec<_>>())?;
    let mut by_visit: HashMap<VisitId, VisitHistory> = HashMap::with_capacity(visits.len());

    let sql = format!(
        "select a.visit_id, {SEEN_ACTION} from actions a join visit_keys k using (visit_id)
         where a.at >= ? order by a.visit_id, a.seq"
    );
    each_row(connection, &sql, [first_at], |row| {
        let visit = VisitId(row.bits());
        by_visit.entry(visit).or_default().actions.extend(read_seen_action(row));
    })?;
    let sql = "select c.* from conversions c join visit_keys k using (visit_id) where c.at >= ? order by c.at";
    each_row(connection, sql, [first_at], |row| {
        let conversion = read_conversion(row);
        by_visit.entry(conversion.visit).or_default().conversions.push(conversion);
    })?;
    let sql = "select i.* from conversion_items i join visit_keys k using (visit_id)
               where i.at >= ? and i.order_id = '' order by i.at, i.sku";
    each_row(connection, sql, [first_at], |row| {
        let item = read_item(row);
        by_visit.entry(item.visit).or_default().cart_items.push(item);
    })?;
    Ok(visits.iter().map(|visit| by_visit.get(&visit.id).cloned().unwrap_or_default()).collect())
}

/// Every order id.
pub(super) fn orders(connection: &Connection) -> Result<Vec<(SiteId, String)>, StoreError> {
    let mut orders = Vec::new();
    each_row(connection, "select site_id, order_id from conversions where order_id <> ''", [], |row| {
        orders.push((SiteId(row.uint32()), row.text()));
    })?;
    Ok(orders)
}

/// The place of the newest consent record in the chain.
pub(super) fn last_consent(connection: &Connection) -> Result<ConsentLink, StoreError> {
    let mut last = None;
    each_row(connection, "select number, hash from consents order by number desc limit 1", [], |row| {
        last = Some((row.bits(), row.text()));
    })?;
    let Some((number, hash)) = last else { return Ok(ConsentLink::default()) };
    let hash = bytes_of_hex(&hash).ok_or_else(|| {
        StoreError::Internal(format!("consent record {number} has no hash; restore the store from a backup"))
    })?;
    Ok(ConsentLink { number, hash })
}

fn each_row(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&mut Fields<'_>),
) -> Result<(), StoreError> {
    let mut statement = connection.prepare(sql)?;
    statement.execute(params)?;
    while let Some(chunk) = statement.step()? {
        for row in 0..chunk.len() {
            read(&mut Fields::new(&chunk, row));
        }
    }
    Ok(())
}
