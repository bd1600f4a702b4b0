//! Consent records over a real store.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use candor_core::{Choice, Consent, ConsentLink, Day, How, LinkedConsent, ReceiptId, SiteId, Timestamp};
use candor_query::consent::{Chain, ConsentCounts, check_chain, counts, receipt};
use candor_store::{Batch, Store, StoreSettings};
use std::sync::Arc;

fn record(day: i32, choice: Choice, how: How, receipt: Option<u8>) -> Consent {
    let at = Timestamp::from_seconds(i64::from(day) * 86_400);
    Consent {
        site: SiteId(1),
        at,
        day: Day(day),
        choice,
        receipt: receipt.map(|byte| ReceiptId([byte; 16])),
        purposes: vec!["statistics".into()],
        version: "1".into(),
        text: Some([7; 32]),
        language: "de".into(),
        how,
        signals: String::new(),
        expires: at,
        regime: String::new(),
    }
}

fn store(records: Vec<Consent>) -> (Arc<dyn Store>, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let store = candor_store::open(dir.path(), &StoreSettings::default()).unwrap();
    let mut link = ConsentLink::default();
    let consents = records.into_iter().map(|consent| {
        link = link.next(&consent);
        LinkedConsent { consent, link }
    });
    store.commit(&Batch { consents: consents.collect(), ..Batch::default() }).unwrap();
    (store, dir)
}

#[test]
fn choices_are_counted_by_day_and_version() {
    let mut other_version = record(11, Choice::Accepted, How::Click, Some(3));
    other_version.version = "2".into();
    let mut other_site = record(10, Choice::Accepted, How::Click, Some(4));
    other_site.site = SiteId(2);
    let (store, _dir) = store(vec![
        record(9, Choice::Accepted, How::Click, Some(1)),
        record(10, Choice::Accepted, How::Key, Some(2)),
        record(10, Choice::Rejected, How::Click, None),
        record(10, Choice::Rejected, How::Signal, None),
        record(10, Choice::Withdrawn, How::Click, Some(2)),
        record(10, Choice::Shown, How::Script, None),
        record(10, Choice::Shown, How::Script, None),
        record(10, Choice::Shown, How::Script, None),
        other_version,
        other_site,
    ]);
    let counted: Vec<_> = counts(store.as_ref(), SiteId(1), (Day(10), Day(11))).unwrap().into_iter().collect();
    let tenth = ConsentCounts { accepted: 1, rejected: 1, signal: 1, withdrawn: 1, shown: 3 };
    assert_eq!(tenth.no_choice(), 1);
    let eleventh = ConsentCounts { accepted: 1, ..ConsentCounts::default() };
    assert_eq!(counted, [((Day(10), "1".to_owned()), tenth), ((Day(11), "2".to_owned()), eleventh)]);
}

#[test]
fn versions_that_somebody_makes_up_are_counted_together() {
    let mut records = vec![record(10, Choice::Rejected, How::Click, None); 3];
    for number in 0..60 {
        records.push(Consent {
            version: format!("x{number:02}"),
            ..record(10, Choice::Accepted, How::Click, Some(number))
        });
    }
    let (store, _dir) = store(records);
    let counted = counts(store.as_ref(), SiteId(1), (Day(10), Day(10))).unwrap();
    assert_eq!(counted.len(), 51);
    assert_eq!(counted[&(Day(10), "1".to_owned())].rejected, 3);
    assert_eq!(counted[&(Day(10), "Others".to_owned())].accepted, 11);
}

#[test]
fn a_receipt_knows_what_was_agreed_and_when_it_ended() {
    let agreed = record(10, Choice::Accepted, How::Key, Some(2));
    let (store, _dir) = store(vec![
        record(9, Choice::Rejected, How::Click, None),
        // A withdrawal of what was not agreed to yet means nothing.
        record(9, Choice::Withdrawn, How::Click, Some(2)),
        agreed.clone(),
        // The id again: the first agreement counts.
        record(11, Choice::Accepted, How::Click, Some(2)),
        record(12, Choice::Withdrawn, How::Click, Some(2)),
    ]);
    let known = receipt(store.as_ref(), ReceiptId([2; 16])).unwrap().unwrap();
    assert_eq!((&known.agreed.consent, known.withdrawn_at), (&agreed, Some(Timestamp::from_seconds(12 * 86_400))));
    assert_eq!(known.before.next(&agreed), known.agreed.link);
    assert_eq!(receipt(store.as_ref(), ReceiptId([9; 16])).unwrap(), None);
}

#[test]
fn the_chain_shows_what_was_changed() {
    let records = |days: [i32; 3]| days.map(|day| record(day, Choice::Rejected, How::Click, None)).to_vec();
    let (whole, _dir) = store(records([1, 2, 3]));
    assert_eq!(check_chain(whole.as_ref()).unwrap(), Chain::Whole(whole.last_consent().unwrap()));

    let changes: [fn(&mut Consent); 12] = [
        |consent| consent.site = SiteId(2),
        |consent| consent.at = Timestamp::from_seconds(5),
        |consent| consent.day = Day(9),
        |consent| consent.choice = Choice::Shown,
        |consent| consent.receipt = Some(ReceiptId([1; 16])),
        |consent| consent.purposes = vec!["media".into()],
        |consent| consent.version = "2".into(),
        |consent| consent.text = None,
        |consent| consent.language = "fr".into(),
        |consent| consent.signals = "gpc".into(),
        |consent| consent.how = How::Key,
        |consent| consent.regime = "none".into(),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let dir = tempfile::tempdir().unwrap();
        let changed = candor_store::open(dir.path(), &StoreSettings::default()).unwrap();
        let mut link = ConsentLink::default();
        let consents = records([1, 2, 3]).into_iter().map(|mut consent| {
            link = link.next(&consent);
            if link.number == 2 {
                change(&mut consent);
            }
            LinkedConsent { consent, link }
        });
        changed.commit(&Batch { consents: consents.collect(), ..Batch::default() }).unwrap();
        assert_eq!(check_chain(changed.as_ref()).unwrap(), Chain::Broken(2), "change {number}");
    }
}
