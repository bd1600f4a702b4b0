//! What visitors chose: counts by day and text version, the record of a receipt, and whether the chain is whole.

use crate::QueryError;
use candor_core::{
    Choice, Consent, ConsentLink, Day, How, LinkedConsent, ReceiptId, SiteId, Timestamp, consent::bytes_of_hex,
};
use candor_store::{Cell, Store, StoreError};
use std::collections::BTreeMap;

/// Text versions that a report tells apart.
const VERSIONS_MAX: usize = 50;
/// Stands for all others.
const OTHER_VERSIONS: &str = "Others";

/// Records that are read at once.
const PAGE: i64 = 10_000;

const COLUMNS: &str = "number, site_id, \"at\", day, choice, receipt, purposes, version, text_hash, language, how, signals, \
                       expires, hash, regime";

/// Choices of one day under one version of the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConsentCounts {
    /// Agreements.
    pub accepted: u64,
    /// Refusals by people.
    pub rejected: u64,
    /// Refusals by a browser's signal, without a question.
    pub signal: u64,
    /// Agreements that were taken back.
    pub withdrawn: u64,
    /// Questions shown. Only pages that may tell before a choice tell this; otherwise 0.
    pub shown: u64,
}

impl ConsentCounts {
    /// Questions that nobody answered, as far as pages tell of questions.
    #[must_use]
    pub fn no_choice(&self) -> u64 {
        self.shown.saturating_sub(self.accepted + self.rejected)
    }
}

/// Counts by local day and text version of a site, from `first` to `last`, both included.
///
/// # Errors
/// When the store fails.
pub fn counts(
    store: &dyn Store,
    site: SiteId,
    (first, last): (Day, Day),
) -> Result<BTreeMap<(Day, String), ConsentCounts>, QueryError> {
    // Anybody can make up versions, so only those that are met most are told apart.
    let sql = format!(
        "with mine as (select day, version, choice, how from consents where site_id = ? and day between ? and ?),
         known as (select version from mine group by version order by count(*) desc, version limit {VERSIONS_MAX})
         select day, if(version in (select version from known), version, '{OTHER_VERSIONS}'), choice, how = 'signal',
         count(*) from mine group by all"
    );
    let bounds = [Cell::Int(site.0.into()), Cell::Int(first.0.into()), Cell::Int(last.0.into())];
    let mut days: BTreeMap<(Day, String), ConsentCounts> = BTreeMap::new();
    for row in store.query(&sql, &bounds)?.rows {
        let [Cell::Int(day), Cell::Text(version), Cell::Text(choice), Cell::Int(by_signal), Cell::Int(count)] =
            row.as_slice()
        else {
            continue;
        };
        let day = Day(i32::try_from(*day).unwrap_or_default());
        let counts = days.entry((day, version.to_string())).or_default();
        let place = match (Choice::parse(choice), by_signal) {
            (Some(Choice::Accepted), _) => &mut counts.accepted,
            (Some(Choice::Rejected), 1) => &mut counts.signal,
            (Some(Choice::Rejected), _) => &mut counts.rejected,
            (Some(Choice::Withdrawn), _) => &mut counts.withdrawn,
            (Some(Choice::Shown), _) => &mut counts.shown,
            (None, _) => continue,
        };
        *place += count.unsigned_abs();
    }
    Ok(days)
}

/// What is known of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownReceipt {
    /// The agreement.
    pub agreed: LinkedConsent,
    /// The link before it.
    pub before: ConsentLink,
    /// When it was taken back.
    pub withdrawn_at: Option<Timestamp>,
}

