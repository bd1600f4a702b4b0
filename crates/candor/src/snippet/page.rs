//! Where the tracking code goes in a page: the comments of the page as a browser finds them. A pattern would also find
//! what stands in a script, in a larger comment or in an attribute, where the code would do harm.

use anyhow::{Result, bail};
use std::ops::Range;

const SLOT: &[u8] = b"MATOMO_TRACKING_SLOT";
/// A word of the strict loader, which remembers choices under it.
const STRICT: &[u8] = b"matomo-consent";
/// Before and behind code that was put in, so that a later run finds it.
pub(super) const BEGIN: &str = "<!-- Candor -->\n";
pub(super) const END: &str = "\n<!-- End Candor -->";

/// Elements whose content is text for a browser that runs scripts.
const TEXT_ONLY: [&[u8]; 9] =
    [b"script", b"style", b"textarea", b"title", b"noscript", b"iframe", b"xmp", b"noembed", b"noframes"];

/// The page with the code at its slot, or in place of code put there before.
///
/// # Errors
/// When the page has no place for it, or several.
pub(crate) fn inject(page: &[u8], code: &str) -> Result<Vec<u8>> {
    let places = places(page);
    let [place] = places.as_slice() else {
        bail!(advice(page, &places));
    };
    let first_line = page.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
    let code = if first_line.ends_with(b"\r\n") { code.replace('\n', "\r\n") } else { code.to_owned() };
    let (before, after) = (page.get(..place.start).unwrap_or_default(), page.get(place.end..).unwrap_or_default());
    Ok([before, code.as_bytes(), after].concat())
}

/// Whether the page has our banner, or the strict loader put in before.
pub(crate) fn asks_for_consent(page: &[u8]) -> bool {
    let loader = |place: &Range<usize>| page.get(place.clone()).is_some_and(|code| find(code, STRICT).is_some());
    find(page, b"<candor-consent").is_some() || places(page).iter().any(loader)
}

fn advice(page: &[u8], places: &[Range<usize>]) -> String {
    let slot = "`<!-- MATOMO_TRACKING_SLOT -->`";
    let line = |place: &Range<usize>| {
        let before = page.get(..place.start).unwrap_or_default();
        (1 + before.iter().filter(|byte| **byte == b'\n').count()).to_string()
    };
    if !places.is_empty() {
        let lines: Vec<_> = places.iter().map(line).collect();
        return format!(
            "more than one place for the code (lines {}); leave one, or page views count twice",
            lines.join(", ")
        );
    }
    match find(page, SLOT) {
        Some(at) => format!(
            "{slot} in line {} is no comment of the page there (but part of a script, a style, an attribute or a \
             larger comment); put it into the head on its own",
            line(&(at..at))
        ),
        None => format!("there is no {slot}; put it where the code is to go"),
    }
}

/// Slots, and code that was put in.
fn places(page: &[u8]) -> Vec<Range<usize>> {
    let (mut places, mut begun) = (vec![], None);
    for (range, text) in (Comments { page, at: 0 }) {
        match (text.trim_ascii(), begun) {
            (SLOT, _) => {
                places.push(range);
                begun = None;
            }
            (b"Candor", _) => begun = Some(range.start),
            (b"End Candor", Some(start)) => {
                places.push(start..range.end);
                begun = None;
            }
            _ => {}
        }
    }
    places
}

/// The comments of a page: where each stands and what it says.
struct Comments<'p> {
    page: &'p [u8],
    at: usize,
}

impl<'p> Iterator for Comments<'p> {
    type Item = (Range<usize>, &'p [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.at += find(self.page.get(self.at..)?, b"<")?;
            let start = self.at;
            let rest = self.page.get(start..)?;
            let (is_end, name) = match rest.get(1..)? {
                [b'/', name @ ..] => (true, name),
                name => (false, name),
            };
            if rest.starts_with(b"<!--") {
                // `<!-->` and `<!--->` are whole comments.
                let length = 2 + find(rest.get(2..)?, b"-->")? + 3;
                self.at += length;
                return Some((start..self.at, rest.get(4..length.saturating_sub(3)).unwrap_or_default()));
            } else if name.first().is_some_and(u8::is_ascii_alphabetic) {
                self.at += tag_length(rest)?;
                let raw = TEXT_ONLY.iter().find(|raw| !is_end && is_named(name, raw));
                if let Some(raw) = raw {
                    self.at += text_length(self.page.get(self.at..)?, raw)?;
                }
            } else if is_end || matches!(name.first(), Some(b'!' | b'?')) {
                self.at += find(rest, b">")? + 1;
            } else {
                self.at += 1;
            }
        }
    }
}

/// Whether a tag with this text behind its bracket is called so.
fn is_named(tag: &[u8], name: &[u8]) -> bool {
    tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        && tag.get(name.len()).is_none_or(|end| matches!(end, b'>' | b'/') || end.is_ascii_whitespace())
}

