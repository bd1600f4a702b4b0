//! Values that people may want to put into a segment: what the newest visits have, the most frequent first.

use crate::{
    QueryError,
    catalogue::dimensions::{self, Dimension, Expr, Found, Lists, Source, Values},
    segment::SegmentError,
};
use candor_core::{Day, SiteSettings, Vocabulary};
use candor_store::{Cell, Store};
use std::collections::HashMap;

/// Values of one answer (Matomo's number).
const VALUES_MAX: usize = 30;
/// The newest rows looked at, whatever their age: a quiet site has suggestions, too.
const VISITS_MAX: usize = 800;
/// See [`VISITS_MAX`].
const OTHER_ROWS_MAX: usize = 10_000;

/// Frequent values of a dimension, as segments write them. `name` as in segments.
///
/// # Errors
/// When there is no such dimension or the store fails.
pub fn values(
    store: &dyn Store,
    vocabulary: &Vocabulary,
    site: &SiteSettings,
    name: &str,
) -> Result<Vec<String>, QueryError> {
    let found = dimensions::find(name, Some(site)).ok_or_else(|| SegmentError::Unknown(name.to_owned()))?;
    let lists = Lists { vocabulary, site: Some(site) };
    if let Some(fixed) = fixed(&found.dimension, lists) {
        return Ok(fixed);
    }
    let mut counts: HashMap<String, i64> = HashMap::new();
    for part in parts(&found, site) {
        let labels = labels(&part.dimension, lists);
        for (cell, count) in frequent(store, site, &part)? {
            if let Some(text) = shown(&cell, &part.dimension.values, &labels) {
                *counts.entry(text).or_default() += count;
            }
        }
    }
    let mut values: Vec<(String, i64)> = counts.into_iter().collect();
    values.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| natural(a, b)));
    Ok(values.into_iter().map(|(text, _)| text).take(VALUES_MAX).collect())
}

/// Dimensions whose values are few and known.
fn fixed(dimension: &Dimension, lists: Lists<'_>) -> Option<Vec<String>> {
    let counted = |range: std::ops::RangeInclusive<u32>| Some(range.map(|n| n.to_string()).collect());
    match (dimension.values, dimension.expression) {
        (Values::Codes { list, closed: true }, _) if dimension.source == Source::Actions || is_status(dimension) => {
            let mut labels: Vec<String> = list(lists).into_iter().map(|(label, _)| label).collect();
            labels.dedup();
            Some(labels)
        }
        (_, Expr::DatePart("dow", _)) => counted(1..=7),
        (_, Expr::DatePart("month", _)) => counted(1..=12),
        (_, Expr::DatePart("quarter", _)) => counted(1..=4),
        (_, Expr::DatePart("week" | "doy", _)) => counted(1..=30),
        // Matomo cuts the 60 minutes and seconds after the number 30.
        (_, Expr::Rest(_, 3600 | 60, _)) => counted(0..=30),
        (_, Expr::Rest(_, 86_400, 3600)) if dimension.segment != "visitServerHour" => counted(0..=23),
        _ if dimension.segment == "profilable" => counted(0..=1),
        _ => None,
    }
}

fn is_status(dimension: &Dimension) -> bool {
    dimension.segment == "visitEcommerceStatus"
}

/// A union's members; every slot of a numbered dimension that was named without its number.
fn parts(found: &Found, site: &SiteSettings) -> Vec<Found> {
    if !found.dimension.members.is_empty() {
        return found.dimension.members.iter().filter_map(|name| dimensions::find(name, Some(site))).collect();
    }
    if found.slot == 0 && found.dimension.slots > 0 {
        return (1..=found.dimension.slots).map(|slot| Found { slot, ..*found }).collect();
    }
    vec![*found]
}

