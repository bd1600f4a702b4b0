//! Keeps what visitors were shown, word for word, as it comes with their choices: once a text, so that a known one costs
//! no access to the disk. Nothing here may keep a choice from being answered: it waits for [`WAIT`] at most, and for
//! nothing while the database fails. Whatever comes is as anybody sent it.

use candor_admin::{Admin, AdminError, ConsentText, SHOWN_TEXTS_MAX};
use candor_core::{Consent, SiteId, consent::Hash};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::{task::spawn_blocking, time::timeout};

/// How long a choice waits for its words; those on their way to the disk then arrive behind the answer.
const WAIT: Duration = Duration::from_millis(250);
/// How long nothing is tried after a failure. The words come again with the next choice.
const PAUSE: Duration = Duration::from_secs(10);

/// What is known of the texts that are kept.
#[derive(Default)]
pub(crate) struct ShownTexts {
    known: Mutex<Known>,
    /// New texts are kept one after the other: a new banner comes with many choices at once.
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Known {
    /// What all of it is true of, see [`Admin::texts_edition`].
    edition: u64,
    /// Texts that are there for a site. As many as are kept: each was found or put there once.
    kept: HashSet<(SiteId, Hash)>,
    /// Sites that have brought all they may.
    full: HashSet<SiteId>,
    /// Nothing is tried before.
    again_at: Option<Instant>,
}

impl ShownTexts {
    /// Keeps the words of a record that is in the log. Without them the record still has their hash.
    pub(crate) async fn keep(self: &Arc<Self>, admin: &Admin, record: &Consent, words: String) {
        let (Some(hash), site) = (record.text, record.site) else { return };
        if self.has_answer(admin, site, &hash) {
            return;
        }
        let text = ConsentText { version: record.version.clone(), language: record.language.clone(), text: words };
        if timeout(WAIT, self.keep_in_turn(admin, site, hash, text)).await.is_err() {
            tracing::debug!(%site, "a choice was answered before its words were kept");
        }
    }

    async fn keep_in_turn(self: &Arc<Self>, admin: &Admin, site: SiteId, hash: Hash, text: ConsentText) {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        if self.has_answer(admin, site, &hash) {
            return;
        }
        let (texts, admin) = (Arc::clone(self), admin.clone());
        // It goes on, and has the turn, when nobody waits for it any more.
        let keeping = spawn_blocking(move || {
            let _turn = turn;
            let edition = admin.texts_edition();
            texts.learn(edition, site, hash, admin.keep_shown_text(site, &hash, &text));
        });
        if let Err(error) = keeping.await {
            tracing::error!(%error, "a consent text was not kept, its record was");
        }
    }

    /// Remembers what became of a text.
    fn learn(&self, edition: u64, site: SiteId, hash: Hash, kept: Result<bool, AdminError>) {
        let mut known = self.known(edition);
        match kept {
            // Texts were deleted meanwhile, perhaps this one.
            Ok(_) if known.edition != edition => {}
            Ok(true) => {
                known.kept.insert((site, hash));
            }
            Ok(false) => {
                known.full.insert(site);
                tracing::warn!(
                    %site,
                    "{SHOWN_TEXTS_MAX} consent texts came with choices, no more are kept for this site; put those of \
                     its banner here with `candor consent text`, and delete others with `candor consent forget-text`"
                );
            }
            Err(error) => {
                known.again_at = Some(Instant::now() + PAUSE);
                tracing::error!(%error, "a consent text was not kept, its record was; next try in {PAUSE:?}");
            }
        }
    }

    /// Whether the disk has nothing to say to it, or is not to be asked now.
    fn has_answer(&self, admin: &Admin, site: SiteId, hash: &Hash) -> bool {
        let known = self.known(admin.texts_edition());
        known.full.contains(&site)
            || known.kept.contains(&(site, *hash))
            || known.again_at.is_some_and(|at| Instant::now() < at)
    }

