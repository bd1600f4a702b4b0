//! Where visits come from.

use super::{
    Composed, Goals, Labelling, ReportDef, Source, View,
    labels::{decoded, named, or, segment, without_scheme},
};
use crate::table::{Row, Table, Value};
use candor_core::params::url_encode;

/// Kinds of referrers: stored number, column of the overview.
pub(crate) const VISITS_FROM: &[(&str, &str)] = &[
    ("2", "Referrers_visitorsFromSearchEngines"),
    ("7", "Referrers_visitorsFromSocialNetworks"),
    ("1", "Referrers_visitorsFromDirectEntry"),
    ("3", "Referrers_visitorsFromWebsites"),
    ("6", "Referrers_visitorsFromCampaigns"),
];

macro_rules! same {
    ($($name:literal),* $(,)?) => { &[$(($name, $name)),*] };
}

/// Distinct referrers of the overview.
pub(crate) const DISTINCT: &[(&str, &str)] = same![
    "Referrers_distinctSearchEngines",
    "Referrers_distinctSocialNetworks",
    "Referrers_distinctKeywords",
    "Referrers_distinctWebsites",
    "Referrers_distinctWebsitesUrls",
    "Referrers_distinctCampaigns",
];

/// A function that makes a row's label.
type Label = fn(&mut Row, &Labelling<'_>);

/// The records of all referrers: name, number of the kind, label.
pub(crate) const ALL_KINDS: &[(&str, i64, Label)] = &[
    ("Referrers_searchEngineByKeyword", 2, keyword),
    ("Referrers_urlByWebsite", 3, website),
    ("Referrers_keywordByCampaign", 6, campaign),
    ("Referrers_urlBySocialNetwork", 7, social),
];

const KEYWORD_NOT_DEFINED: &str = "Keyword not defined";

/// Number, label, value in segments, record of the rows below.
const TYPES: &[(&str, &str, &str)] = &[
    ("1", "Direct Entry", "direct"),
    ("2", "Search Engines", "search"),
    ("3", "Websites", "website"),
    ("6", "Campaigns", "campaign"),
    ("7", "Social Networks", "social"),
    ("8", "AI Assistants", "ai-assistant"),
];

fn referrer_type(row: &mut Row, _: &Labelling<'_>) {
    let number = row.label().to_owned();
    if let Some((_, label, code)) = TYPES.iter().find(|(n, ..)| *n == number) {
        segment(row, "referrerType", code);
        row.label = Some((*label).to_owned());
    }
    row.set_meta("referrer_type", Value::Int(number.parse().unwrap_or(0)));
}

fn keyword(row: &mut Row, l: &Labelling<'_>) {
    if l.level > 0 {
        search_engine_below(row, l);
        return;
    }
    if !l.flat {
        row.set_meta(
            "segment",
            Value::Text(format!("referrerType==search;referrerKeyword=={}", url_encode(row.label()))),
        );
    }
    row.label = Some(or(row, KEYWORD_NOT_DEFINED));
}

/// Conversions are known of what is at the top only.
fn without_goals(row: &mut Row) {
    for column in ["goals", "nb_conversions", "revenue"] {
        row.remove(column);
    }
}

fn search_engine_below(row: &mut Row, l: &Labelling<'_>) {
    without_goals(row);
    // Asked for alone, rows below say where to look; inside their parent they don't.
    if l.alone || l.flat {
        row.set_meta("url", Value::Text(result_page(row.label(), l.parent, l)));
    }
    if l.alone {
        let text = format!(
            "referrerKeyword=={};referrerType==search;referrerName=={}",
            url_encode(l.parent),
            url_encode(row.label())
        );
        row.set_meta("segment", Value::Text(text));
    }
}

fn search_engine(row: &mut Row, l: &Labelling<'_>) {
    if l.level > 0 {
        keyword_below(row, l);
        return;
    }
    let name = row.label().to_owned();
    if !l.flat {
        let text = format!("referrerType==search;referrerName=={}", url_encode(&name));
        row.set_meta("segment", Value::Text(text));
    }
    row.set_meta("url", Value::Text(home_page(&name, l)));
}

fn other_engines(row: &mut Row, l: &Labelling<'_>) {
    if l.level == 0 {
        row.set_meta("url", Value::text("URL unknown!"));
    }
}

/// "Others" among search engines has no home.
const fn with_other_engines(mut report: ReportDef) -> ReportDef {
    report.label_others = other_engines;
    report
}

fn keyword_below(row: &mut Row, l: &Labelling<'_>) {
    without_goals(row);
    let word = row.label().to_owned();
    if l.alone || l.flat {
        row.set_meta("url", Value::Text(result_page(l.parent, &word, l)));
    }
    if l.alone {
        let text = format!(
            "referrerName=={};referrerType==search;referrerKeyword=={}",
            url_encode(l.parent),
            url_encode(&word)
        );
        row.set_meta("segment", Value::Text(text));
    }
    row.label = Some(or(row, KEYWORD_NOT_DEFINED));
}

fn home_page(engine: &str, l: &Labelling<'_>) -> String {
    let url = l.vocabulary.search_engine_urls.get(engine).map_or("", String::as_str);
    match url {
        "" => "URL unknown!".to_owned(),
        url if url.contains("://") => url.to_owned(),
        url => format!("http://{url}"),
    }
}

/// Where the engine answers this keyword.
fn result_page(engine: &str, keyword: &str, l: &Labelling<'_>) -> String {
    let home = home_page(engine, l);
    match l.vocabulary.search_engine_backlinks.get(engine) {
        Some(pattern) if !keyword.is_empty() => {
            format!("{}/{}", home.trim_end_matches('/'), pattern.replace("{k}", &url_encode(keyword)))
        }
        _ => home,
    }
}

fn website(row: &mut Row, l: &Labelling<'_>) {
    if l.level > 0 {
        website_url(row, l);
    } else if !l.flat && !row.label().is_empty() {
        let host = row.label().to_owned();
        segment(row, "referrerName", &host);
    }
}

/// URLs below a site: whole inside the tree, their path in lists.
fn website_url(row: &mut Row, l: &Labelling<'_>) {
    without_goals(row);
    if !l.alone && !l.flat {
        return;
    }
    let url = row.label().to_owned();
    row.set_meta("url", Value::text(url.clone()));
    if !l.flat {
        segment(row, "referrerUrl", &url);
    }
    row.label = Some(path_of(&url));
}

/// What follows the host; `index` for nothing (and for `0`, which PHP takes for nothing).
fn path_of(url: &str) -> String {
    let path = without_scheme(url).split_once('/').map_or("", |(_, path)| path);
    if matches!(path, "" | "0") { "index".to_owned() } else { path.to_owned() }
}

fn campaign(row: &mut Row, l: &Labelling<'_>) {
    if l.level == 0 && !l.flat {
        let text = format!("referrerType==campaign;referrerName=={}", url_encode(&decoded(row.label())));
        row.set_meta("segment", Value::Text(text));
    } else if l.level > 0 && l.alone {
        let text = format!(
            "referrerName=={};referrerType==campaign;referrerKeyword=={}",
            url_encode(&decoded(l.parent)),
            url_encode(&decoded(row.label()))
        );
        row.set_meta("segment", Value::Text(text));
    }
    row.label = Some(or(row, KEYWORD_NOT_DEFINED));
}

fn social(row: &mut Row, l: &Labelling<'_>) {
    if l.level > 0 {
        without_goals(row);
        if l.alone {
            social_url(row, l);
        } else if l.flat {
            describe_network(row, l.parent, l);
        }
        return;
    }
    let name = row.label().to_owned();
    describe_network(row, &name, l);
}

fn describe_network(row: &mut Row, name: &str, l: &Labelling<'_>) {
    row.set_meta("url", Value::text(without_scheme(named(&l.vocabulary.social_urls, name))));
    row.set_meta("segment", Value::Text(format!("referrerType==social;referrerName=={}", url_encode(name))));
}

fn social_url(row: &mut Row, _: &Labelling<'_>) {
    let url = row.label().to_owned();
    segment(row, "referrerUrl", &url);
    row.label = Some(without_scheme(&url).to_owned());
    row.set_meta("url", Value::Text(url));
}

/// The URLs below all networks in one list, or below one when the request names it.
fn urls_of_all(table: Table, l: &Labelling<'_>) -> Table {
    if l.alone {
        return table;
    }
    let mut urls = Table::default();
    for row in table.rows {
        for below in row.subtable.map(|t| t.rows).unwrap_or_default() {
            urls.add(below);
        }
    }
    urls
}

const CATEGORY: &str = "Referrers";

const fn composed(method: &'static str, name: &'static str, what: Composed) -> ReportDef {
    let mut report = ReportDef::rows(method, name, "");
    report.source = Source::Composed(what);
    report
}

const fn overview() -> ReportDef {
    let mut report = composed("Referrers.get", "Referrers Overview", Composed::Referrers);
    report.view = View::Numbers;
    report.of("", &[]).listed(CATEGORY, "Overview", 1).says("How many visits came from where.").columns(
        &[
            "Referrers_visitorsFromSearchEngines",
            "Referrers_visitorsFromSocialNetworks",
            "Referrers_visitorsFromDirectEntry",
            "Referrers_visitorsFromWebsites",
            "Referrers_visitorsFromCampaigns",
            "Referrers_distinctSearchEngines",
            "Referrers_distinctSocialNetworks",
            "Referrers_distinctKeywords",
            "Referrers_distinctWebsites",
            "Referrers_distinctWebsitesUrls",
            "Referrers_distinctCampaigns",
        ],
        &[],
    )
}

const fn all() -> ReportDef {
    let mut report = composed("Referrers.getAll", "All Channels", Composed::AllReferrers);
    report.single = "with multiple sites or dates is not supported (yet).";
    report
        .of("Channel", &["Referrers_Referrer"])
        .goals(Goals::Visits)
        .listed(CATEGORY, "All Channels", 2)
        .says("Keywords, websites, campaigns and networks in one list.")
}

const fn types() -> ReportDef {
    let mut report = composed("Referrers.getReferrerType", "Channel Type", Composed::ReferrerTypes);
    report.constant_rows = true;
    report
        .of("Channel Type", &["Referrers_ReferrerType"])
        .goals(Goals::Visits)
        .labelled(referrer_type)
        .listed(CATEGORY, "All Channels", 1)
        .featured()
        .says("Visits by the kind of place they came from.")
}

const fn distinct(method: &'static str, number: &'static [(&'static str, &'static str)]) -> ReportDef {
    ReportDef::numbers(method, "", number).unlisted()
}

pub(super) const REPORTS: &[ReportDef] = &[
    overview(),
    types(),
    all(),
    ReportDef::rows("Referrers.getKeywords", "Keywords", "Referrers_searchEngineByKeyword")
        .of("Keyword", &["Referrers_Keyword", "Referrers_SearchEngine"])
        .goals(Goals::Visits)
        .below("Referrers.getSearchEnginesFromKeywordId")
        .labelled(keyword)
        .listed(CATEGORY, "Search Engines & Keywords", 3)
        .says("What people typed into a search engine before they came."),
    ReportDef::rows("Referrers.getSearchEnginesFromKeywordId", "Search Engines", "Referrers_searchEngineByKeyword")
        .of("Search Engine", &["Referrers_SearchEngine"])
        .labelled(keyword)
        .only_below(),
    with_other_engines(
        ReportDef::rows("Referrers.getSearchEngines", "Search Engines", "Referrers_keywordBySearchEngine")
            .of("Search Engine", &["Referrers_SearchEngine", "Referrers_Keyword"])
            .goals(Goals::Visits)
            .below("Referrers.getKeywordsFromSearchEngineId")
            .labelled(search_engine)
            .listed(CATEGORY, "Search Engines & Keywords", 5)
            .says("The search engines that led people here."),
    ),
    ReportDef::rows("Referrers.getKeywordsFromSearchEngineId", "Keywords", "Referrers_keywordBySearchEngine")
        .of("Keyword", &["Referrers_Keyword"])
        .labelled(search_engine)
        .only_below(),
    ReportDef::rows("Referrers.getCampaigns", "Campaigns", "Referrers_keywordByCampaign")
        .of("Campaign", &["Referrers_Campaign", "Referrers_Keyword"])
        .goals(Goals::Visits)
        .below("Referrers.getKeywordsFromCampaignId")
        .labelled(campaign)
        .listed(CATEGORY, "Campaigns", 9)
        .says("The campaigns that led people here."),
    ReportDef::rows("Referrers.getKeywordsFromCampaignId", "Campaign Keywords", "Referrers_keywordByCampaign")
        .of("Campaign Keyword", &["Referrers_Keyword"])
        .labelled(campaign)
        .only_below(),
    paths(
        ReportDef::rows("Referrers.getWebsites", "Websites", "Referrers_urlByWebsite")
            .of("Website", &["Referrers_Website", "Referrers_WebsitePage"])
            .goals(Goals::Visits)
            .below("Referrers.getUrlsFromWebsiteId")
            .labelled(website)
            .listed(CATEGORY, "Websites & Social Networks", 5)
            .says("The websites that link here, and the pages on them."),
    ),
    ReportDef::rows("Referrers.getUrlsFromWebsiteId", "Website URLs", "Referrers_urlByWebsite")
        .of("Website Page", &["Referrers_WebsitePage"])
        .labelled(website)
        .only_below(),
    ReportDef::rows("Referrers.getSocials", "Social Networks", "Referrers_urlBySocialNetwork")
        .of("Social network", &["Referrers_SocialNetwork", "Referrers_WebsitePage"])
        .goals(Goals::Visits)
        .below("Referrers.getUrlsForSocial")
        .labelled(social)
        .listed(CATEGORY, "Websites & Social Networks", 11)
        .says("The social networks that led people here."),
    ReportDef::rows("Referrers.getUrlsForSocial", "Social Network URLs", "Referrers_urlBySocialNetwork")
        .of("Website Page", &["Referrers_WebsitePage"])
        .shaped(urls_of_all)
        .labelled(social_url)
        .unlisted(),
    distinct("Referrers.getNumberOfDistinctSearchEngines", same!["Referrers_distinctSearchEngines"]),
    distinct("Referrers.getNumberOfDistinctSocialNetworks", same!["Referrers_distinctSocialNetworks"]),
    distinct("Referrers.getNumberOfDistinctKeywords", same!["Referrers_distinctKeywords"]),
    distinct("Referrers.getNumberOfDistinctCampaigns", same!["Referrers_distinctCampaigns"]),
    distinct("Referrers.getNumberOfDistinctWebsites", same!["Referrers_distinctWebsites"]),
    distinct("Referrers.getNumberOfDistinctWebsitesUrls", same!["Referrers_distinctWebsitesUrls"]),
];

/// Levels are joined by a slash.
const fn paths(mut report: ReportDef) -> ReportDef {
    report.separator = "/";
    report
}
