//! A small seeded generator (SplitMix64, public domain, Sebastiano Vigna). Good enough for traffic, and the same everywhere.

/// The generator.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed ^ 0x9E37_79B9_7F4A_7C15)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// In [0, 1).
    pub(super) fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// In 0..limit; 0 when `limit` is 0.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// One of them; the first ones far more often than the last (Zipf's law with exponent 1).
    pub(super) fn zipf<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.zipf_index(items.len() as u64) as usize)
    }

    /// An index in 0..count by Zipf's law, by inverting its continuous form.
    pub(super) fn zipf_index(&mut self, count: u64) -> u64 {
        let rank = ((count as f64 + 1.0).ln() * self.fraction()).exp() - 1.0;
        (rank as u64).min(count.saturating_sub(1))
    }

    /// One of them, by weight.
    pub(super) fn weighted<'a, T>(&mut self, items: &'a [(u32, T)]) -> Option<&'a T> {
        let total: u64 = items.iter().map(|(weight, _)| u64::from(*weight)).sum();
        let mut at = self.below(total);
        items
            .iter()
            .find(|(weight, _)| {
                let here = at < u64::from(*weight);
                at = at.saturating_sub(u64::from(*weight));
                here
            })
            .map(|(_, item)| item)
    }
}