/// Stored value → label, for codes.
fn labels(dimension: &Dimension, lists: Lists<'_>) -> Vec<(Cell, String)> {
    match dimension.values {
        Values::Codes { list, .. } => list(lists).into_iter().map(|(label, cell)| (cell, label)).collect(),
        _ => vec![],
    }
}

fn frequent(store: &dyn Store, site: &SiteSettings, found: &Found) -> Result<Vec<(Cell, i64)>, QueryError> {
    let dialect = store.dialect();
    let source = found.dimension.source;
    let (newest, rows) = match source {
        Source::Visits => ("last_at".to_owned(), VISITS_MAX),
        _ => (dialect.identifier("at"), OTHER_ROWS_MAX),
    };
    let value = found.dimension.expression.sql(dialect, found.slot);
    let filter = if found.dimension.filter.is_empty() { "true" } else { found.dimension.filter };
    let sql = format!(
        "select value, count(*) as n from (select {value} as value from {} where site_id = ? and {filter} \
         order by {newest} desc limit {rows}) as newest group by value order by n desc limit 200",
        source.table()
    );
    let answer = store.query(&sql, &[Cell::Int(i64::from(site.id.0))])?;
    let pair = |row: Vec<Cell>| {
        let mut cells = row.into_iter();
        match (cells.next(), cells.next()) {
            (Some(value), Some(Cell::Int(count))) => Some((value, count)),
            _ => None,
        }
    };
    Ok(answer.rows.into_iter().filter_map(pair).collect())
}

/// A stored value as a segment writes it; `None` where nothing is stored.
fn shown(cell: &Cell, values: &Values, labels: &[(Cell, String)]) -> Option<String> {
    if let Some((_, label)) = labels.iter().find(|(stored, _)| stored == cell) {
        return Some(label.clone());
    }
    let text = match (cell, values) {
        (Cell::Int(n), Values::Hex) => format!("{:016x}", n.cast_unsigned()),
        (Cell::Int(n), Values::Date) => Day(i32::try_from(*n).unwrap_or_default()).to_string(),
        (Cell::Int(n), Values::Times(by)) => (*n as f64 / by).to_string(),
        (Cell::Int(n), _) => n.to_string(),
        (Cell::Float(x), _) => x.to_string(),
        (Cell::Text(text), _) => text.to_string(),
        (Cell::Null | Cell::Bytes(_) | Cell::List(_), _) => return None,
    };
    (!matches!(text.as_str(), "" | "0")).then_some(text)
}

/// Numbers by value, all else as text.
fn natural(a: &str, b: &str) -> std::cmp::Ordering {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(x), Ok(y)) => x.total_cmp(&y),
        _ => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_values_as_segments_write_them() {
        let labels = vec![(Cell::Int(1), "direct".to_owned())];
        assert_eq!(shown(&Cell::Int(1), &Values::Number, &labels), Some("direct".into()));
        assert_eq!(shown(&Cell::Int(255), &Values::Hex, &[]), Some("00000000000000ff".into()));
        assert_eq!(shown(&Cell::Int(19_782), &Values::Date, &[]), Some("2024-02-29".into()));
        assert_eq!(shown(&Cell::Int(1_500_000), &Values::Times(1e6), &[]), Some("1.5".into()));
        assert_eq!((shown(&Cell::Int(0), &Values::Number, &[]), shown(&Cell::Null, &Values::Text, &[])), (None, None));
    }

    #[test]
    fn what_is_known_without_asking() {
        let vocabulary = Vocabulary::default();
        let lists = Lists { vocabulary: &vocabulary, site: None };
        let of = |name: &str| fixed(&dimensions::find(name, None).unwrap().dimension, lists);
        assert_eq!(of("visitEndServerDayOfWeek").map(|v| v.len()), Some(7));
        assert_eq!(
            of("visitEcommerceStatus").map(|v| v.join(",")).as_deref(),
            Some("none,ordered,abandonedCart,orderedThenAbandonedCart")
        );
        assert_eq!(of("pageUrl"), None);
    }
}
