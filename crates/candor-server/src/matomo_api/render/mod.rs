//! Answers as text in Matomo's formats. Pure functions: what is shown was decided before.

mod csv;
mod grid;
mod html;
mod json;
mod rss;
mod text;
mod xml;

pub(crate) use json::answer as json_value;

use super::error::ApiError;
use candor_query::table::Answer;

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Lines of text for a terminal.
    Console,
    /// Comma-separated.
    Csv,
    /// A bare HTML table.
    Html,
    /// JSON, or JSONP with a callback.
    Json,
    /// What PHP would hand on; over HTTP an HTML table.
    Original,
    /// A feed of days.
    Rss,
    /// Tab-separated.
    Tsv,
    /// The default.
    Xml,
}

impl Format {
    /// Every format with its name.
    const ALL: [(&'static str, Self); 8] = [
        ("console", Self::Console),
        ("csv", Self::Csv),
        ("html", Self::Html),
        ("json", Self::Json),
        ("original", Self::Original),
        ("rss", Self::Rss),
        ("tsv", Self::Tsv),
        ("xml", Self::Xml),
    ];

    /// From the request's `format`, in any case.
    pub(crate) fn parse(name: &str) -> Result<Self, ApiError> {
        let known = Self::ALL.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, format)| *format);
        known.ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|(n, _)| *n).collect();
            ApiError::new(format!(
                "Renderer format '{name}' not valid. Try any of the following instead: {}.",
                names.join(", ")
            ))
        })
    }
}

/// What else a format needs to know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// JSONP function.
    pub(crate) callback: Option<String>,
    /// CSV and TSV as UTF-8 instead of UTF-16.
    pub(crate) as_utf8: bool,
    /// `Module.method`.
    pub(crate) method: String,
    /// Name of a file to save the answer as, without suffix.
    pub(crate) file_name: String,
    /// Address of this server, for links in feeds.
    pub(crate) base_url: String,
    /// The site asked for, when it is exactly one: (id, name).
    pub(crate) site: Option<(u32, String)>,
    /// Kind of period asked for.
    pub(crate) period: String,
    /// Shown names of columns, instead of their ids.
    pub(crate) column_names: Option<fn(&str) -> Option<String>>,
}

/// A finished answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// `Content-Type`.
    pub(crate) content_type: &'static str,
    /// `Content-Disposition`.
    pub(crate) disposition: Option<String>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

const JSON: &str = "application/json; charset=utf-8";
const JSONP: &str = "application/javascript; charset=utf-8";
const XML: &str = "text/xml; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";
const SHEET: &str = "application/vnd.ms-excel";

fn plain(content_type: &'static str, text: impl Into<String>) -> Rendered {
    Rendered { content_type, disposition: None, body: text.into().into_bytes() }
}

fn json_or_jsonp(text: String, options: &Options) -> Rendered {
    match &options.callback {
        Some(callback) => plain(JSONP, format!("{callback}({text})")),
        None => plain(JSON, text),
    }
}

/// Writes an answer.
///
/// # Errors
/// When the format can't show this answer (RSS shows only days of one site).
pub(crate) fn render(answer: &Answer, format: Format, options: &Options) -> Result<Rendered, ApiError> {
    Ok(match format {
        Format::Json => json_or_jsonp(json::answer(answer), options),
        Format::Xml => plain(XML, xml::answer(answer)),
        Format::Csv | Format::Tsv => csv::answer(answer, format, options),
        Format::Html => plain(HTML, html::page(answer, Some(&options.method.replace('.', "_")))),
        Format::Original => plain(HTML, html::page(answer, None)),
        Format::Console => plain(PLAIN, csv::text(answer, '\t', options)),
        Format::Rss => plain(XML, rss::feed(answer, options)?),
    })
}

/// Writes an error. `format` is `None` when the request named an unknown one.
pub(crate) fn render_error(error: &ApiError, format: Option<Format>, options: &Options) -> Rendered {
    let escaped = text::escape(&error.message);
    match format {
        Some(Format::Json) => {
            let message = json::text(&escaped.replace(['\r', '\n'], " "));
            json_or_jsonp(format!(r#"{{"result":"error","message":{message}}}"#), options)
        }
        Some(Format::Xml) => plain(XML, xml::error(&error.message)),
        Some(Format::Csv | Format::Tsv) => plain(HTML, format!("Error: {escaped}")),
        Some(Format::Html) => plain(PLAIN, escaped),
        _ => plain(PLAIN, format!("Error: {escaped}")),
    }
}

#[cfg(test)]
mod tests;
