//! The program as people call it: what it answers, how it ends, what it leaves behind.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{path::Path, process::Command};

/// Exit status and both outputs of a call in a directory, without any settings around.
fn call(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_candor")).args(arguments).current_dir(dir).env_clear().output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn only_what_fills_a_data_directory_makes_one() {
    let dir = tempfile::tempdir().unwrap();
    for arguments in [
        &["site", "list"][..],
        &["site", "add", "Shop", "https://shop.test"],
        &["site", "delete", "1"],
        &["user", "list"],
        &["token", "create", "--user", "ann"],
        &["snippet", "--site", "1"],
    ] {
        let (status, _, error) = call(dir.path(), arguments);
        assert_eq!(status, 1, "{arguments:?}: {error}");
        assert!(error.contains("there is no data directory at `./candor-data`; name yours with --data-dir"), "{error}");
    }
    assert_eq!(call(dir.path(), &["check-config"]).0, 0);
    assert_eq!(dir.path().read_dir().unwrap().count(), 0);
}

#[test]
fn unusable_values_are_usage_errors() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("candor-data")).unwrap();
    for arguments in [
        &["site", "add", "Shop", "https://shop.test", "--currency", "XYZ"][..],
        &["site", "add", "Shop", "https://shop.test", "--timezone", "Nowhere"],
        &["site", "add", "Shop", "shop"],
        &["snippet", "--site", "1", "--url", "stats.example.org"],
        &["snippet", "--site", "1", "--url", "https://stats.example.org", "--csp-nonce", "x\" onload=\"y"],
    ] {
        let (status, _, error) = call(dir.path(), arguments);
        assert_eq!(status, 2, "{arguments:?}: {error}");
    }
    let (status, id, error) = call(dir.path(), &["site", "add", "Shop", "https://shop.test", "--currency", "eur"]);
    assert_eq!((status, id.trim()), (0, "1"), "{error}");
}

#[test]
fn a_site_can_be_changed() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("candor-data")).unwrap();
    let ok = |arguments: &[&str]| {
        let (status, out, error) = call(dir.path(), arguments);
        assert_eq!(status, 0, "{arguments:?}: {error}");
        out
    };
    ok(&["site", "add", "Shop", "https://shop.test", "https://www.shop.test"]);
    let shown = || {
        let sites: serde_json::Value = serde_json::from_str(&ok(&["site", "list", "--json"])).unwrap();
        ["name", "urls", "signals"].map(|field| sites[0][field].to_string()).join(" ")
    };
    assert_eq!(shown(), r#""Shop" ["https://shop.test","https://www.shop.test"] null"#);
    ok(&["site", "set", "1", "--signals", "ask"]);
    assert_eq!(shown(), r#""Shop" ["https://shop.test","https://www.shop.test"] "ask""#);
    ok(&["site", "set", "1", "--name", "Store", "--url", "https://store.test", "--signals", "default"]);
    assert_eq!(shown(), r#""Store" ["https://store.test"] null"#);
    assert_eq!(call(dir.path(), &["site", "set", "1", "--signals", "never"]).0, 2);
    let (status, _, error) = call(dir.path(), &["site", "set", "9", "--name", "x"]);
    assert_eq!(status, 1, "{error}");
}

#[test]
fn texts_that_people_were_shown_can_be_listed_and_deleted() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("candor-data")).unwrap();
    std::fs::write(dir.path().join("banner.txt"), "May we\u{1b}[31m?\nYes\n").unwrap();
    let (status, hash, error) =
        call(dir.path(), &["consent", "text", "banner.txt", "--text-version", "2", "--language", "en"]);
    assert_eq!(status, 0, "{error}");
    let (_, list, _) = call(dir.path(), &["consent", "texts"]);
    assert_eq!(list, format!("{}\t2\ten\t\tMay we\\u{{1b}}[31m?\\nYes\n", hash.trim()));
    let forget = |hash: &str| call(dir.path(), &["consent", "forget-text", hash]).0;
    assert_eq!([forget(hash.trim()), forget(hash.trim()), forget("12")], [0, 1, 2]);
    assert_eq!(call(dir.path(), &["consent", "texts", "--json"]).1.trim(), "[]");
}

