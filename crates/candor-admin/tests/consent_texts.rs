//! Texts that people were shown: who brings them, how many, and how they go.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use candor_admin::{Admin, AdminError, ConsentText, SHOWN_TEXTS_MAX};
use candor_core::{
    Clock, SiteId, Timestamp,
    consent::{Hash, hash_of},
};
use std::{path::Path, sync::Arc};

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_700_000_000)
    }
}

fn open(dir: &Path) -> Admin {
    Admin::open(dir, Arc::new(Noon), &|_| {}).unwrap()
}

fn text(words: &str) -> ConsentText {
    ConsentText { version: "1".into(), language: "en".into(), text: words.into() }
}

/// As a visitor's choice brings it.
fn bring(admin: &Admin, site: u32, words: &str) -> bool {
    admin.keep_shown_text(SiteId(site), &hash_of(words), &text(words)).unwrap()
}

fn words(admin: &Admin, hash: &Hash) -> Option<String> {
    admin.consent_text(hash).unwrap().map(|text| text.text)
}

#[test]
fn texts_that_visitors_bring_are_kept_once_and_are_bounded_by_site() {
    let dir = tempfile::tempdir().unwrap();
    let admin = open(dir.path());
    for number in 0..SHOWN_TEXTS_MAX {
        assert!(bring(&admin, 1, &format!("Words {number}")));
    }
    // The first words of a hash stay, whoever sends it again.
    let third = hash_of("Words 3");
    assert!(admin.keep_shown_text(SiteId(1), &third, &text("other")).unwrap());
    assert_eq!(words(&admin, &third).as_deref(), Some("Words 3"));
    assert!(!bring(&admin, 1, "One more"));
    assert_eq!(words(&admin, &hash_of("One more")), None);
    // Neither another site nor an operator is kept from it.
    assert!(bring(&admin, 2, "One more"));
    let by_hand = admin.keep_consent_text(&text("By hand")).unwrap();
    assert_eq!(admin.consent_text(&by_hand).unwrap(), Some(text("By hand")));
    assert!(bring(&admin, 1, "By hand"));
}

#[test]
fn the_operators_text_takes_over_what_a_visitor_brought_first() {
    let dir = tempfile::tempdir().unwrap();
    let admin = open(dir.path());
    for number in 0..SHOWN_TEXTS_MAX {
        bring(&admin, 1, &format!("Words {number}"));
    }
    assert!(!bring(&admin, 1, "One more"));
    let edition = admin.texts_edition();
    let own = ConsentText { version: "2".into(), language: "de".into(), text: "Words 5".into() };
    let hash = admin.keep_consent_text(&own).unwrap();
    assert_eq!(admin.consent_text(&hash).unwrap(), Some(own.clone()));
    // Its place of the site is free, and whoever knew that there was none is told.
    assert_ne!(admin.texts_edition(), edition);
    assert!(bring(&admin, 1, "One more"));
    assert!(!bring(&admin, 1, "One too many"));
    assert!(bring(&admin, 1, "Words 5"));
    let kept = admin.consent_texts().unwrap().into_iter().find(|kept| kept.hash == hash).unwrap();
    assert_eq!((kept.text, kept.sites), (own, vec![]));
}

#[test]
fn words_go_with_the_last_site_whose_visitors_brought_them() {
    let dir = tempfile::tempdir().unwrap();
    let admin = open(dir.path());
    for name in ["One", "Two", "Three"] {
        admin.add_site(|site| (site.name, site.urls) = (name.into(), vec!["https://example.org".into()])).unwrap();
    }
    for (site, words) in [(1, "Both"), (2, "Both"), (1, "Mine"), (2, "Theirs"), (1, "Own")] {
        bring(&admin, site, words);
    }
    let own = admin.keep_consent_text(&text("Own")).unwrap();
    let left = || ["Both", "Mine", "Theirs", "Own"].map(|of| words(&admin, &hash_of(of)).is_some());
    assert_eq!(left(), [true; 4]);
    let edition = admin.texts_edition();
    admin.delete_site(SiteId(1)).unwrap();
    assert_eq!(left(), [true, false, true, true]);
    assert_ne!(admin.texts_edition(), edition);
    admin.delete_site(SiteId(2)).unwrap();
    assert_eq!(left(), [false, false, false, true]);
    assert_eq!(words(&admin, &own).as_deref(), Some("Own"));
}

#[test]
fn a_deleted_text_frees_its_place_and_others_learn_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let (server, command_line) = (open(dir.path()), open(dir.path()));
    for number in 0..SHOWN_TEXTS_MAX {
        bring(&server, 1, &format!("Words {number}"));
    }
    let edition = server.texts_edition();
    command_line.forget_consent_text(&hash_of("Words 5")).unwrap();
    server.refresh().unwrap();
    assert_ne!(server.texts_edition(), edition);
    assert_eq!(words(&server, &hash_of("Words 5")), None);
    assert!(bring(&server, 1, "One more") && !bring(&server, 1, "One too many"));
    let again = command_line.forget_consent_text(&hash_of("Words 5"));
    assert!(matches!(again, Err(AdminError::NotFound(_))));
}

#[test]
fn texts_of_an_older_database_stay_where_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let file = rusqlite::Connection::open(dir.path().join("settings.sqlite")).unwrap();
    drop(open(dir.path()));
    // Back to what the third migration left, with one text of a site and one of somebody of it.
    file.execute_batch(&format!(
        "drop table shown_text;
         alter table consent_text add column site_id integer;
         create index consent_text_of_site on consent_text (site_id);
         delete from refinery_schema_history where version = 4;
         insert into consent_text values (x'{}', '1', 'en', 'Brought', 0, 7), (x'{}', '1', 'en', 'Own', 1, null);",
        "07".repeat(32),
        "08".repeat(32)
    ))
    .unwrap();
    let kept = open(dir.path()).consent_texts().unwrap();
    let kept: Vec<_> = kept.into_iter().map(|kept| (kept.text.text, kept.sites)).collect();
    assert_eq!(kept, [("Brought".to_owned(), vec![SiteId(7)]), ("Own".to_owned(), vec![])]);
}
