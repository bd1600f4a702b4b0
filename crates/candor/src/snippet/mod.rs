//! The tracking code: Matomo's form and the strict loader, and putting it into a page.
//!
//! Never: has a loader of its own. The strict one is what `consent/` built, with its values filled in as
//! `strictScript()` there does.

mod markup;
mod page;
mod replace;

pub(crate) use page::{asks_for_consent, inject};
pub(crate) use replace::replace;

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use rust_embed::Embed;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What the page tracked before consent and is sent after it, in the order of the loader.
pub(crate) const BACKLOGS: [&str; 3] = ["none", "current-page", "all"];

#[derive(Embed)]
#[folder = "../../consent/dist/inline"]
#[allow_missing = true]
struct Built;

/// Which script a page gets.
pub(crate) struct Script {
    pub(crate) site: u32,
    /// Where Candor is reached from outside.
    pub(crate) url: String,
    /// Its values when it is the strict loader, otherwise Matomo's form.
    pub(crate) strict: Option<Strict>,
    /// In Matomo's form: no cookie before consent.
    pub(crate) cookieless: bool,
}

/// What the strict loader asks besides.
pub(crate) struct Strict {
    /// One of [`BACKLOGS`].
    pub(crate) backlog: String,
    /// Version of the consent text.
    pub(crate) version: String,
    /// Whether Global Privacy Control and Do Not Track say no.
    pub(crate) signals: bool,
}

impl Script {
    /// The text between the tags.
    pub(crate) fn text(&self) -> Result<String> {
        let slash = if self.url.ends_with('/') { "" } else { "/" };
        let base = format!("{}{slash}", self.url);
        match &self.strict {
            None => Ok(standard(self.site, &base, self.cookieless)),
            Some(strict) => {
                let built = Built::get("strict-loader.js")
                    .context("this candor was built without its strict loader; run `make build`")?;
                fill(&String::from_utf8_lossy(&built.data), self.site, &base, strict)
            }
        }
    }
}

fn standard(site: u32, base: &str, cookieless: bool) -> String {
    let waits = if cookieless { "\n  _paq.push(['requireCookieConsent']);" } else { "" };
    format!(
        "
  var _paq = window._paq = window._paq || [];{waits}
  _paq.push(['trackPageView']);
  _paq.push(['enableLinkTracking']);
  (function() {{
    var u = {};
    _paq.push(['setTrackerUrl', u + 'matomo.php']);
    _paq.push(['setSiteId', '{site}']);
    var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];
    g.async = true; g.src = u + 'matomo.js'; s.parentNode.insertBefore(g, s);
  }})();
",
        literal(&json!(base))
    )
}

/// The loader with values in place of its markers, each of which stands in it once, in this order.
fn fill(mut loader: &str, site: u32, base: &str, strict: &Strict) -> Result<String> {
    let backlog = BACKLOGS.iter().position(|name| *name == strict.backlog);
    let values = [
        ("URL_", json!(base)),
        ("SITE_", json!(site.to_string())),
        ("BACKLOG_", json!(backlog.with_context(|| format!("unknown backlog `{}`", strict.backlog))?)),
        ("VERSION_", json!(strict.version)),
        ("SIGNALS_", json!(u8::from(strict.signals))),
    ];
    let mut script = String::new();
    for (marker, value) in values {
        let (before, after) =
            loader.split_once(marker).context("the strict loader is not of this version; run `make build`")?;
        script.push_str(before);
        script.push_str(&literal(&value));
        loader = after;
    }
    Ok(script + loader)
}

/// A value as JavaScript; nothing in it can end the script.
fn literal(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// The script in its element. The nonce is as [`nonce`] has let it through.
pub(crate) fn element(script: &str, nonce: Option<&str>) -> String {
    let nonce = nonce.map(|nonce| format!(" nonce=\"{nonce}\"")).unwrap_or_default();
    format!("{}<script{nonce}>{script}</script>{}", page::BEGIN, page::END)
}

/// A nonce, or what a server replaces by one: it stays as it is, since servers don't find their words once those are
/// escaped (and a nonce has nothing to escape).
pub(crate) fn nonce(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("empty; give a nonce or what the server replaces by one".into());
    }
    if text.contains('"') {
        return Err("not a value for an attribute: its `\"` would end it; use single quotes inside".into());
    }
    if text.contains(char::is_control) {
        return Err("not a value for an attribute: leave out line breaks and other control characters".into());
    }
    Ok(text.to_owned())
}

/// What a content security policy allows the script by. Browsers hash it with bare line feeds, whatever the file has.
pub(crate) fn csp_hash(script: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script)))
}

/// What is below Candor's address; people paste it with one of them.
const FILES: [&str; 4] = ["/matomo.php", "/piwik.php", "/matomo.js", "/index.php"];

