//! Keeps what visitors were shown, word for word, as it comes with their choices: once a text, so that a known one costs
//! no access to the disk. Nothing here may keep a choice from being answered, and whatever comes is as anybody sent it.

use candor_admin::{Admin, ConsentText, SHOWN_TEXTS_MAX};
use candor_core::{Consent, SiteId, consent::Hash};
use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What is known of the texts that are kept.
#[derive(Default)]
pub(crate) struct ShownTexts {
    known: Mutex<Known>,
    /// New texts are kept one after the other: a new banner comes with many choices at once.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    /// Texts that are there. As many as are kept: each was found or put there once.
    kept: HashSet<Hash>,
    /// Sites that have brought all they may.
    full: HashSet<SiteId>,
}

impl ShownTexts {
    /// Keeps the words of a record that is in the log. Without them the record still has their hash.
    pub(crate) async fn keep(&self, admin: &Admin, record: &Consent, words: String) {
        let (Some(hash), site) = (record.text, record.site) else { return };
        if self.has_answer(site, &hash) {
            return;
        }
        let _turn = self.turn.lock().await;
        if self.has_answer(site, &hash) {
            return;
        }
        let text = ConsentText { version: record.version.clone(), language: record.language.clone(), text: words };
        let admin = admin.clone();
        match tokio::task::spawn_blocking(move || admin.keep_shown_text(site, &hash, &text)).await {
            Ok(Ok(true)) => {
                self.known().kept.insert(hash);
            }
            Ok(Ok(false)) => {
                self.known().full.insert(site);
                tracing::warn!(
                    %site,
                    "{SHOWN_TEXTS_MAX} consent texts came with choices, no more are kept for this site; \
                     put those of its banner here with `candor consent text`"
                );
            }
            Ok(Err(error)) => tracing::error!(%error, "a consent text was not kept, its record was"),
            Err(error) => tracing::error!(%error, "a consent text was not kept, its record was"),
        }
    }

    /// Whether the disk has nothing to say to it.
    fn has_answer(&self, site: SiteId, hash: &Hash) -> bool {
        let known = self.known();
        known.full.contains(&site) || known.kept.contains(hash)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::{Choice, Clock, Day, How, Timestamp, consent::hash_of};
    use std::sync::Arc;

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
        let texts = ShownTexts::default();
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
        let known = texts.known();
        assert_eq!((known.kept.len(), known.full.iter().copied().collect::<Vec<_>>()), (201, vec![SiteId(1)]));
    }
}
