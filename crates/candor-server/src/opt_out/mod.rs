//! The ready-made opt-out: a page that works in frames and without scripts, and a script for pages of one's own.
//!
//! Both answer at Matomo's addresses and on the tracking path, which is all that some gateways let through.
//! Never: sets a cookie with anything in it that tells visitors apart.

mod page;
mod script;
mod texts;

pub(crate) use script::{embedded, self_contained};

use crate::{
    http::{Response, header, text},
    router::Asked,
};
use texts::Texts;

/// Parameters that say how the opt-out looks.
pub(crate) const LOOKS: [&str; 7] =
    ["language", "showIntro", "applyStyling", "backgroundColor", "fontColor", "fontSize", "fontFamily"];

/// A parameter, the property that it sets, what stands before its value there, what it may be.
type Style = (&'static str, &'static str, &'static str, fn(&str) -> bool);

const STYLES: [Style; 4] = [
    ("backgroundColor", "background-color", "#", is_color),
    ("fontColor", "color", "#", is_color),
    ("fontSize", "font-size", "", is_size),
    ("fontFamily", "font-family", "", is_family),
];

/// Whether a request on the tracking path is for the opt-out: it names that, and is no hit.
pub(crate) fn is_asked(query: Option<&str>) -> bool {
    let is_named = |name| query.is_some_and(|query| query.split('&').any(|pair| pair.split('=').next() == Some(name)));
    is_named("optout") && !is_named("rec")
}

/// Answers `optOut` and `optOutJS`, and `optout=…` on the tracking path.
pub(crate) fn answer(asked: &Asked) -> Response {
    let look = match Look::read(&|name| asked.params.text(name), header(&asked.head.headers, "accept-language")) {
        Ok(look) => look,
        Err((name, _)) => return text(400, format!("{name} is not valid; the guide on privacy says what it may be")),
    };
    match (asked.params.text("optout"), asked.params.text("action")) {
        (Some("script"), _) | (None, Some("optOutJS")) => script::answer(asked, &look),
        _ => page::answer(asked, &look),
    }
}

/// How the opt-out looks.
pub(crate) struct Look {
    texts: &'static Texts,
    intro: bool,
    /// Declarations, checked since they come from a URL.
    css: String,
}

impl Look {
    /// Reads the parameters; `accepted` are the browser's languages.
    ///
    /// # Errors
    /// Name and value of the parameter that is not valid.
    pub(crate) fn read<'a>(
        given: &dyn Fn(&str) -> Option<&'a str>,
        accepted: &str,
    ) -> Result<Self, (&'static str, &'a str)> {
        let mut css = String::new();
        for (name, property, prefix, fits) in STYLES {
            match given(name).filter(|value| !value.is_empty()) {
                Some(value) if !fits(value) => return Err((name, value)),
                Some(value) => css.push_str(&format!("{property}:{prefix}{value};")),
                None => {}
            }
        }
        if given("applyStyling") == Some("0") {
            css.clear();
        }
        let wanted = given("language").filter(|language| !matches!(*language, "" | "auto")).unwrap_or(accepted);
        Ok(Self { texts: texts::of(wanted), intro: given("showIntro") != Some("0"), css })
    }
}

fn is_color(text: &str) -> bool {
    matches!(text.len(), 3 | 6) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_size(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    unit.len() < text.len() && ["px", "em", "rem", "pt", "%"].contains(&unit)
}

fn is_family(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || " ,'-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_is_no_request_for_the_opt_out() {
        for query in ["optout", "optout=form&language=de", "idsite=1&optout="] {
            assert!(is_asked(Some(query)), "{query}");
        }
        for query in ["", "idsite=1&rec=1&optout=1", "optout=1&rec=1", "url=http%3A%2F%2Fx%3Foptout%3D1", "xoptout=1"] {
            assert!(!is_asked(Some(query)), "{query}");
        }
    }

    #[test]
    fn styles_can_only_be_styles() {
        let css = |name: &'static str, value: &'static str| {
            Look::read(&|asked| (asked == name).then_some(value), "").map(|look| look.css).map_err(|wrong| wrong.0)
        };
        assert_eq!(css("backgroundColor", "fff").as_deref(), Ok("background-color:#fff;"));
        assert_eq!(css("fontSize", "1.2em").as_deref(), Ok("font-size:1.2em;"));
        assert_eq!(css("fontFamily", "Open Sans, 'x'").as_deref(), Ok("font-family:Open Sans, 'x';"));
        for (name, value) in [
            ("backgroundColor", "red"),
            ("fontColor", "12345"),
            ("fontSize", "15"),
            ("fontSize", "px"),
            ("fontFamily", "x;}</style>"),
        ] {
            assert_eq!(css(name, value), Err(name), "{value}");
        }
    }
}
