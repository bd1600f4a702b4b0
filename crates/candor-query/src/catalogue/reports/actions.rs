//! What visitors do: pages, titles, downloads, outlinks, searches on the site.

use super::{
    Goals, Labelling, ReportDef,
    labels::{action_segment, escaped_segment, segment},
};
use crate::{
    catalogue::metrics,
    engine::paths,
    table::{Row, Table, Value},
};
use candor_core::params::{url_decode, url_encode};

/// Shown for pages without a title.
const TITLE_NOT_DEFINED: &str = " Page Name not defined";

fn page_url(row: &mut Row, l: &Labelling<'_>) {
    url_row(row, l, "pageUrl");
}

fn entry_url(row: &mut Row, l: &Labelling<'_>) {
    url_row(row, l, "entryPageUrl");
}

fn exit_url(row: &mut Row, l: &Labelling<'_>) {
    url_row(row, l, "exitPageUrl");
}

fn url_row(row: &mut Row, l: &Labelling<'_>, dimension: &str) {
    match row.meta("url").and_then(Value::as_text).map(str::to_owned) {
        // unlike titles and links, URLs of pages are not held escaped
        Some(url) => segment(row, dimension, &url_encode(&url)),
        None => {
            let site = l.site.urls.first().map_or("", |url| url.trim_end_matches('/'));
            let folder = [l.path, &[row.label().to_owned()]].concat().join("/");
            action_segment(row, "pageUrl", "=^", &format!("{site}/{folder}"));
        }
    }
}

fn page_title(row: &mut Row, l: &Labelling<'_>) {
    title_row(row, l, "pageTitle");
}

fn entry_title(row: &mut Row, l: &Labelling<'_>) {
    title_row(row, l, "entryPageTitle");
}

fn exit_title(row: &mut Row, l: &Labelling<'_>) {
    title_row(row, l, "exitPageTitle");
}

fn title_row(row: &mut Row, l: &Labelling<'_>, dimension: &str) {
    if row.label().trim().is_empty() {
        row.label = Some(TITLE_NOT_DEFINED.to_owned());
        return;
    }
    let delimiter = &l.settings.tracker.title_delimiter;
    let parts: Vec<&str> = l.path.iter().map(String::as_str).chain([row.label()]).map(str::trim).collect();
    let title = parts.join(delimiter);
    if row.subtable.is_some() || row.subtable_id.is_some() {
        action_segment(row, "pageTitle", "=^", &title);
    } else {
        action_segment(row, dimension, "==", &title);
    }
}

fn download(row: &mut Row, _: &Labelling<'_>) {
    link_row(row, "downloadUrl");
}

fn outlink(row: &mut Row, _: &Labelling<'_>) {
    link_row(row, "outlinkUrl");
}

fn link_row(row: &mut Row, dimension: &str) {
    if let Some(url) = row.meta("url").and_then(Value::as_text).map(str::to_owned) {
        action_segment(row, dimension, "==", &url);
    }
}

fn with_entries(table: Table, _: &Labelling<'_>) -> Table {
    only_with(table, "entry_nb_visits")
}

fn with_exits(table: Table, _: &Labelling<'_>) -> Table {
    only_with(table, "exit_nb_visits")
}

fn after_search(table: Table, _: &Labelling<'_>) -> Table {
    only_with(table, "nb_hits_following_search")
}

/// Only rows that have some of this.
fn only_with(mut table: Table, column: &str) -> Table {
    table.rows.retain_mut(|row| {
        if let Some(below) = row.subtable.take() {
            row.subtable = Some(Box::new(only_with(*below, column)));
        }
        row.number(column) > 0.0
    });
    table
}

fn keyword(row: &mut Row, _: &Labelling<'_>) {
    let word = row.label().to_owned();
    escaped_segment(row, "siteSearchKeyword", &word);
}

const NO_RESULT: &str = "site_search_has_no_result";

