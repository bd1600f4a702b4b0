//! What is fed, and what must be true of the outcome. Whoever finds something panics.
#![expect(clippy::expect_used, reason = "a target that finds something says so by a panic")]

use crate::{
    everything::{Agent, collect, read_consent},
    samples,
};
use candor_collect::{Hit, Method, consent::ConsentRequest};
use candor_core::{ConsentLink, Vocabulary};
use candor_query::segment::{Asker, Segment, SegmentContext};

/// One reader of input.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// Reads an input; panics when something is wrong.
    pub run: fn(&[u8]),
    /// What inputs are made of.
    pub samples: fn() -> Vec<Vec<u8>>,
    /// Words that mean something to it.
    pub words: &'static [&'static str],
}

/// Every target.
pub const TARGETS: [Target; 6] = [
    Target { name: "query_string", run: query_string, samples: samples::queries, words: samples::QUERY_WORDS },
    Target { name: "bulk", run: bulk, samples: samples::bulks, words: samples::QUERY_WORDS },
    Target { name: "consent", run: consent, samples: samples::consents, words: samples::CONSENT_WORDS },
    Target { name: "user_agent", run: user_agent, samples: samples::user_agents, words: samples::AGENT_WORDS },
    Target { name: "hit", run: hit, samples: samples::records, words: &[] },
    Target { name: "segment", run: segment, samples: samples::segments, words: samples::SEGMENT_WORDS },
];

/// What is kept of a request may be longer than it, but not by much: entities, reasons, defaults.
const GROWTH_MAX: usize = 8;
const HIT_BYTES_MIN: usize = 16 << 10;
/// A head, and a line for each field.
const CONSENT_LINES: usize = 15;
/// Segments longer than this are cut.
const DEFINITION_BYTES_MAX: usize = 8192;

/// Any bytes as the query of a tracking request: what is kept can be read back, and is bounded by what was sent.
fn query_string(bytes: &[u8]) {
    let query = [b"idsite=1&rec=1&".as_slice(), bytes].concat();
    for hit in collect(Method::Get, &query, b"", Agent::default()).hits {
        let size = same_again(&hit);
        assert!(size <= HIT_BYTES_MIN + GROWTH_MAX * query.len(), "a request of {} bytes made {size}", query.len());
    }
}

/// Any bytes as the body of a bulk request.
fn bulk(bytes: &[u8]) {
    for body in [bytes.to_vec(), [b"{\"requests\":[".as_slice(), bytes, b"]}"].concat()] {
        for hit in collect(Method::Post, b"", &body, Agent::default()).hits {
            same_again(&hit);
        }
    }
}

/// Any bytes as a choice: its chained text has its own lines and no others, so nobody can write a field into it.
fn consent(bytes: &[u8]) {
    let body = [b"consent=1&idsite=1&".as_slice(), bytes].concat();
    if let Some(Ok(ConsentRequest::Keep { record, .. })) = read_consent(&body) {
        let text = record.text_after(&ConsentLink::default());
        assert_eq!(text.lines().count(), CONSENT_LINES, "{text}");
        assert!(text.len() <= HIT_BYTES_MIN, "{text}");
    }
}

/// Any bytes as user agent, language, and, line by line, as client hints.
fn user_agent(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split('\n');
    let agent = Agent { user_agent: lines.next().unwrap_or_default(), hints: lines.collect() };
    for hit in collect(Method::Get, b"idsite=1&rec=1&url=http://example.org/", b"", agent).hits {
        same_again(&hit);
    }
}

/// Any bytes as a record of the hit log.
fn hit(bytes: &[u8]) {
    if let Ok(hit) = Hit::decode(bytes) {
        same_again(&hit);
    }
}

/// Any text as a segment: it is refused, or it prints as something that reads as the same.
fn segment(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let vocabulary = Vocabulary::default();
    let context = SegmentContext { vocabulary: &vocabulary, site: None, asker: Asker::SignedIn };
    let Ok(segment) = Segment::parse(&text, &context) else { return };
    let printed = segment.canonical();
    // Encoding makes texts longer, and what is longer than a definition may be is cut when it is read.
    if printed.len() <= DEFINITION_BYTES_MAX {
        let again = Segment::parse(&printed, &context).expect("what was printed can be read");
        assert!(again.canonical() == printed, "`{printed}` reads as `{}`", again.canonical());
    }
}

/// What is written can be read, and is the same; returns its bytes.
fn same_again(hit: &Hit) -> usize {
    let (mut record, mut again) = (vec![], vec![]);
    hit.encode(&mut record).expect("a hit can be written");
    Hit::decode(&record).expect("and read").encode(&mut again).expect("and written again");
    assert_eq!(again, record);
    record.len()
}