/// Looks a receipt up; `None` when there is none. Where an id was used twice the first agreement counts.
///
/// # Errors
/// When the store fails.
pub fn receipt(store: &dyn Store, id: ReceiptId) -> Result<Option<KnownReceipt>, QueryError> {
    let sql = format!("select {COLUMNS} from consents where receipt = ? order by number limit ?");
    let found = read(store, &sql, &[Cell::Text(id.to_hex().into()), Cell::Int(PAGE)])?;
    let Some(agreed) = found.iter().find(|linked| linked.consent.choice == Choice::Accepted).cloned() else {
        return Ok(None);
    };
    let ends = |linked: &&LinkedConsent| {
        let (ended, agreed) = (&linked.consent, &agreed);
        ended.choice == Choice::Withdrawn
            && ended.site == agreed.consent.site
            && linked.link.number > agreed.link.number
    };
    let withdrawn_at = found.iter().find(ends).map(|linked| linked.consent.at);
    let before = match agreed.link.number {
        0 | 1 => ConsentLink::default(),
        number => {
            let sql = format!("select {COLUMNS} from consents where number = ? limit 1");
            let before = read(store, &sql, &[Cell::Int(number.cast_signed() - 1)])?;
            before.first().map(|linked| linked.link).ok_or_else(|| broken(number - 1))?
        }
    };
    Ok(Some(KnownReceipt { agreed, before, withdrawn_at }))
}

/// Whether the chain of consent records is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// It is; this is its end.
    Whole(ConsentLink),
    /// The record with this number, or what was before it, is not as it was written.
    Broken(u64),
}

/// Computes the chain again from all records.
///
/// # Errors
/// When the store fails.
pub fn check_chain(store: &dyn Store) -> Result<Chain, QueryError> {
    let mut link = ConsentLink::default();
    // Also rows with numbers that nothing of ours gives.
    let mut last = i64::MIN;
    let sql = format!("select {COLUMNS} from consents where number > ? order by number limit ?");
    loop {
        let page = read(store, &sql, &[Cell::Int(last), Cell::Int(PAGE)])?;
        if page.is_empty() {
            return Ok(Chain::Whole(link));
        }
        for linked in page {
            link = link.next(&linked.consent);
            if link != linked.link {
                return Ok(Chain::Broken(link.number));
            }
        }
        last = link.number.cast_signed();
    }
}

fn read(store: &dyn Store, sql: &str, values: &[Cell]) -> Result<Vec<LinkedConsent>, QueryError> {
    store.query(sql, values)?.rows.iter().map(|row| linked(row).ok_or_else(|| broken(number(row)))).collect()
}

fn broken(number: u64) -> QueryError {
    let text = format!("the consent record {number} can't be read; restore the store from a backup");
    StoreError::Internal(text).into()
}

fn number(row: &[Cell]) -> u64 {
    if let Some(Cell::Int(number)) = row.first() { number.cast_unsigned() } else { 0 }
}

fn linked(row: &[Cell]) -> Option<LinkedConsent> {
    let [
        Cell::Int(number),
        Cell::Int(site),
        Cell::Int(at),
        Cell::Int(day),
        Cell::Text(choice),
        Cell::Text(receipt),
        Cell::List(purposes),
        Cell::Text(version),
        Cell::Text(text),
        Cell::Text(language),
        Cell::Text(how),
        Cell::Text(signals),
        Cell::Int(expires),
        Cell::Text(hash),
        Cell::Text(regime),
    ] = row
    else {
        return None;
    };
    let consent = Consent {
        site: SiteId(u32::try_from(*site).ok()?),
        at: Timestamp::from_seconds(*at),
        day: Day(i32::try_from(*day).ok()?),
        choice: Choice::parse(choice)?,
        receipt: if receipt.is_empty() { None } else { Some(ReceiptId::from_hex(receipt)?) },
        purposes: purposes.clone(),
        version: version.to_string(),
        text: if text.is_empty() { None } else { Some(bytes_of_hex(text)?) },
        language: language.to_string(),
        how: How::parse(how)?,
        signals: signals.to_string(),
        expires: Timestamp::from_seconds(*expires),
        regime: regime.to_string(),
    };
    Some(LinkedConsent { consent, link: ConsentLink { number: number.cast_unsigned(), hash: bytes_of_hex(hash)? } })
}
