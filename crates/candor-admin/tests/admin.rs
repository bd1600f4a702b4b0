//! People and settings over a real database in a temporary folder.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use candor_admin::{Admin, AdminError, NewToken, Role, Salts};
use candor_core::{
    Clock, CustomDimension, Day, DimensionScope, Goal, GoalId, MatchAttribute, Money, PatternType, RevisionError,
    Settings, SettingsLookup, SiteId, Timestamp,
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.0.load(Ordering::Relaxed))
    }
}

fn clock() -> Arc<SetClock> {
    Arc::new(SetClock(AtomicI64::new(1_700_000_000)))
}

fn open(dir: &std::path::Path, clock: &Arc<SetClock>) -> Admin {
    Admin::open(dir, clock.clone(), &|_: &mut Settings| {}).unwrap()
}

fn add_site(admin: &Admin, name: &str) -> SiteId {
    admin
        .add_site(|site| {
            site.name = name.into();
            site.urls = vec!["https://example.org/".into(), "https://example.org".into()];
        })
        .unwrap()
}

fn goal(name: &str) -> Goal {
    Goal {
        id: GoalId(0),
        name: name.into(),
        description: String::new(),
        attribute: MatchAttribute::Url,
        pattern: "/thanks".into(),
        pattern_type: PatternType::Contains,
        case_sensitive: false,
        allow_multiple: false,
        revenue: Money::ZERO,
        event_value_as_revenue: false,
    }
}

#[test]
fn sites_and_goals_count_from_one_and_ids_are_never_used_twice() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let admin = open(dir.path(), &clock);
    assert_eq!((add_site(&admin, "One"), add_site(&admin, "Two")), (SiteId(1), SiteId(2)));
    assert_eq!(admin.settings().site(SiteId(1)).unwrap().urls, ["https://example.org"]);
    assert_eq!(admin.add_goal(SiteId(2), goal("a")).unwrap(), GoalId(1));
    assert_eq!(admin.add_goal(SiteId(2), goal("b")).unwrap(), GoalId(2));
    assert_eq!(admin.add_goal(SiteId(1), goal("c")).unwrap(), GoalId(1));
    admin.delete_goal(SiteId(2), GoalId(2)).unwrap();
    assert_eq!(admin.add_goal(SiteId(2), goal("d")).unwrap(), GoalId(3));
    admin.delete_site(SiteId(2)).unwrap();
    assert_eq!(add_site(&admin, "Three"), SiteId(3));
    let again = {
        drop(admin);
        open(dir.path(), &clock)
    };
    let sites: Vec<u32> = again.settings().sites.keys().map(|s| s.0).collect();
    assert_eq!(sites, [1, 3]);
}

#[test]
fn every_revision_can_be_looked_up() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let admin = open(dir.path(), &clock);
    add_site(&admin, "Before");
    let before = admin.settings();
    admin.update_site(SiteId(1), |site| site.name = "After".into()).unwrap();
    assert_eq!(admin.at_revision(before.revision), Ok(before));
    assert_eq!(admin.settings().site(SiteId(1)).unwrap().name, "After");
    let again = {
        drop(admin);
        open(dir.path(), &clock)
    };
    assert_eq!(again.settings().site(SiteId(1)).unwrap().name, "After");
}

#[test]
fn no_revision_stands_for_another() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let admin = open(dir.path(), &clock);
    add_site(&admin, "One");
    let revision = admin.settings().revision;
    assert_eq!(admin.at_revision(revision + 1), Err(RevisionError::Missing(revision + 1)));
    let file = rusqlite::Connection::open(dir.path().join("settings.sqlite")).unwrap();
    file.execute_batch("update settings_revision set shared = 'x'").unwrap();
    assert!(matches!(admin.at_revision(revision - 1), Err(RevisionError::Failed { .. })));
}

#[test]
fn configuration_makes_a_revision_only_when_it_changes_something() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let first = open(dir.path(), &clock).settings().revision;
    assert_eq!(open(dir.path(), &clock).settings().revision, first);
    let trusting = Admin::open(dir.path(), clock, &|s: &mut Settings| s.tracker.trust_visitors_cookies = true).unwrap();
    assert_eq!(trusting.settings().revision, first + 1);
}

#[test]
fn refusals_say_what_to_do() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let admin = open(dir.path(), &clock);
    let refused = admin.add_site(|site| site.name = "No address".into()).unwrap_err();
    assert_eq!(refused.to_string(), "the site has no address; give at least one, as https://example.org");
    assert!(matches!(admin.update_site(SiteId(9), |_| {}), Err(AdminError::NotFound(_))));
    add_site(&admin, "One");
    let exact = Goal { pattern_type: PatternType::Exact, ..goal("exact") };
    assert_eq!(
        admin.add_goal(SiteId(1), exact).unwrap_err().to_string(),
        "the pattern `/thanks` must be a whole address, as https://example.org/thanks"
    );
    assert_eq!(admin.settings().site(SiteId(1)).unwrap().goals, []);
}

