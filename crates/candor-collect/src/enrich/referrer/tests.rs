use super::*;

/// `search NAME: KEYWORD`, `social NAME`, `assistant NAME` or `website`.
fn source(url: &str) -> String {
    describe(&Referrers::built_in().unwrap(), url)
}

fn describe(list: &Referrers, url: &str) -> String {
    match list.source(url, true) {
        Some(Source::Search { name, keyword }) => format!("search {name}: {keyword}"),
        Some(Source::Social { name }) => format!("social {name}"),
        Some(Source::Assistant { name }) => format!("assistant {name}"),
        None => "website".into(),
    }
}

#[test]
fn search_engines_by_host_and_parameter() {
    for (url, expected) in [
        ("https://www.google.com/search?q=Blue+Shoes", "search Google: blue shoes"),
        ("https://www.google.co.nz/url?sa=t&q=%C3%84pfel", "search Google: äpfel"),
        ("http://google.at/#hl=de&q=from+fragment", "search Google: from fragment"),
        ("https://www.google.de/", "search Google: "),
        ("https://www.google.de/search?q=", "search Google: "),
        ("https://www.google.de/intl/de/about.html", "website"),
        ("https://www.bing.com/search?q=a", "search Bing: a"),
        ("https://duckduckgo.com/", "search DuckDuckGo: "),
        ("android-app://com.google.android.googlequicksearchbox/", "search Google: "),
        ("https://de.search.yahoo.com/search?p=x", "search Yahoo!: x"),
        ("https://zz.images.search.yahoo.com/search/images?p=cat", "search Yahoo! Images: cat"),
        ("https://example.com/search?q=x", "website"),
        ("not a url", "website"),
    ] {
        assert_eq!(source(url), expected, "{url}");
    }
}

#[test]
fn google_has_services_under_its_main_host() {
    for (url, expected) in [
        ("https://www.google.fr/search?q=cat&tbm=isch", "search Google Images: cat"),
        ("https://www.google.com/imgres?imgurl=x", "search Google Images: "),
        ("https://www.google.com/search?tbm=shop&q=cup", "search Google Shopping: cup"),
        ("https://shop.example/results?cx=partner-pub-1&q=cup", "search Google Custom Search: cup"),
        ("https://www.google.com/search?as_q=a+b&as_epq=c+d&as_eq=e", "search Google: a b \"c d\" -e"),
    ] {
        assert_eq!(source(url), expected, "{url}");
    }
}

#[test]
fn networks_and_assistants() {
    for (url, expected) in [
        ("https://www.facebook.com/some/page", "social Facebook"),
        ("https://l.facebook.com/l.php?u=x", "social Facebook"),
        ("https://notfacebook.com/", "website"),
        ("https://claude.ai/chat", "assistant Claude"),
        ("https://claude.ai.example/", "website"),
    ] {
        assert_eq!(source(url), expected, "{url}");
    }
    let list = Referrers::built_in().unwrap();
    assert_eq!(list.source("https://claude.ai/chat", false), None);
}

#[test]
fn a_keyword_may_be_in_the_path_or_in_another_charset() {
    let list = Referrers::load(
        r#"
        [[search]]
        name = "Path"
        hosts = ["find.example"]
        parameters = ["//s/([^/]+)/", "q"]
        [[search]]
        name = "Cyrillic"
        hosts = ["poisk.example"]
        parameters = ["q"]
        charsets = ["utf-8", "windows-1251"]
        "#,
    )
    .unwrap();
    assert_eq!(describe(&list, "http://find.example/s/red%20hat/2"), "search Path: red hat");
    assert_eq!(describe(&list, "http://find.example/?q=red"), "search Path: red");
    assert_eq!(describe(&list, "http://find.example/other"), "website");
    assert_eq!(describe(&list, "http://poisk.example/?q=%CC%E8%F0"), "search Cyrillic: мир");
    assert_eq!(describe(&list, "http://poisk.example/?q=%D0%9C%D0%B8%D1%80"), "search Cyrillic: мир");
}

#[test]
fn spammers_are_found_anywhere() {
    let list = Referrers::load("spammers = [\"buy-now.example\"]").unwrap();
    assert!(list.is_spam("http://www.Buy-Now.example/x"));
    assert!(!list.is_spam("http://honest.example/"));
    assert!(!list.is_spam(""));
    assert!(!Referrers::load("").unwrap().is_spam("http://honest.example/"));
}

#[test]
fn a_bad_list_says_what_to_do() {
    let error = |text: &str| Referrers::load(text).unwrap_err().to_string();
    let engine = "[[search]]\nname = \"X\"\nhosts = [\"x.example\"]\n";
    assert!(error(&format!("{engine}parameters = [\"/(/\"]")).contains("bad pattern `(` for `X`"));
    assert!(error(&format!("{engine}charsets = [\"klingon\"]")).contains("unknown charset `klingon`"));
    assert!(error("searches = 1").contains("scripts/make-referrers"));
}

#[test]
fn the_vocabulary_knows_home_pages() {
    let mut vocabulary = Vocabulary::default();
    add_to_vocabulary(None, &mut vocabulary).unwrap();
    assert_eq!(vocabulary.search_engine_urls.get("Google").map(String::as_str), Some("http://google.com"));
    assert_eq!(vocabulary.search_engine_backlinks.get("Google").map(String::as_str), Some("search?q={k}"));
    assert_eq!(vocabulary.social_urls.get("Facebook").map(String::as_str), Some("facebook.com"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_fail(url in ".*", tail in "[a-z./?#&=%]{0,40}") {
        let list = Referrers::load("[[search]]\nname = \"X\"\nhosts = [\"x.example\"]\nparameters = [\"q\", \"//s/(.*)/\"]").unwrap();
        let _ = list.source(&url, true);
        let _ = list.source(&format!("http://x.example{tail}"), true);
        let _ = list.is_spam(&url);
    }
}