#[test]
fn the_code_for_a_page_needs_no_data_directory() {
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("index.html");
    let fill = |arguments: &[&str], environment: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_candor"));
        command.arg("snippet").args(arguments).current_dir(dir.path()).env_clear().envs(environment.iter().copied());
        let output = command.output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let environment = |site| [("CANDOR_SNIPPET__URL", "https://stats.example.org"), ("CANDOR_SNIPPET__SITE", site)];
    std::fs::write(&page, "<head><!-- MATOMO_TRACKING_SLOT --></head>").unwrap();
    assert_eq!(fill(&["--inject", "index.html"], &environment("3")).0, 0);
    let once = std::fs::read_to_string(&page).unwrap();
    assert!(once.contains("['setSiteId', '3']") && !once.contains("MATOMO_TRACKING_SLOT"), "{once}");

    let (status, hash) = fill(&["--inject", "index.html", "--csp-hash"], &environment("3"));
    assert!(status == 0 && hash.starts_with("'sha256-"), "{hash}");
    assert_eq!(std::fs::read_to_string(&page).unwrap(), once);
    assert_eq!(fill(&["--inject", "index.html", "--site", "4"], &environment("3")).0, 0);
    assert_eq!(std::fs::read_to_string(&page).unwrap(), once.replace("'3'", "'4'"));
    let staging = [("CANDOR_SNIPPET__URL", "https://stats.staging.example.org"), ("CANDOR_SNIPPET__SITE", "9")];
    assert_eq!(fill(&["--inject", "index.html"], &staging).0, 0);
    let elsewhere = once.replace("'3'", "'9'").replace("//stats.example.org", "//stats.staging.example.org");
    assert_eq!(std::fs::read_to_string(&page).unwrap(), elsewhere);

    std::fs::write(&page, "<head></head>").unwrap();
    assert_eq!(fill(&["--inject", "index.html"], &environment("3")).0, 1);
    assert_eq!(fill(&["--inject", "missing.html"], &environment("3")).0, 1);
    for wrong in [
        &[][..],
        &["--site", "0"],
        &["--site", "1", "--url", "https://stats.example.org", "--backlog", "all"],
        &["--site", "1", "--csp-nonce", ""],
    ] {
        assert_eq!(fill(wrong, &[]).0, 2, "{wrong:?}");
    }
    assert_eq!(fill(&["--site", "1", "--inject", "-", "--json"], &environment("3")).0, 2);
    assert_eq!(dir.path().read_dir().unwrap().count(), 1);
}

#[test]
fn notes_say_what_the_code_for_a_page_hardly_means() {
    let dir = tempfile::tempdir().unwrap();
    let outside = |arguments: &[&str]| {
        call(dir.path(), &[&["snippet", "--url", "https://stats.example.org/matomo.php"][..], arguments].concat())
    };
    let (status, code, error) = outside(&["--site", "2"]);
    assert_eq!((status, error.as_str()), (0, ""));
    assert!(code.contains("\"https://stats.example.org/\""), "{code}");

    assert_eq!(call(dir.path(), &["demo", "--hits", "10", "--days", "1"]).0, 0);
    let (status, _, error) = outside(&["--site", "2"]);
    assert!(status == 0 && error.contains("has no site `2`"), "{error}");
    assert_eq!(outside(&["--site", "1"]).2, "");
    let (status, _, error) = call(dir.path(), &["snippet", "--site", "1"]);
    assert!(status == 0 && error.contains("with --url"), "{error}");

    std::fs::write(dir.path().join("index.html"), "<!-- MATOMO_TRACKING_SLOT --><candor-consent></candor-consent>")
        .unwrap();
    let (status, _, error) = outside(&["--site", "1", "--inject", "index.html"]);
    assert!(status == 0 && error.contains("add --strict"), "{error}");
}

#[test]
fn the_code_for_a_page_names_the_running_server() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("candor-data")).unwrap();
    assert_eq!(call(dir.path(), &["site", "add", "Shop", "https://shop.test"]).0, 0);
    let code = || call(dir.path(), &["snippet", "--site", "1"]).1;
    assert!(code().contains("\"http://127.0.0.1:8090/\""), "{}", code());

    let lock = dir.path().join("candor-data/lock");
    std::fs::write(&lock, "192.0.2.1:8123\n").unwrap();
    assert!(code().contains("\"http://127.0.0.1:8090/\""), "who wrote it is gone: {}", code());
    let running = std::fs::File::open(&lock).unwrap();
    running.lock().unwrap();
    assert!(code().contains("\"http://192.0.2.1:8123/\""), "{}", code());
}

#[test]
fn each_demo_adds_as_much_as_asked() {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let (status, said, error) = call(dir.path(), &["demo", "--hits", "3000", "--days", "3"]);
        assert_eq!((status, said.trim()), (0, "3000 hits of the last 3 days are in"), "{error}");
    }
}
