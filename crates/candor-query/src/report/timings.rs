//! How long pages took to load: columns that all pages of a report have as soon as one of them does.

use crate::table::{Table, Value};

/// Hits, sum, least, greatest and average of each part of a page's loading.
const TIMINGS: [[&str; 5]; 6] = [
    ["nb_hits_with_time_network", "sum_time_network", "min_time_network", "max_time_network", "avg_time_network"],
    ["nb_hits_with_time_server", "sum_time_server", "min_time_server", "max_time_server", "avg_time_server"],
    ["nb_hits_with_time_transfer", "sum_time_transfer", "min_time_transfer", "max_time_transfer", "avg_time_transfer"],
    [
        "nb_hits_with_time_dom_processing",
        "sum_time_dom_processing",
        "min_time_dom_processing",
        "max_time_dom_processing",
        "avg_time_dom_processing",
    ],
    [
        "nb_hits_with_time_dom_completion",
        "sum_time_dom_completion",
        "min_time_dom_completion",
        "max_time_dom_completion",
        "avg_time_dom_completion",
    ],
    ["nb_hits_with_time_on_load", "sum_time_on_load", "min_time_on_load", "max_time_on_load", "avg_time_on_load"],
];

/// Adds the columns that other pages have: no hits, no sum, neither least nor greatest; averages to the top rows.
pub(super) fn complete(table: &mut Table) {
    for [hits, sum, least, greatest, average] in TIMINGS {
        let mut known = false;
        table.each_row(&mut |row| known |= row.number(hits) > 0.0);
        if !known {
            continue;
        }
        for row in table.rows.iter_mut().filter(|row| row.number(hits) == 0.0) {
            row.set(average, Value::Int(0));
        }
        table.each_row(&mut |row| {
            if row.get(hits).is_none() {
                row.set(hits, Value::Int(0));
                row.set(sum, Value::Int(0));
                row.set(least, Value::Null);
                row.set(greatest, Value::Null);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::table;

    #[test]
    fn what_one_page_has_all_have() {
        let mut pages = table("a 1 (x 1, y 1), b 1");
        complete(&mut pages);
        assert_eq!(pages.rows[1].get("sum_time_server"), None);
        pages.rows[0].subtable.as_mut().unwrap().rows[0].set("nb_hits_with_time_server", Value::Int(1));
        pages.rows[0].set("nb_hits_with_time_server", Value::Int(1));
        complete(&mut pages);
        assert_eq!(pages.rows[1].get("nb_hits_with_time_server"), Some(&Value::Int(0)));
        assert_eq!(pages.rows[1].get("avg_time_server"), Some(&Value::Int(0)));
        assert_eq!(pages.rows[0].get("avg_time_server"), None);
        let below = &pages.rows[0].subtable.as_ref().unwrap().rows[1];
        assert_eq!((below.get("min_time_server"), below.get("avg_time_server")), (Some(&Value::Null), None));
    }
}
