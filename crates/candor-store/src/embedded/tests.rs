//! What only the embedded engine promises: files, limits, crashes. The rest is in `suite`.

use super::Embedded;
use super::database::sql_type;
use crate::suite::samples::{action, by_visitor, visit};
use crate::{Batch, Cell, LogPosition, Store, StoreError, StoreSettings, schema, suite};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use tempfile::TempDir;

fn settings() -> StoreSettings {
    StoreSettings { memory_limit_mb: 100, threads: 2, ..StoreSettings::default() }
}

fn open(dir: &Path) -> Embedded {
    Embedded::open(dir, &settings()).unwrap()
}

#[test]
fn does_what_every_engine_must_do() {
    let dir = TempDir::new().unwrap();
    let next = std::cell::Cell::new(0);
    suite::run_all(|| {
        next.set(next.get() + 1);
        Arc::new(open(&dir.path().join(next.get().to_string())))
    });
}

#[test]
fn tables_are_those_of_the_schema() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    for (table, columns) in schema::TABLES {
        let rows = store
            .query(
                "select column_name, data_type from information_schema.columns where table_name = ? order by ordinal_position",
                &[Cell::Text(table.into())],
            )
            .unwrap()
            .rows;
        let expected: Vec<_> = columns
            .iter()
            .map(|(name, kind)| [*name, sql_type(*kind)].map(|t| Cell::Text(t.into())).to_vec())
            .collect();
        assert_eq!(rows, expected, "{table}");
    }
}

#[test]
fn who_rests_gives_memory_back_and_works_on() {
    let dir = TempDir::new().unwrap();
    let batch = Batch { new_visits: (1..60_000).map(|n| visit(1, n, 1000)).collect(), ..Batch::default() };
    let store = open(dir.path());
    store.commit(&batch).unwrap();
    store.close().unwrap();
    drop(store);
    let store = open(dir.path());
    let held =
        || match store.query("select sum(memory_usage_bytes)::bigint from duckdb_memory()", &[]).unwrap().rows[0][0] {
            Cell::Int(bytes) => bytes,
            ref other => panic!("{other:?}"),
        };
    let ask = "select count(*), max(visitor_id), max(entry_url), max(exit_url), max(browser), max(ip) from visits";
    let before = (store.query(ask, &[]).unwrap().rows, held());
    store.rest();
    assert_eq!(held(), before.1, "it was just used");
    store.rest();
    store.rest();
    let limit = store.query("select current_setting('memory_limit')", &[]).unwrap().rows;
    assert_eq!(limit, [[Cell::Text("100.0 MiB".into())]]);
    assert!(held() <= 8 << 20, "{} bytes of {} are left", held(), before.1);
    assert_eq!(store.query(ask, &[]).unwrap().rows, before.0);
}

#[test]
fn reopening_finds_everything_and_no_log() {
    let dir = TempDir::new().unwrap();
    let visit = visit(1, 1, 1000);
    let batch = Batch { new_visits: vec![visit.clone()], position: LogPosition { next_seq: 5 }, ..Batch::default() };
    let store = open(dir.path());
    store.commit(&batch).unwrap();
    store.close().unwrap();
    assert!(matches!(store.commit(&batch), Err(StoreError::Internal(_))));
    assert!(matches!(store.query("select 1", &[]), Err(StoreError::Internal(_))));
    assert!(!dir.path().join("visits.duckdb.wal").exists());
    let store = open(dir.path());
    assert_eq!(store.position().unwrap(), batch.position);
    assert_eq!(store.find_visits(&[by_visitor(&visit)]).unwrap(), [Some(visit)]);
}

#[test]
fn a_newer_schema_is_refused() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    store.write(|connection| Ok(connection.execute_batch("insert into schema_version values (999)")?)).unwrap();
    store.close().unwrap();
    let error = Embedded::open(dir.path(), &settings()).err().unwrap().to_string();
    assert!(error.contains("version 999") && error.contains("start the newer program"), "{error}");
}

#[test]
fn consents_from_before_regimes_have_none() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    let before = "alter table consents drop column regime; delete from schema_version where version = 4;
                  insert into consents values (1, 1, 0, 0, 'shown', '', [], '1', '', '', 'script', '', 0, '');";
    store.write(|connection| Ok(connection.execute_batch(before)?)).unwrap();
    store.close().unwrap();
    let rows = open(dir.path()).query("select version, regime from consents", &[]).unwrap().rows;
    assert_eq!(rows, [[Cell::Text("1".into()), Cell::Text("".into())]]);
}

#[test]
fn memos_that_cannot_be_read_are_made_anew() {
    let dir = TempDir::new().unwrap();
    std::fs::write(dir.path().join("memos.sqlite"), "not a database, but long enough to be looked at ".repeat(9))
        .unwrap();
    let store = open(dir.path());
    let key =
        crate::MemoKey { site: candor_core::SiteId(1), first_day: 1, last_day: 1, what: "x".into(), of_segment: false };
    store.put_memos(&[(key.clone(), vec![1])]).unwrap();
    assert_eq!(store.memos(&[key]).unwrap(), [Some(vec![1])]);
}

const ENDLESS: &str = "select count(*) from range(1000000000000) a, range(1000000) b where a.range % 7 = b.range % 5";

#[test]
fn a_query_that_takes_too_long_is_stopped_and_the_next_one_runs() {
    let dir = TempDir::new().unwrap();
    let store = Embedded::open(dir.path(), &StoreSettings { query_timeout_ms: 100, ..settings() }).unwrap();
    for _ in 0..5 {
        assert!(matches!(store.query(ENDLESS, &[]), Err(StoreError::Timeout(100))));
        assert_eq!(store.query("select 1", &[]).unwrap().rows, [[Cell::Int(1)]]);
    }
}