    fn known(&self, edition: u64) -> MutexGuard<'_, Known> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.edition < edition {
            *known = Known { edition, again_at: known.again_at, ..Known::default() };
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::{Choice, Clock, Day, How, Timestamp, consent::hash_of};

    struct Noon;

    impl Clock for Noon {
        fn now(&self) -> Timestamp {
            Timestamp::from_seconds(1_700_000_000)
        }
    }

    fn record(site: u32, words: &str) -> Consent {
        Consent {
            site: SiteId(site),
            at: Timestamp::from_seconds(0),
            day: Day(0),
            choice: Choice::Rejected,
            receipt: None,
            purposes: vec![],
            version: "1".into(),
            text: Some(hash_of(words)),
            language: "en".into(),
            how: How::Click,
            signals: String::new(),
            expires: Timestamp::from_seconds(0),
            regime: String::new(),
        }
    }

    #[tokio::test]
    async fn each_text_is_kept_once_and_each_site_brings_so_many() {
        let dir = tempfile::tempdir().unwrap();
        let admin = Admin::open(dir.path(), Arc::new(Noon), &|_| {}).unwrap();
        let texts = Arc::new(ShownTexts::default());
        let keep = async |site, words: &str| texts.keep(&admin, &record(site, words), words.to_owned()).await;
        let kept = |words: &str| admin.consent_text(&hash_of(words)).unwrap().map(|text| text.text);
        for number in 0..SHOWN_TEXTS_MAX {
            keep(1, &format!("Words {number}")).await;
            keep(1, "Words 0").await;
        }
        keep(1, "One more").await;
        assert_eq!((kept("Words 199").as_deref(), kept("One more")), (Some("Words 199"), None));
        keep(2, "One more").await;
        assert_eq!(kept("One more").as_deref(), Some("One more"));
        {
            let known = texts.known(admin.texts_edition());
            assert_eq!((known.kept.len(), known.full.iter().copied().collect::<Vec<_>>()), (201, vec![SiteId(1)]));
        }
        // A place that becomes free is seen at once.
        admin.forget_consent_text(&hash_of("Words 7")).unwrap();
        keep(1, "Words 7").await;
        assert_eq!(kept("Words 7").as_deref(), Some("Words 7"));
    }

    #[tokio::test]
    async fn after_a_failure_nothing_is_tried_for_a_while() {
        let dir = tempfile::tempdir().unwrap();
        let admin = Admin::open(dir.path(), Arc::new(Noon), &|_| {}).unwrap();
        let texts = Arc::new(ShownTexts::default());
        let keep = async || {
            texts.keep(&admin, &record(1, "Words"), "Words".to_owned()).await;
            admin.consent_text(&hash_of("Words")).unwrap().is_some()
        };
        texts.learn(0, SiteId(1), hash_of("Other"), Err(AdminError::Invalid("busy".into())));
        assert!(!keep().await);
        texts.known(0).again_at = Some(Instant::now());
        assert!(keep().await);
    }

    #[test]
    fn choices_are_answered_while_the_database_is_held() {
        let dir = tempfile::tempdir().unwrap();
        let open = || Admin::open(dir.path(), Arc::new(Noon), &|_| {}).unwrap();
        let (admin, holder, texts) = (open(), open(), Arc::new(ShownTexts::default()));
        let site = holder.add_site(|site| (site.name, site.urls) = ("Shop".into(), vec!["https://shop.test".into()]));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let keep = |words: &str| runtime.block_on(texts.keep(&admin, &record(1, words), words.to_owned()));
        holder.update_site(site.unwrap(), |_| ["First", "Second", "Third"].map(keep).into_iter().collect()).unwrap();
        // What had its turn was not given up when its choice was answered, the others come again.
        drop(runtime.block_on(texts.turn.lock()));
        let kept = |words: &str| admin.consent_text(&hash_of(words)).unwrap().is_some();
        assert_eq!(["First", "Second", "Third"].map(kept), [true, false, false]);
        keep("Third");
        assert!(kept("Third"));
    }
}