fn without_results(table: Table, l: &Labelling<'_>) -> Table {
    without_visitors(only_with(table, NO_RESULT), l)
}

/// Visitors are not shown by keyword.
fn without_visitors(mut table: Table, _: &Labelling<'_>) -> Table {
    for row in &mut table.rows {
        row.columns.retain(|(name, _)| {
            !name.ends_with("nb_uniq_visitors") && name != "nb_hits_following_search" && name != NO_RESULT
        });
    }
    table.rows.retain(|row| row.number("nb_hits") > 0.0);
    table
}

fn search_category(row: &mut Row, _: &Labelling<'_>) {
    let category = row.label().to_owned();
    escaped_segment(row, "siteSearchCategory", &category);
}

/// A page's label in a list: its path from the first slash on, `index` left out.
fn path_in_list(row: &mut Row) {
    let mut label = row.label().to_owned();
    if row.meta("is_summary").is_none() || label.contains('/') {
        label.insert(0, '/');
    }
    if label.ends_with("/index") {
        label.truncate(label.len() - "index".len());
    }
    row.set_meta("Actions_PageUrl", Value::text(label.clone()));
    row.label = Some(label);
}

/// The one row of the page, download or outlink that the request names.
fn one_url(table: Table, l: &Labelling<'_>) -> Table {
    let asked = l.params.page.as_deref().unwrap_or_default();
    let wanted = same_page(&paths::without_excluded(asked, l.settings, l.site));
    let found = leaf(&table, &|row| {
        let url = row.meta("url").and_then(Value::as_text);
        url.is_some_and(|url| !wanted.is_empty() && same_page(url) == wanted)
    });
    Table { rows: found.map(without_timings).into_iter().collect() }
}

const TIMINGS: [&str; 6] =
    ["time_network", "time_server", "time_transfer", "time_dom_processing", "time_dom_completion", "time_on_load"];

/// Loading times are left out of reports of a single row.
fn without_timings(mut row: Row) -> Row {
    row.columns.retain(|(name, _)| !TIMINGS.iter().any(|timing| name.ends_with(timing)));
    row
}

/// The one row of the title that the request names.
fn one_title(table: Table, l: &Labelling<'_>) -> Table {
    let title = l.params.page.as_deref().unwrap_or_default().trim();
    let delimiter = &l.settings.tracker.title_delimiter;
    let parts: Vec<&str> = if delimiter.is_empty() {
        vec![title]
    } else {
        title.split(delimiter.as_str()).map(str::trim).filter(|part| !part.is_empty()).collect()
    };
    let mut level = &table;
    let mut found = None;
    for (i, part) in parts.iter().enumerate() {
        let last = i + 1 == parts.len();
        found = level.rows.iter().find(|row| row.label().trim() == *part && row.subtable.is_none() == last);
        match found.and_then(|row| row.subtable.as_deref()) {
            Some(below) if !last => level = below,
            _ => break,
        }
    }
    Table { rows: found.cloned().map(without_timings).into_iter().collect() }
}

fn leaf(table: &Table, wanted: &impl Fn(&Row) -> bool) -> Option<Row> {
    table.rows.iter().find_map(|row| match &row.subtable {
        Some(below) => leaf(below, wanted),
        None => wanted(row).then(|| row.clone()),
    })
}

fn same_page(url: &str) -> String {
    url_decode(url_encode(paths::without_prefix(url)).as_bytes())
}

const CATEGORY: &str = "Actions";
const TOP: &[&[metrics::Processed]] = &[metrics::BANDWIDTH, metrics::PAGE_TIMES];
const TOP_SIZE: &[&[metrics::Processed]] = &[metrics::BANDWIDTH];
const URLS: &str = "Actions_actions_url";
const TITLES: &str = "Actions_actions";

const PAGE_TITLES: &[(&str, &str)] =
    &[("nb_visits", "Unique Pageviews"), ("nb_hits_following_search", "Clicked in search results")];
