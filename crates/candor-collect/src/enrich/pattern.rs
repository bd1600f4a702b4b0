//! Patterns that people configure: PCRE as in Matomo, so look-around works, with bounded effort.

use fancy_regex::{Regex, RegexBuilder};

/// A pattern that needs more steps than this on one text doesn't match.
const BACKTRACKS_MAX: usize = 100_000;
/// Longest pattern that is compiled.
const PATTERN_BYTES_MAX: usize = 4096;

/// Compiles a pattern without delimiters; `None` when it is none.
pub(crate) fn compile(pattern: &str, case_sensitive: bool) -> Option<Regex> {
    if pattern.is_empty() || pattern.len() > PATTERN_BYTES_MAX {
        return None;
    }
    RegexBuilder::new(pattern).case_insensitive(!case_sensitive).backtrack_limit(BACKTRACKS_MAX).build().ok()
}

/// Whether a text is a pattern that hits can be compared with.
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    compile(text, true).is_some()
}

/// Compiles `/pattern/flags`; `None` when the text is not of that form.
pub(crate) fn delimited(text: &str) -> Option<Regex> {
    let (pattern, flags) = text.strip_prefix('/')?.rsplit_once('/')?;
    let is_flags = flags.bytes().all(|b| b"imsuxU".contains(&b));
    if is_flags { compile(pattern, !flags.contains('i')) } else { None }
}

/// Whether a pattern matches; one that takes too long doesn't.
pub(crate) fn matches(pattern: &Regex, text: &str) -> bool {
    pattern.is_match(text).unwrap_or(false)
}

/// The first group of the first match.
pub(crate) fn first_group<'t>(pattern: &Regex, text: &'t str) -> Option<&'t str> {
    pattern.captures(text).ok().flatten()?.get(1).map(|group| group.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_delimiters_and_flags() {
        assert!(delimited("/^AB/i").is_some_and(|p| matches(&p, "abc")));
        assert!(delimited("/^AB/").is_some_and(|p| !matches(&p, "abc")));
        assert!(delimited("plain").is_none() && delimited("/a(/").is_none() && delimited("/a/b").is_none());
    }

    #[test]
    fn gives_up_on_endless_search() {
        let pattern = compile(r"^(a+)+(?=b)$", true);
        assert!(pattern.is_some_and(|p| !matches(&p, &"a".repeat(60))));
    }
}
