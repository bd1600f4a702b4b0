//! A bare HTML table.

use super::{
    grid::{Grid, Wanted},
    text::escape_into,
};
use candor_query::table::Answer;

/// A whole answer; `id` names the table.
pub(super) fn page(answer: &Answer, id: Option<&str>) -> String {
    let grid = Grid::new(answer, Wanted::Columns);
    let mut out = String::from("<table");
    if let Some(id) = id {
        out.push_str(" id=\"");
        escape_into(&mut out, id);
        out.push('"');
    }
    out.push_str(" border=\"1\">\n<thead>\n\t<tr>\n");
    for name in &grid.columns {
        cell(&mut out, "th", name);
    }
    out.push_str("\t</tr>\n</thead>\n<tbody>\n");
    for line in &grid.lines {
        out.push_str("\t<tr>\n");
        for i in 0..grid.columns.len() {
            cell(&mut out, "td", line.get(i).and_then(Option::as_deref).unwrap_or("-"));
        }
        out.push_str("\t</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
    out
}

fn cell(out: &mut String, tag: &str, text: &str) {
    out.push_str("\t\t<");
    out.push_str(tag);
    out.push('>');
    escape_into(out, text);
    out.push_str("</");
    out.push_str(tag);
    out.push_str(">\n");
}
