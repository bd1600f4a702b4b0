//! A feed with one item a day (or week…) of one site, newest first.

use super::{
    Options,
    grid::{Grid, Wanted},
    text::escape,
};
use crate::matomo_api::error::ApiError;
use candor_query::table::Answer;
use std::fmt::Write;

/// The feed.
///
/// # Errors
/// When the answer isn't one of several dates for one site.
pub(super) fn feed(answer: &Answer, options: &Options) -> Result<String, ApiError> {
    let (Answer::Map { key: "date", entries }, Some((site, name))) = (answer, &options.site) else {
        return Err(ApiError::new(
            "RSS feeds can be generated for one specific website &idSite=X.\n\
             Please specify only one idSite or consider using &format=XML instead.",
        ));
    };
    let mut items = String::new();
    for (key, entry) in entries.iter().rev() {
        let first_day = key.split(',').next().unwrap_or(key);
        let link = escape(&format!(
            "{}?module=CoreHome&action=index&idSite={site}&period={}&date={first_day}",
            options.base_url, options.period
        ));
        let date = published(first_day);
        let title = escape(&format!("{name} on {key}"));
        let description = escape(&table(&Grid::new(entry, Wanted::Columns)));
        let _ = write!(
            items,
            "\t<item>\n\t\t<pubDate>{date}</pubDate>\n\t\t<guid>{link}</guid>\n\t\t<link>{link}</link>\n\
             \t\t<title>{title}</title>\n\t\t<author>https://matomo.org</author>\n\
             \t\t<description>{description}</description>\n\t</item>\n"
        );
    }
    let newest = published(entries.last().map_or("", |(key, _)| key.split(',').next().unwrap_or(key)));
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\">\n  <channel>\n    \
         <title>matomo statistics - RSS</title>\n    <link>https://matomo.org</link>\n    \
         <description>Matomo RSS feed</description>\n    <pubDate>{newest}</pubDate>\n    \
         <generator>matomo</generator>\n    <language>en</language>\n    <lastBuildDate>{newest}</lastBuildDate>\n\
         {items}  </channel>\n</rss>"
    ))
}

/// A day as RFC 822 writes it; keys of months and years count from their first day.
fn published(day: &str) -> String {
    let full = format!("{day}-01-01");
    let date: String = full.chars().take(10).collect();
    date.parse::<jiff::civil::Date>()
        .map_or_else(|_| String::new(), |date| date.strftime("%a, %d %b %Y 00:00:00 +0000").to_string())
}

fn table(grid: &Grid) -> String {
    if grid.lines.is_empty() {
        return "<strong><em>Empty table</em></strong><br />".into();
    }
    let mut out = String::from("<table border=1 width=70%><tr>");
    for name in &grid.columns {
        let _ = write!(out, "\t<td><strong>{}</strong></td>", escape(name));
    }
    out.push_str("</tr>");
    for line in &grid.lines {
        out.push_str("<tr>");
        for i in 0..grid.columns.len() {
            let cell = line.get(i).and_then(Option::as_deref).unwrap_or("-");
            let _ = write!(out, "\t<td>{}</td>", escape(cell));
        }
        out.push_str("</tr>");
    }
    out.push_str("</table>");
    out
}
