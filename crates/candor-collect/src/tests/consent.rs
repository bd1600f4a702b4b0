//! Consent requests: what is kept of them, and what is refused.

use super::{NOW, request, world};
use crate::{
    FailureReason, Method, TrackingFailure, TrackingRequest,
    consent::{ConsentRequest, Refused, read},
};
use candor_core::{Choice, Consent, How, ReceiptId, SiteId, Timestamp};

const ID: &str = "000102030405060708090a0b0c0d0e0f";

fn sent(body: &str, change: impl FnOnce(&mut TrackingRequest<'_>)) -> Option<Result<ConsentRequest, Refused>> {
    let mut request = request(Method::Post, "", body);
    change(&mut request);
    read(&request, &world(|settings, _| settings.privacy.regime = "eu-consent".into()).settings)
}

fn kept_with_words(body: &str) -> (Consent, Option<String>) {
    match sent(body, |_| {}) {
        Some(Ok(ConsentRequest::Keep { record, words })) => (*record, words),
        other => panic!("{body}: {other:?}"),
    }
}

fn kept(body: &str) -> Consent {
    kept_with_words(body).0
}

#[test]
fn an_agreement_is_kept_with_its_receipt() {
    let text = "5e".repeat(32);
    let record = kept(&format!(
        "consent=1&idsite=1&receipt={ID}&choice=accepted&purposes=statistics+media&version=2&text={text}&language=pt-BR\
         &how=key&signals=dnt&time=1000&expires=87400"
    ));
    let expected = Consent {
        site: SiteId(1),
        at: Timestamp::from_seconds(NOW),
        day: candor_core::SiteZone::parse("UTC").unwrap().day(Timestamp::from_seconds(NOW)),
        choice: Choice::Accepted,
        receipt: ReceiptId::from_hex(ID),
        purposes: vec!["statistics".into(), "media".into()],
        version: "2".into(),
        text: Some([0x5e; 32]),
        language: "pt-BR".into(),
        how: How::Key,
        signals: "dnt".into(),
        // By the server's clock, as long as the page said.
        expires: Timestamp::from_seconds(NOW + 86_400),
        regime: "eu-consent".into(),
    };
    assert_eq!(record, expected);
}

#[test]
fn words_are_hashed_and_come_along() {
    let with = |text: &str| kept_with_words(&format!("consent=1&idsite=1&choice=rejected&text={text}"));
    // `printf 'Dürfen wir?\nNein' | sha256sum`
    let hash = "ba908b0d178fdb6b35aca97a228743dba61dbf9e187f297aee5892299b642e24";
    let (record, words) = with("D%C3%BCrfen+wir%3F%0ANein");
    assert_eq!((record.text.map(hex::encode).as_deref(), words.as_deref()), (Some(hash), Some("Dürfen wir?\nNein")));
    // What is a hash already stands for words that are not here.
    assert_eq!(with(hash), (record, None));
    assert_eq!(with(""), (kept("consent=1&idsite=1&choice=rejected"), None));
    // Very long words are named by their hash alone, in the widest way to write them, too.
    let whole = "ü".repeat(4096);
    assert_eq!(with(&"%C3%BC".repeat(4096)).1, Some(whole.clone()));
    let (record, words) = with(&format!("{}x", "%C3%BC".repeat(4096)));
    assert_eq!((record.text, words), (Some(candor_core::consent::hash_of(&format!("{whole}x"))), None));
}

#[test]
fn a_choice_is_one_however_long_its_words_are() {
    let policy = "Whole policy. ".repeat(100_000);
    for rest in ["", "&choice=maybe"] {
        // What tells of it may stand on either side of the words.
        let body = format!("text={}&idsite=1&choice=rejected&consent=1{rest}", policy.replace(' ', "%20"));
        match (rest, sent(&body, |_| {})) {
            ("", Some(Ok(ConsentRequest::Keep { record, words }))) => {
                assert_eq!((record.text, words), (Some(candor_core::consent::hash_of(&policy)), None));
            }
            (_, Some(Err(refused))) => assert_eq!(refused.reason, "choice"),
            (_, other) => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_refusal_has_no_id_whatever_the_page_sends() {
    let record = kept(&format!("consent=1&idsite=1&receipt={ID}&choice=rejected&how=click&time=0&expires=99999999999"));
    assert_eq!((record.choice, record.receipt), (Choice::Rejected, None));
    assert_eq!(record.purposes, ["statistics"]);
    assert_eq!(record.expires.seconds(), NOW + 396 * 86_400);
}

#[test]
fn signals_of_the_request_count_as_those_of_the_page() {
    let body = "consent=1&idsite=1&choice=rejected&how=signal&signals=dnt";
    let asked = sent(body, |request| request.headers.sec_gpc = "1");
    let Some(Ok(ConsentRequest::Keep { record, .. })) = asked else { panic!("{asked:?}") };
    assert_eq!(record.signals, "gpc dnt");
}

#[test]
fn what_means_nothing_is_refused_with_words() {
    for (body, word) in [
        ("consent=1&choice=rejected", "idsite"),
        ("consent=1&idsite=77&choice=rejected", "there is no site `77`; check `idsite`"),
        ("consent=1&idsite=1&choice=maybe", "`choice`"),
        ("consent=1&idsite=1&choice=accepted", "`receipt`"),
        ("consent=1&idsite=1&choice=withdrawn&receipt=12", "`receipt`"),
        ("consent=1&idsite=1&choice=rejected&how=dream", "`how`"),
        ("consent=1&idsite=1&choice=rejected&purposes=A", "`purposes`"),
        ("consent=1&idsite=1&choice=rejected&purposes=a+b+c+d+e+f+g+h+i+j+k", "`purposes`"),
        ("consent=1&idsite=1&choice=rejected&version=a%0Anumber%3D1", "`version`"),
        ("consent=1&idsite=1&choice=rejected&language=de%0Aen", "`language`"),
    ] {
        let refused = sent(body, |_| {}).unwrap().unwrap_err();
        assert!(refused.words.contains(word), "{body}: {refused:?}");
        assert!(word.contains(refused.reason), "{body}: {refused:?}");
    }
}

#[test]
fn what_is_refused_is_for_the_list_of_failures() {
    for (body, site, reason) in [
        ("consent=1&choice=rejected", 0, FailureReason::InvalidSite),
        ("consent=1&idsite=77&choice=rejected", 77, FailureReason::InvalidSite),
        ("consent=1&idsite=1&choice=maybe&url=https://shop.example/secret", 1, FailureReason::RefusedConsent("choice")),
    ] {
        let refused = sent(body, |_| {}).unwrap().unwrap_err();
        assert_eq!(refused.failure, TrackingFailure { site, reason, url: String::new() }, "{body}");
    }
}

#[test]
fn a_receipt_is_asked_for_by_its_id() {
    for (query, as_file) in [("", false), ("&download=0", false), ("&download=1", true)] {
        let asked = sent(&format!("consent=receipt&receipt={ID}{query}"), |request| request.method = Method::Get);
        assert_eq!(asked, Some(Ok(ConsentRequest::Show { id: ReceiptId::from_hex(ID), as_file })));
    }
    let unreadable = Some(Ok(ConsentRequest::Show { id: None, as_file: false }));
    assert_eq!(sent("consent=receipt&receipt=abc", |_| {}), unreadable);
}

#[test]
fn hits_are_no_consent_requests() {
    for query in
        ["idsite=1&rec=1&url=x&consent=1", "idsite=1&rec=1&url=https://a/?consent=1", "consent=yes&idsite=1", ""]
    {
        assert_eq!(sent("", |request| request.query = query.as_bytes()), None, "{query}");
    }
}

#[test]
fn only_a_post_makes_a_choice() {
    let choice = b"consent=1&idsite=1&choice=rejected";
    let by = |method| {
        sent("", |request| {
            request.method = method;
            request.query = choice;
        })
    };
    assert!(matches!(by(Method::Post), Some(Ok(ConsentRequest::Keep { .. }))));
    for method in [Method::Get, Method::Head, Method::Other] {
        let refused = by(method).unwrap().unwrap_err();
        assert_eq!((refused.reason, refused.words.as_str()), ("method", "send it as POST"), "{method:?}");
    }
    assert_eq!(by(Method::Options), None);
}

#[test]
fn a_bulk_request_of_people_who_agreed_is_none() {
    let bulk = r#"{"requests":["?rec=1&idsite=1&url=https://a/&consent=1&r=5"]}"#;
    assert_eq!(sent(bulk, |_| {}), None);
}
