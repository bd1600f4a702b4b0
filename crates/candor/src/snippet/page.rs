//! Where the tracking code goes in a page: the comments of the page as a browser finds them. A pattern would also find
//! what stands in a script, in a larger comment or in an attribute, where the code would do harm, or in a template,
//! where it would do nothing.

use super::markup::{Element, Kind, Piece, read};
use anyhow::{Result, bail};
use std::ops::Range;

const SLOT: &[u8] = b"MATOMO_TRACKING_SLOT";
/// What the comments say before and behind code that was put in.
const BEGUN: &[u8] = b"Candor";
const ENDED: &[u8] = b"End Candor";
/// A word of the strict loader, which remembers choices under it.
const STRICT: &[u8] = b"matomo-consent";
/// Before and behind code that was put in, so that a later run finds it.
pub(super) const BEGIN: &str = "<!-- Candor -->\n";
pub(super) const END: &str = "\n<!-- End Candor -->";

/// The page with the code at its slot, or in place of code put there before.
///
/// # Errors
/// When the page has no place for it, or several.
pub(crate) fn inject(page: &[u8], code: &str) -> Result<Vec<u8>> {
    let pieces = read(page);
    let places = places(&pieces);
    let [place] = places.as_slice() else {
        bail!(advice(page, &pieces, &places));
    };
    let first_line = page.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
    let code = if first_line.ends_with(b"\r\n") { code.replace('\n', "\r\n") } else { code.to_owned() };
    let (before, after) = (page.get(..place.start).unwrap_or_default(), page.get(place.end..).unwrap_or_default());
    Ok([before, code.as_bytes(), after].concat())
}

/// Whether the page has our banner, or the strict loader put in before.
pub(crate) fn asks_for_consent(page: &[u8]) -> bool {
    let loader = |place: &Range<usize>| page.get(place.clone()).is_some_and(|code| find(code, STRICT).is_some());
    find(page, b"<candor-consent").is_some() || places(&read(page)).iter().any(loader)
}

/// Slots where scripts run, and code that was put there.
fn places(pieces: &[Piece]) -> Vec<Range<usize>> {
    let (mut places, mut begun) = (vec![], None);
    for Piece { range, kind } in pieces {
        let Kind::Comment { text, within: None } = kind else { continue };
        match (text.as_slice(), begun) {
            (SLOT, _) => {
                places.push(range.clone());
                begun = None;
            }
            (BEGUN, _) => begun = Some(range.start),
            (ENDED, Some(start)) => {
                places.push(start..range.end);
                begun = None;
            }
            _ => {}
        }
    }
    places
}

/// Why the page has not one place, and what to do.
fn advice(page: &[u8], pieces: &[Piece], places: &[Range<usize>]) -> String {
    let slot = "`<!-- MATOMO_TRACKING_SLOT -->`";
    if !places.is_empty() {
        let lines: Vec<_> = places.iter().map(|place| line(page, place.start).to_string()).collect();
        return format!(
            "more than one place for the code (lines {}); leave one, or page views count twice",
            lines.join(", ")
        );
    }
    let useless = |piece: &Piece| match &piece.kind {
        Kind::Comment { text, within: Some(_) } => text == SLOT || text == BEGUN,
        _ => false,
    };
    match pieces.iter().find(|piece| useless(piece)).map(|piece| piece.range.start).or_else(|| find(page, SLOT)) {
        Some(at) => {
            let why = reason(page, pieces, at);
            format!("the place for the code in line {} is {why}; put {slot} into the head on its own", line(page, at))
        }
        None => format!("there is no {slot}; put it where the code is to go"),
    }
}

