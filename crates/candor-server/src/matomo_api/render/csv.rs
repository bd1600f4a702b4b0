//! Comma- and tab-separated text, safe to open in a spreadsheet.

use super::{
    Format, Options, Rendered, SHEET,
    grid::{Grid, Wanted},
};
use candor_query::table::Answer;

/// A whole answer as a file.
pub(super) fn answer(answer: &Answer, format: Format, options: &Options) -> Rendered {
    let text = text(answer, if format == Format::Tsv { '\t' } else { ',' }, options);
    // Matomo names TSV files .csv too.
    let name = candor_core::params::url_encode(&options.file_name).replace('+', "%20");
    let disposition = Some(format!("attachment; filename*=UTF-8''{name}.csv"));
    let body = if options.as_utf8 { text.into_bytes() } else { utf16(&text) };
    Rendered { content_type: SHEET, disposition, body }
}

/// UTF-16, little endian, with its mark: what Excel opens without asking.
fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// A whole answer as text.
pub(super) fn text(answer: &Answer, separator: char, options: &Options) -> String {
    if let Answer::Success = answer {
        return "message\nok".into();
    }
    let grid = Grid::new(answer, Wanted::Everything);
    if grid.lines.is_empty() {
        return "No data available".into();
    }
    let names = grid.columns.iter().map(|name| shown(name, options));
    let mut lines = vec![line(names, separator)];
    for cells in &grid.lines {
        let padded = (0..grid.columns.len()).map(|i| cells.get(i).cloned().flatten().unwrap_or_default());
        lines.push(line(padded, separator));
    }
    lines.join("\n")
}

fn line(cells: impl Iterator<Item = String>, separator: char) -> String {
    let cells: Vec<String> = cells.map(|cell| quoted(&guarded(&cell), separator)).collect();
    cells.join(&separator.to_string())
}

/// The name of a column as people read it, when that is asked for.
fn shown(name: &str, options: &Options) -> String {
    let Some(translate) = options.column_names else { return name.to_owned() };
    match name.strip_prefix("metadata_") {
        Some(metadata) => format!("Metadata: {metadata}"),
        None => translate(name).unwrap_or_else(|| name.to_owned()),
    }
}

/// Tracked data must not become a formula (`=cmd|…`) on the machine that opens the file.
fn guarded(cell: &str) -> String {
    let cell = cell.replace('\t', " ");
    let bare = cell.trim_start_matches(['%', ' ']);
    let is_number = cell.trim_end_matches('%').parse::<f64>().is_ok();
    if bare.starts_with(['=', '+', '-', '@']) && !is_number { format!("'{cell}") } else { cell }
}

fn quoted(cell: &str, separator: char) -> String {
    if cell.contains(['"', ',', ';', '\n', '\r']) || cell.contains(separator) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
