//! An open data directory, and what others do to it meanwhile.

use candor_admin::Admin;
use candor_core::{Clock, SiteId, Timestamp};
use candor_ops::instance::{Instance, Options};
use candor_store::MemoKey;
use std::sync::Arc;

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_709_208_000)
    }
}

#[test]
fn what_was_built_of_a_site_that_somebody_deletes_is_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let instance = Instance::open(&Options::new(dir.path()), Arc::new(Noon)).unwrap();
    for name in ["Shop", "Blog"] {
        let site = |site: &mut candor_core::SiteSettings| {
            (site.name, site.urls) = (name.into(), vec![format!("https://{name}.test")]);
        };
        instance.admin.add_site(site).unwrap();
    }
    let memo = |id| MemoKey { site: SiteId(id), first_day: 1, last_day: 1, what: "visits".into(), of_segment: false };
    let keys = [memo(1), memo(2)];
    instance.store.put_memos(&keys.clone().map(|key| (key, vec![1]))).unwrap();
    // As `candor site delete` does beside a server.
    Admin::open(dir.path(), Arc::new(Noon), &|_| {}).unwrap().delete_site(SiteId(2)).unwrap();
    instance.every_second().unwrap();
    assert_eq!(instance.store.memos(&keys).unwrap(), [Some(vec![1]), None]);
    instance.close().unwrap();
}
