//! Consent receipts: what a visitor can take home as proof of a choice, and checking one without the server.
//!
//! A receipt is JSON with sections and fields of ISO/IEC TS 27560, the record's text as it was hashed, and this server's
//! signature of that hash; likewise for what became of the agreement, and who answers for it, on the day of the receipt.
//! Its readable part is made of these texts and nothing else, so that checking a receipt is making it again.

use candor_core::{
    How, Settings, SiteId, Timestamp,
    consent::{Hash, bytes_of_hex, hash_of},
};
use candor_query::consent::KnownReceipt;
pub use candor_query::consent::{Chain, check_chain};
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use serde_json::{Value, json};

/// Signs receipts. No `Debug`: it is a secret.
pub struct Signer(SigningKey);

/// Why a receipt proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not a receipt of ours.
    #[error("`{0}` is missing or not as a receipt has it; give the file as it was downloaded")]
    Shape(&'static str),
    /// The key to check with is none.
    #[error("the key must be 64 hex digits, as `candor consent key` prints it")]
    Key,
    /// The record was changed.
    #[error("the record does not have the hash that the receipt names: it was changed")]
    Hash,
    /// Signed by somebody else, or not at all.
    #[error("the signature is not that of the key: the receipt was changed, or comes from another server")]
    Signature,
    /// The readable part was changed.
    #[error("`{0}` says something else than the signed record: it was changed")]
    Readable(String),
}

/// Who is behind a site, on the day that a receipt is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Controller {
    /// The site's name.
    pub site_name: String,
    /// Its main address.
    pub site_url: String,
    /// Who answers for the processing, name and address; empty: not told.
    pub controller: String,
}

impl Controller {
    /// As it is set.
    #[must_use]
    pub fn of(settings: &Settings, site: SiteId) -> Self {
        let site = settings.site(site);
        Self {
            site_name: site.map(|site| site.name.clone()).unwrap_or_default(),
            site_url: site.and_then(|site| site.urls.first().cloned()).unwrap_or_default(),
            controller: settings.privacy.controller.clone(),
        }
    }
}

impl Signer {
    /// A signer with this secret.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// What checks this server's signatures, 64 hex digits.
    #[must_use]
    pub fn public_key(&self) -> String {
        hex::encode(self.0.verifying_key().as_bytes())
    }

    /// The receipt of a record, with whether it was withdrawn so far.
    #[must_use]
    pub fn receipt(&self, known: &KnownReceipt, by: &Controller) -> Value {
        let record = known.agreed.consent.text_after(&known.before);
        let withdrawn = known.withdrawn_at.map(|at| at.seconds().to_string()).unwrap_or_default();
        let hash = hash_text(&known.agreed.link.hash);
        let status = format!(
            "candor consent status 2\nrecord={hash}\nwithdrawn={withdrawn}\nsite_name={}\nsite_url={}\ncontroller={}\n",
            one_line(&by.site_name),
            one_line(&by.site_url),
            one_line(&by.controller),
        );
        let sign = |text: &str| hex::encode(self.0.sign(&hash_of(text)).to_bytes());
        assemble(&Proof {
            signature: sign(&record),
            status_signature: sign(&status),
            record,
            status,
            public_key: self.public_key(),
        })
    }
}

/// All that a receipt is made of.
struct Proof {
    /// The record's text, as it was hashed.
    record: String,
    signature: String,
    /// What became of it and who answers for it, on the day of the receipt.
    status: String,
    status_signature: String,
    public_key: String,
}

