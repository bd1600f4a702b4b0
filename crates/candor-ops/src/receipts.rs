//! Consent receipts: what a visitor can take home as proof of a choice, and checking one without the server.
//!
//! A receipt is JSON with the fields of ISO/IEC TS 27560, the record's text as it was hashed, and this server's
//! signature of that hash. Its readable part is made of the hashed text and nothing else, so that checking a receipt is
//! making it again.

use candor_core::{
    Timestamp,
    consent::{Hash, bytes_of_hex},
};
use candor_query::consent::KnownReceipt;
pub use candor_query::consent::{Chain, check_chain};
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Signs receipts. No `Debug`: it is a secret.
pub struct Signer(SigningKey);

/// Why a receipt proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not a receipt of ours.
    #[error("`{0}` is missing or not as a receipt has it; give the file as it was downloaded")]
    Shape(&'static str),
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

    /// The receipt of a record.
    #[must_use]
    pub fn receipt(&self, known: &KnownReceipt) -> Value {
        let text = known.agreed.consent.text_after(&known.before);
        let hash = known.agreed.link.hash;
        let mut receipt = readable(&text);
        receipt.insert(
            "withdrawn_at".into(),
            known.withdrawn_at.map_or(Value::Null, |at| at.to_jiff().to_string().into()),
        );
        let signature = self.0.sign(&hash);
        receipt.insert(
            "proof".into(),
            json!({
                "record": text,
                "sha256": hex::encode(hash),
                "algorithm": "Ed25519",
                "signature": hex::encode(signature.to_bytes()),
                "public_key": self.public_key(),
            }),
        );
        Value::Object(receipt)
    }
}

/// Checks a receipt against a server's public key.
///
/// # Errors
/// What was changed, or that it is no receipt.
pub fn verify(receipt: &Value, public_key: &str) -> Result<(), ReceiptError> {
    let proof = |name: &'static str| {
        receipt.get("proof").and_then(|proof| proof.get(name)).and_then(Value::as_str).ok_or(ReceiptError::Shape(name))
    };
    let text = proof("record")?;
    let hash: [u8; 32] = Sha256::digest(text).into();
    if bytes_of_hex(proof("sha256")?) != Some(hash) {
        return Err(ReceiptError::Hash);
    }
    let signature = bytes_of_hex(proof("signature")?).ok_or(ReceiptError::Shape("signature"))?;
    let key = bytes_of_hex(public_key).and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    key.and_then(|key| key.verify(&hash, &Signature::from_bytes(&signature)).ok()).ok_or(ReceiptError::Signature)?;
    match readable(text).into_iter().find(|(name, value)| receipt.get(name) != Some(value)) {
        Some((name, _)) => Err(ReceiptError::Readable(name)),
        None => Ok(()),
    }
}

/// A hash as people and other programs write it: 64 hex digits.
#[must_use]
pub fn hash_text(hash: &Hash) -> String {
    hex::encode(hash)
}

/// What people read, made of the hashed text alone.
fn readable(text: &str) -> Map<String, Value> {
    let fields: HashMap<&str, &str> = text.lines().filter_map(|line| line.split_once('=')).collect();
    let field = |name: &str| fields.get(name).copied().unwrap_or_default();
    let time = |name: &str| {
        let seconds = field(name).parse().unwrap_or_default();
        Timestamp::from_seconds(seconds).to_jiff().to_string()
    };
    let words = |name: &str| field(name).split(' ').filter(|word| !word.is_empty());
    let purposes = words("purposes").map(|purpose| json!({ "purpose": purpose, "legal_basis": "consent" }));
    let receipt = json!({
        "schema_version": "ISO/IEC TS 27560:2023",
        "record_id": field("receipt"),
        "site": field("site").parse::<u32>().unwrap_or_default(),
        "privacy_notice": {
            "version": field("version"), "language": field("language"), "sha256": field("text"),
        },
        "purposes": purposes.collect::<Vec<_>>(),
        "event": {
            "event_type": field("choice"),
            "event_time": time("time"),
            "valid_until": time("expires"),
            "method": field("how"),
            "signals": words("signals").collect::<Vec<_>>(),
        },
    });
    if let Value::Object(map) = receipt { map } else { Map::new() }
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
        assert_eq!(receipt["event"]["event_time"], "2023-11-14T22:13:20Z");
        assert_eq!(receipt["privacy_notice"]["sha256"], "07".repeat(32));

        let changed = |change: &dyn Fn(&mut Value)| {
            let mut receipt = receipt.clone();
            change(&mut receipt);
            verify(&receipt, &signer.public_key())
        };
        let readable = changed(&|receipt| receipt["event"]["event_time"] = "2024-01-01T00:00:00Z".into());
        assert_eq!(readable, Err(ReceiptError::Readable("event".into())));
        let record = changed(&|receipt| {
            let text = receipt["proof"]["record"].as_str().unwrap().replace("accepted", "rejected");
            receipt["proof"]["record"] = text.into();
        });
        assert_eq!(record, Err(ReceiptError::Hash));
        let both = changed(&|receipt| {
            let text = receipt["proof"]["record"].as_str().unwrap().replace("accepted", "rejected");
            receipt["proof"]["sha256"] = hex::encode(Sha256::digest(&text)).into();
            receipt["proof"]["record"] = text.into();
        });
        assert_eq!(both, Err(ReceiptError::Signature));
        assert_eq!(verify(&receipt, &Signer::new(&[4; 32]).public_key()), Err(ReceiptError::Signature));
        assert_eq!(verify(&json!({}), &signer.public_key()), Err(ReceiptError::Shape("record")));
    }
}