#[test]
fn dimensions_take_the_slots_of_their_scope() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let admin = open(dir.path(), &clock);
    add_site(&admin, "One");
    let dimension = |scope| CustomDimension {
        id: 0,
        index: 0,
        name: "d".into(),
        scope,
        active: true,
        extractions: vec![],
        case_sensitive: true,
    };
    let ids: Vec<u32> = [DimensionScope::Visit, DimensionScope::Action, DimensionScope::Visit]
        .map(|scope| admin.add_dimension(SiteId(1), dimension(scope)).unwrap())
        .into();
    assert_eq!(ids, [1, 2, 3]);
    let slots: Vec<u32> = admin.settings().site(SiteId(1)).unwrap().dimensions.iter().map(|d| d.index).collect();
    assert_eq!(slots, [1, 1, 2]);
}

#[test]
fn tokens_and_sessions_stand_for_people() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let admin = open(dir.path(), &clock);
    add_site(&admin, "One");
    assert!(admin.needs_setup());
    admin.set_up("root", "correct horse", "root@example.org").unwrap();
    admin.set_up("root2", "correct horse", "r2@example.org").unwrap_err();
    admin.add_user("Ann", "battery staple", "ann@example.org").unwrap();
    admin.set_access("ann", Some(Role::Write), &[SiteId(1)]).unwrap();
    let expiring = NewToken { expires_at: Some(1_700_000_010), ..NewToken::default() };
    let (forever, soon) =
        (admin.create_token("ann", &NewToken::default()).unwrap(), admin.create_token("ann", &expiring).unwrap());
    let secure = admin.create_token("ann", &NewToken { secure_only: true, ..NewToken::default() }).unwrap();
    let ann = admin.authenticate_token(&forever, true).unwrap();
    assert!(ann.may(Role::View, SiteId(1)) && !ann.may(Role::Admin, SiteId(1)) && !ann.may(Role::View, SiteId(2)));
    assert!(admin.authenticate_token(&secure, true).is_none() && admin.authenticate_token(&secure, false).is_some());
    let session = admin.start_session("ann").unwrap();
    assert_eq!(admin.session(&session).unwrap().unwrap().login, "Ann");
    clock.0.fetch_add(11, Ordering::Relaxed);
    assert!(admin.authenticate_token(&soon, false).is_none());
    clock.0.fetch_add(15 * 86_400, Ordering::Relaxed);
    assert!(admin.session(&session).unwrap().is_none());
    admin.delete_user("ann").unwrap();
    assert!(admin.authenticate_token(&forever, false).is_none());
    assert!(admin.delete_user("root").is_err(), "the last super user stays");
}

#[test]
fn passwords_are_checked_and_never_kept() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let admin = open(dir.path(), &clock);
    admin.set_up("root", "correct horse", "root@example.org").unwrap();
    assert_eq!(admin.check_password("ROOT", "correct horse").unwrap().login, "root");
    assert!(matches!(admin.check_password("root", "wrong"), Err(AdminError::WrongPassword)));
    assert!(matches!(admin.check_password("nobody", "correct horse"), Err(AdminError::WrongPassword)));
    drop(admin);
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(13).any(|w| w == b"correct horse"));
    }
}

#[test]
fn a_salt_lives_five_days_and_survives_a_restart() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let salts = Salts::open(dir.path(), clock.clone()).unwrap();
    let salt = salts.salt(SiteId(1), Day(19_000)).unwrap();
    assert_ne!(salt, salts.salt(SiteId(1), Day(19_001)).unwrap());
    let again = Salts::open(dir.path(), clock.clone()).unwrap();
    assert_eq!(salt, again.salt(SiteId(1), Day(19_000)).unwrap());
    clock.0.fetch_add(5 * 86_400, Ordering::Relaxed);
    again.destroy_old().unwrap();
    assert_ne!(salt, again.salt(SiteId(1), Day(19_000)).unwrap());
    assert_eq!(std::fs::read_dir(dir.path().join("salts")).unwrap().count(), 1);
}

#[test]
fn two_processes_can_change_the_same_settings() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let (server, command_line) = (open(dir.path(), &clock), open(dir.path(), &clock));
    assert_eq!(add_site(&command_line, "By the command line"), SiteId(1));
    assert_eq!(add_site(&server, "By the server"), SiteId(2));
    assert_eq!(server.settings().sites.len(), 2);
    command_line.set_up("root", "correct horse", "root@example.org").unwrap();
    let token = command_line.create_token("root", &NewToken::default()).unwrap();
    assert_eq!(server.authenticate_token(&token, false).unwrap().login, "root");
    command_line.update_site(SiteId(2), |site| site.name = "Renamed".into()).unwrap();
    server.refresh().unwrap();
    assert_eq!(server.settings().site(SiteId(2)).unwrap().name, "Renamed");
}
