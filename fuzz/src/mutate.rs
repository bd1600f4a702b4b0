//! Changes samples into inputs that nobody meant.

/// Inputs get no longer than this.
const BYTES_MAX: usize = 16 << 10;
/// Changes of one input, at most.
const CHANGES_MAX: u64 = 8;
/// Bytes that mean something to some parser.
const SPECIAL: &[u8] = b"\0%&=;,+\"\\'[]{}()<>:/?#@.-^$|*\n\r\t \x7f\x80\xc3\xe2\xf0\xff09aA";
/// Numbers at the ends of their ranges.
const NUMBERS: [&str; 14] = [
    "0",
    "-1",
    "1e309",
    "-0.0",
    "NaN",
    "inf",
    "255",
    "65536",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "18446744073709551616",
    "0.00000000000000000001",
    "253402300800",
];

/// A stream of numbers; the same seed gives the same stream.
pub struct Random(u64);

impl Random {
    /// The stream of an input.
    #[must_use]
    pub fn of(seed: u64, number: u64) -> Self {
        let mut random = Self(seed);
        random.0 = random.next() ^ number;
        random
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> Option<&'a T> {
        from.get(self.below(from.len())).copied()
    }

    /// A part of `bytes`, mostly a short one.
    fn range(&mut self, bytes: &[u8]) -> std::ops::Range<usize> {
        let start = self.below(bytes.len() + 1);
        let longest = if self.below(4) == 0 { bytes.len() } else { 12 };
        start..(start + self.below(longest + 1)).min(bytes.len())
    }
}

/// The input of this seed and number, made of `samples` and `words`.
#[must_use]
pub fn input(samples: &[Vec<u8>], words: &[&str], seed: u64, number: u64) -> Vec<u8> {
    let mut random = Random::of(seed, number);
    let mut bytes = samples.get(random.below(samples.len())).cloned().unwrap_or_default();
    for _ in 0..=random.next() % CHANGES_MAX {
        change(&mut bytes, samples, words, &mut random);
        bytes.truncate(BYTES_MAX);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, samples: &[Vec<u8>], words: &[&str], random: &mut Random) {
    let range = random.range(bytes);
    match random.below(9) {
        0 => {
            if let Some(byte) = bytes.get_mut(range.start) {
                *byte ^= 1 << random.below(8);
            }
        }
        1 => {
            let byte = SPECIAL.get(random.below(SPECIAL.len())).copied();
            bytes.splice(range.start..range.start, byte);
        }
        2 | 3 => drop(bytes.splice(range, random.pick(words).unwrap_or_default().bytes())),
        4 => drop(bytes.drain(range)),
        5 => {
            let part = bytes.get(range.clone()).unwrap_or_default().repeat(1 << random.below(8));
            bytes.splice(range, part);
        }
        6 => {
            let other = samples.get(random.below(samples.len())).map_or(&[][..], Vec::as_slice);
            let part = other.get(random.range(other)).unwrap_or_default().to_vec();
            bytes.splice(range, part);
        }
        7 => number(bytes, range.start, random),
        _ => {
            let encoded: String =
                bytes.get(range.clone()).unwrap_or_default().iter().map(|b| format!("%{b:02x}")).collect();
            bytes.splice(range, encoded.into_bytes());
        }
    }
}

/// Replaces the next run of digits by an extreme number.
fn number(bytes: &mut Vec<u8>, from: usize, random: &mut Random) {
    let rest = bytes.get(from..).unwrap_or_default();
    let Some(start) = rest.iter().position(u8::is_ascii_digit).map(|at| from + at) else { return };
    let digits = bytes.get(start..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    bytes.splice(start..start + digits, random.pick(&NUMBERS).unwrap_or_default().bytes());
}
