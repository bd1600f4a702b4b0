//! What tests of several crates share. The tests of the tree itself are in `tests/tidy.rs`.
//!
//! Owns: comparing committed files with what the code would generate ([`assert_generated`]).
//! Never: depends on another crate of ours; their unit tests, which use this one, would then be built against
//! a second copy of the crate under test.

use std::{env, fs, path::Path};

/// Set to anything, tests write the generated files instead of comparing them: `make gen`.
const GENERATE: &str = "CANDOR_GENERATE";

/// Compares a committed file with the text that the code generates.
///
/// # Panics
/// When they differ, or the file can't be read or, with `CANDOR_GENERATE` set, written.
pub fn assert_generated(path: &str, text: &str) {
    // Asked when the test runs: another checkout may have built this crate.
    let of_test = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let file = Path::new(&of_test).join("../..").join(path);
    if env::var_os(GENERATE).is_some() {
        let written = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&file, text));
        assert!(written.is_ok(), "{path} can't be written: {written:?}");
        return;
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    let differs = committed.lines().zip(text.lines()).position(|(a, b)| a != b);
    let line = differs.unwrap_or_else(|| committed.lines().count().min(text.lines().count())) + 1;
    assert!(committed == text, "{path} is stale from line {line} on: run `make gen` and commit what it changes");
}
