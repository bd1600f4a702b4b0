//! Rules about the tree that a program can check.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Lines a Rust file may have, tests included.
const LINES_MAX: usize = 800;
/// Lines of a crate's header.
const HEADER_LINES_MAX: usize = 25;

/// Files that are declared data tables and may be longer.
const TABLES: [&str; 0] = [];

/// Modules that may hold `unsafe`, each with its reason.
const UNSAFE: [(&str, &str); 3] = [
    ("crates/candor/src/allocator.rs", "an option of the allocator"),
    ("crates/candor-collect/src/enrich/device", "a memory map of the device data"),
    ("crates/candor-collect/src/enrich/geo", "a memory map of the location database"),
];

/// What each crate may depend on, besides itself; `ARCHITECTURE.md` draws it.
const EDGES: [(&str, &[&str]); 10] = [
    ("candor-core", &[]),
    ("candor-collect", &["core"]),
    ("candor-store", &["core"]),
    ("candor-admin", &["core"]),
    ("candor-ingest", &["core", "collect", "store"]),
    ("candor-query", &["core", "store"]),
    ("candor-ops", &["core", "collect", "store", "ingest", "query", "admin"]),
    ("candor-server", &["core", "collect", "store", "ingest", "query", "admin", "ops"]),
    ("candor", &["core", "collect", "store", "ingest", "query", "admin", "ops", "server"]),
    ("candor-testkit", &[]),
];

fn root() -> PathBuf {
    Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../..").canonicalize().unwrap()
}

