//! The program: feed reader, mobile app, media player, mail program, browser or library.

use super::browser;
use super::file::{RuleFile, Set, Table};
use super::subject::Subject;
use crate::enrich::ClientHints;

/// A program. Empty = unknown.
#[derive(Debug, Clone, Default)]
pub(super) struct Client {
    /// Matomo's name of the kind.
    pub(super) kind: &'static str,
    pub(super) name: String,
    /// Browsers only.
    pub(super) code: String,
    pub(super) version: String,
    /// Browsers only.
    pub(super) engine: String,
}

impl Client {
    /// The kind of browsers.
    pub(super) const BROWSER: &'static str = "browser";

    pub(super) fn is_browser(&self) -> bool {
        self.kind == Self::BROWSER
    }
}

/// The first kind that knows the program.
pub(super) fn read(file: &RuleFile, subject: &Subject<'_>, hints: &ClientHints) -> Option<Client> {
    plain(subject, Set::FeedReaders, "feed reader")
        .or_else(|| app(file, subject, hints))
        .or_else(|| plain(subject, Set::MediaPlayers, "mediaplayer"))
        .or_else(|| plain(subject, Set::Pim, "pim"))
        .or_else(|| browser::read(file, subject, hints))
        .or_else(|| plain(subject, Set::Libraries, "library"))
}

fn plain(subject: &Subject<'_>, set: Set, kind: &'static str) -> Option<Client> {
    let found = subject.first(set)?;
    Some(Client { kind, name: found.name(), version: found.version(), ..Client::default() })
}

/// An app is known by its words or by its package name, which says more.
fn app(file: &RuleFile, subject: &Subject<'_>, hints: &ClientHints) -> Option<Client> {
    const KIND: &str = "mobile app";
    let told = plain(subject, Set::MobileApps, KIND);
    match file.lookup(Table::Apps, &hints.app).filter(|name| !name.is_empty()) {
        Some(name) if told.as_ref().is_none_or(|told| told.name != name) => {
            Some(Client { kind: KIND, name: name.to_owned(), ..Client::default() })
        }
        _ => told,
    }
}
