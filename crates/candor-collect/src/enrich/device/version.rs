//! Versions as Matomo reads them: compared like PHP's `version_compare`, kept to two parts.

use std::cmp::Ordering;

/// The first two parts, which is what the store keeps.
pub(super) fn cut(version: &str) -> String {
    let end = version.match_indices('.').nth(1).map_or(version.len(), |(at, _)| at);
    version.get(..end).unwrap_or_default().to_owned()
}

/// The number that a version begins with; 0 when it begins otherwise.
pub(super) fn major(version: &str) -> u32 {
    part(version, 0)
}

/// The number at a place; 0 when there is none.
pub(super) fn part(version: &str, place: usize) -> u32 {
    let part = version.split('.').nth(place).unwrap_or_default();
    part.chars()
        .map_while(|c| c.to_digit(10))
        .fold(0, |number: u32, digit| number.saturating_mul(10).saturating_add(digit))
}

/// Part by part: numbers by value, words by PHP's order of release stages, a missing part before a number.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    let (left, right) = (parts(left), parts(right));
    for place in 0..left.len().max(right.len()) {
        let order = match (left.get(place), right.get(place)) {
            (Some(a), Some(b)) => rank(a).cmp(&rank(b)),
            (Some(a), None) => rank(a).cmp(&MISSING),
            (None, Some(b)) => MISSING.cmp(&rank(b)),
            (None, None) => Ordering::Equal,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

/// A place where the other version has a part: before a number, after a stage before release.
const MISSING: (u8, u64) = (5, 0);

fn rank(part: &str) -> (u8, u64) {
    if let Ok(number) = part.parse() {
        return (6, number);
    }
    let stages = [("dev", 1), ("a", 2), ("b", 3), ("rc", 4), ("p", 7)];
    let part = part.to_ascii_lowercase();
    (stages.iter().find(|(stage, _)| part.starts_with(stage)).map_or(0, |(_, rank)| *rank), 0)
}

/// Splits at points, dashes and where digits meet letters.
fn parts(version: &str) -> Vec<&str> {
    let numeric = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    let mut parts = Vec::new();
    for mut rest in version.split(['.', '-', '_', '+']).filter(|part| !part.is_empty()) {
        while !rest.is_empty() {
            let digits = numeric(rest);
            let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            parts.push(part);
            rest = after;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_value_not_by_text() {
        for (left, right, order) in [
            ("9.0", "10", Ordering::Less),
            ("10", "10.0", Ordering::Less),
            ("10.0.1", "10.0.1", Ordering::Equal),
            ("4.4-beta", "4.4", Ordering::Less),
            ("4.4rc1", "4.4beta2", Ordering::Greater),
            ("", "1", Ordering::Less),
        ] {
            assert_eq!(compare(left, right), order, "{left} {right}");
        }
    }

    #[test]
    fn two_parts_are_kept() {
        assert_eq!([cut("103.0.4.1"), cut("8"), cut(""), cut("7.")], ["103.0", "8", "", "7."]);
    }

    proptest::proptest! {
        #[test]
        fn comparing_is_an_order(a in "[0-9a-z.]{0,9}", b in "[0-9a-z.]{0,9}") {
            assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
            assert_eq!(compare(&a, &a), Ordering::Equal);
        }
    }
}