/// A tag up to and with its `>`; one in a quoted value is not its end.
fn tag_length(tag: &[u8]) -> Option<usize> {
    let (mut quote, mut at_value) = (None, false);
    for (at, byte) in tag.iter().enumerate() {
        match quote {
            Some(open) if open == *byte => quote = None,
            Some(_) => {}
            None if *byte == b'>' => return Some(at + 1),
            None if at_value && matches!(byte, b'"' | b'\'') => quote = Some(*byte),
            None => {}
        }
        at_value = quote.is_none() && (*byte == b'=' || at_value && byte.is_ascii_whitespace());
    }
    None
}

/// The text of an element up to its end tag.
fn text_length(text: &[u8], name: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += find(text.get(at..)?, b"</")?;
        if is_named(text.get(at + 2..)?, name) {
            return Some(at);
        }
        at += 2;
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "<!-- Candor -->\n<script>f(\"<!-- MATOMO_TRACKING_SLOT -->\")</script>\n<!-- End Candor -->";

    fn injected(page: &str) -> String {
        String::from_utf8(inject(page.as_bytes(), CODE).unwrap()).unwrap()
    }

    fn refusal(page: &str) -> String {
        inject(page.as_bytes(), CODE).unwrap_err().to_string()
    }

    #[test]
    fn the_slot_is_where_a_browser_sees_a_comment() {
        for (before, after) in [
            ("<head>", "</head>"),
            ("<!doctype html><title><!-- MATOMO_TRACKING_SLOT --></title>", ""),
            ("<script>s = '<!-- MATOMO_TRACKING_SLOT -->'</script >", "<script></script>"),
            ("<STYLE>/* <!-- MATOMO_TRACKING_SLOT --> </scrip */</Style>", ""),
            ("<!-- at <!-- MATOMO_TRACKING_SLOT -->", "<p>"),
            ("<!--><!---><!doctype x><?php echo 1 ?></ x><b title=\"<!-- MATOMO_TRACKING_SLOT -->\">", "1 < 2"),
            ("<a href=it's><p data-x = '>\"'>", "</a>"),
            ("<!-- Candor -->", "<!-- End of it -->"),
            ("1 <2 <scripts>", ""),
        ] {
            for slot in ["<!-- MATOMO_TRACKING_SLOT -->", "<!--MATOMO_TRACKING_SLOT-->"] {
                assert_eq!(injected(&format!("{before}{slot}{after}")), format!("{before}{CODE}{after}"));
            }
        }
    }

    #[test]
    fn a_page_without_one_place_is_refused_with_advice() {
        assert!(refusal("<head></head>").contains("there is no `<!-- MATOMO_TRACKING_SLOT -->`; put it"));
        for hidden in [
            "\n<script>\n<!-- MATOMO_TRACKING_SLOT -->",
            "\n\n<!-- <!-- MATOMO_TRACKING_SLOT",
            "\n\n<b t='MATOMO_TRACKING_SLOT'>",
        ] {
            assert!(refusal(hidden).contains("in line 3 is no comment"), "{}", refusal(hidden));
        }
        let twice = refusal("\n<!-- MATOMO_TRACKING_SLOT -->\n<!-- Candor --><!-- End Candor -->");
        assert!(twice.contains("(lines 2, 3)"), "{twice}");
    }

    #[test]
    fn code_put_in_before_is_replaced() {
        let once = injected("a<!-- MATOMO_TRACKING_SLOT -->b");
        assert_eq!(injected(&once), once);
        let other = inject(once.as_bytes(), "<!-- Candor -->\nother\n<!-- End Candor -->").unwrap();
        assert_eq!(other, b"a<!-- Candor -->\nother\n<!-- End Candor -->b");
    }

    #[test]
    fn a_banner_or_the_strict_loader_asks_for_consent() {
        for page in ["<candor-consent></candor-consent>", "<!-- Candor -->s[\"matomo-consent\"]<!-- End Candor -->"] {
            assert!(asks_for_consent(page.as_bytes()), "{page}");
        }
        for page in ["", CODE, "s['matomo-consent']<!-- MATOMO_TRACKING_SLOT -->"] {
            assert!(!asks_for_consent(page.as_bytes()), "{page}");
        }
    }

    #[test]
    fn line_ends_and_bytes_of_the_page_stay() {
        let once = injected("\u{feff}<html>\r\n<!-- MATOMO_TRACKING_SLOT -->\r\n");
        assert_eq!(once.matches('\n').count(), once.matches("\r\n").count());
        assert_eq!(injected(&once), once);
        let latin = inject(b"\xe9<!-- MATOMO_TRACKING_SLOT -->\xff", "x").unwrap();
        assert_eq!(latin, b"\xe9x\xff");
    }
}
