//! Any text as a segment: it is refused, or it prints as something that reads as the same.
#![no_main]

use candor_core::Vocabulary;
use candor_query::segment::{Segment, SegmentContext};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let vocabulary = Vocabulary::default();
    let context = SegmentContext { vocabulary: &vocabulary, site: None };
    if let Ok(segment) = Segment::parse(text, &context) {
        let printed = segment.canonical();
        let again = Segment::parse(&printed, &context).expect("what was printed can be read");
        assert_eq!(again.canonical(), printed);
    }
});
