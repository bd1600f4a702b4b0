//! Checks of queries, of the dialect and of memos.

use super::samples::{action, visit};
use crate::{Batch, Cell, MemoKey, Numbers, Rows, Store, StoreError, Values};
use candor_core::SiteId;

pub(super) const CHECKS: &[fn(&dyn Store)] = &[
    cells_come_back_as_they_were_bound,
    columns_become_cells,
    numbers_come_by_column,
    a_wrong_query_is_an_error,
    the_dialect_aggregates,
    the_dialect_compares_without_regard_to_case,
    the_dialect_takes_dates_apart,
    memos_are_kept_replaced_and_forgotten,
];

/// An answer as text: a line a row, `-` for null.
pub(super) fn show(rows: &Rows) -> String {
    let cell = |cell: &Cell| match cell {
        Cell::Null => "-".to_owned(),
        Cell::Int(n) => n.to_string(),
        Cell::Float(x) => format!("{x:?}"),
        Cell::Text(text) => text.to_string(),
        Cell::Bytes(bytes) => format!("{bytes:?}"),
        Cell::List(texts) => format!("{texts:?}"),
    };
    rows.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n")
}

fn ask(store: &dyn Store, sql: &str, params: &[Cell]) -> String {
    show(&store.query(sql, params).unwrap())
}

fn cells_come_back_as_they_were_bound(store: &dyn Store) {
    let params =
        [Cell::Null, Cell::Int(i64::MIN), Cell::Float(0.1), Cell::Text("'; drop ü".into()), Cell::Bytes(vec![0, 255])];
    let answer = store.query("select ? as a, ? as b, ? as c, ? as d, ? as e", &params).unwrap();
    assert_eq!(
        answer,
        Rows { columns: ["a", "b", "c", "d", "e"].map(String::from).to_vec(), rows: vec![params.to_vec()] }
    );
    assert!(matches!(store.query("select ?", &[Cell::List(Vec::new())]), Err(StoreError::Internal(_))));
}

fn numbers_come_by_column(store: &dyn Store) {
    let ask = |columns: &str| {
        let rows = "(values (1, true, -1.5::double), (5, false, 2), (7, true, 3)) as t(a, b, c) where a <= ?";
        store.columns(&format!("select {columns} from {rows}"), &[Cell::Int(5)])
    };
    let column = |values| Numbers { values, missing: vec![false, false] };
    let expected = [Values::Whole(vec![1, 5]), Values::Whole(vec![1, 0]), Values::Float(vec![-1.5, 2.0])].map(column);
    assert_eq!(ask("a, b, c").unwrap(), expected);
    assert_eq!(ask("nullif(a, 1)").unwrap()[0].missing, [true, false]);
    assert!(matches!(ask("'text'"), Err(StoreError::Internal(_))));
    assert_eq!(store.columns("select 1, 2 where 1 = 2", &[]).unwrap(), vec![Numbers::default(); 2]);

    let hash = |text: &str| store.dialect().hash(&format!("'{text}'"));
    let hashes = ask(&[hash("a"), hash("b"), hash("a")].join(", ")).unwrap();
    assert_eq!(hashes[0], hashes[2]);
    assert_ne!(hashes[0], hashes[1]);
}

fn columns_become_cells(store: &dyn Store) {
    let visit = visit(1, 1, 1000);
    store
        .commit(&Batch { new_visits: vec![visit.clone()], actions: vec![action(&visit, 0)], ..Batch::default() })
        .unwrap();
    assert_eq!(
        ask(
            store,
            "select visit_id, visitor_id, day, hour, plugins, converted, user_id, ip, latitude, longitude, dimensions
             from visits",
            &[]
        ),
        "1 -2 20000 23 129 1 Zoë's \"id\"; -- [192, 0, 2, 0] 48.2085 - [\"d1\", \"\", \"d3\"]"
    );
    assert_eq!(
        ask(store, "select sum(bandwidth), count(*), avg(seq), sum(event_value), max(title) from actions", &[]),
        "10000000000 1 0.0 1.25 Title"
    );
    assert_eq!(
        ask(
            store,
            "select site_id from visits where visitor_id = ? and first_at = ?",
            &[Cell::Int(-2), Cell::Int(1000)]
        ),
        "1"
    );
}

