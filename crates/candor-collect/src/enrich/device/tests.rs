//! The engine with the real rules, on user agents of our own making.

use super::*;
use candidates::Candidates;
use file::Table;
use std::io::Write;

/// The file that set-up makes lies beside the build's output.
fn rules() -> PathBuf {
    let exe = std::env::current_exe().unwrap();
    let path = exe.ancestors().map(|folder| folder.join("data/devices.bin")).find(|path| path.exists());
    path.expect("devices.bin is missing: run scripts/set-up")
}

fn engine() -> DeviceEngine {
    DeviceEngine::open(&rules()).unwrap()
}

/// `system version, kind name version engine, type brand model`, or the bot's name.
fn told(engine: &DeviceEngine, user_agent: &str, hints: &[(&str, &str)]) -> String {
    let found = engine.detect(user_agent, &ClientHints::from_headers(hints.iter().copied()));
    if let Some(bot) = found.bot {
        return format!("bot {bot}");
    }
    let device = found.device;
    let os = engine.rules.file.lookup(Table::OsNames, &device.os).unwrap_or("?");
    let browser = engine.rules.file.lookup(Table::BrowserNames, &device.browser).filter(|_| found.client_is_browser);
    let client = browser.unwrap_or(&device.browser);
    let kind = device.kind.map_or("?", |kind| candor_core::vocabulary::DEVICE_TYPES[usize::from(kind)]);
    let parts = [
        format!("{os} {}", device.os_version),
        format!("{} {client} {} {}", device.client_type, device.browser_version, device.browser_engine),
        format!("{kind} {} {}", device.brand, device.model),
    ];
    parts.map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")).join(", ")
}

fn check(cases: &[(&str, &str)]) {
    let engine = engine();
    for (user_agent, expected) in cases {
        assert_eq!(told(&engine, user_agent, &[]), *expected, "{user_agent}");
    }
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0";
const FROZEN: &str =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36";
const DESKTOP_CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36";

#[test]
fn browsers_on_desktops() {
    check(&[
        (FIREFOX, "Ubuntu, browser Firefox 126.0 Gecko, desktop"),
        (DESKTOP_CHROME, "Windows 10, browser Chrome 124.0 Blink, desktop"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_2) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.3 Safari/605.1.15",
            "Mac 10.14, browser Safari 12.1 WebKit, desktop Apple",
        ),
        (
            "Mozilla/5.0 (Windows NT 6.2; Trident/7.0; Touch; rv:11.0) like Gecko",
            "Windows 8, browser Internet Explorer 11.0 Trident, tablet",
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14989.85.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36",
            "Chrome OS 14989.85, browser Chrome 109.0 Blink, desktop",
        ),
    ]);
}

#[test]
fn phones_tablets_and_televisions() {
    check(&[
        (
            "Mozilla/5.0 (Linux; Android 13; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Mobile Safari/537.36",
            "Android 13, browser Chrome Mobile 121.0 Blink, smartphone Samsung Galaxy S23",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_2_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.2 Mobile/15E148 Safari/604.1",
            "iOS 16.2, browser Mobile Safari 16.2 WebKit, smartphone Apple iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 12; Unheard Of Slab) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.1.2 Safari/537.36",
            "Android 12, browser Chrome 99.0 Blink, tablet",
        ),
        (
            "Mozilla/5.0 (Android 11; Mobile; rv:109.0) Gecko/109.0 Firefox/109.0",
            "Android 11, browser Firefox Mobile 109.0 Gecko, smartphone",
        ),
        ("HbbTV/1.5.1 (+DRM; Nobody; Box7; 1.0;)", "?, , tv"),
    ]);
}

#[test]
fn programs_that_are_no_browsers() {
    check(&[
        ("curl/8.5.0", "?, library curl 8.5, ?"),
        ("Thunderbird/102.4 (X11; Linux x86_64)", "GNU/Linux, pim Thunderbird 102.4, desktop"),
        ("AntennaPod/3.1.2", "Android, mobile app AntennaPod 3.1, ?"),
    ]);
    assert!(!engine().detect("curl/8.5.0", &ClientHints::default()).client_is_browser);
}

#[test]
fn bots_are_told_apart() {
    check(&[
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://crawler.example/bot.html)", "bot Googlebot"),
        ("Mozilla/5.0 (compatible; bingbot/2.0; nobody)", "bot BingBot"),
        ("SomethingBot/1.0 (+https://bot.example)", "bot Generic Bot"),
    ]);
}

#[test]
fn nothing_is_known_of_nothing() {
    check(&[("", "?, , ?"), ("-", "?, , ?"), ("12.5 (7)", "?, , ?"), ("\u{2603} ünknown", "?, , ?")]);
}