#[test]
fn closing_ends_the_queries_that_run() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..6).map(|_| scope.spawn(|| store.query(ENDLESS, &[]).unwrap_err())).collect();
        let mut nothing_runs = true;
        while nothing_runs {
            nothing_runs = false;
            store
                .readers
                .while_idle(|| {
                    nothing_runs = true;
                    Ok(())
                })
                .unwrap();
        }
        store.end_queries();
        for asked in asked {
            assert_eq!(asked.join().unwrap().to_string(), super::closed().to_string());
        }
    });
    assert!(store.query("select 1", &[]).is_err());
    store.commit(&Batch { position: LogPosition { next_seq: 2 }, ..Batch::default() }).unwrap();
    store.close().unwrap();
}

#[test]
fn a_query_that_needs_too_much_memory_says_so_and_the_next_one_runs() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    let large = "select len(list(range)) from range(1000000000)";
    let error = store.query(large, &[]).unwrap_err();
    assert!(matches!(error, StoreError::OutOfMemory), "{error}");
    assert_eq!(store.query("select 1", &[]).unwrap().rows, [[Cell::Int(1)]]);
}

/// A checkpoint fails beside other transactions, and queries are always running.
#[test]
fn who_wants_to_be_alone_is_so_under_any_number_of_queries() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    let stop = AtomicBool::new(false);
    let asked = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    store.query("select count(*) from visits, range(1000)", &[]).unwrap();
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let rounds = (1..20).map(|n| -> Result<bool, StoreError> {
            store.commit(&Batch { new_visits: vec![visit(1, n, 1000)], ..Batch::default() })?;
            store.write(|connection| {
                store.readers.alone(|| {
                    let before = asked.load(Ordering::Relaxed);
                    connection.execute_batch("checkpoint")?;
                    Ok(asked.load(Ordering::Relaxed) <= before + 8)
                })
            })
        });
        let rounds: Vec<_> = rounds.collect();
        stop.store(true, Ordering::Relaxed);
        assert!(rounds.iter().all(|alone| matches!(alone, Ok(true))), "{rounds:?}");
    });
    assert!(asked.load(Ordering::Relaxed) > 0);
}

#[test]
fn a_failed_batch_leaves_nothing() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    let mut broken = visit(1, 2, 2000);
    broken.id.0 = 3;
    store.write(|connection| Ok(connection.execute_batch("alter table actions drop column url")?)).unwrap();
    let batch = Batch {
        new_visits: vec![broken.clone()],
        actions: vec![action(&broken, 0)],
        position: LogPosition { next_seq: 9 },
        ..Batch::default()
    };
    assert!(store.commit(&batch).is_err());
    assert_eq!(store.position().unwrap(), LogPosition::default());
    assert_eq!(store.find_visits(&[by_visitor(&broken)]).unwrap(), [None]);
}

/// Names the directory in which `crash_child` works; it does nothing without.
const CRASH_DIR: &str = "CANDOR_TEST_CRASH_DIR";

/// Batch `n` of the crash test: 500 new visits with an action each, the earlier ones changed.
fn crash_batch(n: u64) -> Batch {
    let visits = |n: u64| (0..500).map(move |i| visit(1, n * 500 + i + 1, n.cast_signed() * 100));
    let new_visits: Vec<_> = visits(n).collect();
    let changed_visits = n.checked_sub(1).map(|before| {
        visits(before).map(|mut v| {
            v.events = 77;
            v
        })
    });
    Batch {
        actions: new_visits.iter().map(|visit| action(visit, 0)).collect(),
        changed_visits: changed_visits.into_iter().flatten().collect(),
        new_visits,
        position: LogPosition { next_seq: n + 1 },
        ..Batch::default()
    }
}

/// Not a check of its own: what the next test starts in a process that it can kill.
#[test]
fn crash_child() {
    let Ok(dir) = std::env::var(CRASH_DIR) else { return };
    let store = open(Path::new(&dir));
    for n in store.position().unwrap().next_seq.. {
        store.commit(&crash_batch(n)).unwrap();
        println!("committed {n}");
    }
}

#[test]
fn a_killed_process_leaves_whole_batches() {
    let dir = TempDir::new().unwrap();
    let mut committed = 0;
    for lines in [3, 1, 8] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "embedded::tests::crash_child", "--nocapture"])
            .env(CRASH_DIR, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut numbers = output.filter_map(|line| line.split("committed ").nth(1)?.parse::<u64>().ok());
        committed = numbers.by_ref().take(lines).last().unwrap() + 1;
        child.kill().unwrap();
        child.wait().unwrap();

        let store = open(dir.path());
        let batches = store.position().unwrap().next_seq;
        assert!(batches >= committed, "batch {committed} was acknowledged, the store is at {batches}");
        let counts = "select (select count(*) from visits), (select count(*) from actions), (select count(*) from visits where events = 77)";
        let expected = [batches * 500, batches * 500, (batches - 1) * 500].map(|n| Cell::Int(n.cast_signed()));
        assert_eq!(store.query(counts, &[]).unwrap().rows, [expected]);
    }
    assert!(committed > 0);
}

#[test]
fn two_processes_cannot_share_a_store() {
    let dir = TempDir::new().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "embedded::tests::crash_child", "--nocapture"])
        .env(CRASH_DIR, dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let started = lines.any(|line| line.contains("committed"));
    let error = Embedded::open(dir.path(), &settings()).err().map(|e| e.to_string());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(started);
    let error = error.unwrap();
    assert!(error.contains("held by another process"), "{error}");
}
