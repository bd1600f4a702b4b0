//! Makes hits without requests.

use candor_collect::{Hit, HitAction, HitFields, VisitorSource};
use candor_core::{
    ActionKind, Choice, Consent, Day, Fingerprint, How, LegalBasis, ReceiptId, Referrer, SiteId, Timestamp, VisitorId,
    visit::{Campaign, Device, Location},
};

/// 2024-02-29 12:00 UTC, a Thursday.
pub(crate) const NOON: i64 = 1_709_208_000;

/// A hit that does nothing, `seconds` after noon, by the visitor with this letter.
pub(crate) fn fields(seconds: i64, who: &str) -> HitFields {
    let number = who.bytes().fold(0, |n, b| n * 256 + u64::from(b));
    HitFields {
        site: SiteId(1),
        revision: 1,
        at: Timestamp::from_seconds(NOON + seconds),
        visitor: Some((VisitorId(number), VisitorSource::Cookie)),
        fresh_visitor: VisitorId(0xF000_0000 + number),
        fingerprint: Fingerprint(number * 1000),
        user_id: String::new(),
        new_visit: false,
        ping: false,
        ip: vec![10, 0, 0, 0],
        location: Location { country: "de".into(), ..Location::default() },
        location_given: false,
        url: String::new(),
        device: Device::default(),
        resolution: "800x600".into(),
        plugins: 1,
        language: "de".into(),
        local_time: 0,
        referrer: Referrer::default(),
        keyword_fallback: String::new(),
        campaign: Campaign::default(),
        attribution: None,
        action: None,
        goals: vec![],
        commerce: None,
        visit_dimensions: vec![],
        visit_variables: vec![],
        pageview_id: String::new(),
        timings: [None; 6],
        bandwidth: None,
        legal_basis: LegalBasis::Unstated,
    }
}

/// What the privacy rule makes of a hit without consent: another device, and nobody.
pub(crate) fn exempt(fields: &mut HitFields) {
    fields.legal_basis = LegalBasis::Exempt;
    fields.visitor = None;
    fields.fingerprint = Fingerprint(!fields.fingerprint.0);
}

/// A clean hit can only be decoded from the log's bytes, so that is what this does.
pub(crate) fn hit(fields: &HitFields) -> Hit {
    Hit::decode(&postcard::to_stdvec(fields).unwrap()).unwrap()
}

/// An action of a kind.
pub(crate) fn action(kind: ActionKind, url: &str, title: &str) -> HitAction {
    HitAction { url: url.into(), title: title.into(), ..HitAction::new(kind) }
}

/// A page view.
pub(crate) fn page(seconds: i64, who: &str, url: &str) -> Hit {
    let action = action(ActionKind::Page, url, &format!("title of {url}"));
    hit(&HitFields { action: Some(action), ..fields(seconds, who) })
}

/// A consent record with this number as its receipt.
pub(crate) fn accepted(number: u8) -> Consent {
    let at = Timestamp::from_seconds(NOON + i64::from(number));
    Consent {
        site: SiteId(1),
        at,
        day: Day(19_782),
        choice: Choice::Accepted,
        receipt: Some(ReceiptId([number; 16])),
        purposes: vec!["statistics".into()],
        version: format!("v{number}"),
        text: None,
        language: "de".into(),
        how: How::Click,
        signals: String::new(),
        expires: Timestamp::from_seconds(at.seconds() + 86_400),
        regime: "eu-consent".into(),
    }
}