/// All files below a folder with one of these endings, as paths from the root; built and fetched ones left out.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let (root, mut found, mut folders) = (root(), vec![], vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.map(|e| e.unwrap().path()) {
            let name = entry.file_name().unwrap().to_string_lossy().into_owned();
            if entry.is_dir() {
                let made = ["node_modules", "dist", "target", ".git", "candor-data"].contains(&name.as_str());
                if !made && entry != root.join("bin") {
                    folders.push(entry);
                }
            } else if endings.iter().any(|e| name.ends_with(e)) {
                found.push(entry.strip_prefix(&root).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn complain(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn crates_depend_only_along_the_drawn_edges() {
    let mut problems = vec![];
    for (name, allowed) in EDGES {
        let manifest: toml::Table = read(&Path::new("crates").join(name).join("Cargo.toml")).parse().unwrap();
        for dependency in manifest.get("dependencies").and_then(|d| d.as_table()).into_iter().flat_map(|d| d.keys()) {
            let Some(other) = dependency.strip_prefix("candor-") else { continue };
            if !allowed.contains(&other) {
                problems.push(format!("{name} depends on {dependency}: not drawn in ARCHITECTURE.md"));
            }
        }
    }
    let listed: BTreeSet<&str> = EDGES.iter().map(|(name, _)| *name).collect();
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if !listed.contains(name.as_str()) {
            problems.push(format!("crate {name} is not in the drawing"));
        }
    }
    complain(&problems);
}

#[test]
fn dependencies_are_used() {
    let mut problems = vec![];
    let mut folders: Vec<PathBuf> = EDGES.iter().map(|(name, _)| Path::new("crates").join(name)).collect();
    folders.extend(["bench".into(), "fuzz".into()]);
    for folder in folders {
        let manifest: toml::Table = read(&folder.join("Cargo.toml")).parse().unwrap();
        let code: String = files(&folder.to_string_lossy(), &[".rs"]).iter().map(|path| read(path)).collect();
        for list in ["dependencies", "dev-dependencies"] {
            for name in manifest.get(list).and_then(|d| d.as_table()).into_iter().flat_map(|d| d.keys()) {
                let path = if name == "md-5" { "md5".to_owned() } else { name.replace('-', "_") };
                if !code.contains(&format!("{path}::")) && !code.contains(&format!("use {path}")) {
                    problems.push(format!("{}: {name} isn't used", folder.display()));
                }
            }
        }
    }
    complain(&problems);
}

#[test]
fn every_module_says_what_it_is_for() {
    let mut problems = vec![];
    for path in files("crates", &[".rs"]).into_iter().chain(files("bench", &[".rs"])).chain(files("fuzz", &[".rs"])) {
        let text = read(&path);
        let is_inner_test = path.ends_with("tests.rs") && !path.to_string_lossy().contains("/tests/");
        if !is_inner_test && !text.starts_with("//!") {
            problems.push(format!("{}: no `//!` header", path.display()));
        }
        let header = text.lines().take_while(|line| line.starts_with("//!")).count();
        if header > HEADER_LINES_MAX && path.ends_with("src/lib.rs") {
            problems.push(format!("{}: header of {header} lines, at most {HEADER_LINES_MAX}", path.display()));
        }
    }
    complain(&problems);
}

#[test]
fn files_stay_small() {
    let problems: Vec<String> = ["crates", "bench", "fuzz", "tracker", "dashboard"]
        .iter()
        .flat_map(|folder| files(folder, &[".rs", ".ts", ".tsx"]))
        .filter(|path| !TABLES.contains(&path.to_string_lossy().as_ref()))
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > LINES_MAX)
        .map(|(lines, path)| format!("{}: {lines} lines, at most {LINES_MAX}: look for the seam", path.display()))
        .collect();
    complain(&problems);
}

#[test]
fn nothing_is_half_done() {
    let mut problems = vec![];
    let markers =
        [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("#[ign", "ore"), concat!("FIX", "ME")];
    for path in
        ["crates", "bench", "fuzz", "tracker", "dashboard"].iter().flat_map(|f| files(f, &[".rs", ".ts", ".tsx"]))
    {
        let text = read(&path);
        for (number, line) in text.lines().enumerate() {
            if markers.iter().any(|marker| line.contains(marker)) {
                problems.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    complain(&problems);
}

#[test]
fn unsafe_code_is_listed() {
    let problems: Vec<String> = files("crates", &[".rs"])
        .into_iter()
        .filter(|path| read(path).contains(concat!("unsa", "fe {")))
        .filter(|path| !UNSAFE.iter().any(|(module, _)| path.starts_with(module)))
        .map(|path| format!("{}: unsafe code in a module that is not listed in this test", path.display()))
        .collect();
    complain(&problems);
}

#[test]
fn engines_are_named_only_in_their_folders() {
    let free = ["crates/candor-store", "crates/candor-testkit"];
    let problems: Vec<String> = files("crates", &[".rs"])
        .into_iter()
        .filter(|path| !free.iter().any(|folder| path.starts_with(folder)))
        .filter(|path| {
            let text = read(path).to_lowercase();
            text.contains("duckdb") || text.contains("clickhouse")
        })
        .map(|path| format!("{}: names an engine; queries go through the dialect", path.display()))
        .collect();
    complain(&problems);
}

#[test]
fn links_in_the_documentation_lead_somewhere() {
    let mut problems = vec![];
    for path in files(".", &[".md"]) {
        let text = read(&path);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap();
            let outside = target.contains("://") || target.starts_with("mailto:") || target.is_empty();
            if !outside && !root().join(path.parent().unwrap()).join(target).exists() {
                problems.push(format!("{}: `{target}` leads nowhere", path.display()));
            }
        }
    }
    complain(&problems);
}

#[test]
fn the_makefile_and_the_readme_name_the_same_commands() {
    let (makefile, readme) = (read(Path::new("Makefile")), read(Path::new("README.md")));
    for target in ["run", "test", "check", "build", "dev", "bench", "demo", "gen", "geo", "crash"] {
        assert!(makefile.contains(&format!("\n{target}:")), "`make {target}` is missing");
    }
    assert!(readme.contains("make run") && readme.contains("make test"), "the README names the two commands");
    assert!(read(Path::new(".ci/run")).contains("make test"), "continuous integration runs the README's test command");
}
