//! Expressions: compiled when first needed, kept in a bounded cache, matched as Matomo matches them
//! (without case, bytes not characters, and only where a word of the user agent begins).

use super::file::{PatternSource, RuleFile};
use quick_cache::sync::Cache;
use regex_automata::Input;
use regex_automata::nfa::thompson::backtrack::{self, BoundedBacktracker};
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::nfa::thompson::{Config, WhichCaptures};
use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::util::syntax;
use std::cell::RefCell;
use std::sync::Arc;

/// Compiled expressions kept, of some 33,000. Seven thousand devices of all kinds need about as many; one takes some 4 kB.
const COMPILED_MAX: usize = 6_000;
/// Where an expression may begin: at the start or after what ends a word.
pub(super) const WORD_START: &str = "(?:^|[^A-Z0-9_-]|[^A-Z0-9-]_|sprd-|MZ-)";
/// Steps of one search by the look-around engine, a millisecond or so: a text made to be slow matches nothing.
const STEPS_MAX: usize = 100_000;
/// Groups that templates can name: `$1`–`$9`, and the whole match.
const GROUPS: usize = 10;

thread_local! {
    /// Working memory of the backtracker. One for all expressions: a cache each would take more than they do.
    static SCRATCH: RefCell<Option<backtrack::Cache>> = const { RefCell::new(None) };
}

/// The groups of a match.
#[derive(Debug, Default)]
pub(super) struct Groups([Option<String>; GROUPS]);

impl Groups {
    /// Fills the groups into a template; those that took no part become nothing.
    pub(super) fn expand(&self, template: &str) -> String {
        let mut parts = template.split('$');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let group = part.chars().next().and_then(|digit| digit.to_digit(10));
            let value = group.and_then(|group| self.0.get(group as usize)?.as_deref());
            text.push_str(value.unwrap_or_default());
            text.push_str(part.get(1..).unwrap_or_default());
        }
        text
    }
}

/// The expressions of a file.
#[derive(Debug)]
pub(super) struct Patterns(Cache<u32, Arc<Pattern>>);

impl Patterns {
    pub(super) fn new() -> Self {
        Self(Cache::new(COMPILED_MAX))
    }

    /// Matches pattern `number` of the file.
    pub(super) fn find(&self, file: &RuleFile, number: u32, text: &str) -> Option<Groups> {
        let pattern = self.0.get(&number).unwrap_or_else(|| {
            let compiled = Arc::new(Pattern::compile(&file.pattern(number)));
            self.0.insert(number, Arc::clone(&compiled));
            compiled
        });
        pattern.find(text)
    }
}

/// One compiled expression.
#[derive(Debug)]
enum Pattern {
    Plain(BoundedBacktracker),
    /// With look-around, which needs the slower engine: one in a hundred.
    LooksAround(Box<fancy_regex::Regex>),
    /// Not an expression we understand; matches nothing. A test compiles them all.
    Unusable,
}

impl Pattern {
    fn compile(source: &PatternSource<'_>) -> Self {
        let expression = format!("{WORD_START}(?:{})", source.expression);
        if source.looks_around {
            let compiled =
                fancy_regex::RegexBuilder::new(&expression).case_insensitive(true).backtrack_limit(STEPS_MAX).build();
            return compiled.map_or(Self::Unusable, |regex| Self::LooksAround(Box::new(regex)));
        }
        let compiled = BoundedBacktracker::builder()
            .syntax(syntax::Config::new().unicode(false).utf8(false).case_insensitive(true))
            .thompson(Config::new().utf8(false).which_captures(WhichCaptures::All))
            .build(&expression);
        compiled.map_or(Self::Unusable, Self::Plain)
    }

    fn find(&self, text: &str) -> Option<Groups> {
        match self {
            Self::Plain(regex) => find_plain(regex, text),
            Self::LooksAround(regex) => {
                let found = regex.captures(text).ok().flatten()?;
                Some(Groups(std::array::from_fn(|n| found.get(n).map(|group| group.as_str().to_owned()))))
            }
            Self::Unusable => None,
        }
    }
}

fn find_plain(regex: &BoundedBacktracker, text: &str) -> Option<Groups> {
    let input = Input::new(text);
    let mut slots: [Option<NonMaxUsize>; 2 * GROUPS] = [None; 2 * GROUPS];
    let found = SCRATCH.with_borrow_mut(|scratch| {
        let cache = scratch.get_or_insert_with(|| regex.create_cache());
        cache.reset(regex);
        regex.try_search_slots(cache, &input, &mut slots)
    });
    let found = found.unwrap_or_else(|_| {
        // The text is too long for this expression's memory bound: the slower engine has none.
        let regex = PikeVM::new_from_nfa(regex.get_nfa().clone()).ok()?;
        regex.search_slots(&mut regex.create_cache(), &input, &mut slots)
    });
    found?;
    let (spans, _) = slots.as_chunks::<2>();
    Some(Groups(std::array::from_fn(|n| {
        let [from, to] = spans.get(n).copied()?;
        let bytes = text.as_bytes().get(from?.get()..to?.get())?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    })))
}

/// Whether pattern `number` is one that we understand.
#[cfg(test)]
pub(super) fn is_usable(file: &RuleFile, number: u32) -> bool {
    !matches!(Pattern::compile(&file.pattern(number)), Pattern::Unusable)
}
