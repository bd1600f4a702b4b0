//! Memos: computed tables kept in memory and in the store, by exact keys. A cache and nothing more: deleting all of
//! them changes no number.
//!
//! Whoever commits rows says so first ([`Memos::changing`]) and afterwards ([`Memos::changed`]). The first drops what
//! was built of those days, so that no crash leaves a stale memo behind; a table whose computation began before a
//! change of its days ended isn't kept.

use crate::{
    catalogue::records,
    error::QueryError,
    table::{Name, Row, Table, Value},
};
use candor_core::{Day, SiteId};
use candor_store::{MemoKey, Store, StoreError};
use quick_cache::{OptionsBuilder, Weighter, sync::Cache};
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

/// Part of every key: a change of the format or of what records compute makes old memos unfindable.
pub(crate) const FORMAT: u32 = 2;

/// Tables in memory take at most about so much.
const MEMORY_BYTES_MAX: u64 = 32 << 20;

const TABLES_EXPECTED: usize = 10_000;

/// Fast, and memos are small.
const ZSTD_LEVEL: i32 = 1;

/// One shard: a table that is larger than its shard would never be kept.
fn cache() -> Cache<MemoKey, Arc<Table>, Bytes> {
    let mut options = OptionsBuilder::new();
    options.shards(1).estimated_items_capacity(TABLES_EXPECTED).weight_capacity(MEMORY_BYTES_MAX);
    match options.build() {
        Ok(options) => Cache::with_options(options, Bytes, Default::default(), Default::default()),
        Err(_) => Cache::with_weighter(TABLES_EXPECTED, MEMORY_BYTES_MAX, Bytes),
    }
}

/// A moment in the history of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(u64);

/// See the module.
pub(crate) struct Memos {
    store: Arc<dyn Store>,
    tables: Cache<MemoKey, Arc<Table>, Bytes>,
    changes: Mutex<Changes>,
}

#[derive(Default)]
struct Changes {
    now: u64,
    /// When each day last changed.
    last: BTreeMap<(SiteId, i32), u64>,
    /// When each site was last forgotten as a whole.
    forgotten: HashMap<SiteId, u64>,
    /// Days being changed right now, by how many.
    open: HashMap<(SiteId, i32), u32>,
    /// Days of which the store certainly has no memo.
    clean: HashSet<(SiteId, i32)>,
}