/// Checks a receipt against a server's public key, 64 hex digits.
///
/// # Errors
/// What was changed, or that it is no receipt.
pub fn verify(receipt: &Value, public_key: &str) -> Result<(), ReceiptError> {
    let key = bytes_of_hex(public_key).and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    let key = key.ok_or(ReceiptError::Key)?;
    let text = |name: &'static str| {
        let text = receipt.get("proof").and_then(|proof| proof.get(name)).and_then(Value::as_str);
        text.map(str::to_owned).ok_or(ReceiptError::Shape(name))
    };
    let proof = Proof {
        record: text("record")?,
        signature: text("signature")?,
        status: text("status")?,
        status_signature: text("status_signature")?,
        public_key: public_key.to_ascii_lowercase(),
    };
    let hash = hash_of(&proof.record);
    if text("sha256")? != hash_text(&hash) || field(&proof.status, "record") != hash_text(&hash) {
        return Err(ReceiptError::Hash);
    }
    for (text, signature) in [(&proof.record, &proof.signature), (&proof.status, &proof.status_signature)] {
        let signature = bytes_of_hex(signature).ok_or(ReceiptError::Shape("signature"))?;
        key.verify(&hash_of(text), &Signature::from_bytes(&signature)).map_err(|_| ReceiptError::Signature)?;
    }
    let expected = assemble(&proof);
    let (Some(expected), Some(given)) = (expected.as_object(), receipt.as_object()) else {
        return Err(ReceiptError::Shape("receipt"));
    };
    let names = expected.keys().chain(given.keys());
    match names.into_iter().find(|name| expected.get(*name) != given.get(*name)) {
        Some(name) => Err(ReceiptError::Readable(name.clone())),
        None => Ok(()),
    }
}

/// Nobody writes a field into a signed text.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// A field of a signed text; empty when it isn't there.
fn field<'a>(text: &'a str, name: &str) -> &'a str {
    let mut lines = text.lines().filter_map(|line| line.split_once('='));
    lines.find(|(key, _)| *key == name).map_or("", |(_, value)| value)
}

fn time(seconds: &str) -> Option<String> {
    Some(Timestamp::from_seconds(seconds.parse().ok()?).to_jiff().to_string())
}

/// A hash as people and other programs write it: 64 hex digits.
#[must_use]
pub fn hash_text(hash: &Hash) -> String {
    hex::encode(hash)
}

/// Stands for who answers for the processing.
const CONTROLLER_ID: &str = "controller";
/// Rules of the European Union, and of its member that has its own.
const GDPR_REGIMES: [&str; 2] = ["eu-consent", "cnil-exempt"];

/// The whole receipt: what people read is made of the signed texts and nothing else. What isn't known is null.
fn assemble(proof: &Proof) -> Value {
    let record = |name: &str| field(&proof.record, name);
    let status = |name: &str| field(&proof.status, name);
    let regime = record("regime");
    let jurisdiction = match regime {
        "hipaa" => Some("US"),
        _ => GDPR_REGIMES.contains(&regime).then_some("EU"),
    };
    let names_controller = !status("controller").is_empty();
    json!({
        "schema_version": "ISO/IEC TS 27560:2023",
        "profile": (jurisdiction == Some("EU") && names_controller).then_some("dpv-27560:receipt-eu-gdpr"),
        "record_id": record("receipt"),
        "site": record("site").parse::<u32>().unwrap_or_default(),
        "regime": told(regime),
        "pii_processing": {
            "privacy_notice": { "version": record("version"), "sha256": told(record("text")) },
            "language": told(record("language")),
            "purposes": words(record("purposes")).map(|purpose| json!({
                "purpose": purpose,
                "lawful_basis": "consent",
                "pii_controllers": [CONTROLLER_ID],
                "services": [status("site_name")],
                "jurisdiction": jurisdiction,
                "withdrawal_method": withdrawal_method(status("site_url")),
            })).collect::<Vec<_>>(),
        },
        "party_identification": [{
            "party_id": CONTROLLER_ID,
            "party_role": "PII controller",
            "party_name": if names_controller { status("controller") } else { status("site_name") },
            "party_url": told(status("site_url")),
        }],
        "event": events(proof),
        "proof": {
            "record": proof.record,
            "sha256": hash_text(&hash_of(&proof.record)),
            "signature": proof.signature,
            "status": proof.status,
            "status_signature": proof.status_signature,
            "algorithm": "Ed25519",
            "public_key": proof.public_key,
        },
    })
}

