//! Checks of what is written and what ingest reads back.

use super::samples::{action, by_fingerprint, by_visitor, conversion, item, reference, visit};
use crate::{Batch, Cell, LogPosition, SeenAction, Store, TimingUpdate, VisitHistory, VisitLookup};
use candor_core::{
    ActionKind, CART_GOAL_ID, Choice, Consent, ConsentLink, Day, How, LinkedConsent, ORDER_GOAL_ID, ReceiptId, SiteId,
    Timestamp, Visit, VisitId,
};

pub(super) const CHECKS: &[fn(&dyn Store)] = &[
    an_empty_store_answers,
    every_field_comes_back,
    a_batch_moves_the_position,
    a_changed_visit_replaces_the_old_row,
    the_newest_visit_is_found_within_the_bounds,
    a_history_holds_actions_conversions_and_the_cart,
    late_timings_replace_only_what_they_bring,
    conversions_and_items_are_replaced_by_their_keys,
    a_cart_becomes_an_order,
    orders_are_listed,
    consents_are_kept_with_their_places,
    a_batch_may_be_large,
];

fn new_visits(store: &dyn Store, visits: &[Visit]) {
    store.commit(&Batch { new_visits: visits.to_vec(), ..Batch::default() }).unwrap();
}

fn find(store: &dyn Store, lookup: VisitLookup) -> Option<Visit> {
    store.find_visits(&[lookup]).unwrap().remove(0)
}

fn history(store: &dyn Store, visit: &Visit) -> VisitHistory {
    store.histories(&[reference(visit)]).unwrap().remove(0)
}

fn an_empty_store_answers(store: &dyn Store) {
    let visit = visit(1, 1, 1000);
    assert_eq!(store.position().unwrap(), LogPosition { next_seq: 0 });
    assert_eq!(store.last_visit().unwrap(), VisitId(0));
    assert_eq!(find(store, by_visitor(&visit)), None);
    assert_eq!(history(store, &visit), VisitHistory::default());
    assert_eq!(store.orders().unwrap(), []);
    assert_eq!(store.find_visits(&[]).unwrap(), []);
    assert_eq!(store.histories(&[]).unwrap(), []);
    store.commit(&Batch::default()).unwrap();
}

fn every_field_comes_back(store: &dyn Store) {
    let visit = visit(1, 1, 1000);
    let conversion = conversion(&visit, 3, u64::MAX);
    let item = item(&visit, "", "sku");
    store
        .commit(&Batch {
            new_visits: vec![visit.clone()],
            conversions: vec![conversion.clone()],
            items: vec![item.clone()],
            ..Batch::default()
        })
        .unwrap();
    assert_eq!(store.last_visit().unwrap(), visit.id);
    assert_eq!(find(store, by_visitor(&visit)), Some(visit.clone()));
    assert_eq!(
        history(store, &visit),
        VisitHistory { actions: Vec::new(), conversions: vec![conversion], cart_items: vec![item] }
    );
}

fn a_batch_moves_the_position(store: &dyn Store) {
    for next_seq in [7, 7, u64::from(u32::MAX) + 9] {
        let position = LogPosition { next_seq };
        store.commit(&Batch { position, ..Batch::default() }).unwrap();
        assert_eq!(store.position().unwrap(), position);
    }
}

fn a_changed_visit_replaces_the_old_row(store: &dyn Store) {
    let (old, other) = (visit(1, 1, 1000), visit(1, 2, 1000));
    new_visits(store, &[old.clone(), other.clone()]);
    let mut new = old.clone();
    new.last_at += 500;
    new.exit_url = "example.org/later".into();
    new.dimensions.clear();
    store.commit(&Batch { changed_visits: vec![new.clone()], ..Batch::default() }).unwrap();
    assert_eq!(find(store, by_visitor(&old)), Some(new));
    assert_eq!(find(store, by_visitor(&other)), Some(other));
    let rows = store.query("select count(*) from visits", &[]).unwrap().rows;
    assert_eq!(rows, [[crate::Cell::Int(2)]]);
}

