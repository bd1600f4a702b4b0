//! Which patterns a text can match at all: those of which a required literal occurs in it.
//! One pass over the text, no automaton: the index is a hash table in the mapped file.

use super::file::RuleFile;
use std::ops::Range;

/// A bit a pattern.
pub(super) struct Candidates(Vec<u64>);

impl Candidates {
    /// Looks every gram of the text up and compares the literals behind it.
    pub(super) fn of(file: &RuleFile, text: &str) -> Self {
        let lower = text.to_ascii_lowercase().into_bytes();
        let mut found = Self(file.always());
        for at in 0..lower.len() {
            let mut gram = 0;
            for (size, byte) in lower.iter().skip(at).take(4).enumerate() {
                gram |= u32::from(*byte) << (8 * size);
                if size > 0 {
                    found.add(file, &lower, at, gram);
                }
            }
        }
        found
    }

    /// The candidates of a range, in its order.
    pub(super) fn within(&self, range: Range<u32>) -> impl Iterator<Item = u32> {
        let words = self.0.iter().enumerate().skip(range.start as usize / 64).take(range.len() / 64 + 2);
        words
            .flat_map(|(number, word)| bits(*word).map(move |bit| number as u32 * 64 + bit))
            .filter(move |n| range.contains(n))
    }

    fn add(&mut self, file: &RuleFile, lower: &[u8], at: usize, gram: u32) {
        for literal in file.literals_of(gram) {
            let Some((before, rest)) = at.checked_sub(literal.gram_at).and_then(|start| lower.split_at_checked(start))
            else {
                continue;
            };
            let in_word = literal.starts_word && before.last().is_some_and(u8::is_ascii_alphanumeric);
            if !in_word && rest.starts_with(literal.bytes) {
                for pattern in file.postings(literal.postings) {
                    if let Some(word) = self.0.get_mut(pattern as usize / 64) {
                        *word |= 1 << (pattern % 64);
                    }
                }
            }
        }
    }
}

/// The numbers of the bits that are set, ascending.
fn bits(mut word: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros())?;
        word &= word - 1;
        Some(bit)
    })
}