impl Memos {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self { store, tables: cache(), changes: Mutex::new(Changes::default()) }
    }

    fn lock(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// To be asked before anything is read that a table will be made of.
    pub(crate) fn moment(&self) -> Moment {
        Moment(self.lock().now)
    }

    /// Finds tables; `since` is when the caller began.
    pub(crate) fn get(&self, keys: &[MemoKey], since: Moment) -> Result<Vec<Option<Arc<Table>>>, QueryError> {
        let mut found: Vec<Option<Arc<Table>>> = keys.iter().map(|key| self.tables.get(key)).collect();
        let missing: Vec<MemoKey> =
            keys.iter().zip(&found).filter(|(_, table)| table.is_none()).map(|(key, _)| key.clone()).collect();
        if missing.is_empty() {
            return Ok(found);
        }
        let mut stored = self.store.memos(&missing)?.into_iter();
        for (key, slot) in keys.iter().zip(&mut found).filter(|(_, slot)| slot.is_none()) {
            // A memo that can't be read is as good as none.
            if let Some(table) = stored.next().flatten().and_then(|bytes| unpack(&bytes)) {
                let table = Arc::new(table);
                self.keep(key, &table, since);
                *slot = Some(table);
            }
        }
        Ok(found)
    }

    /// Keeps a table in memory unless its days changed meanwhile.
    pub(crate) fn keep(&self, key: &MemoKey, table: &Arc<Table>, since: Moment) {
        let changes = self.lock();
        if changes.unchanged(key, since) {
            self.tables.insert(key.clone(), Arc::clone(table));
        }
    }

    /// Keeps tables in the store too. Only closed periods are worth it.
    pub(crate) fn store(&self, packed: Vec<(MemoKey, Vec<u8>)>, since: Moment) -> Result<(), QueryError> {
        // The lock is held until the store has them, so that a change can't slip in between.
        let mut changes = self.lock();
        let kept: Vec<_> = packed.into_iter().filter(|(key, _)| changes.unchanged(key, since)).collect();
        for (key, _) in &kept {
            for day in key.first_day..=key.last_day {
                changes.clean.remove(&(key.site, day));
            }
        }
        if !kept.is_empty() {
            self.store.put_memos(&kept)?;
        }
        Ok(())
    }

    /// Rows of these days are about to change. Where this fails, the rows must not be written.
    pub(crate) fn changing(&self, days: &[(SiteId, Day)]) -> Result<(), StoreError> {
        let mut changes = self.lock();
        changes.now += 1;
        let mut stored: BTreeMap<SiteId, Vec<i32>> = BTreeMap::new();
        for (site, day) in days {
            *changes.open.entry((*site, day.0)).or_insert(0) += 1;
            if !changes.clean.contains(&(*site, day.0)) {
                stored.entry(*site).or_default().push(day.0);
            }
        }
        self.tables.retain(|key, _| !days.iter().any(|(site, day)| covers(key, *site, day.0)));
        for (site, days) in stored {
            self.store.forget_memos(site, Some(&days))?;
            changes.clean.extend(days.into_iter().map(|day| (site, day)));
        }
        Ok(())
    }

    /// The rows of these days are written, or not: it is over.
    pub(crate) fn changed(&self, days: &[(SiteId, Day)]) {
        let mut changes = self.lock();
        changes.now += 1;
        let now = changes.now;
        for (site, day) in days {
            let key = (*site, day.0);
            if let Some(count) = changes.open.get_mut(&key) {
                *count -= 1;
                if *count == 0 {
                    changes.open.remove(&key);
                }
            }
            changes.last.insert(key, now);
        }
    }

    /// Forgets a site's tables: it was deleted, or its past changed as a whole.
    pub(crate) fn forget(&self, site: SiteId) -> Result<(), QueryError> {
        let mut changes = self.lock();
        changes.now += 1;
        let now = changes.now;
        changes.forgotten.insert(site, now);
        self.tables.retain(|key, _| key.site != site);
        Ok(self.store.forget_memos(site, None)?)
    }
}

impl Changes {
    fn unchanged(&self, key: &MemoKey, since: Moment) -> bool {
        let days = (key.site, key.first_day)..=(key.site, key.last_day);
        !self.open.keys().any(|(site, day)| covers(key, *site, *day))
            && self.forgotten.get(&key.site).is_none_or(|at| *at <= since.0)
            && self.last.range(days).all(|(_, changed)| *changed <= since.0)
    }
}

fn covers(key: &MemoKey, site: SiteId, day: i32) -> bool {
    key.site == site && (key.first_day..=key.last_day).contains(&day)
}

/// About how many bytes a table takes in memory.
#[derive(Debug, Clone)]
struct Bytes;

impl Weighter<MemoKey, Arc<Table>> for Bytes {
    fn weight(&self, key: &MemoKey, table: &Arc<Table>) -> u64 {
        (key.what.len() + 128 + table_bytes(table)) as u64
    }
}

fn table_bytes(table: &Table) -> usize {
    let value = |value: &Value| match value {
        Value::Map(entries) => 64 * entries.len() * 8,
        Value::Text(text) => text.len(),
        _ => 0,
    };
    let row = |row: &Row| {
        let columns = row.columns.iter().chain(&row.metadata);
        let label = row.label.as_ref().map_or(0, String::len);
        let below = row.subtable.as_ref().map_or(0, |t| table_bytes(t));
        size_of::<Row>() + label + below + columns.map(|(_, v)| size_of::<(Name, Value)>() + value(v)).sum::<usize>()
    };
    table.rows.iter().map(row).sum()
}

/// A table with the names of its columns said once.
#[derive(Serialize, Deserialize)]
struct Packed {
    names: Vec<String>,
    rows: Vec<PackedRow>,
}

#[derive(Serialize, Deserialize)]
struct PackedRow {
    label: Option<String>,
    is_summary: bool,
    columns: Vec<(u32, Value)>,
    metadata: Vec<(u32, Value)>,
    below: Option<Vec<PackedRow>>,
}