fn the_newest_visit_is_found_within_the_bounds(store: &dyn Store) {
    let same_visitor = |id, first_at| {
        let mut visit = visit(1, id, first_at);
        visit.visitor = Some(candor_core::VisitorId(u64::MAX));
        visit.fingerprint = candor_core::Fingerprint(u64::MAX - 1);
        visit
    };
    // Last actions at 190, 1090, 1090 (the greater id wins) and 5090.
    let visits = [same_visitor(10, 100), same_visitor(20, 1000), same_visitor(30, 1000), same_visitor(40, 5000)];
    let mut elsewhere = same_visitor(50, 9000);
    elsewhere.site = SiteId(2);
    new_visits(store, &visits);
    new_visits(store, std::slice::from_ref(&elsewhere));

    for ask in [by_visitor, by_fingerprint] {
        let between = |min, max| VisitLookup { last_at_min: min, last_at_max: max, ..ask(&visits[0]) };
        let lookups = [
            between(i64::MIN, i64::MAX),
            between(0, 5089),
            between(190, 190),
            between(191, 1089),
            between(6000, i64::MAX),
            ask(&elsewhere),
            ask(&visit(1, 77, 0)),
        ];
        let found: Vec<_> =
            store.find_visits(&lookups).unwrap().into_iter().map(|visit| visit.map_or(0, |v| v.id.0)).collect();
        assert_eq!(found, [40, 30, 10, 0, 0, 50, 0]);
    }
}

fn a_history_holds_actions_conversions_and_the_cart(store: &dyn Store) {
    let (one, two) = (visit(1, 1, 1000), visit(1, 2, 2000));
    store
        .commit(&Batch {
            actions: vec![action(&one, 1), action(&two, 0), action(&one, 0)],
            conversions: vec![conversion(&two, 1, 0)],
            items: vec![item(&two, "", "in the cart"), item(&two, "order", "ordered")],
            ..Batch::default()
        })
        .unwrap();
    let seen = |seq: u32| SeenAction {
        seq,
        kind: ActionKind::Page,
        url: format!("example.org/{seq}"),
        title: "Title".into(),
        pageview_id: "abcdef".into(),
        pageview_position: seq + 1,
    };
    let unknown = visit(1, 3, 3000);
    let histories = store.histories(&[reference(&two), reference(&unknown), reference(&one)]).unwrap();
    assert_eq!(
        histories,
        [
            VisitHistory {
                actions: vec![seen(0)],
                conversions: vec![conversion(&two, 1, 0)],
                cart_items: vec![item(&two, "", "in the cart")],
            },
            VisitHistory::default(),
            VisitHistory { actions: vec![seen(0), seen(1)], ..VisitHistory::default() },
        ]
    );
}

fn late_timings_replace_only_what_they_bring(store: &dyn Store) {
    let visit = visit(1, 1, 1000);
    let update = |timings| TimingUpdate { visit: reference(&visit), seq: 1, timings };
    store
        .commit(&Batch {
            actions: vec![action(&visit, 0), action(&visit, 1)],
            timings: vec![update([None, Some(20), None, Some(40), None, None])],
            ..Batch::default()
        })
        .unwrap();
    store
        .commit(&Batch {
            timings: vec![
                update([Some(9), None, None, Some(41), None, None]),
                update([None, None, None, None, Some(50), None]),
            ],
            ..Batch::default()
        })
        .unwrap();
    let rows = store
        .query(
            "select seq, time_network, time_server, time_transfer, time_dom_processing, time_dom_completion, time_on_load
             from actions order by seq",
            &[],
        )
        .unwrap();
    assert_eq!(super::queries::show(&rows), "0 1 - 3 - - 4294967295\n1 9 20 3 41 50 4294967295");
}

fn conversions_and_items_are_replaced_by_their_keys(store: &dyn Store) {
    let visit = visit(1, 1, 1000);
    let conversions = [conversion(&visit, 1, 0), conversion(&visit, 1, 5), conversion(&visit, 2, 0)];
    let items = [item(&visit, "", "a"), item(&visit, "", "b")];
    store.commit(&Batch { conversions: conversions.to_vec(), items: items.to_vec(), ..Batch::default() }).unwrap();

    let mut changed = conversion(&visit, 1, 5);
    changed.revenue = candor_core::Money(777);
    changed.at += 1;
    let mut fewer = item(&visit, "", "a");
    fewer.quantity = 1;
    // The last of two rows with one key counts.
    let batch = Batch {
        conversions: vec![conversion(&visit, 1, 5), changed.clone()],
        items: vec![item(&visit, "", "a"), fewer.clone()],
        removed_conversions: vec![(reference(&visit), conversions[2].goal, 0)],
        ..Batch::default()
    };
    store.commit(&batch).unwrap();
    let history = history(store, &visit);
    assert_eq!(history.conversions, [conversions[0].clone(), changed]);
    assert_eq!(history.cart_items, [fewer, items[1].clone()]);
}

