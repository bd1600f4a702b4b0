//! The file of rules, mapped into memory: bounded reads of what `scripts/devices/layout.py` wrote.
//! Opening reads the header only; pages come in as they are asked for. A damaged file gives
//! empty texts and missing rules, never a panic.

use super::DeviceDataError;
use super::map::Map;
use std::ops::Range;
use std::path::Path;

const MAGIC: &[u8] = b"CNDRDEVS";
const VERSION: u32 = 1;
const SECTIONS: usize = 11;
/// In a pattern's length: it looks around.
const LOOKS_AROUND: u32 = 1 << 31;
/// In the place of a literal's gram: the literal must stand where a word starts.
const STARTS_WORD: u32 = 1 << 31;
/// A rule's kind when it says none.
const KIND_NONE: u32 = 255;

/// The parts of the file, in its order.
#[derive(Clone, Copy)]
enum Section {
    Strings,
    Patterns,
    Rules,
    Sets,
    Always,
    Grams,
    Literals,
    Postings,
    Tables,
    Pairs,
    Notice,
}

/// The sets of rules, in the file's order. Within a set the first rule that matches counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    Bots,
    Systems,
    FeedReaders,
    MobileApps,
    MediaPlayers,
    Pim,
    Browsers,
    Libraries,
    Engines,
    Televisions,
    ShellTv,
    Notebooks,
    Consoles,
    CarBrowsers,
    Cameras,
    PortableMediaPlayers,
    Mobiles,
    Vendors,
}

/// The tables of names and codes, in the file's order. Keys of `*Hints` are [`fuzzy`](super::names::fuzzy), those of
/// `*Codes` that and lower case.
#[derive(Debug, Clone, Copy)]
pub(super) enum Table {
    OsNames,
    OsCodes,
    OsFamilies,
    OsHints,
    BrowserNames,
    BrowserCodes,
    BrowserFamilies,
    BrowserHints,
    MobileBrowsers,
    TvClients,
    DesktopFamilies,
    AndroidApps,
    FireOs,
    LineageOs,
    Apps,
    BrowserApps,
    Brands,
}

/// What a rule says. `name` and `value` are templates with groups as `$1`.
#[derive(Debug, Clone)]
pub(super) struct Rule<'f> {
    /// Name of bot, system or client; brand of a device (a child: another brand, or empty).
    pub(super) name: &'f str,
    /// Version; model of a device.
    pub(super) value: &'f str,
    /// Browsers: the engine, then `|version=engine` for each version from which it is another.
    pub(super) detail: &'f str,
    /// Matomo's number of the device type.
    pub(super) kind: Option<u8>,
    /// Patterns of the finer rules: versions of a system, models of a brand.
    pub(super) children: Range<u32>,
}

/// One expression.
pub(super) struct PatternSource<'f> {
    pub(super) expression: &'f str,
    pub(super) looks_around: bool,
}

/// The open file.
#[derive(Debug)]
pub(super) struct RuleFile {
    map: Map,
    sections: [Range<usize>; SECTIONS],
}

impl RuleFile {
    /// Maps the file and checks its header.
    pub(super) fn open(path: &Path) -> Result<Self, DeviceDataError> {
        let map = Map::open(path).map_err(|source| DeviceDataError::open(path, source))?;
        let sections = read_header(map.bytes()).ok_or_else(|| DeviceDataError::format(path))?;
        Ok(Self { map, sections })
    }

    /// Where the rules come from and under which licence.
    pub(super) fn notice(&self) -> &str {
        std::str::from_utf8(self.section(Section::Notice)).unwrap_or_default()
    }

    /// The patterns of a set.
    pub(super) fn set(&self, set: Set) -> Range<u32> {
        let [from, to] = self.record(Section::Sets, set as usize).unwrap_or_default();
        from..to
    }