/// An address that a browser can ask; a file of Candor at its end is cut off.
pub(crate) fn address(text: &str) -> Result<String, String> {
    let is_address = text.parse::<hyper::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    });
    if !is_address {
        return Err("not an address; write it as https://stats.example.org".into());
    }
    if text.contains(['?', '#']) {
        return Err("more than an address; leave out what begins with `?` or `#`".into());
    }
    let file = FILES.iter().find_map(|file| text.strip_suffix(file));
    Ok(file.unwrap_or(text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "</script><!-- \"SITE_\" & | \\ \u{2028} 'é";

    fn strict(version: &str) -> Strict {
        Strict { backlog: "all".into(), version: version.into(), signals: false }
    }

    #[test]
    fn values_are_filled_in_as_they_are() {
        let loader = "!function(a,b){}(URL_,SITE_,BACKLOG_,VERSION_,SIGNALS_)";
        let filled = fill(loader, 3, "https://stats.example.org/?VERSION_/", &strict("2")).unwrap();
        assert_eq!(filled, r#"!function(a,b){}("https://stats.example.org/?VERSION_/","3",2,"2",0)"#);
        let hostile = fill(loader, 3, "u", &strict(HOSTILE)).unwrap();
        let (_, version) = hostile.split_once("2,").unwrap();
        assert_eq!(serde_json::from_str::<String>(version.strip_suffix(",0)").unwrap()).unwrap(), HOSTILE);
        assert!(!hostile.contains('<'), "{hostile}");
        assert!(fill("(URL_,SITE_)", 3, "u", &strict("1")).is_err());
    }

    #[test]
    fn the_usual_code_names_site_and_address() {
        let script = |url: &str| Script { site: 3, url: url.into(), strict: None, cookieless: false }.text().unwrap();
        assert!(script("https://x.example/a").contains("var u = \"https://x.example/a/\";"));
        assert_eq!(script("https://x.example/a"), script("https://x.example/a/"));
        assert!(script("https://x.example").contains("'setSiteId', '3'"));
        assert!(!script("https://x/</script><b>&|").contains("</script>"));
    }

    #[test]
    fn a_policy_allows_it_by_nonce_or_hash() {
        assert!(element("x", Some("r4nd0m+/==")).contains("<script nonce=\"r4nd0m+/==\">x</script>"));
        assert_eq!(csp_hash("alert(1)\n"), "'sha256-MaeD7tQk/YNyd6Pm9J12ROmv0Z93QwNN4VH7v3gI+RI='");
    }

    #[test]
    fn what_a_server_replaces_by_a_nonce_stays_as_it_is() {
        let page = b"<title>A</title><!-- MATOMO_TRACKING_SLOT --><p>";
        for word in [
            "<?= $a && $b > 1 ? $nonce : '' ?>",
            "<?php echo htmlspecialchars($nonce) ?>",
            "<%= content_security_policy_nonce %>",
            "{{ csp_nonce | default('x') }}",
            "{{{nonce}}}",
            "$request_id",
            "%REQ(X-NONCE)%",
            "<!--#echo var='CSP_NONCE' -->",
            "${nonce}",
            "CSP_NONCE",
        ] {
            let code = element("f('</p>')", Some(&nonce(word).unwrap()));
            assert!(code.contains(&format!("<script nonce=\"{word}\">f(")), "{code}");
            let once = inject(page, &code).unwrap();
            assert_eq!(inject(&once, &code).unwrap(), once, "{word}");
        }
        for (bad, why) in [
            ("<?= $nonces[\"script\"] ?>", "use single quotes"),
            ("x\" onload=\"y", "would end it"),
            ("a\nb", "line breaks"),
            ("a\0", "control characters"),
            (" ", "empty"),
        ] {
            assert!(nonce(bad).unwrap_err().contains(why), "{bad}");
        }
    }

    #[test]
    fn an_address_is_one_of_the_web() {
        for good in ["https://stats.example.org", "http://127.0.0.1:8090/", "https://example.org/stats/"] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in ["stats.example.org", "ftp://x.example", "https://", "https:// x", "//x.example", ""] {
            assert!(address(bad).unwrap_err().contains("not an address"), "{bad}");
        }
        for more in ["https://x/?a", "https://x/#a", "https://x/matomo.php?idsite=1"] {
            assert!(address(more).unwrap_err().contains("more than an address"), "{more}");
        }
    }

    #[test]
    fn a_file_of_ours_is_no_part_of_the_address() {
        for file in FILES {
            assert_eq!(address(&format!("https://x.example/stats{file}")).unwrap(), "https://x.example/stats");
        }
        assert_eq!(address("https://x.example/shop.php").unwrap(), "https://x.example/shop.php");
    }
}
