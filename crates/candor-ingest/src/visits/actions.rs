//! Action rows: what was done, on which page before it, and how long that page was looked at.

use super::{OpenVisit, Rules, extend::set, past::Seen, visit_ref};
use crate::changes::Changes;
use candor_collect::{Hit, HitAction};
use candor_core::{Action, ActionKind, Visit};
use candor_store::TimingUpdate;

/// What a title is, as Matomo's action type.
const TITLE: u8 = 4;

/// The visit's state just before the hit.
#[derive(Default)]
pub(crate) struct Before {
    url: String,
    title: String,
    title_kind: u8,
    time_spent: u32,
}

impl Before {
    /// A visit's first hit has nothing before it.
    pub(crate) fn nothing() -> Self {
        Self::default()
    }

    pub(crate) fn of(visit: &Visit, hit: &Hit, rules: &Rules<'_>) -> Self {
        if hit.action.is_none() {
            return Self::default();
        }
        let spent = (hit.at.seconds() - visit.last_at).clamp(0, rules.tracker.visit_standard_length.max(0));
        Self {
            url: visit.exit_url.clone(),
            title: visit.exit_title.clone(),
            title_kind: visit.exit_title_kind,
            time_spent: u32::try_from(spent).unwrap_or(u32::MAX),
        }
    }
}

/// Adds the hit to the visit's counts.
pub(crate) fn count(visit: &mut Visit, hit: &Hit) {
    let Some(action) = &hit.action else { return };
    let kind = action.kind;
    // Content is not an action of the visit, but has rows.
    visit.actions += u32::from(kind != ActionKind::Content);
    visit.interactions += u32::from(matches!(kind, ActionKind::Page | ActionKind::Search));
    visit.searches += u32::from(kind == ActionKind::Search);
    visit.events += u32::from(kind == ActionKind::Event);
}

/// The entry of a visit that begins with this hit. Only a page's URL may still be filled in later.
pub(crate) fn enter(visit: &mut Visit, hit: &Hit) {
    if let Some((url, title, kind)) = hit.action.as_ref().and_then(as_page) {
        url.clone_into(&mut visit.entry_url);
        title.clone_into(&mut visit.entry_title);
        visit.entry_title_kind = kind;
    }
}

/// URL, title and what the title is, of an action that can be entry, exit or previous page.
fn as_page(action: &HitAction) -> Option<(&str, &str, u8)> {
    let kind_of = |kind: u8| if action.title.is_empty() { 0 } else { kind };
    match action.kind {
        ActionKind::Page => Some((&action.url, &action.title, kind_of(TITLE))),
        ActionKind::Search => Some(("", &action.title, kind_of(ActionKind::Search as u8))),
        _ => None,
    }
}

/// Records the hit's action, or the late timings of an earlier one. Returns the action's `seq`.
pub(crate) fn record(
    open: &mut OpenVisit,
    before: Before,
    hit: &Hit,
    rules: &Rules<'_>,
    changes: &mut Changes,
) -> Option<u32> {
    let Some(done) = &hit.action else {
        record_timings(open, hit, changes);
        return None;
    };
    if done.kind != ActionKind::Page {
        record_timings(open, hit, changes);
    }
    let row = row(open, before, hit, done, rules);
    let seq = row.seq;
    changes.actions.push(row);
    if done.kind == ActionKind::Page && !hit.pageview_id.is_empty() {
        open.past.see(Seen::PageView(&hit.pageview_id), seq);
        changes.remember_page(open.visit.id, seq);
    }
    leave(&mut open.visit, done);
    Some(seq)
}

/// The page is now the visit's last one.
fn leave(visit: &mut Visit, action: &HitAction) {
    let Some((url, title, kind)) = as_page(action) else { return };
    // A visit that began with an event has its entry page when the first page comes;
    // one that began with a search has none.
    if visit.entry_url.is_empty() && visit.entry_title_kind != ActionKind::Search as u8 {
        url.clone_into(&mut visit.entry_url);
    }
    url.clone_into(&mut visit.exit_url);
    title.clone_into(&mut visit.exit_title);
    visit.exit_title_kind = kind;
}

fn row(open: &mut OpenVisit, before: Before, hit: &Hit, done: &HitAction, rules: &Rules<'_>) -> Action {
    let OpenVisit { visit, past } = open;
    let seq = visit.action_rows;
    visit.action_rows += 1;
    let first_title = past.see(Seen::Title(done.kind, &done.title), seq);
    let first_of_url = past.see(Seen::Url(done.kind, &done.url), seq);
    let product = done.product.clone().unwrap_or_default();
    let mut dimensions = Vec::new();
    for (slot, value) in &done.dimensions {
        set(&mut dimensions, *slot, 1, [value.clone()]);
    }
    let mut custom_variables = Vec::new();
    for (slot, name, value) in &done.variables {
        set(&mut custom_variables, *slot, 2, [name.clone(), value.clone()]);
    }
    let at = hit.at.seconds();
    Action {
        site: visit.site,
        visit: visit.id,
        visitor: visit.visitor,
        seq,
        at,
        day: rules.day(at),
        kind: done.kind,
        url: done.url.clone(),
        url_prefix: done.url_prefix,
        title: done.title.clone(),
        previous_url: before.url,
        previous_title: before.title,
        previous_title_kind: before.title_kind,
        time_spent: before.time_spent,
        // Searches have no URL of their own: the keyword stands for it.
        first_url: if done.kind == ActionKind::Search { first_title } else { first_of_url },
        first_title,
        pageview_position: visit.interactions,
        pageview_id: hit.pageview_id.clone(),
        category: done.category.clone(),
        event_action: done.event_action.clone(),
        event_value: done.event_value,
        search_count: done.search_count,
        content_name: done.content_name.clone(),
        content_piece: done.content_piece.clone(),
        content_target: done.content_target.clone(),
        content_interaction: done.content_interaction.clone(),
        product_sku: product.sku,
        product_name: product.name,
        product_categories: product.categories,
        product_price: product.price.map(|price| price.0),
        timings: if done.kind == ActionKind::Page { hit.timings } else { Default::default() },
        bandwidth: hit.bandwidth,
        dimensions,
        custom_variables,
    }
}

/// Loading times that arrive after their page view.
fn record_timings(open: &OpenVisit, hit: &Hit, changes: &mut Changes) {
    if hit.pageview_id.is_empty() || hit.timings.iter().all(Option::is_none) {
        return;
    }
    if let Some(seq) = open.past.find(Seen::PageView(&hit.pageview_id)) {
        changes.time(TimingUpdate { visit: visit_ref(&open.visit), seq, timings: hit.timings });
    }
}