/// Matomo still describes the generation time that browsers no longer tell.
const PAGE_COMPUTED: &[&str] = &["avg_time_on_page", "bounce_rate", "exit_rate", "avg_time_generation"];
const SEARCH_TITLES: &[(&str, &str)] = &[("nb_visits", "Searches"), ("exit_rate", "% Search Exits")];

/// A report of pages by URL.
const fn urls(method: &'static str, name: &'static str, dimension: &'static str) -> ReportDef {
    let mut report = ReportDef::rows(method, name, URLS);
    report.separator = "/";
    report.top_computed = TOP;
    report.list_row = path_in_list;
    report.titles = PAGE_TITLES;
    report.described = PAGE_COMPUTED;
    report.typed = PAGE_COMPUTED;
    report.of(dimension, &["Actions_PageUrl"]).columns(&["nb_hits", "nb_visits"], metrics::PAGE).below(method)
}

/// A report of pages by title.
const fn titles(method: &'static str, name: &'static str, dimension: &'static str) -> ReportDef {
    let mut report = ReportDef::rows(method, name, TITLES);
    report.separator = "/";
    report.top_computed = TOP;
    report.titles = PAGE_TITLES;
    report.described = PAGE_COMPUTED;
    report.typed = PAGE_COMPUTED;
    report.of(dimension, &["Actions_PageTitle"]).columns(&["nb_hits", "nb_visits"], metrics::PAGE).below(method)
}

/// A report of hosts and the URLs below them.
const fn links(method: &'static str, name: &'static str, record: &'static str) -> ReportDef {
    let mut report = ReportDef::rows(method, name, record);
    report.separator = "/";
    report.top_computed = TOP_SIZE;
    report.columns(&["nb_visits", "nb_hits"], &[]).below(method)
}

const fn entries(mut report: ReportDef) -> ReportDef {
    report.metrics = &["entry_nb_visits", "entry_bounce_count"];
    report.described = &["bounce_rate", "avg_time_generation"];
    report.shaped(with_entries).goals(Goals::EntryPages)
}

const fn exits(mut report: ReportDef) -> ReportDef {
    report.metrics = &["exit_nb_visits", "nb_visits"];
    report.described = &["exit_rate"];
    report.shaped(with_exits)
}

const fn following(mut report: ReportDef) -> ReportDef {
    report.metrics = &["nb_hits_following_search", "nb_hits"];
    report.described = &[];
    report.subtable = "";
    report.shaped(after_search)
}

/// The report of a single row, found by its URL or title.
const fn one(mut report: ReportDef) -> ReportDef {
    report.top_computed = TOP_SIZE;
    report.subtable = "";
    report.label = super::keep_label;
    report.unlisted()
}

const fn search(method: &'static str, name: &'static str, record: &'static str) -> ReportDef {
    let mut report = ReportDef::rows(method, name, record);
    report.typed = PAGE_COMPUTED;
    report.top_computed = TOP_SIZE;
    report
        .of("Keyword", &["Actions_SearchKeyword"])
        .columns(&[], metrics::SEARCH)
        .describing(&["nb_visits", "nb_pages_per_search"], &["exit_rate"])
        .titled(SEARCH_TITLES)
        .shaped(without_visitors)
        .labelled(keyword)
}

