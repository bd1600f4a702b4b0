//! What a report is compared with: `compare=1` with `compareSegments[]`, `comparePeriods[]` and `compareDates[]`.

use crate::matomo_api::{arguments::Arguments, call::Call, error::ApiError};
use candor_query::{report::Comparison, segment::decode};

/// The name of no segment.
const ALL_VISITS: &str = "All visits";
/// A series in which the row has no rows below.
const NONE_BELOW: i64 = -1;

/// What the parameters name; `None` when nothing is compared.
pub(super) fn of(call: &Call<'_>) -> Result<Option<Comparison>, ApiError> {
    let given = call.arguments;
    if !given.is_set("compare") {
        return Ok(None);
    }
    let texts = |name| given.texts(name).unwrap_or_default();
    let periods: Vec<_> = texts("comparePeriods").into_iter().zip(texts("compareDates")).collect();
    let mut segments = vec![];
    for text in texts("compareSegments") {
        let name = name(call, &text)?;
        segments.push((text, name));
    }
    if periods.is_empty() && segments.is_empty() {
        return Ok(None);
    }
    Ok(Some(Comparison {
        segments,
        own_segment: name(call, given.text("segment").unwrap_or_default())?,
        periods,
        own_period: given.text("period").unwrap_or_default().to_owned(),
        inverted: given.is_set("invert_compare_change_compute"),
        label_series: numbers(given, "labelSeries").filter_map(|number| usize::try_from(number).ok()).collect(),
        without_rows_below: numbers(given, "comparisonIdSubtables")
            .enumerate()
            .filter(|(_, id)| *id == NONE_BELOW)
            .map(|(number, _)| number)
            .collect(),
    }))
}

/// `1,2` or `[1,2]`.
fn numbers<'a>(given: Arguments<'a>, name: &str) -> impl Iterator<Item = i64> + 'a {
    let text = given.text(name).unwrap_or_default().trim_matches(['[', ']']);
    text.split(',').filter_map(|number| number.trim().parse().ok())
}

/// A segment's name for people: that under which it was saved, or its definition as it can be read.
fn name(call: &Call<'_>, segment: &str) -> Result<String, ApiError> {
    if segment.is_empty() {
        return Ok(ALL_VISITS.to_owned());
    }
    Ok(super::segment_editor::name_of(call, segment)?.unwrap_or_else(|| decode(segment)))
}
