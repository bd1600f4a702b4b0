//! What visitors did before and after a page: where they came from, to which pages, searches, links and downloads
//! they went on. Read from the rows themselves, for one page at a time; never from records.

use crate::{
    QueryError,
    catalogue::dimensions::Source,
    engine::{paths, url_prefix},
    period::Period,
    plan::ROWS_MAX,
    segment::{Segment, Window},
    sql::Fragment,
    table::Value,
};
use candor_core::{ActionKind, ReferrerType, Settings, SiteSettings};
use candor_store::{Cell, Store};

/// The page in question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// By its URL.
    Url(String),
    /// By its title.
    Title(String),
}

/// Which parts of the answer are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Pages and searches before.
    pub before: bool,
    /// Pages, searches, links and downloads after.
    pub after: bool,
    /// Other sites, search engines and campaigns before.
    pub referrers: bool,
}

impl Wanted {
    /// Everything.
    pub const ALL: Self = Self { before: true, after: true, referrers: true };
}

/// What is asked.
#[derive(Clone, Copy)]
pub struct Transitions<'a> {
    /// The rows.
    pub store: &'a dyn Store,
    /// The site.
    pub site: &'a SiteSettings,
    /// The settings.
    pub settings: &'a Settings,
    /// The days.
    pub period: Period,
    /// The visits; `None` = all.
    pub segment: Option<&'a Segment>,
    /// Rows of each list, the rest is summed; 0 = all.
    pub limit: usize,
}

/// `previous_title_kind` of a page's title.
const TITLE: i64 = 4;
/// The name of what is beyond the limit.
const OTHERS: &str = "Others";

/// Labels with how often, in order of appearance.
#[derive(Default)]
struct Counts(Vec<(String, i64)>);

impl Counts {
    fn add(&mut self, label: String, count: i64) {
        match self.0.iter_mut().find(|(known, _)| *known == label) {
            Some((_, sum)) => *sum += count,
            None => self.0.push((label, count)),
        }
    }

    fn sum(&self) -> i64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// The most frequent first, at most `limit`, the rest as one.
    fn list(mut self, limit: usize) -> Value {
        self.0.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
        if limit > 0 && self.0.len() > limit {
            let rest = self.0.split_off(limit);
            self.0.push((OTHERS.to_owned(), rest.iter().map(|(_, count)| count).sum()));
        }
        let row = |(label, count)| map([("label", Value::Text(label)), ("referrals", Value::Int(count))]);
        Value::List(self.0.into_iter().map(row).collect())
    }
}

/// What came before.
#[derive(Default)]
struct Before {
    pages: Counts,
    searches: Counts,
    /// The page itself.
    loops: i64,
    pageviews: i64,
}

/// What came after.
#[derive(Default)]
struct After {
    pages: Counts,
    searches: Counts,
    outlinks: Counts,
    downloads: Counts,
}