fn a_wrong_query_is_an_error(store: &dyn Store) {
    assert!(matches!(store.query("select nothing from nowhere", &[]), Err(StoreError::Internal(_))));
    assert!(matches!(store.query("select ?", &[]), Err(StoreError::Internal(_))));
}

fn the_dialect_aggregates(store: &dyn Store) {
    let d = store.dialect();
    let columns = [
        d.count_distinct("a"),
        d.arg_max("b", "a"),
        d.count_if("a > 1"),
        d.sum_if("a", "a > 1"),
        d.sum_if("a", "a > 9"),
        d.int_div("max(a)", "2"),
        d.any("7"),
        d.element("any_value(c)", 2),
        d.element("any_value(c)", 3),
    ]
    .join(", ");
    let rows = "(values (1, 'x', ['p', 'q']), (3, 'y', ['p', 'q']), (3, 'y', ['p', 'q'])) t(a, b, c)";
    assert_eq!(ask(store, &format!("select {columns} from {rows}"), &[]), "2 y 2 6 0 1 7 q ");
    let odd = d.identifier("sele\"ct");
    assert_eq!(store.query(&format!("select 1 as {odd}"), &[]).unwrap().columns, ["sele\"ct"]);
}

fn the_dialect_compares_without_regard_to_case(store: &dyn Store) {
    let d = store.dialect();
    let columns =
        [d.contains_ci("t", "?"), d.starts_with_ci("t", "?"), d.ends_with_ci("t", "?"), d.equals_ci("t", "?")]
            .join(", ");
    let compare = |text: &str, pattern: &str| {
        let params = vec![Cell::Text(pattern.into()); 4];
        ask(store, &format!("select {columns} from (select '{text}' as t)"), &params)
    };
    assert_eq!(compare("Größe ÄÖ", "RÖSS"), "0 0 0 0");
    assert_eq!(compare("Größe ÄÖ", "ÖßE"), "1 0 0 0");
    assert_eq!(compare("Größe ÄÖ", "gRÖ"), "1 1 0 0");
    assert_eq!(compare("Größe ÄÖ", "äö"), "1 0 1 0");
    assert_eq!(compare("Größe ÄÖ", "GRÖßE äÖ"), "1 1 1 1");
    assert_eq!(compare("50% _off", "%"), "1 0 0 0");
    assert_eq!(compare("50% _off", "5_"), "0 0 0 0");
}

fn the_dialect_takes_dates_apart(store: &dyn Store) {
    let d = store.dialect();
    // Thursday 2024-02-29 23:59:59 UTC.
    let parts = ["day", "dow", "doy", "week", "month", "quarter", "year"].map(|part| d.date_part(part, "1709251199"));
    assert_eq!(ask(store, &format!("select {}", parts.join(", ")), &[]), "29 4 60 9 2 1 2024");
}

fn memos_are_kept_replaced_and_forgotten(store: &dyn Store) {
    let key = |site, first_day, last_day, what: &str| MemoKey {
        site: SiteId(site),
        first_day,
        last_day,
        what: what.into(),
        of_segment: what == "b",
    };
    let keys =
        [key(1, 10, 10, "a"), key(1, 10, 16, "a"), key(1, 10, 16, "b"), key(2, 10, 10, "a"), key(1, -5, -5, "a")];
    let read = || -> String {
        let memos = store.memos(&keys).unwrap();
        memos.iter().map(|memo| memo.as_ref().map_or('-', |body| char::from(body[0]))).collect()
    };
    assert_eq!(read(), "-----");
    let put = |key: &MemoKey, body: &[u8]| store.put_memos(&[(key.clone(), body.to_vec())]).unwrap();
    for (key, body) in keys.iter().zip(["1", "2", "3", "4", "5"]) {
        put(key, body.as_bytes());
    }
    put(&keys[1], b"8");
    assert_eq!(read(), "18345");
    store.forget_memos(SiteId(1), Some(&[11, 99])).unwrap();
    assert_eq!(read(), "1--45");
    store.forget_memos(SiteId(1), Some(&[])).unwrap();
    assert_eq!(read(), "1--45");
    store.forget_memos(SiteId(1), None).unwrap();
    assert_eq!(read(), "---4-");
}