#[test]
fn hints_name_what_a_frozen_user_agent_hides() {
    let engine = engine();
    let brands = r#""Not A;Brand";v="99", "Chromium";v="124.0.6367.54", "Google Chrome";v="124.0.6367.54""#;
    let android = [
        ("Sec-CH-UA-Full-Version-List", brands),
        ("Sec-CH-UA-Platform", r#""Android""#),
        ("Sec-CH-UA-Platform-Version", r#""14.0.0""#),
        ("Sec-CH-UA-Model", r#""Pixel 7""#),
    ];
    assert_eq!(
        told(&engine, FROZEN, &android),
        "Android 14.0, browser Chrome Mobile 124.0 Blink, smartphone Google Pixel 7"
    );
    let windows = |version| [("Sec-CH-UA-Platform", "\"Windows\""), ("Sec-CH-UA-Platform-Version", version)];
    for (version, expected) in [("0.3.0", "8.1"), ("10.0.0", "10"), ("15.0.0", "11")] {
        let expected = format!("Windows {expected}, browser Chrome 124.0 Blink, desktop");
        assert_eq!(told(&engine, DESKTOP_CHROME, &windows(version)), expected);
    }
}

#[test]
fn hints_name_browsers_that_pretend_to_be_chrome() {
    let engine = engine();
    let brave = [("Sec-CH-UA", r#""Brave";v="124", "Chromium";v="124""#)];
    assert_eq!(told(&engine, DESKTOP_CHROME, &brave), "Windows 10, browser Brave 124.0 Blink, desktop");
    let only_chromium = [("Sec-CH-UA", r#""Chromium";v="124""#)];
    assert_eq!(told(&engine, DESKTOP_CHROME, &only_chromium), "Windows 10, browser Chrome 124.0 Blink, desktop");
}

#[test]
fn a_form_factor_tells_an_unknown_model() {
    let hints = [("Sec-CH-UA-Model", "Unheard Of"), ("Sec-CH-UA-Form-Factors", r#""Tablet""#)];
    let found = told(&engine(), FROZEN, &hints);
    assert_eq!(found, "Android 10, browser Chrome Mobile 124.0 Blink, tablet Unheard Of");
}

#[test]
fn a_known_user_agent_gets_the_same_answer() {
    let engine = engine();
    let first = engine.detect(FIREFOX, &ClientHints::default());
    assert_eq!(first, engine.detect(FIREFOX, &ClientHints::default()));
    assert_eq!(first, engine.detect_anew(FIREFOX, &ClientHints::default()));
}

/// Compiles every pattern, and finds no match that looking for literals first would have hidden.
#[test]
fn every_pattern_is_usable_and_found_by_its_literals() {
    let engine = engine();
    let file = &engine.rules.file;
    let texts = [
        FROZEN,
        "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1; U; en) SM-T580 Tizen/2.3 TV Shell iPad4,1 bot spider",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 15_1 like Mac OS X) Mobile/19B [FBAN/FBIOS;FBDV/iPhone14,5;FBMD/iPhone]",
        "Nokia_E71/GT-P5100 Redmi Note 9/Lenovo-A6000 MZ-LG K10 sprd-HUAWEI P20 MIDP-2.0 Profile Crawler curl/8",
    ];
    let candidates = texts.map(|text| Candidates::of(file, text));
    let mut count = 0;
    while let Some(rule) = file.rule_of(count) {
        assert!(pattern::is_usable(file, count), "{rule:?}: {}", file.pattern(count).expression);
        for (text, candidates) in texts.iter().zip(&candidates) {
            let is_candidate = candidates.within(count..count + 1).next().is_some();
            let hidden = !is_candidate && engine.rules.patterns.find(file, count, text).is_some();
            assert!(!hidden, "{text}: {}", file.pattern(count).expression);
        }
        count += 1;
    }
    assert!(count > 20_000, "only {count} patterns");
}

#[test]
fn tables_of_names_are_complete() {
    let mut vocabulary = Vocabulary::default();
    let engine = engine();
    engine.vocabulary(&mut vocabulary);
    assert_eq!(vocabulary.os_names["WIN"], "Windows");
    assert_eq!(vocabulary.os_families["UBT"], "GNU/Linux");
    assert_eq!(vocabulary.browser_names["FF"], "Firefox");
    assert_eq!(vocabulary.browser_families["CM"], "Chrome");
    assert!(vocabulary.brands.contains(&"Nokia".to_owned()));
    assert!(engine.notice().contains("LGPL") || engine.notice().contains("Lesser General Public License"));
}

#[test]
fn a_file_that_is_no_rules_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("devices.bin");
    assert!(matches!(DeviceEngine::open(&path), Err(DeviceDataError::Open { .. })));
    let whole = std::fs::read(rules()).unwrap();
    for content in [&b"something else entirely"[..], &whole[..20], &whole[..whole.len() / 2]] {
        std::fs::File::create(&path).unwrap().write_all(content).unwrap();
        assert!(matches!(DeviceEngine::open(&path), Err(DeviceDataError::Format { .. })));
    }
}

#[test]
fn a_damaged_file_gives_wrong_answers_at_worst() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("devices.bin");
    let whole = std::fs::read(rules()).unwrap();
    for step in [97, 1009, 40_009] {
        let mut damaged = whole.clone();
        damaged.iter_mut().skip(200).step_by(step).for_each(|byte| *byte ^= 0xA5);
        std::fs::write(&path, damaged).unwrap();
        let engine = DeviceEngine::open(&path).unwrap();
        for user_agent in [FIREFOX, FROZEN, DESKTOP_CHROME, "curl/8.5.0"] {
            engine.detect(user_agent, &ClientHints::default());
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn any_user_agent_gets_an_answer(user_agent in ".{0,120}", model in ".{0,20}") {
        static ENGINE: std::sync::LazyLock<DeviceEngine> = std::sync::LazyLock::new(engine);
        let hints = ClientHints::from_headers([("Sec-CH-UA-Model", model.as_str()), ("Sec-CH-UA-Platform", &user_agent)]);
        ENGINE.detect(&user_agent, &hints);
        ENGINE.detect(&format!("{FROZEN} {user_agent}"), &hints);
    }
}