fn a_cart_becomes_an_order(store: &dyn Store) {
    let visit = visit(1, 1, 1000);
    let cart = conversion(&visit, CART_GOAL_ID.0, 0);
    store.commit(&Batch { conversions: vec![cart], items: vec![item(&visit, "", "a")], ..Batch::default() }).unwrap();
    let mut order = conversion(&visit, ORDER_GOAL_ID.0, 1);
    order.order_id = "o-1".into();
    // The order and a new cart after it, in one batch.
    let new_cart = conversion(&visit, CART_GOAL_ID.0, 0);
    store
        .commit(&Batch {
            removed_conversions: vec![(reference(&visit), CART_GOAL_ID, 0)],
            removed_cart_items: vec![reference(&visit)],
            conversions: vec![order.clone(), new_cart.clone()],
            items: vec![item(&visit, "o-1", "a"), item(&visit, "", "b")],
            ..Batch::default()
        })
        .unwrap();
    let mut history = history(store, &visit);
    history.conversions.sort_by_key(|c| c.goal);
    assert_eq!(history.conversions, [new_cart, order]);
    assert_eq!(history.cart_items, [item(&visit, "", "b")]);
}

fn orders_are_listed(store: &dyn Store) {
    let visit = visit(4, 1, 1000);
    let mut order = conversion(&visit, ORDER_GOAL_ID.0, 1);
    order.order_id = "Ünïcode 1".into();
    store.commit(&Batch { conversions: vec![order, conversion(&visit, 1, 0)], ..Batch::default() }).unwrap();
    assert_eq!(store.orders().unwrap(), [(SiteId(4), "Ünïcode 1".to_owned())]);
}

fn consents_are_kept_with_their_places(store: &dyn Store) {
    assert_eq!(store.last_consent().unwrap(), ConsentLink::default());
    let accepted = Consent {
        site: SiteId(1),
        at: Timestamp::from_seconds(1000),
        day: Day(3),
        choice: Choice::Accepted,
        receipt: Some(ReceiptId([0xab; 16])),
        purposes: vec!["statistics".into(), "media".into()],
        version: "1".into(),
        text: Some([7; 32]),
        language: "de".into(),
        how: How::Key,
        signals: "gpc".into(),
        expires: Timestamp::from_seconds(2000),
        regime: "eu-consent".into(),
    };
    let rejected = Consent { choice: Choice::Rejected, receipt: None, text: None, ..accepted.clone() };
    let first = ConsentLink::default().next(&accepted);
    let second = first.next(&rejected);
    let linked = |consent: &Consent, link| LinkedConsent { consent: consent.clone(), link };
    let consents = vec![linked(&accepted, first), linked(&rejected, second)];
    store.commit(&Batch { consents, ..Batch::default() }).unwrap();
    assert_eq!(store.last_consent().unwrap(), second);
    let rows = store.query("select * from consents order by number", &[]).unwrap().rows;
    let text = |text: &str| Cell::Text(text.into());
    assert_eq!(
        rows[0],
        [
            Cell::Int(1),
            Cell::Int(1),
            Cell::Int(1000),
            Cell::Int(3),
            text("accepted"),
            text(&"ab".repeat(16)),
            Cell::List(vec!["statistics".into(), "media".into()]),
            text("1"),
            text(&"07".repeat(32)),
            text("de"),
            text("key"),
            text("gpc"),
            Cell::Int(2000),
            text(&hex::encode(first.hash)),
            text("eu-consent"),
        ]
    );
    assert_eq!((rows[1][4].clone(), rows[1][5].clone(), rows[1][8].clone()), (text("rejected"), text(""), text("")));
}

fn a_batch_may_be_large(store: &dyn Store) {
    let visits: Vec<_> = (1..=5000).map(|id| visit(1, id, 1000)).collect();
    let actions = visits.iter().map(|visit| action(visit, 0)).collect();
    store.commit(&Batch { new_visits: visits.clone(), actions, ..Batch::default() }).unwrap();
    let lookups: Vec<_> = visits.iter().map(by_visitor).collect();
    let found = store.find_visits(&lookups).unwrap();
    assert!(found.iter().zip(&visits).all(|(found, visit)| found.as_ref() == Some(visit)));
    let references: Vec<_> = visits.iter().map(reference).collect();
    assert!(store.histories(&references).unwrap().iter().all(|history| history.actions.len() == 1));
}