/// What happened to the consent, in order.
fn events(proof: &Proof) -> Vec<Value> {
    let record = |name: &str| field(&proof.record, name);
    let seconds = |name: &str| record(name).parse::<i64>().unwrap_or_default();
    let given = json!({
        "event_state": "given",
        // What was found had been expressed to somebody else, nobody knows how.
        "event_type": (record("how") != How::Found.word()).then_some("expressed"),
        "event_time": time(record("time")),
        "validity_duration": seconds("expires").saturating_sub(seconds("time")),
        "valid_until": time(record("expires")),
        "method": record("how"),
        "signals": words(record("signals")).collect::<Vec<_>>(),
    });
    let withdrawn = time(field(&proof.status, "withdrawn"));
    let withdrawn = withdrawn.map(|at| json!({ "event_state": "withdrawn", "event_time": at, "validity_duration": 0 }));
    std::iter::once(given).chain(withdrawn).collect()
}

fn withdrawal_method(site_url: &str) -> String {
    let place = if site_url.is_empty() { "the website" } else { site_url };
    format!("on {place}, with the control that opens the question for consent again: reject there")
}

/// Nothing is null.
fn told(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::{Choice, Consent, ConsentLink, Day, LinkedConsent, ReceiptId};

    fn known() -> KnownReceipt {
        let consent = Consent {
            site: SiteId(3),
            at: Timestamp::from_seconds(1_700_000_000),
            day: Day(19_675),
            choice: Choice::Accepted,
            receipt: Some(ReceiptId([1; 16])),
            purposes: vec!["statistics".into()],
            version: "2".into(),
            text: Some([7; 32]),
            language: "de".into(),
            how: How::Key,
            signals: "gpc".into(),
            expires: Timestamp::from_seconds(1_715_724_800),
            regime: "eu-consent".into(),
        };
        let before = ConsentLink { number: 4, hash: [9; 32] };
        let link = before.next(&consent);
        KnownReceipt { agreed: LinkedConsent { consent, link }, before, withdrawn_at: None }
    }

    fn shop() -> Controller {
        Controller {
            site_name: "Shop".into(),
            site_url: "https://shop.test".into(),
            controller: "Shop GmbH, Street 1, Town".into(),
        }
    }

    #[test]
    fn a_receipt_says_what_was_agreed_to_and_with_whom() {
        let withdrawn = KnownReceipt { withdrawn_at: Some(Timestamp::from_seconds(1_700_000_009)), ..known() };
        let mut receipt = Signer::new(&[3; 32]).receipt(&withdrawn, &shop());
        receipt.as_object_mut().unwrap().remove("proof");
        let expected = json!({
            "schema_version": "ISO/IEC TS 27560:2023",
            "profile": "dpv-27560:receipt-eu-gdpr",
            "record_id": "01".repeat(16),
            "site": 3,
            "regime": "eu-consent",
            "pii_processing": {
                "privacy_notice": { "version": "2", "sha256": "07".repeat(32) },
                "language": "de",
                "purposes": [{
                    "purpose": "statistics",
                    "lawful_basis": "consent",
                    "pii_controllers": ["controller"],
                    "services": ["Shop"],
                    "jurisdiction": "EU",
                    "withdrawal_method":
                        "on https://shop.test, with the control that opens the question for consent again: reject there",
                }],
            },
            "party_identification": [{
                "party_id": "controller",
                "party_role": "PII controller",
                "party_name": "Shop GmbH, Street 1, Town",
                "party_url": "https://shop.test",
            }],
            "event": [
                {
                    "event_state": "given",
                    "event_type": "expressed",
                    "event_time": "2023-11-14T22:13:20Z",
                    "validity_duration": 15_724_800,
                    "valid_until": "2024-05-14T22:13:20Z",
                    "method": "key",
                    "signals": ["gpc"],
                },
                { "event_state": "withdrawn", "event_time": "2023-11-14T22:13:29Z", "validity_duration": 0 },
            ],
        });
        assert_eq!(receipt, expected);
    }

    #[test]
    fn what_is_not_known_is_not_claimed() {
        let mut found = known();
        found.agreed.consent.regime.clear();
        found.agreed.consent.how = How::Found;
        let signer = Signer::new(&[3; 32]);
        let receipt = signer.receipt(&found, &Controller { controller: String::new(), ..shop() });
        assert_eq!((&receipt["profile"], &receipt["regime"]), (&Value::Null, &Value::Null));
        assert_eq!(receipt["pii_processing"]["purposes"][0]["jurisdiction"], Value::Null);
        assert_eq!(receipt["party_identification"][0]["party_name"], "Shop");
        assert_eq!((receipt["event"].as_array().unwrap().len(), &receipt["event"][0]["event_type"]), (1, &Value::Null));
        // Nor is it a receipt of the profile without somebody who answers for it.
        let nobody = signer.receipt(&known(), &Controller { controller: String::new(), ..shop() });
        assert_eq!(nobody["profile"], Value::Null);
    }

    #[test]
    fn nobody_writes_a_field_by_a_name() {
        let signer = Signer::new(&[3; 32]);
        let by = Controller { site_name: "Shop\ncontroller=Other".into(), ..shop() };
        let receipt = signer.receipt(&known(), &by);
        assert_eq!(receipt["party_identification"][0]["party_name"], "Shop GmbH, Street 1, Town");
        assert_eq!(receipt["pii_processing"]["purposes"][0]["services"][0], "Shop controller=Other");
        assert_eq!(verify(&receipt, &signer.public_key()), Ok(()));
    }

    #[test]
    fn a_receipt_is_proof_until_anything_in_it_is_changed() {
        let signer = Signer::new(&[3; 32]);
        let receipt = signer.receipt(&known(), &shop());
        assert_eq!(verify(&receipt, &signer.public_key()), Ok(()));
        let ended = KnownReceipt { withdrawn_at: Some(Timestamp::from_seconds(1_700_000_009)), ..known() };
        let withdrawn = signer.receipt(&ended, &shop());
        assert_eq!(verify(&withdrawn, &signer.public_key()), Ok(()));

        let changed = |change: &dyn Fn(&mut Value)| {
            let mut receipt = receipt.clone();
            change(&mut receipt);
            verify(&receipt, &signer.public_key())
        };
        let readable = changed(&|receipt| receipt["event"][0]["event_time"] = "2024-01-01T00:00:00Z".into());
        assert_eq!(readable, Err(ReceiptError::Readable("event".into())));
        let controller = changed(&|receipt| receipt["party_identification"][0]["party_name"] = "Other GmbH".into());
        assert_eq!(controller, Err(ReceiptError::Readable("party_identification".into())));
        let signed = changed(&|receipt| {
            let text = receipt["proof"]["status"].as_str().unwrap().replace("Shop GmbH", "Other GmbH");
            receipt["proof"]["status"] = text.into();
        });
        assert_eq!(signed, Err(ReceiptError::Signature));
        for (name, value) in [("event", receipt["event"].clone()), ("person", "Alice".into()), ("site", 4.into())] {
            let mut receipt = withdrawn.clone();
            receipt[name] = value;
            assert_eq!(verify(&receipt, &signer.public_key()), Err(ReceiptError::Readable(name.into())));
        }
        let swapped = changed(&|receipt| {
            receipt["proof"]["status"] = withdrawn["proof"]["status"].clone();
        });
        assert_eq!(swapped, Err(ReceiptError::Signature));
        let record = changed(&|receipt| {
            let text = receipt["proof"]["record"].as_str().unwrap().replace("accepted", "rejected");
            receipt["proof"]["record"] = text.into();
        });
        assert_eq!(record, Err(ReceiptError::Hash));
        let both = changed(&|receipt| {
            let text = receipt["proof"]["record"].as_str().unwrap().replace("accepted", "rejected");
            receipt["proof"]["sha256"] = hash_text(&hash_of(&text)).into();
            receipt["proof"]["record"] = text.into();
        });
        assert_eq!(both, Err(ReceiptError::Hash));
        assert_eq!(verify(&receipt, "abc"), Err(ReceiptError::Key));
        assert_eq!(verify(&receipt, &Signer::new(&[4; 32]).public_key()), Err(ReceiptError::Signature));
        assert_eq!(verify(&json!({}), &signer.public_key()), Err(ReceiptError::Shape("record")));
    }
}
