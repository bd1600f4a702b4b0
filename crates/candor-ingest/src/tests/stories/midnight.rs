//! Which days a commit says it changes: whatever was computed of them is forgotten.

use super::{hits::NOON, read};
use crate::{
    CommitWatcher,
    projector::Projector,
    tests::{
        batches::{Fixed, frame},
        model_store::ModelStore,
    },
};
use candor_collect::Hit;
use candor_core::{Day, Settings, SiteId, SiteZone, Timestamp};
use candor_store::StoreError;
use std::sync::{Arc, Mutex};

/// Remembers the days of each commit.
#[derive(Default)]
struct Days(Mutex<Vec<Vec<i32>>>);

impl CommitWatcher for Days {
    fn before(&self, touched: &[(SiteId, Day)]) -> Result<(), StoreError> {
        let noon = SiteZone::utc().day(Timestamp::from_seconds(NOON));
        self.0.lock().unwrap().push(touched.iter().map(|(_, day)| day.0 - noon.0).collect());
        Ok(())
    }

    fn after(&self, _: &[(SiteId, Day)]) {}
}

/// The days that each hit of the story changes, counted from the story's day, one hit a commit.
fn touched(new_visit_after_midnight: bool, story: &str) -> Vec<Vec<i32>> {
    let mut settings = Settings::default();
    settings.tracker.create_new_visit_after_midnight = new_visit_after_midnight;
    let hits: Vec<Hit> = story.lines().filter(|line| !line.trim().is_empty()).map(read).collect();
    let days = Arc::new(Days::default());
    let store = Arc::new(ModelStore::default());
    let mut projector = Projector::new(store, Arc::new(Fixed(Arc::new(settings))), days.clone(), 100).unwrap();
    projector.take(&frame(1, &hits)).unwrap();
    projector.apply_all(1).unwrap();
    drop(projector);
    Arc::into_inner(days).unwrap().0.into_inner().unwrap()
}

#[test]
fn a_hit_after_midnight_changes_the_days_before_it_of_its_visit() {
    let story = "
        23:50 A /
        23:55 A /a
        24:05 A /b
        24:10 A /c";
    assert_eq!(touched(false, story), [vec![0], vec![0], vec![0, 1], vec![0, 1]]);
    // Here the visit ends at midnight.
    assert_eq!(touched(true, story), [vec![0], vec![0], vec![1], vec![1]]);
}

#[test]
fn timings_after_midnight_change_the_day_of_their_page() {
    let story = "
        23:59 A / pv=p1
        24:01 A event:seen pv=p1 dom=9";
    assert_eq!(touched(false, story), [vec![0], vec![0, 1]]);
}

#[test]
fn a_late_hit_may_lie_on_the_day_before_its_visit_began() {
    let story = "
        24:05 A /
        23:58 A /late
        24:20 A /b";
    assert!(touched(false, story).iter().all(|days| days == &[0, 1]));
}