/// A table as the store keeps it: a year's months so packed take a fiftieth of the memory.
pub(crate) fn pack(table: &Table) -> Option<Vec<u8>> {
    let mut names = Names::default();
    let rows = table.rows.iter().map(|row| names.pack(row)).collect();
    let bytes = postcard::to_stdvec(&Packed { names: names.list, rows }).ok()?;
    zstd::encode_all(bytes.as_slice(), ZSTD_LEVEL).ok()
}

#[derive(Default)]
struct Names {
    list: Vec<String>,
    numbers: HashMap<Name, u32>,
}

impl Names {
    fn number(&mut self, name: &Name) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(name.to_string());
        self.numbers.insert(name.clone(), number);
        number
    }

    fn pack(&mut self, row: &Row) -> PackedRow {
        PackedRow {
            label: row.label.clone(),
            is_summary: row.is_summary,
            columns: row.columns.iter().map(|(name, value)| (self.number(name), value.clone())).collect(),
            metadata: row.metadata.iter().map(|(name, value)| (self.number(name), value.clone())).collect(),
            below: row.subtable.as_ref().map(|table| table.rows.iter().map(|row| self.pack(row)).collect()),
        }
    }
}

fn unpack(bytes: &[u8]) -> Option<Table> {
    let packed: Packed = postcard::from_bytes(&zstd::decode_all(bytes).ok()?).ok()?;
    let names: Vec<Name> = packed.names.into_iter().map(known_name).collect();
    Some(Table { rows: packed.rows.into_iter().map(|row| unpack_row(row, &names)).collect() })
}

fn unpack_row(row: PackedRow, names: &[Name]) -> Row {
    let named = |values: Vec<(u32, Value)>| {
        let pairs = values.into_iter().filter_map(|(n, value)| Some((names.get(n as usize)?.clone(), value)));
        pairs.collect::<Vec<_>>()
    };
    Row {
        label: row.label,
        columns: named(row.columns),
        metadata: named(row.metadata),
        subtable: row
            .below
            .map(|rows| Box::new(Table { rows: rows.into_iter().map(|row| unpack_row(row, names)).collect() })),
        subtable_id: None,
        is_summary: row.is_summary,
    }
}

/// Names of the catalogue aren't copied for each row.
fn known_name(name: String) -> Name {
    static KNOWN: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| records::column_names().collect());
    match known.get(name.as_str()) {
        Some(known) => Cow::Borrowed(known),
        None => Cow::Owned(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_survive_packing() {
        let mut row = Row { label: Some("Köln".into()), ..Row::default() };
        row.set("nb_visits", Value::Int(3));
        row.set(
            "goals",
            Value::Map(vec![("idgoal=1".into(), Value::Map(vec![("revenue".into(), Value::Float(1.5))]))]),
        );
        row.set_meta("url", Value::Text("https://shop.example/".into()));
        row.subtable = Some(Box::new(Table { rows: vec![Row { is_summary: true, ..Row::default() }] }));
        let table = Table { rows: vec![row] };
        assert_eq!(unpack(&pack(&table).unwrap()).unwrap(), table);
        assert_eq!(unpack(b"no memo"), None);
        let restored = unpack(&pack(&table).unwrap()).unwrap();
        assert!(matches!(restored.rows[0].columns[0].0, Cow::Borrowed("nb_visits")));
    }

    #[test]
    fn what_changed_meanwhile_is_not_kept() {
        let mut changes = Changes::default();
        let key = MemoKey { site: SiteId(1), first_day: 10, last_day: 16, what: String::new(), of_segment: false };
        assert!(changes.unchanged(&key, Moment(0)));
        changes.open.insert((SiteId(1), 12), 1);
        assert!(!changes.unchanged(&key, Moment(0)));
        changes.open.clear();
        changes.last.insert((SiteId(1), 12), 5);
        assert!(!changes.unchanged(&key, Moment(4)));
        assert!(changes.unchanged(&key, Moment(5)));
        changes.forgotten.insert(SiteId(1), 6);
        assert!(!changes.unchanged(&key, Moment(5)));
        changes.forgotten.clear();
        changes.last.insert((SiteId(2), 12), 9);
        changes.last.insert((SiteId(1), 17), 9);
        assert!(changes.unchanged(&key, Moment(5)));
    }
}
