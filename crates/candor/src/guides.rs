//! What the guides tell people to type is understood: commands, settings, make targets.

use crate::{Arguments, config::Config, reference};
use clap::Parser;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Asked when the test runs: another checkout may have built it.
fn root() -> PathBuf {
    Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../..")
}

/// Path and text of the README and of each guide.
fn pages() -> Vec<(String, String)> {
    let guides = fs::read_dir(root().join("docs/guide")).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = guides.chain([root().join("README.md")]).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// The code blocks in a language, their lines without indent, continued ones joined.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let (mut found, mut inside, mut block) = (vec![], None, String::new());
    for line in page.lines().map(str::trim_start) {
        match (line.strip_prefix("```"), inside) {
            (Some(opened), None) => inside = Some(opened == language),
            (Some(_), Some(wanted)) => {
                let whole = std::mem::take(&mut block);
                found.extend(wanted.then_some(whole));
                inside = None;
            }
            (None, Some(true)) => block += &format!("{line}\n"),
            (None, _) => {}
        }
    }
    found.into_iter().map(|block| block.replace("\\\n", " ")).collect()
}

/// The words of the call of candor in a line of shell, if there is one. Quotes join words; nothing else is special.
fn call(line: &str) -> Option<Vec<String>> {
    let line = line.split(" #").next()?.split(" < ").next()?.split(" && ").next()?.trim_end().trim_end_matches(')');
    let mut words: Vec<String> = vec![];
    for (at, part) in line.split('"').enumerate() {
        match at % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    let start = words.iter().position(|word| word.rsplit(['/', '(']).next() == Some("candor"))?;
    // `install … /opt/candor` is no call: what runs is the first word, or stands after variables.
    let before = words.iter().take(start).all(|word| word.contains('='));
    before.then(|| words.split_off(start))
}

#[test]
fn commands_of_the_guides_are_understood() {
    let mut count = 0;
    for (page, text) in pages() {
        for words in blocks(&text, "sh").iter().flat_map(|block| block.lines()).filter_map(call) {
            count += 1;
            if let Err(error) = Arguments::try_parse_from(&words) {
                panic!("{page}: {}: {error}", words.join(" "));
            }
        }
    }
    assert!(count > 20, "only {count} commands were found");
}

#[test]
fn settings_of_the_guides_exist() {
    let known: Vec<String> = reference::settings().iter().map(reference::Setting::environment).collect();
    for (page, text) in pages() {
        for file in blocks(&text, "toml") {
            if let Err(error) = toml::from_str::<Config>(&file) {
                panic!("{page}: {error}");
            }
        }
        let words = text.split(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '_');
        for name in words.filter(|word| word.starts_with("CANDOR_") && *word != "CANDOR_") {
            let plain = name.strip_suffix("_FILE").unwrap_or(name);
            assert!(known.iter().any(|k| k == plain) || name.starts_with("CANDOR_MATOMO__"), "{page}: {name}");
        }
    }
}

#[test]
fn make_targets_of_the_guides_exist() {
    let makefile = fs::read_to_string(root().join("Makefile")).unwrap();
    for (page, text) in pages() {
        for line in blocks(&text, "sh").iter().flat_map(|block| block.lines()) {
            let Some(target) = line.strip_prefix("make ").and_then(|rest| rest.split_whitespace().next()) else {
                continue;
            };
            assert!(makefile.contains(&format!("\n{target}:")), "{page}: make {target}");
        }
    }
}