    /// One pattern.
    pub(super) fn pattern(&self, number: u32) -> PatternSource<'_> {
        let [offset, length, _] = self.record(Section::Patterns, number as usize).unwrap_or_default();
        let expression = self.text(offset, length & !LOOKS_AROUND);
        PatternSource { expression, looks_around: length & LOOKS_AROUND != 0 }
    }

    /// The rule that a pattern belongs to.
    pub(super) fn rule_of(&self, pattern: u32) -> Option<Rule<'_>> {
        let [_, _, rule] = self.record(Section::Patterns, pattern as usize)?;
        let [name, name_length, value, value_length, detail, detail_length, kind, from, to] =
            self.record(Section::Rules, rule as usize)?;
        Some(Rule {
            name: self.text(name, name_length),
            value: self.text(value, value_length),
            detail: self.text(detail, detail_length),
            kind: (kind != KIND_NONE).then(|| u8::try_from(kind).ok()).flatten(),
            children: from..to,
        })
    }

    /// A bit a pattern: those that can match without any text that the index knows.
    pub(super) fn always(&self) -> Vec<u64> {
        let (words, _) = self.section(Section::Always).as_chunks::<8>();
        words.iter().copied().map(u64::from_le_bytes).collect()
    }

    /// The literals behind a gram (2 to 4 bytes, little-endian).
    pub(super) fn literals_of(&self, gram: u32) -> impl Iterator<Item = Literal<'_>> {
        let (first, count) = self.find_gram(gram).unwrap_or_default();
        (first..first.saturating_add(count)).map_while(|number| {
            let [offset, length, at, from, count] = self.record(Section::Literals, number as usize)?;
            let bytes = self.bytes(offset, length)?;
            Some(Literal {
                bytes,
                gram_at: (at & !STARTS_WORD) as usize,
                starts_word: at & STARTS_WORD != 0,
                postings: from..from.checked_add(count)?,
            })
        })
    }

    /// The patterns that need a literal.
    pub(super) fn postings(&self, range: Range<u32>) -> impl Iterator<Item = u32> {
        let bytes = self.section(Section::Postings).get(range.start as usize * 4..range.end as usize * 4);
        bytes.unwrap_or_default().as_chunks::<4>().0.iter().copied().map(u32::from_le_bytes)
    }

    /// A key's value in a table.
    pub(super) fn lookup(&self, table: Table, key: &str) -> Option<&str> {
        let (mut low, mut high) = self.table(table);
        while low < high {
            let middle = low + (high - low) / 2;
            let (found, value) = self.pair(middle)?;
            match found.cmp(key) {
                std::cmp::Ordering::Equal => return Some(value),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// All of a table.
    pub(super) fn entries(&self, table: Table) -> impl Iterator<Item = (&str, &str)> {
        let (from, to) = self.table(table);
        (from..to).map_while(|number| self.pair(number))
    }

    fn table(&self, table: Table) -> (usize, usize) {
        let [first, count] = self.record(Section::Tables, table as usize).unwrap_or_default();
        (first as usize, first as usize + count as usize)
    }

    fn pair(&self, number: usize) -> Option<(&str, &str)> {
        let [key, key_length, value, value_length] = self.record(Section::Pairs, number)?;
        Some((self.text(key, key_length), self.text(value, value_length)))
    }

    /// Linear probing; the same hash as `index` in `layout.py`.
    fn find_gram(&self, gram: u32) -> Option<(u32, u32)> {
        let slots = self.section(Section::Grams).len() / 12;
        let mask = slots.checked_sub(1)?;
        let start = (gram.wrapping_mul(0x9E37_79B1) >> 7) as usize;
        for step in 0..slots {
            let [key, first, count] = self.record(Section::Grams, (start + step) & mask)?;
            if key == gram {
                return Some((first, count));
            }
            if key == 0 {
                return None;
            }
        }
        None
    }

    fn text(&self, offset: u32, length: u32) -> &str {
        self.bytes(offset, length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn bytes(&self, offset: u32, length: u32) -> Option<&[u8]> {
        self.section(Section::Strings).get(offset as usize..)?.get(..length as usize)
    }

    fn section(&self, section: Section) -> &[u8] {
        let range = self.sections.get(section as usize).cloned().unwrap_or_default();
        self.map.bytes().get(range).unwrap_or_default()
    }

    fn record<const N: usize>(&self, section: Section, number: usize) -> Option<[u32; N]> {
        words(self.section(section), number.checked_mul(N * 4)?)
    }
}

/// A text that some patterns need.
pub(super) struct Literal<'f> {
    /// Lower case.
    pub(super) bytes: &'f [u8],
    /// Where in it its gram begins.
    pub(super) gram_at: usize,
    /// It counts only where a word starts.
    pub(super) starts_word: bool,
    /// Where its patterns are listed.
    pub(super) postings: Range<u32>,
}

fn words<const N: usize>(bytes: &[u8], offset: usize) -> Option<[u32; N]> {
    let (words, _) = bytes.get(offset..)?.get(..N * 4)?.as_chunks::<4>();
    let mut found = [0; N];
    found.iter_mut().zip(words).for_each(|(to, from)| *to = u32::from_le_bytes(*from));
    Some(found)
}

/// The sections' ranges; `None` when this is not such a file or they lie outside it.
fn read_header(bytes: &[u8]) -> Option<[Range<usize>; SECTIONS]> {
    let head = bytes.strip_prefix(MAGIC)?;
    let [version, count] = words(head, 0)?;
    if version != VERSION || count as usize != SECTIONS {
        return None;
    }
    let mut sections: [Range<usize>; SECTIONS] = std::array::from_fn(|_| 0..0);
    for (number, section) in sections.iter_mut().enumerate() {
        let [offset, length] = words(head, 8 + number * 8)?;
        *section = offset as usize..(offset as usize).checked_add(length as usize)?;
        bytes.get(section.clone())?;
    }
    Some(sections)
}
