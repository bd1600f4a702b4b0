//! `candor snippet`: the tracking code for a page.

use super::Place;
use anyhow::{Context, Result, bail};
use candor_core::SiteId;
use clap::Args;
use std::path::PathBuf;

/// Print the tracking code, or put it into a file at `<!-- MATOMO_TRACKING_SLOT -->`.
#[derive(Args)]
#[command(after_help = "Example: candor snippet --site 1 --url https://stats.example.org --inject public/index.html")]
pub(crate) struct Snippet {
    /// Id of the site.
    #[arg(long, value_name = "ID")]
    site: u32,
    /// Where Candor is reached from outside; without it, the address that the settings let it listen on.
    #[arg(long, value_parser = address)]
    url: Option<String>,
    /// File to change in place.
    #[arg(long, value_name = "FILE")]
    inject: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

const SLOT: &str = "<!-- MATOMO_TRACKING_SLOT -->";
const BEGIN: &str = "<!-- Candor -->";
const END: &str = "<!-- End Candor -->";

impl Snippet {
    pub(crate) fn run(self) -> Result<()> {
        if self.place.admin()?.settings().site(SiteId(self.site)).is_none() {
            bail!("there is no site `{}`; `candor site list` shows all", self.site);
        }
        let url = match self.url {
            Some(url) => url,
            None => format!("http://{}", self.place.load()?.listen),
        };
        let code = snippet(self.site, &url);
        let Some(file) = self.inject else {
            println!("{code}");
            return Ok(());
        };
        let page = std::fs::read_to_string(&file).with_context(|| format!("`{}` can't be read", file.display()))?;
        let injected = inject(&page, &code)
            .with_context(|| format!("`{}` has no {SLOT}; put it where the code is to go", file.display()))?;
        std::fs::write(&file, injected).with_context(|| format!("`{}` can't be written", file.display()))
    }
}

/// An address that a browser can ask.
fn address(text: &str) -> Result<String, String> {
    let is_address = text.parse::<hyper::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.query().is_none()
    });
    is_address.then(|| text.to_owned()).ok_or_else(|| "not an address; write it as https://stats.example.org".into())
}

/// The code. The address becomes a JavaScript string, so nothing in it can end the script.
fn snippet(site: u32, url: &str) -> String {
    let base = format!("{}/", url.trim_end_matches('/'));
    let base = serde_json::Value::String(base).to_string().replace('<', "\\u003c");
    format!(
        "{BEGIN}
<script>
  var _paq = window._paq = window._paq || [];
  _paq.push(['trackPageView']);
  _paq.push(['enableLinkTracking']);
  (function() {{
    var u = {base};
    _paq.push(['setTrackerUrl', u + 'matomo.php']);
    _paq.push(['setSiteId', '{site}']);
    var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];
    g.async = true; g.src = u + 'matomo.js'; s.parentNode.insertBefore(g, s);
  }})();
</script>
{END}"
    )
}

/// The page with the code at the slot, or in place of code put there before. `None` without either.
fn inject(page: &str, code: &str) -> Option<String> {
    if let (Some((before, rest)), true) = (page.split_once(BEGIN), page.contains(END)) {
        let (_, after) = rest.split_once(END)?;
        return Some(format!("{before}{code}{after}"));
    }
    let (before, after) = page.split_once(SLOT)?;
    Some(format!("{before}{code}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn injecting_twice_is_injecting_once() {
        let code = snippet(3, "https://stats.example.org/");
        let once = inject("<head><!-- MATOMO_TRACKING_SLOT --></head>", &code).unwrap();
        assert!(once.starts_with("<head><!-- Candor -->") && once.ends_with("<!-- End Candor --></head>"));
        assert!(once.contains("var u = \"https://stats.example.org/\";") && once.contains("'setSiteId', '3'"));
        assert_eq!(inject(&once, &code).unwrap(), once);
        assert_eq!(inject("<head></head>", &code), None);
    }

    #[test]
    fn an_address_is_one_of_the_web() {
        for good in ["https://stats.example.org", "http://127.0.0.1:8090/", "https://example.org/stats/"] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in ["stats.example.org", "ftp://x.example", "https://", "https:// x", "//x.example", "https://x/?a", ""]
        {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_address_cannot_end_the_script() {
        assert!(!snippet(1, "https://x/</script><b>&|").contains("</script><b>"));
    }
}
