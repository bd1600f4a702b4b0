//! Rows in which every field has a value of its own, so that two that change places are noticed.

use crate::{VisitLookup, VisitRef};
use candor_core::visit::{Campaign, Device, Location};
use candor_core::{
    Action, ActionKind, Conversion, ConversionItem, Day, Fingerprint, GoalId, LegalBasis, Money, Referrer,
    ReferrerType, Returning, SiteId, Visit, VisitId, VisitorId,
};

/// A visit of visitor `id` that began at `first_at`.
pub(crate) fn visit(site: u32, id: u64, first_at: i64) -> Visit {
    Visit {
        site: SiteId(site),
        id: VisitId(id),
        visitor: Some(VisitorId(u64::MAX - id)),
        fingerprint: Fingerprint(0xF000_0000_0000_0000 + id),
        user_id: "Zoë's \"id\"; --".into(),
        day: Day(20_000),
        first_at,
        last_at: first_at + 90,
        hour: 23,
        total_time: 91,
        actions: 2,
        interactions: 3,
        searches: 4,
        events: 5,
        entry_url: "example.org/in?a=b&c=%20".into(),
        entry_title: "In <b>".into(),
        entry_title_kind: 4,
        exit_url: "example.org/out".into(),
        exit_title: "Out 🦆".into(),
        exit_title_kind: 8,
        referrer: referrer(),
        campaign: Campaign {
            name: "c-name".into(),
            keyword: "c-keyword".into(),
            source: "c-source".into(),
            medium: "c-medium".into(),
            content: "c-content".into(),
            id: "c-id".into(),
            group: "c-group".into(),
            placement: "c-placement".into(),
        },
        ip: vec![192, 0, 2, 0],
        location: location(),
        device: device(),
        resolution: "1920x1080".into(),
        plugins: 129,
        language: "de-at".into(),
        local_time: 86_399,
        returning: Returning::Customer,
        visit_count: 6,
        seconds_since_first: Some(7),
        seconds_since_last: 8,
        seconds_since_order: None,
        converted: true,
        buyer: 3,
        profilable: true,
        dimensions: vec!["d1".into(), String::new(), "d3".into()],
        custom_variables: vec!["n".into(), "v".into()],
        action_rows: 9,
        legal_basis: LegalBasis::Consented,
    }
}

/// Action `seq` of a visit, `seq` seconds after its beginning.
pub(crate) fn action(visit: &Visit, seq: u32) -> Action {
    Action {
        site: visit.site,
        visit: visit.id,
        visitor: visit.visitor,
        seq,
        at: visit.first_at + i64::from(seq),
        day: Day(20_001),
        kind: ActionKind::Page,
        url: format!("example.org/{seq}"),
        url_prefix: Some(3),
        title: "Title".into(),
        previous_url: "example.org/before".into(),
        previous_title: "Before".into(),
        previous_title_kind: 8,
        time_spent: 12,
        first_url: true,
        first_title: false,
        pageview_position: seq + 1,
        pageview_id: "abcdef".into(),
        category: "cat".into(),
        event_action: "act".into(),
        event_value: Some(1.25),
        search_count: Some(0),
        content_name: "c-name".into(),
        content_piece: "c-piece".into(),
        content_target: "c-target".into(),
        content_interaction: "c-inter".into(),
        product_sku: "sku".into(),
        product_name: "product".into(),
        product_categories: vec!["a".into(), "b".into()],
        product_price: Some(-3),
        timings: [Some(1), None, Some(3), None, None, Some(u32::MAX)],
        bandwidth: Some(10_000_000_000),
        dimensions: vec!["x".into()],
        custom_variables: Vec::new(),
    }
}

/// A conversion of a visit.
pub(crate) fn conversion(visit: &Visit, goal: i32, buster: u64) -> Conversion {
    Conversion {
        site: visit.site,
        visit: visit.id,
        visitor: visit.visitor,
        goal: GoalId(goal),
        buster,
        at: visit.first_at + 60,
        day: Day(20_002),
        order_id: String::new(),
        url: "https://example.org/thanks".into(),
        action_kind: 1,
        action_seq: Some(4),
        revenue: Money(10),
        revenue_subtotal: Money(20),
        revenue_tax: Money(30),
        revenue_shipping: Money(40),
        revenue_discount: Money(-50),
        items: 6,
        pageviews_before: 7,
        referrer: referrer(),
        returning: Returning::Returning,
        visit_count: 8,
        seconds_since_first: None,
        seconds_since_order: Some(9),
        location: location(),
        device: device(),
        dimensions: vec!["d".into()],
        custom_variables: vec!["n".into(), "v".into()],
        hour: 22,
    }
}

/// An item of an order, or of the cart when `order_id` is empty.
pub(crate) fn item(visit: &Visit, order_id: &str, sku: &str) -> ConversionItem {
    ConversionItem {
        site: visit.site,
        visit: visit.id,
        visitor: visit.visitor,
        order_id: order_id.into(),
        at: visit.first_at + 61,
        day: Day(20_003),
        sku: sku.into(),
        name: "Name".into(),
        categories: vec!["one".into(), "two".into()],
        price: Money(1_990_000),
        quantity: 2,
        deleted: false,
    }
}

/// How the store is told about a visit.
pub(crate) fn reference(visit: &Visit) -> VisitRef {
    VisitRef { site: visit.site, id: visit.id, first_at: visit.first_at }
}

/// Asks for a visit's visitor at any time.
pub(crate) fn by_visitor(visit: &Visit) -> VisitLookup {
    VisitLookup {
        site: visit.site,
        visitor: visit.visitor,
        fingerprint: Fingerprint(0),
        last_at_min: i64::MIN,
        last_at_max: i64::MAX,
    }
}

/// Asks for a visit's fingerprint at any time.
pub(crate) fn by_fingerprint(visit: &Visit) -> VisitLookup {
    VisitLookup { visitor: None, fingerprint: visit.fingerprint, ..by_visitor(visit) }
}

fn referrer() -> Referrer {
    Referrer {
        kind: ReferrerType::Search,
        name: "r-name".into(),
        keyword: "r-keyword".into(),
        url: "https://r.example/".into(),
    }
}

fn location() -> Location {
    Location { country: "at".into(), region: "9".into(), city: "Wien".into(), latitude: Some(48.2085), longitude: None }
}

fn device() -> Device {
    Device {
        os: "WIN".into(),
        os_version: "11".into(),
        client_type: "browser".into(),
        browser: "FF".into(),
        browser_version: "120.0".into(),
        browser_engine: "Gecko".into(),
        kind: Some(0),
        brand: "Brand".into(),
        model: "Model".into(),
    }
}