/// What a slot is that is no place for the code.
fn reason(page: &[u8], pieces: &[Piece], at: usize) -> String {
    let of = |element: &Element| format!("`<{}>` (line {})", element.name, line(page, element.start));
    let Some(piece) = pieces.iter().find(|piece| piece.range.contains(&at)) else {
        return "no comment".to_owned();
    };
    match &piece.kind {
        Kind::Comment { within: Some(element), .. } => {
            let is = if element.name == "svg" { "reads scripts as markup" } else { "runs no scripts" };
            format!("inside {}, which {is}", of(element))
        }
        Kind::Comment { within: None, .. } => "part of a larger comment".to_owned(),
        Kind::Tag => format!("part of the tag that begins in line {}", line(page, piece.range.start)),
        Kind::Text(element) => format!("only text inside {}", of(element)),
    }
}

/// The line of a place, from 1.
fn line(page: &[u8], at: usize) -> usize {
    1 + page.iter().take(at).filter(|byte| **byte == b'\n').count()
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
        let twice = refusal("\n<!-- MATOMO_TRACKING_SLOT -->\n<!-- Candor --><!-- End Candor -->");
        assert!(twice.contains("(lines 2, 3)"), "{twice}");
    }

    #[test]
    fn a_slot_that_is_none_is_refused_with_its_line_and_why() {
        let slot = "<!-- MATOMO_TRACKING_SLOT -->";
        for (page, why) in [
            (format!("\n<script>\n{slot}"), "in line 3 is only text inside `<script>` (line 2);"),
            (format!("<script><!--\n<script>\n</script>{slot}"), "in line 3 is only text inside `<script>` (line 1);"),
            (format!("<Title>{slot}</title>"), "in line 1 is only text inside `<title>` (line 1);"),
            (format!("<textarea>{slot}</textarea>"), "only text inside `<textarea>`"),
            (format!("<style>{slot}</style>"), "only text inside `<style>`"),
            (format!("<noscript>{slot}</noscript>"), "only text inside `<noscript>`"),
            (format!("<iframe>{slot}</iframe>"), "only text inside `<iframe>`"),
            (format!("<xmp>{slot}</xmp>"), "only text inside `<xmp>`"),
            (format!("<noembed>{slot}</noembed>"), "only text inside `<noembed>`"),
            (format!("<noframes>{slot}</noframes>"), "only text inside `<noframes>`"),
            (format!("<plaintext></plaintext>{slot}"), "only text inside `<plaintext>`"),
            (
                format!("\n<template>\n{slot}</template>"),
                "in line 3 is inside `<template>` (line 2), which runs no scripts;",
            ),
            ("<template><!-- Candor -->x<!-- End Candor --></template>".into(), "in line 1 is inside `<template>`"),
            (format!("<svg>{slot}</svg>"), "inside `<svg>` (line 1), which reads scripts as markup;"),
            (format!("<svg><style>{slot}</style></svg>"), "inside `<svg>`"),
            (format!("<svg><![CDATA[{slot}]]></svg>"), "inside `<svg>`"),
            (format!("<math>{slot}</math>"), "inside `<math>`"),
            ("\n\n<!-- <!-- MATOMO_TRACKING_SLOT".into(), "in line 3 is part of a larger comment;"),
            (format!("\n<b\nt='{slot}'>"), "in line 3 is part of the tag that begins in line 2;"),
            ("&lt;!-- MATOMO_TRACKING_SLOT --&gt;".into(), "in line 1 is no comment;"),
            (format!("<b t='{slot}"), "is no comment;"),
        ] {
            let refusal = refusal(&page);
            assert!(
                refusal.contains(why)
                    && refusal.ends_with("put `<!-- MATOMO_TRACKING_SLOT -->` into the head on its own"),
                "{page}: {refusal}"
            );
        }
    }

    #[test]
    fn a_useless_slot_beside_a_good_one_stays() {
        let page = "<!-- MATOMO_TRACKING_SLOT --><template><!-- MATOMO_TRACKING_SLOT --></template>";
        assert_eq!(injected(page), page.replacen("<!-- MATOMO_TRACKING_SLOT -->", CODE, 1));
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