impl Transitions<'_> {
    /// The answer of `Transitions.getTransitionsForAction`; `None` when nobody saw the page.
    ///
    /// # Errors
    /// When the store fails.
    pub fn of(&self, page: &Page, wanted: Wanted) -> Result<Option<Value>, QueryError> {
        let page = &self.normalised(page);
        let before = self.before(page)?;
        if before.pageviews == 0 {
            return Ok(None);
        }
        let mut answer = vec![("date", Value::Text(self.period.short()))];
        let mut metrics = vec![];
        if wanted.before {
            metrics.extend([("loops", before.loops), ("pageviews", before.pageviews)]);
            answer.push(("previousPages", before.pages.list(self.limit)));
            answer.push(("previousSiteSearches", before.searches.list(self.limit)));
        }
        let referrers = if wanted.referrers { self.referrers(page)? } else { vec![] };
        if wanted.referrers {
            metrics.push(("entries", referrers.iter().map(|(_, visits, _)| visits).sum()));
        }
        if wanted.after {
            let after = self.after(page)?;
            if wanted == Wanted::ALL {
                let went_on = after.pages.sum() + after.searches.sum();
                metrics.push(("exits", before.pageviews - before.loops - went_on));
            }
            answer.push(("followingPages", after.pages.list(self.limit)));
            answer.push(("followingSiteSearches", after.searches.list(self.limit)));
            answer.push(("outlinks", after.outlinks.list(self.limit)));
            answer.push(("downloads", after.downloads.list(self.limit)));
        }
        if wanted.referrers {
            let rows = referrers.into_iter().map(|(kind, visits, details)| referrer(kind, visits, details, self.limit));
            answer.push(("referrers", Value::List(rows.collect())));
        }
        answer.push(("pageMetrics", map(metrics.into_iter().map(|(name, number)| (name, Value::Int(number))))));
        Ok(Some(map(answer)))
    }

    fn normalised(&self, page: &Page) -> Page {
        match page {
            Page::Url(url) => {
                let url = paths::without_excluded(url, self.settings, self.site);
                Page::Url(paths::without_prefix(&url).to_owned())
            }
            Page::Title(title) => Page::Title(title.trim().to_owned()),
        }
    }

    fn before(&self, page: &Page) -> Result<Before, QueryError> {
        let (this, reference) = page.columns();
        // A visit's first search stands before no page; by URL, what follows it came from nowhere.
        let columns = [reference, "previous_title_kind", "previous_title", "pageview_position > 2"];
        let condition = format!("kind = {} and {this} = ?", ActionKind::Page as u8);
        let mut before = Before::default();
        for row in self.grouped(Source::Actions, &columns, condition, page)? {
            let [previous, Cell::Int(kind), title, has_page_before, Cell::Int(count)] = row.as_slice() else {
                continue;
            };
            before.pageviews += count;
            let (previous, is_search) = (text(previous), *kind == ActionKind::Search as i64);
            let by_url = matches!(page, Page::Url(_));
            if is_search {
                if !by_url || matches!(has_page_before, Cell::Int(1)) {
                    before.searches.add(text(title), *count);
                }
            } else if previous == page.text() {
                before.loops += count;
            } else if !previous.is_empty() {
                before.pages.add(previous, *count);
            }
        }
        Ok(before)
    }

    fn after(&self, page: &Page) -> Result<After, QueryError> {
        let (this, reference) = page.columns();
        let mut condition = format!("{reference} = ?");
        if matches!(page, Page::Title(_)) {
            condition.push_str(&format!(" and previous_title_kind = {TITLE}"));
        }
        let mut after = After::default();
        for row in self.grouped(Source::Actions, &["kind", this, "title", "url", "url_prefix"], condition, page)? {
            let [Cell::Int(kind), this, title, url, prefix, Cell::Int(count)] = row.as_slice() else { continue };
            let link = || format!("{}{}", url_prefix(prefix), text(url));
            match u8::try_from(*kind).ok().and_then(ActionKind::from_number) {
                Some(ActionKind::Page) if text(this) != page.text() => after.pages.add(text(this), *count),
                Some(ActionKind::Search) => after.searches.add(text(title), *count),
                Some(ActionKind::Outlink) => after.outlinks.add(link(), *count),
                Some(ActionKind::Download) => after.downloads.add(link(), *count),
                _ => {}
            }
        }
        Ok(after)
    }

    /// Visits that began with the page, by kind of referrer, with the referrers of each.
    fn referrers(&self, page: &Page) -> Result<Vec<(&'static Kind, i64, Counts)>, QueryError> {
        let condition = match page {
            Page::Url(_) => "entry_url = ?".to_owned(),
            Page::Title(_) => format!("entry_title_kind = {TITLE} and entry_title = ?"),
        };
        let columns = ["referrer_type", "referrer_name", "referrer_keyword", "referrer_url"];
        let mut found: Vec<(&Kind, i64, Counts)> = KINDS.iter().map(|kind| (kind, 0, Counts::default())).collect();
        for row in self.grouped(Source::Visits, &columns, condition, page)? {
            let [Cell::Int(kind), name, keyword, url, Cell::Int(count)] = row.as_slice() else { continue };
            let Some((kind, visits, details)) = found.iter_mut().find(|(known, ..)| known.referrer as i64 == *kind)
            else {
                continue;
            };
            *visits += count;
            match kind.referrer {
                ReferrerType::Direct => {}
                ReferrerType::Website => details.add(text(url), *count),
                ReferrerType::Campaign => {
                    details.add(format!("{} {}", text(name), text(keyword)).trim_end().to_owned(), *count);
                }
                _ => details.add(text(name), *count),
            }
        }
        found.retain(|(_, visits, _)| *visits > 0);
        Ok(found)
    }

    /// Rows of a table in which the page is what `condition` says, counted by `columns`.
    fn grouped(
        &self,
        source: Source,
        columns: &[&str],
        condition: String,
        page: &Page,
    ) -> Result<Vec<Vec<Cell>>, QueryError> {
        let window = Window { site: self.site.id, first: self.period.start, last: self.period.end, slack: 1 };
        let mut rows = vec![window.rows(), Fragment::new(condition, [Cell::Text(page.text().into())])];
        rows.extend(self.segment.map(|segment| segment.condition(source, &window, self.store.dialect())));
        let rows = Fragment::all(rows);
        let groups = (1..=columns.len()).map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "select {}, count(*) from {} where {} group by {groups} limit {ROWS_MAX}",
            columns.join(", "),
            source.table(),
            rows.text
        );
        Ok(self.store.query(&sql, &rows.values)?.rows)
    }
}

impl Page {
    /// The columns that hold such a page, and the one before it.
    fn columns(&self) -> (&'static str, &'static str) {
        match self {
            Self::Url(_) => ("url", "previous_url"),
            Self::Title(_) => ("title", "previous_title"),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Url(text) | Self::Title(text) => text,
        }
    }
}

/// A kind of referrer as the answer tells it.
struct Kind {
    referrer: ReferrerType,
    label: &'static str,
    name: &'static str,
}

const fn kind(referrer: ReferrerType, label: &'static str, name: &'static str) -> Kind {
    Kind { referrer, label, name }
}

const KINDS: [Kind; 6] = [
    kind(ReferrerType::Direct, "Direct entries", "direct"),
    kind(ReferrerType::Search, "From search engines", "search"),
    kind(ReferrerType::Social, "From social networks", "social"),
    kind(ReferrerType::AiAssistant, "From AI assistants", "aiassistant"),
    kind(ReferrerType::Website, "From websites", "website"),
    kind(ReferrerType::Campaign, "From campaigns", "campaign"),
];

fn referrer(kind: &Kind, visits: i64, details: Counts, limit: usize) -> Value {
    map([
        ("label", Value::text(kind.label)),
        ("shortName", Value::text(kind.name)),
        ("visits", Value::Int(visits)),
        ("details", details.list(limit)),
    ])
}

fn map(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_come_first_and_the_rest_is_summed() {
        let listed = |limit| {
            let mut counts = Counts::default();
            for (label, count) in [("b", 2), ("a", 1), ("c", 2), ("a", 2)] {
                counts.add(label.into(), count);
            }
            let Value::List(rows) = counts.list(limit) else { return String::new() };
            let row = |row: &Value| match row {
                Value::Map(fields) => fields.iter().filter_map(|(_, v)| v.as_text()).collect::<String>(),
                _ => String::new(),
            };
            rows.iter().map(row).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(listed(0), "a b c");
        assert_eq!(listed(1), "a Others");
    }
}
