//! Hits in the order of the log, made into batches for the store. No threads, no time:
//! where a batch ends changes nothing but how often the store commits.

use crate::{
    CommitWatcher, IngestError,
    changes::Changes,
    lookup::prefetch,
    memory::{Found, Memory},
    visits::{self, Numbered, Rules, new_visit},
    wal::{Frame, Record},
};
use candor_collect::Hit;
use candor_core::{Consent, ConsentLink, Day, Settings, SettingsLookup, SiteId, VisitId};
use candor_store::{Batch, LogPosition, Store, StoreError};
use std::sync::Arc;

/// A hit that is not in the store yet.
pub(crate) struct Pending {
    pub(crate) hit: Hit,
    /// As of the hit.
    pub(crate) settings: Arc<Settings>,
}

/// A record that is not in the store yet.
enum Waiting {
    Hit(u64, Box<Pending>),
    Consent(u64, Consent),
}

impl Waiting {
    fn seq(&self) -> u64 {
        match self {
            Self::Hit(seq, _) | Self::Consent(seq, _) => *seq,
        }
    }

    fn hit(&self) -> Option<&Pending> {
        match self {
            Self::Hit(_, pending) => Some(pending),
            Self::Consent(..) => None,
        }
    }
}

impl Pending {
    /// The settings as visits need them.
    pub(crate) fn rules(&self) -> Rules<'_> {
        Rules::of(&self.settings, self.hit.site)
    }
}

/// A batch on its way to the store.
pub(crate) struct Prepared {
    batch: Batch,
    touched: Vec<(SiteId, Day)>,
}

/// Applies hits to visits and visits to the store.
pub(crate) struct Projector {
    store: Arc<dyn Store>,
    settings: Arc<dyn SettingsLookup>,
    watcher: Arc<dyn CommitWatcher>,
    memory: Memory,
    visits_max: usize,
    waiting: Vec<Waiting>,
    next_seq: u64,
    /// The newest visit's id. Counted on from what the store holds, so a replay gives the same ids.
    last_visit: VisitId,
    /// The newest consent record's place in the chain.
    last_consent: ConsentLink,
}

impl Projector {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        settings: Arc<dyn SettingsLookup>,
        watcher: Arc<dyn CommitWatcher>,
        visits_max: usize,
    ) -> Result<Self, StoreError> {
        let next_seq = store.position()?.next_seq.max(1);
        let last_visit = store.last_visit()?;
        let last_consent = store.last_consent()?;
        let (memory, waiting) = (Memory::default(), Vec::new());
        Ok(Self { store, settings, watcher, memory, visits_max, waiting, next_seq, last_visit, last_consent })
    }

    /// Sequence number of the next hit to apply.
    pub(crate) fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// Hits taken in and not applied.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Takes a frame in, all of it or nothing; hits that the store has are left out.
    pub(crate) fn take(&mut self, frame: &Frame) -> Result<(), IngestError> {
        let mut taken: Vec<Waiting> = vec![];
        for numbered in frame.records() {
            let (seq, record) = numbered.map_err(|source| IngestError::Record { seq: frame.first_seq, source })?;
            if seq < self.next_seq {
                continue;
            }
            taken.push(match record {
                Record::Consent(consent) => Waiting::Consent(seq, consent),
                Record::Hit(hit) => {
                    // Revisions change rarely: mostly the one before is the right one.
                    let last = taken.last().or(self.waiting.last()).and_then(Waiting::hit);
                    let settings = match last {
                        Some(last) if last.hit.revision == hit.revision => last.settings.clone(),
                        _ => self.settings.at_revision(hit.revision)?,
                    };
                    Waiting::Hit(seq, Box::new(Pending { hit: *hit, settings }))
                }
            });
        }
        self.waiting.append(&mut taken);
        Ok(())
    }

    /// Makes the next batch of at most `hits_max` hits. A batch ends early at a hit whose visit
    /// can't be told before the store has what came before it. Nothing is lost by an error: call again.
    /// What it returns must be committed before the next call.
    pub(crate) fn prepare(&mut self, hits_max: usize) -> Result<Prepared, StoreError> {
        let count = self.waiting.len().min(hits_max);
        let waiting = self.waiting.get(..count).unwrap_or_default();
        prefetch(&mut self.memory, &*self.store, waiting.iter().filter_map(Waiting::hit))?;
        let mut changes = Changes::of(count);
        let (memory, last_visit, last_consent) = (&mut self.memory, &mut self.last_visit, &mut self.last_consent);
        let applied = waiting.iter().take_while(|waiting| match waiting {
            Waiting::Hit(seq, pending) => apply(memory, last_visit, (*seq, pending), &mut changes),
            Waiting::Consent(_, consent) => {
                *last_consent = last_consent.next(consent);
                changes.consent(consent, *last_consent);
                true
            }
        });
        let applied = applied.count();
        if applied == 0 && count > 0 {
            return Err(StoreError::Internal("it doesn't find a visit again that it has just named".into()));
        }
        let next_seq = waiting.get(..applied).and_then(<[_]>::last).map_or(self.next_seq, |last| last.seq() + 1);
        // The batch says it all from here on: two forms of the same hits would double the memory.
        self.waiting.drain(..applied);
        let (mut batch, touched) = changes.into_batch(LogPosition { next_seq });
        self.memory.fill(&mut batch);
        Ok(Prepared { batch, touched })
    }

    /// Commits a batch. After an error it may be called again with the same one.
    pub(crate) fn commit(&mut self, prepared: &Prepared) -> Result<(), StoreError> {
        if self.store.position()? != prepared.batch.position {
            let ready = self.watcher.before(&prepared.touched);
            let result = ready.and_then(|()| self.store.commit(&prepared.batch));
            self.watcher.after(&prepared.touched);
            result?;
        }
        self.memory.settle(self.visits_max);
        self.next_seq = prepared.batch.position.next_seq;
        Ok(())
    }

    /// Applies everything that was taken in.
    pub(crate) fn apply_all(&mut self, hits_max: usize) -> Result<(), StoreError> {
        while self.waiting() > 0 {
            let prepared = self.prepare(hits_max)?;
            self.commit(&prepared)?;
        }
        Ok(())
    }
}

/// Applies one hit; false = the store must have the hits before it first.
fn apply(
    memory: &mut Memory,
    last_visit: &mut VisitId,
    (seq, pending): (u64, &Pending),
    changes: &mut Changes,
) -> bool {
    let rules = pending.rules();
    let hit = Numbered { seq, hit: &pending.hit };
    let found = match memory.recognise(&pending.hit, &rules) {
        Found::Unknown => return false,
        Found::Nothing => None,
        Found::Visit(id) => Some(id),
    };
    let visit = found.and_then(|id| memory.visit(id));
    if let Some(visit) = visit
        && new_visit::joins(visit, &pending.hit, &rules)
    {
        let id = visit.id;
        let has_past = memory.has_past(id);
        if has_past {
            memory.change(id, changes, |open, changes| visits::join(open, hit, &rules, changes));
        }
        return has_past;
    }
    // A ping only prolongs a visit, it never opens one.
    if !pending.hit.ping {
        last_visit.0 += 1;
        let opened = visits::open(*last_visit, visit, hit, &rules, changes);
        memory.hold_new(opened);
    }
    true
}
