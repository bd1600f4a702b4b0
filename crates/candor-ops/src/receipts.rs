//! Consent receipts: what a visitor can take home as proof of a choice, and checking one without the server.
//!
//! A receipt is JSON with the fields of ISO/IEC TS 27560, the record's text as it was hashed, and this server's
//! signature of that hash; likewise for what became of the agreement. Its readable part is made of these texts and nothing
//! else, so that checking a receipt is making it again.

use candor_core::{
    Timestamp,
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
    pub fn receipt(&self, known: &KnownReceipt) -> Value {
        let record = known.agreed.consent.text_after(&known.before);
        let withdrawn = known.withdrawn_at.map(|at| at.seconds().to_string()).unwrap_or_default();
        let hash = hash_text(&known.agreed.link.hash);
        let status = format!("candor consent status 1\nrecord={hash}\nwithdrawn={withdrawn}\n");
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
    /// What became of it, of the day of the receipt.
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

/// The whole receipt: what people read is made of the signed texts and nothing else.
fn assemble(proof: &Proof) -> Value {
    let of_record = |name: &str| field(&proof.record, name);
    let words = |name: &str| of_record(name).split(' ').filter(|word| !word.is_empty());
    let purposes = words("purposes").map(|purpose| json!({ "purpose": purpose, "legal_basis": "consent" }));
    json!({
        "schema_version": "ISO/IEC TS 27560:2023",
        "record_id": of_record("receipt"),
        "site": of_record("site").parse::<u32>().unwrap_or_default(),
        "privacy_notice": {
            "version": of_record("version"), "language": of_record("language"), "sha256": of_record("text"),
        },
        "purposes": purposes.collect::<Vec<_>>(),
        "event": {
            "event_type": of_record("choice"),
            "event_time": time(of_record("time")),
            "valid_until": time(of_record("expires")),
            "method": of_record("how"),
            "signals": words("signals").collect::<Vec<_>>(),
        },
        "withdrawn_at": time(field(&proof.status, "withdrawn")),
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

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::{Choice, Consent, ConsentLink, Day, How, LinkedConsent, ReceiptId, SiteId};

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
        };
        let before = ConsentLink { number: 4, hash: [9; 32] };
        let link = before.next(&consent);
        KnownReceipt { agreed: LinkedConsent { consent, link }, before, withdrawn_at: None }
    }

    #[test]
    fn a_receipt_is_proof_until_anything_in_it_is_changed() {
        let signer = Signer::new(&[3; 32]);
        let receipt = signer.receipt(&known());
        assert_eq!(verify(&receipt, &signer.public_key()), Ok(()));
        let withdrawn =
            signer.receipt(&KnownReceipt { withdrawn_at: Some(Timestamp::from_seconds(1_700_000_009)), ..known() });
        assert_eq!(verify(&withdrawn, &signer.public_key()), Ok(()));
        assert_eq!(withdrawn["withdrawn_at"], "2023-11-14T22:13:29Z");
        assert_eq!(receipt["event"]["event_time"], "2023-11-14T22:13:20Z");
        assert_eq!(receipt["privacy_notice"]["sha256"], "07".repeat(32));

        let changed = |change: &dyn Fn(&mut Value)| {
            let mut receipt = receipt.clone();
            change(&mut receipt);
            verify(&receipt, &signer.public_key())
        };
        let readable = changed(&|receipt| receipt["event"]["event_time"] = "2024-01-01T00:00:00Z".into());
        assert_eq!(readable, Err(ReceiptError::Readable("event".into())));
        for (name, value) in [("withdrawn_at", Value::Null), ("person", "Alice".into()), ("site", 4.into())] {
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
