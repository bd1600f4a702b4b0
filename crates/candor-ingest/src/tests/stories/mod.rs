//! The rules of visits as stories: lines of hits in, lines of visits out.
//!
//! A hit is `HH:MM[:SS] who what [key=value…]`; a letter is a visitor with a device and a cookie of
//! their own. `what` is `/path`, `search:word`, `event:name`, `download:url`, `outlink:url`,
//! `content:name`, `goal:N`, `cart:sku*2,sku`, `order:id:sku*2,sku` or `ping`.

mod commerce;
mod goals;
mod midnight;
mod recognition;
mod rows;

use super::{
    batches::{Fixed, frame, projector},
    hits::{self, NOON},
    model_store::{ModelStore, Tables},
};
use candor_collect::{Commerce, CommerceItem, Hit, HitFields, MatchedGoal, VisitorSource};
use candor_core::{
    ActionKind, Fingerprint, GoalId, LegalBasis, Money, Referrer, ReferrerType, Settings, Timestamp, Visit, VisitorId,
};
use std::sync::Arc;

/// Runs a story in UTC.
fn tell(story: &str) -> Tables {
    tell_with(Settings::default(), story)
}

/// Runs a story under these settings.
fn tell_with(settings: Settings, story: &str) -> Tables {
    let hits: Vec<Hit> = story.lines().filter(|line| !line.trim().is_empty()).map(read).collect();
    let store = Arc::new(ModelStore::default());
    let mut projector = projector(&store, Fixed(Arc::new(settings)), 100);
    projector.take(&frame(1, &hits)).unwrap();
    projector.apply_all(usize::MAX).unwrap();
    store.tables()
}

/// One line a visit: who, from–to, duration, actions.
fn visits(tables: &Tables) -> Vec<String> {
    let line = |visit: &Visit| {
        let (who, actions) = (name(visit.visitor), visit.actions);
        let (from, to) = (clock(visit.first_at), clock(visit.last_at));
        format!("{who} {from}–{to} {}s {actions} actions", visit.total_time)
    };
    tables.visits.values().map(line).collect()
}

/// The single visit of a story.
fn only(tables: &Tables) -> &Visit {
    assert_eq!(tables.visits.len(), 1);
    tables.visits.values().next().unwrap()
}

fn name(visitor: Option<VisitorId>) -> String {
    let Some(visitor) = visitor else { return "nobody".into() };
    if visitor.0 < 256 { char::from(visitor.0 as u8).to_string() } else { visitor.to_hex() }
}

fn clock(at: i64) -> String {
    let of_day = (at - NOON + 43_200).rem_euclid(86_400);
    let seconds = if of_day % 60 == 0 { String::new() } else { format!(":{:02}", of_day % 60) };
    format!("{:02}:{:02}{seconds}", of_day / 3600, of_day / 60 % 60)
}

fn read(line: &str) -> Hit {
    let mut words = line.split_whitespace();
    let parts: Vec<i64> = words.next().unwrap().split(':').map(|part| part.parse().unwrap()).collect();
    let seconds = parts[0] * 3600 + parts[1] * 60 + parts.get(2).copied().unwrap_or(0) - 43_200;
    let mut fields = hits::fields(seconds, words.next().unwrap());
    read_what(&mut fields, words.next().unwrap());
    words.for_each(|word| read_option(&mut fields, word));
    hits::hit(&fields)
}

fn read_what(fields: &mut HitFields, what: &str) {
    let mut act = |kind, url: &str, title: &str| fields.action = Some(hits::action(kind, url, title));
    match what.split_once(':') {
        None if what == "ping" => fields.ping = true,
        None => act(ActionKind::Page, &format!("shop.example{what}"), what),
        Some(("search", word)) => act(ActionKind::Search, "", word),
        Some(("event", name)) => act(ActionKind::Event, "shop.example/here", name),
        Some(("download", url)) => act(ActionKind::Download, url, ""),
        Some(("outlink", url)) => act(ActionKind::Outlink, url, ""),
        Some(("content", name)) => act(ActionKind::Content, "shop.example/here", name),
        Some(("goal", id)) => {
            let id = GoalId(id.parse().unwrap());
            fields.goals = vec![MatchedGoal { id, revenue: Money::from_units(5.0), allow_multiple: false }];
        }
        Some(("cart", items)) => fields.commerce = Some(commerce("", items)),
        Some(("order", rest)) => {
            let (id, items) = rest.split_once(':').unwrap();
            fields.commerce = Some(commerce(id, items));
        }
        Some((other, _)) => panic!("no such thing as `{other}` in stories"),
    }
}

fn commerce(order_id: &str, items: &str) -> Commerce {
    let item = |text: &str| {
        let (sku, quantity) = text.split_once('*').unwrap_or((text, "1"));
        let price = Money::from_units(10.0);
        CommerceItem { sku: sku.into(), quantity: quantity.parse().unwrap(), price, ..CommerceItem::default() }
    };
    let items: Vec<CommerceItem> = items.split(',').filter(|text| !text.is_empty()).map(item).collect();
    let revenue = Money(items.iter().map(|item| item.price.0 * i64::from(item.quantity)).sum());
    let none = Money::ZERO;
    Commerce {
        order_id: order_id.into(),
        revenue,
        subtotal: revenue,
        tax: none,
        shipping: none,
        discount: none,
        items,
        repeated: false,
    }
}

fn read_option(fields: &mut HitFields, option: &str) {
    let (key, value) = option.split_once('=').unwrap();
    let referrer = |kind| Referrer { kind, name: value.into(), ..Referrer::default() };
    match key {
        "device" => fields.fingerprint = Fingerprint(value.bytes().map(u64::from).sum()),
        "cookie" => fields.visitor = None,
        "cid" => fields.visitor = fields.visitor.map(|(id, _)| (id, VisitorSource::Forced)),
        "uid" => {
            fields.user_id = value.into();
            fields.visitor = Some((VisitorId(u64::from(value.as_bytes()[0])), VisitorSource::UserId));
        }
        "day" => fields.at = Timestamp(fields.at.0 + value.parse::<i64>().unwrap() * 86_400_000),
        "new" => fields.new_visit = true,
        "exempt" => hits::exempt(fields),
        "consented" => fields.legal_basis = LegalBasis::Consented,
        "pv" => fields.pageview_id = value.into(),
        "dom" => fields.timings[3] = Some(value.parse().unwrap()),
        "campaign" => fields.referrer = referrer(ReferrerType::Campaign),
        "keyword" => fields.referrer.keyword = value.into(),
        "host" => fields.keyword_fallback = value.into(),
        "site" => fields.referrer = referrer(ReferrerType::Website),
        "remembers" => fields.attribution = Some(referrer(ReferrerType::Search)),
        "repeated" => fields.commerce.iter_mut().for_each(|order| order.repeated = true),
        "multiple" => fields.goals.iter_mut().for_each(|goal| goal.allow_multiple = true),
        "dimension" => fields.visit_dimensions = vec![(2, value.into())],
        "resolution" => fields.resolution = value.into(),
        _ => panic!("no such option as `{key}` in stories"),
    }
}
