//! Custom variables: five (by default) names with values, of the visit (`_cvar`) or of the page (`cvar`).

use crate::{
    raw::{RawHit, plain_int, scalar},
    text,
};
use serde_json::Value;

/// Longest name or value.
const CHARS_MAX: usize = 200;

/// Slot, name, value of each variable in `{"1":["name","value"],…}`; what is not of this form is left out.
pub(crate) fn read(raw: &RawHit, parameter: &str, slots: u32) -> Vec<(u32, String, String)> {
    let entries: Vec<(u32, Value)> = match raw.json(parameter) {
        Some(Value::Object(object)) => {
            object.into_iter().filter_map(|(slot, pair)| Some((plain_int(&slot)?.try_into().ok()?, pair))).collect()
        }
        // PHP makes lists of objects whose keys are 0, 1, 2…
        Some(Value::Array(pairs)) => (0..).zip(pairs).collect(),
        _ => return vec![],
    };
    let variable = |(slot, pair): (u32, Value)| {
        let text = |at: usize| pair.get(at).and_then(scalar).map(|given| short(&given));
        let is_pair = pair.as_array().is_some_and(|pair| pair.len() == 2);
        (is_pair && (1..=slots).contains(&slot)).then_some((slot, text(0)?, text(1)?))
    };
    entries.into_iter().filter_map(variable).collect()
}

fn short(given: &str) -> String {
    text::cut_chars(&text::clean(given), CHARS_MAX).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::{Params, params::url_encode};

    #[test]
    fn only_pairs_in_known_slots_count() {
        let json =
            r#"{"1":["Plan"," gold "],"5":["n",7],"6":["too","far"],"2":["alone"],"x":["a","b"],"3":[["a"],"b"]}"#;
        let raw = RawHit::new(Params::parse(&format!("cvar={}&_cvar=nonsense", url_encode(json))));
        let read_all = read(&raw, "cvar", 5);
        assert_eq!(read_all, [(1, "Plan".into(), "gold".into()), (5, "n".into(), "7".into())]);
        assert!(read(&raw, "_cvar", 5).is_empty());
    }
}
