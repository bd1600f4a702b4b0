//! Where a batch ends, what memory keeps and when the process restarts must not change a visit.

use super::{
    hits::{self, NOON},
    model_store::{ModelStore, Tables},
};
use crate::{
    projector::Projector,
    wal::{Frame, Record, Unit},
};
use candor_collect::{Commerce, CommerceItem, Hit, HitFields, MatchedGoal, VisitorSource};
use candor_core::{
    ActionKind, Fingerprint, Goal, GoalId, MatchAttribute, Money, PatternType, Referrer, ReferrerType, RevisionError,
    Settings, SettingsLookup, SiteId, SiteSettings, SiteZone, Timestamp, Visit, VisitorId,
};
use proptest::prelude::*;
use std::sync::Arc;

/// The same settings at every revision: site 1 in Berlin with a goal of five minutes.
pub(crate) struct Fixed(pub(crate) Arc<Settings>);

impl SettingsLookup for Fixed {
    fn at_revision(&self, _: u64) -> Result<Arc<Settings>, RevisionError> {
        Ok(self.0.clone())
    }
}

impl Default for Fixed {
    fn default() -> Self {
        let mut site = SiteSettings::new(SiteId(1), "Shop", &["https://shop.example"]);
        site.zone = SiteZone::parse("Europe/Berlin").unwrap();
        site.goals = vec![Goal {
            id: GoalId(7),
            name: "stays".into(),
            description: String::new(),
            attribute: MatchAttribute::VisitDuration,
            pattern: "5".into(),
            pattern_type: PatternType::GreaterThan,
            case_sensitive: false,
            allow_multiple: false,
            revenue: Money::from_units(3.0),
            event_value_as_revenue: false,
        }];
        let mut settings = Settings::default();
        settings.sites.insert(SiteId(1), Arc::new(site));
        Self(Arc::new(settings))
    }
}

/// A projector on a store, keeping at most so many visits.
pub(crate) fn projector(store: &Arc<ModelStore>, settings: Fixed, visits_max: usize) -> Projector {
    Projector::new(store.clone(), Arc::new(settings), Arc::new(()), visits_max).unwrap()
}

/// All hits in one frame.
pub(crate) fn frame(first_seq: u64, hits: &[Hit]) -> Frame {
    Frame::build(first_seq, [Unit::encode(hits).unwrap()].iter())
}

/// Each record as a part of a frame.
pub(crate) fn units(records: &[Record]) -> Vec<Unit> {
    let unit = |record: &Record| match record {
        Record::Hit(hit) => Unit::encode(std::slice::from_ref(hit.as_ref())).unwrap(),
        Record::Consent(consent) => Unit::of_consent(consent).unwrap(),
    };
    records.iter().map(unit).collect()
}

/// Mostly hits.
pub(crate) fn any_record() -> impl Strategy<Value = Record> {
    prop_oneof![
        6 => any_hit().prop_map(|fields| Record::Hit(Box::new(hits::hit(&fields)))),
        1 => any::<u8>().prop_map(|number| Record::Consent(hits::accepted(number))),
    ]
}

/// Few visitors, devices and minutes, so that hits meet: late ones, other devices, sign-ins, campaigns.
pub(crate) fn any_hit() -> impl Strategy<Value = HitFields> {
    let who = (0..5_u64, 0..4_u64, 0..4_u8);
    let when = prop_oneof![8 => 0..3600_i64, 2 => -7200..14_400_i64];
    (who, when, 0..16_u8, 0..4_u8, 0..5_u8).prop_map(|((visitor, device, user), seconds, what, page, referrer)| {
        let mut fields = hits::fields(seconds, "A");
        fields.fresh_visitor = VisitorId(1 << 40 | (NOON + seconds) as u64);
        fields.visitor = (visitor > 0).then_some((VisitorId(visitor), VisitorSource::Cookie));
        fields.fingerprint = Fingerprint(device);
        if user == 3 {
            fields.user_id = format!("user{visitor}");
            fields.visitor = Some((VisitorId(1000 + visitor), VisitorSource::UserId));
        } else if user == 2 && visitor > 1 {
            fields.visitor = Some((VisitorId(visitor), VisitorSource::Forced));
        }
        if referrer < 2 {
            let name = format!("spring{referrer}");
            fields.referrer = Referrer { kind: ReferrerType::Campaign, name, ..Referrer::default() };
            fields.keyword_fallback = "host.example".into();
        }
        if page == 3 {
            hits::exempt(&mut fields);
        }
        do_something(&mut fields, what, page);
        fields
    })
}

