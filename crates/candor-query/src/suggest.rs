//! Values to choose from when somebody writes a segment: those that the newest visits have, most frequent first.
//! Looks at a bounded number of visits, so that the answer comes at once on large sites; never at a report.

use crate::{
    catalogue::dimensions::{self, Dimension, Found, Lists, Source, Suggest, Values},
    engine::url_prefix,
    error::QueryError,
    sql::Fragment,
};
use candor_core::{Day, SiteSettings, VisitorId, Vocabulary};
use candor_store::{Cell, Store};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// Values of one answer at most.
const VALUES_MAX: usize = 30;
/// The greatest number that is suggested of those that a clock or calendar has.
const NUMBER_MAX: i64 = 30;
/// Visits that are looked at.
const VISITS_MAX: usize = 1000;

/// A value to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suggestion {
    /// A number of a clock or calendar.
    Number(i64),
    /// Anything else, as segments write it.
    Text(String),
}

/// What suggestions are made from.
#[derive(Clone, Copy)]
pub struct Suggestions<'a> {
    /// The rows.
    pub store: &'a dyn Store,
    /// Names of codes.
    pub vocabulary: &'a Vocabulary,
    /// The site.
    pub site: &'a SiteSettings,
    /// The site's running day.
    pub today: Day,
}

impl Suggestions<'_> {
    /// Values of the dimension with this name in segments; `None` when there is no such dimension.
    ///
    /// # Errors
    /// When the store fails.
    pub fn of(&self, name: &str) -> Result<Option<Vec<Suggestion>>, QueryError> {
        let Some(found) = dimensions::find(name, Some(self.site)) else { return Ok(None) };
        let texts = match found.dimension.suggest {
            Suggest::Range(first, last) => {
                return Ok(Some((first..=last.min(NUMBER_MAX)).map(Suggestion::Number).collect()));
            }
            Suggest::Days => {
                let days = (0..=NUMBER_MAX as i32).map(|back| self.today.plus(-back).date().to_string());
                return Ok(Some(days.map(Suggestion::Text).collect()));
            }
            Suggest::These(list) => list.iter().map(|text| (*text).to_owned()).collect(),
            Suggest::Listed => self.labels(&found.dimension),
            Suggest::Frequent => by_count(self.counts(found)?.into_iter()),
            Suggest::FrequentThenListed => {
                let mut counts = self.counts(found)?;
                for label in self.labels(&found.dimension) {
                    counts.entry(label).or_default();
                }
                by_count(counts.into_iter().rev())
            }
        };
        Ok(Some(texts.into_iter().take(VALUES_MAX).map(Suggestion::Text).collect()))
    }

    fn list(&self, dimension: &Dimension) -> Vec<(String, Cell)> {
        match dimension.values {
            Values::Codes { list, .. } => list(Lists { vocabulary: self.vocabulary, site: Some(self.site) }),
            _ => vec![],
        }
    }

    /// The labels of a code list, each once.
    fn labels(&self, dimension: &Dimension) -> Vec<String> {
        let mut labels: Vec<String> = self.list(dimension).into_iter().map(|(label, _)| label).collect();
        let mut seen = BTreeSet::new();
        labels.retain(|label| seen.insert(label.clone()));
        labels
    }

    /// The values that rows have, and how many rows each.
    fn counts(&self, found: Found) -> Result<BTreeMap<String, i64>, QueryError> {
        let mut counts = BTreeMap::new();
        if found.dimension.members.is_empty() {
            self.count(found, &mut counts)?;
        }
        for member in found.dimension.members.iter().filter_map(|name| dimensions::find(name, Some(self.site))) {
            self.count(member, &mut counts)?;
        }
        Ok(counts)
    }

    fn count(&self, found: Found, counts: &mut BTreeMap<String, i64>) -> Result<(), QueryError> {
        let slots = match (found.slot, found.dimension.slots) {
            (0, 0) => 0..=0,
            (0, slots) => 1..=slots,
            (slot, _) => slot..=slot,
        };
        let list = self.list(&found.dimension);
        for slot in slots {
            let query = self.query(&found.dimension, slot);
            for row in self.store.query(&query.text, &query.values)?.rows {
                let [value, prefix, Cell::Int(count)] = row.as_slice() else { continue };
                let Some(text) = shown(value, &found.dimension, &list) else { continue };
                *counts.entry(format!("{}{text}", url_prefix(prefix))).or_default() += count;
            }
        }
        Ok(())
    }

    /// Rows of value, URL prefix and count over the newest visits.
    fn query(&self, dimension: &Dimension, slot: u32) -> Fragment {
        let value = dimension.expression.sql(self.store.dialect(), slot);
        let has_prefix = dimension.source == Source::Actions && matches!(dimension.values, Values::PageUrl);
        let prefix = if has_prefix { "url_prefix" } else { "null" };
        let filter = if dimension.filter.is_empty() { "true" } else { dimension.filter };
        let site = Cell::Int(i64::from(self.site.id.0));
        Fragment::new(
            format!(
                "select {value}, {prefix}, count(*) from {} where site_id = ? and {filter} and visit_id in \
                 (select visit_id from visits where site_id = ? order by last_at desc, visit_id desc limit {VISITS_MAX}) \
                 group by 1, 2",
                dimension.source.table()
            ),
            [site.clone(), site],
        )
    }
}

/// The most frequent first; equal ones stay in order.
fn by_count(counts: impl Iterator<Item = (String, i64)>) -> Vec<String> {
    let mut counts: Vec<_> = counts.collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts.into_iter().map(|(text, _)| text).collect()
}

/// A value as segments write it; `None` for nothing and for 0, which nobody looks for.
fn shown(value: &Cell, dimension: &Dimension, list: &[(String, Cell)]) -> Option<String> {
    if let Values::Codes { .. } = dimension.values {
        return list.iter().find(|(_, code)| code == value).map(|(label, _)| label.clone());
    }
    let text = match (value, dimension.values) {
        (Cell::Null | Cell::List(_), _) => return None,
        (Cell::Int(id), Values::Hex) => VisitorId(id.cast_unsigned()).to_hex(),
        (Cell::Int(n), Values::Times(factor)) => (*n as f64 / factor).to_string(),
        (Cell::Int(n), Values::Date) => Day(i32::try_from(*n).ok()?).date().to_string(),
        (Cell::Int(n), _) => n.to_string(),
        (Cell::Float(n), _) => n.to_string(),
        (Cell::Text(text), _) => text.to_string(),
        (Cell::Bytes(bytes), _) => address(bytes)?.to_string(),
    };
    (!text.is_empty() && text != "0").then_some(text)
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    <[u8; 4]>::try_from(bytes).map(IpAddr::from).or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}
