//! DuckDB's SQL where it differs from other engines'.

use crate::Dialect;

/// The dialect of the embedded engine.
pub(super) struct DuckDb;

impl Dialect for DuckDb {
    fn identifier(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    fn count_distinct(&self, expression: &str) -> String {
        format!("count(distinct {expression})")
    }

    fn arg_max(&self, expression: &str, by: &str) -> String {
        format!("arg_max({expression}, {by})")
    }

    fn hash(&self, expression: &str) -> String {
        format!("cast(hash({expression}) >> 1 as bigint)")
    }

    fn any(&self, expression: &str) -> String {
        format!("any_value({expression})")
    }

    fn count_if(&self, condition: &str) -> String {
        format!("count(*) filter (where {condition})")
    }

    fn sum_if(&self, expression: &str, condition: &str) -> String {
        format!("coalesce(sum({expression}) filter (where {condition}), 0)")
    }

    fn int_div(&self, a: &str, b: &str) -> String {
        format!("({a} // {b})")
    }

    fn element(&self, list: &str, index: u32) -> String {
        format!("coalesce({list}[{index}], '')")
    }

    fn contains_ci(&self, text: &str, pattern: &str) -> String {
        format!("contains(lower({text}), lower({pattern}))")
    }

    fn starts_with_ci(&self, text: &str, pattern: &str) -> String {
        format!("starts_with(lower({text}), lower({pattern}))")
    }

    fn ends_with_ci(&self, text: &str, pattern: &str) -> String {
        format!("ends_with(lower({text}), lower({pattern}))")
    }

    fn equals_ci(&self, text: &str, pattern: &str) -> String {
        format!("(lower({text}) = lower({pattern}))")
    }
}
