//! Referrers lose their query, their path, or all of their address. Names of search engines, networks and
//! campaigns stay; keywords stay only for campaigns; website names go when all goes.

use crate::{
    enrich::url::Url,
    hit::HitFields,
    privacy::{Example, Rule, RuleContext},
};
use candor_core::{Referrer, ReferrerType, settings::PrivacySettings};

pub(super) struct CutReferrer;

impl CutReferrer {
    fn cut(&self, referrer: &mut Referrer, context: &RuleContext) {
        referrer.url = self.keep(&referrer.url, context);
        if referrer.kind != ReferrerType::Campaign {
            referrer.keyword.clear();
        }
        if removes_all(context) && referrer.kind == ReferrerType::Website {
            referrer.name.clear();
        }
    }
}

/// The address of the referrer's website.
pub(super) fn origin(url: &str) -> String {
    let url = Url::parse(url);
    if url.host.is_empty() { String::new() } else { [url.scheme, url.host, url.port, "/"].concat() }
}

fn removes_all(context: &RuleContext) -> bool {
    !matches!(context.privacy.anonymize_referrer.as_str(), "exclude_query" | "exclude_path")
}

impl Rule for CutReferrer {
    fn id(&self) -> &'static str {
        "cut_referrer"
    }

    fn removes(&self) -> &'static str {
        "query, path or all of the referrer's address, and search keywords"
    }

    fn example_settings(&self) -> PrivacySettings {
        PrivacySettings { anonymize_referrer: "exclude_path".into(), ..PrivacySettings::default() }
    }

    fn examples(&self) -> [Example; 3] {
        [
            Example { given: "https://blog.example/anna?id=7", kept: "https://blog.example/" },
            Example { given: "http://me:secret@blog.example:8080/", kept: "http://blog.example:8080/" },
            Example { given: "", kept: "" },
        ]
    }

    fn is_on(&self, privacy: &PrivacySettings) -> bool {
        !privacy.anonymize_referrer.is_empty()
    }

    fn keep(&self, given: &str, context: &RuleContext) -> String {
        let url = Url::parse(given);
        match context.privacy.anonymize_referrer.as_str() {
            _ if given.is_empty() => String::new(),
            "exclude_query" => [url.scheme, url.host, url.port, url.path].concat(),
            "exclude_path" => origin(given),
            _ => String::new(),
        }
    }

    fn apply(&self, hit: &mut HitFields, context: &RuleContext) {
        self.cut(&mut hit.referrer, context);
        if let Some(attribution) = &mut hit.attribution {
            self.cut(attribution, context);
        }
        // It is the referrer's host.
        if removes_all(context) {
            hit.keyword_fallback.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::tests::Zero;

    #[test]
    fn each_degree() {
        let kept = |degree: &str| {
            let privacy = PrivacySettings { anonymize_referrer: degree.into(), ..PrivacySettings::default() };
            CutReferrer.keep("https://b.example/p?q#f", &RuleContext { privacy: &privacy, random: &Zero })
        };
        assert_eq!(kept("exclude_query"), "https://b.example/p");
        assert_eq!(kept("exclude_path"), "https://b.example/");
        assert_eq!(kept("exclude_all"), "");
    }
}