fn do_something(fields: &mut HitFields, what: u8, page: u8) {
    let url = format!("/{page}");
    match what {
        0 => fields.ping = true,
        1 => fields.goals = vec![MatchedGoal { id: GoalId(1), revenue: Money(0), allow_multiple: page == 0 }],
        2 | 3 => {
            let item = |sku: u8| CommerceItem { sku: sku.to_string(), quantity: 1, ..CommerceItem::default() };
            fields.commerce = Some(Commerce {
                order_id: if what == 2 { format!("order{page}") } else { String::new() },
                revenue: Money::from_units(f64::from(page)),
                subtotal: Money(0),
                tax: Money(0),
                shipping: Money(0),
                discount: Money(0),
                items: (0..page).map(item).collect(),
                repeated: what == 2 && page == 3,
            });
        }
        4 => {
            fields.ping = true;
            fields.pageview_id = format!("pv{page}");
            fields.timings[2] = Some(u32::from(page));
        }
        5 => fields.action = Some(hits::action(ActionKind::Event, &url, "name")),
        6 => fields.action = Some(hits::action(ActionKind::Search, "", &url)),
        7 => fields.action = Some(hits::action(ActionKind::Content, &url, "")),
        8 => {
            fields.new_visit = true;
            fields.action = Some(hits::action(ActionKind::Page, &url, ""));
        }
        _ => {
            fields.pageview_id = format!("pv{page}");
            fields.action = Some(hits::action(ActionKind::Page, &url, &url));
        }
    }
}

/// One hit a commit, nothing kept in memory: each visit is found by the store alone.
pub(crate) fn one_by_one(hits: &[Hit]) -> Tables {
    let records: Vec<_> = hits.iter().map(|hit| Record::Hit(Box::new(hit.clone()))).collect();
    records_one_by_one(&records)
}

/// The same for records of both kinds.
pub(crate) fn records_one_by_one(records: &[Record]) -> Tables {
    let store = Arc::new(ModelStore::default());
    let mut projector = projector(&store, Fixed::default(), 0);
    projector.take(&Frame::build(1, units(records).iter())).unwrap();
    projector.apply_all(1).unwrap();
    store.tables()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn batches_memory_and_restarts_change_nothing(
        records in prop::collection::vec(any_record(), 1..60),
        batches in prop::collection::vec((1..40_usize, any::<bool>()), 1..8),
        visits_max in prop::sample::select(vec![0, 2, 5, 100]),
    ) {
        let expected = records_one_by_one(&records);
        let store = Arc::new(ModelStore::default());
        let mut running = projector(&store, Fixed::default(), visits_max);
        let all = Frame::build(1, units(&records).iter());
        running.take(&all).unwrap();
        for (size, restarts) in batches.iter().cycle() {
            if running.waiting() == 0 {
                break;
            }
            let prepared = running.prepare(*size).unwrap();
            running.commit(&prepared).unwrap();
            if *restarts {
                running = projector(&store, Fixed::default(), visits_max);
                // The log is read again from its beginning: what the store has is left out.
                running.take(&all).unwrap();
            }
        }
        prop_assert_eq!(store.tables(), expected);
    }

    #[test]
    fn a_failing_store_is_asked_again_until_it_has_everything_once(
        records in prop::collection::vec(any_record(), 1..30),
        fails in 0..20_u32,
        fails_late: bool,
    ) {
        let expected = records_one_by_one(&records);
        let store = Arc::new(ModelStore::failing(fails, fails_late));
        let mut projector = projector(&store, Fixed::default(), 100);
        projector.take(&Frame::build(1, units(&records).iter())).unwrap();
        while projector.waiting() > 0 {
            let Ok(prepared) = projector.prepare(7) else { continue };
            while projector.commit(&prepared).is_err() {}
        }
        prop_assert_eq!(store.tables(), expected);
    }

    /// Hits of people who share nothing may change places.
    #[test]
    fn strangers_may_change_places(fields in prop::collection::vec(any_hit(), 1..30), order in any::<u64>()) {
        let mine: Vec<Hit> = fields.iter().map(hits::hit).collect();
        let alone = one_by_one(&mine);
        let stranger = hits::page(0, "S", "/x");
        let at = order as usize % (mine.len() + 1);
        let is_strangers = |visit: &&Visit| visit.fingerprint == stranger.fingerprint;
        let mut mixed = mine.clone();
        mixed.insert(at, stranger.clone());
        let together = one_by_one(&mixed);
        // Numbers move up by one behind the stranger's visit; nothing else may differ.
        let strangers = together.visits.values().find(is_strangers).map_or(0, |visit| visit.id.0);
        let number = |id: u64| if id > strangers { id - 1 } else { id };
        let rows = |tables: &Tables, shift: bool| -> Vec<String> {
            let of_mine = tables.visits.values().filter(|visit| !is_strangers(visit));
            of_mine.map(|visit| {
                let mut visit = visit.clone();
                visit.id.0 = if shift { number(visit.id.0) } else { visit.id.0 };
                format!("{visit:?}")
            }).collect()
        };
        prop_assert_eq!(rows(&together, true), rows(&alone, false));
    }
}

#[test]
fn time_of_a_hit_is_whole_seconds() {
    let mut fields = hits::fields(0, "A");
    fields.at = Timestamp(NOON * 1000 + 999);
    do_something(&mut fields, 15, 0);
    let tables = one_by_one(&[hits::hit(&fields)]);
    assert_eq!(tables.visits.values().next().unwrap().first_at, NOON);
}
