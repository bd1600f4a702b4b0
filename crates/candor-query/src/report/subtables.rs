//! Ids of the rows below a row: a hash of the labels that lead there, so that a later request finds it again
//! in the same record without anything being kept.

use crate::table::{Row, Table};
use md5::{Digest, Md5};

/// Clients read ids as floating-point numbers: 2^52 distinct ones stay exact.
const ID_BITS: u32 = 52;

/// Gives every row that has rows below an id.
pub(super) fn name(table: &mut Table) {
    name_below(table, 0);
}

fn name_below(table: &mut Table, parent: u64) {
    for row in &mut table.rows {
        let id = id_of(parent, row);
        if let Some(below) = &mut row.subtable {
            row.subtable_id = Some(id);
            name_below(below, id);
        }
    }
}

/// The rows below the row with this id, with the stored labels that lead there. Id 1 means the first row that has
/// rows below: recorded clients ask so without having read an id before.
pub(super) fn find(table: &Table, id: u64) -> Option<(Vec<String>, &Table)> {
    if id == 1 {
        let row = table.rows.iter().find(|row| row.subtable.is_some())?;
        return Some((vec![row.label().to_owned()], row.subtable.as_deref()?));
    }
    find_below(table, 0, id, &mut vec![])
}

fn find_below<'a>(table: &'a Table, parent: u64, id: u64, path: &mut Vec<String>) -> Option<(Vec<String>, &'a Table)> {
    for row in &table.rows {
        let Some(below) = &row.subtable else { continue };
        let own = id_of(parent, row);
        path.push(row.label().to_owned());
        if own == id {
            return Some((path.clone(), below));
        }
        if let Some(found) = find_below(below, own, id, path) {
            return Some(found);
        }
        path.pop();
    }
    None
}

fn id_of(parent: u64, row: &Row) -> u64 {
    let mut hash = Md5::new();
    hash.update(parent.to_le_bytes());
    hash.update([u8::from(row.is_summary)]);
    hash.update(row.label().as_bytes());
    let bytes = hash.finalize();
    let mut first = [0; 8];
    first.iter_mut().zip(bytes.iter()).for_each(|(a, b)| *a = *b);
    // small numbers mean something else
    (u64::from_le_bytes(first) >> (64 - ID_BITS)) | (1 << 16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::{shown, table};

    #[test]
    fn an_id_leads_back_to_its_rows() {
        let stored = table("a 3 (b 2 (c 1), d 1), e 1 (b 1 (x 1))");
        let mut named = stored.clone();
        name(&mut named);
        let below = |t: &Table, i: usize| t.rows[i].subtable.as_deref().cloned().unwrap();
        let id = below(&named, 1).rows[0].subtable_id.unwrap();
        let (path, rows) = find(&stored, id).unwrap();
        assert_eq!((path.join(">").as_str(), shown(rows).as_str()), ("e>b", "x 1"));
        assert_ne!(below(&named, 0).rows[0].subtable_id, Some(id));
        assert_eq!(find(&stored, 1).map(|(_, t)| shown(t)), Some("b 2 (c 1), d 1".into()));
        assert!(find(&stored, 12).is_none());
    }
}
