//! User ids are replaced by a salted hash: the same person is recognised, the site's own id is not kept.

use crate::{
    hit::{HitFields, VisitorSource},
    privacy::{Example, Rule, RuleContext},
    visitor,
};
use candor_core::settings::PrivacySettings;
use sha1::{Digest, Sha1};

pub(super) struct HashUserId;

impl Rule for HashUserId {
    fn id(&self) -> &'static str {
        "hash_user_id"
    }

    fn removes(&self) -> &'static str {
        "the user id that the site gives; a salted hash takes its place"
    }

    fn example_settings(&self) -> PrivacySettings {
        PrivacySettings { anonymize_user_id: true, user_id_salt: "pepper".into(), ..PrivacySettings::default() }
    }

    fn examples(&self) -> [Example; 3] {
        [
            Example { given: "anna@example.org", kept: "7febb60be967537ae8db09d9bc85ca5a00a5427b" },
            Example { given: "4711", kept: "9967d8758f614c337e4230cecbcbbc3f479d190f" },
            Example { given: "", kept: "" },
        ]
    }

    fn is_on(&self, privacy: &PrivacySettings) -> bool {
        privacy.anonymize_user_id
    }

    fn keep(&self, given: &str, context: &RuleContext) -> String {
        if given.is_empty() {
            return String::new();
        }
        let digest = Sha1::new().chain_update(given).chain_update(&context.privacy.user_id_salt).finalize();
        hex::encode(digest)
    }

    fn apply(&self, hit: &mut HitFields, context: &RuleContext) {
        hit.user_id = self.keep(&hit.user_id, context);
        // The visitor id that was made of the id would give it away to whoever tries ids out.
        if let Some((id, VisitorSource::UserId)) = &mut hit.visitor {
            *id = visitor::of_user(&hit.user_id);
        }
    }
}