pub(super) const REPORTS: &[ReportDef] = &[
    urls("Actions.getPageUrls", "Page URLs", "Page URL")
        .labelled(page_url)
        .goals(Goals::Pages)
        .relates(&["Actions.getEntryPageUrls", "Actions.getExitPageUrls"])
        .listed(CATEGORY, "Pages", 2)
        .featured()
        .says("The pages that were viewed, as a tree of their paths."),
    one(urls("Actions.getPageUrl", "", "Page URL").shaped(one_url)),
    entries(
        urls("Actions.getEntryPageUrls", "Entry pages", "Entry Page URL")
            .labelled(entry_url)
            .listed(CATEGORY, "Entry pages", 3)
            .says("The pages that visits began with."),
    ),
    exits(
        urls("Actions.getExitPageUrls", "Exit pages", "Exit Page URL")
            .labelled(exit_url)
            .listed(CATEGORY, "Exit pages", 4)
            .says("The pages that visits ended with."),
    ),
    titles("Actions.getPageTitles", "Page titles", "Page Title")
        .labelled(page_title)
        .goals(Goals::Pages)
        .relates(&["Actions.getEntryPageTitles", "Actions.getExitPageTitles"])
        .listed(CATEGORY, "Page titles", 5)
        .says("The pages that were viewed, by title."),
    one(titles("Actions.getPageTitle", "", "Page Title").shaped(one_title)),
    entries(
        titles("Actions.getEntryPageTitles", "Entry page titles", "Entry Page title")
            .labelled(entry_title)
            .relates(&["Actions.getPageTitles", "Actions.getEntryPageUrls"])
            .listed(CATEGORY, "Entry pages", 6)
            .says("The titles of pages that visits began with."),
    ),
    exits(
        titles("Actions.getExitPageTitles", "Exit page titles", "Exit Page Title")
            .labelled(exit_title)
            .listed(CATEGORY, "Exit pages", 7)
            .says("The titles of pages that visits ended with."),
    ),
    links("Actions.getDownloads", "Downloads", "Actions_downloads")
        .of("Download URL", &["Actions_DownloadUrl"])
        .labelled(download)
        .listed(CATEGORY, "Downloads", 9)
        .says("The files that were downloaded."),
    one(links("Actions.getDownload", "", "Actions_downloads").of("Download URL", &[]).shaped(one_url)),
    links("Actions.getOutlinks", "Outlinks", "Actions_outlink")
        .of("Clicked Outlink", &["Actions_ClickedUrl"])
        .labelled(outlink)
        .listed(CATEGORY, "Outlinks", 8)
        .says("The links to other sites that were followed."),
    one(links("Actions.getOutlink", "", "Actions_outlink").of("Clicked Outlink", &[]).shaped(one_url)),
    search("Actions.getSiteSearchKeywords", "Site Search Keywords", "Actions_sitesearch")
        .listed(CATEGORY, "Site Search", 15)
        .says("What people searched for on the site."),
    search("Actions.getSiteSearchNoResultKeywords", "Search Keywords with No Results", "Actions_sitesearch")
        .shaped(without_results)
        .of("Keyword with No Search Result", &["Actions_SearchNoResultKeyword"])
        .describing(&["nb_visits"], &["exit_rate"])
        .listed(CATEGORY, "Site Search", 16)
        .says("Searches on the site that found nothing."),
    ReportDef::rows("Actions.getSiteSearchCategories", "Search Categories", "Actions_SiteSearchCategories")
        .of("Search Category", &["Actions_SearchCategory"])
        .columns(&[], metrics::SEARCH_CATEGORY)
        .describing(&["nb_visits", "nb_pages_per_search", "exit_rate"], &[])
        .titled(SEARCH_TITLES)
        .labelled(search_category)
        .listed(CATEGORY, "Site Search", 17)
        .says("The categories people searched in."),
    following(
        titles("Actions.getPageTitlesFollowingSiteSearch", "Page Titles Following a Site Search", "Destination Page")
            .listed(CATEGORY, "Site Search", 19)
            .relates(&["Actions.getPageUrlsFollowingSiteSearch"])
            .says("The titles of pages opened from search results."),
    ),
    following(
        urls("Actions.getPageUrlsFollowingSiteSearch", "Pages Following a Site Search", "Destination Page")
            .listed(CATEGORY, "Site Search", 18)
            .relates(&["Actions.getPageTitlesFollowingSiteSearch"])
            .says("The pages opened from search results."),
    ),
];
