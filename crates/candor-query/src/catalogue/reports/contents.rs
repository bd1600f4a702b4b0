//! Content blocks: what was shown, what was used.

use super::{
    Labelling, ReportDef,
    labels::{escaped_segment, or},
};
use crate::{catalogue::metrics, table::Row};

const PIECE_NOT_DEFINED: &str = "Content Piece not defined";

fn name(row: &mut Row, l: &Labelling<'_>) {
    labelled(row, l, "contentName");
}

fn piece(row: &mut Row, l: &Labelling<'_>) {
    labelled(row, l, "contentPiece");
}

fn labelled(row: &mut Row, l: &Labelling<'_>, dimension: &str) {
    row.remove_meta("contentTarget");
    if l.level == 0 && !row.label().is_empty() {
        let value = row.label().to_owned();
        escaped_segment(row, dimension, &value);
    }
    row.label = Some(or(row, PIECE_NOT_DEFINED));
}

const fn contents(method: &'static str, title: &'static str, record: &'static str) -> ReportDef {
    let mut report = ReportDef::rows(method, title, record);
    // their methods know no `expanded`
    report.expands = false;
    report.columns(&["nb_impressions", "nb_interactions"], metrics::CONTENT).below(method)
}

pub(super) const REPORTS: &[ReportDef] = &[
    contents("Contents.getContentNames", "Content Name", "Contents_name_piece")
        .of("Content Name", &["Contents_ContentName"])
        .labelled(name)
        .listed("Actions", "Contents", 35)
        .says("The content blocks that were shown, by name."),
    contents("Contents.getContentPieces", "Content Piece", "Contents_piece_name")
        .of("Content Piece", &["Contents_ContentPiece"])
        .labelled(piece)
        .listed("Actions", "Contents", 36)
        .says("The texts and pictures that were shown in content blocks."),
];
