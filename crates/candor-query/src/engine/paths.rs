//! Turns URLs and titles into the labels of a tree, as Matomo's page reports show them.
//! Leaves begin with `/` (URLs) or a space (titles), so that a page and a folder of one name stay apart.

use candor_core::{Settings, SiteSettings};
use candor_store::Cell;

/// What was cut off a page's URL when it was stored.
pub(crate) fn url_prefix(cell: &Cell) -> &'static str {
    match cell {
        Cell::Int(0) => "http://",
        Cell::Int(1) => "http://www.",
        Cell::Int(2) => "https://",
        Cell::Int(3) => "https://www.",
        _ => "",
    }
}

/// The path of a page's URL (without scheme): folders, then the page. The host doesn't count.
pub(crate) fn page_url(url: &str, settings: &Settings) -> Vec<String> {
    let path = url.split_once(['/', '?', '#']).map_or("", |(host, _)| url.get(host.len()..).unwrap_or_default());
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = match path.strip_prefix('#') {
        Some(fragment) => fragment.to_owned(),
        None => path.to_owned(),
    };
    let default = settings.reports.action_default_name.as_str();
    let path = if path.is_empty() || path.ends_with('/') { path + default } else { path };
    split(&path, &settings.tracker.url_delimiter, '/', settings)
}

/// The levels of a page's title.
pub(crate) fn page_title(title: &str, settings: &Settings) -> Vec<String> {
    split(title, &settings.tracker.title_delimiter, ' ', settings)
}

/// Host, then path and query of an absolute URL.
pub(crate) fn host(url: &str) -> Vec<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    match rest.split_once('/') {
        Some((host, path)) => vec![host.trim().to_owned(), format!("/{}", path.trim())],
        None => vec![rest.trim().to_owned(), "/".to_owned()],
    }
}

/// A URL without scheme and `www.`, which pages aren't told apart by.
pub(crate) fn without_prefix(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.strip_prefix("www.").unwrap_or(rest)
}

/// A URL without the parameters that tracking leaves out.
pub(crate) fn without_excluded(url: &str, settings: &Settings, site: &SiteSettings) -> String {
    let url = url.trim();
    let Some((path, query)) = url.split_once('?') else { return url.to_owned() };
    let excluded = |name: &str| {
        let lists = [
            &settings.tracker.url_query_parameter_to_exclude_from_url,
            &settings.global.excluded_params,
            &site.excluded_params,
        ];
        lists.into_iter().flatten().any(|excluded| excluded.eq_ignore_ascii_case(name))
    };
    let kept: Vec<&str> =
        query.split('&').filter(|part| !excluded(part.split('=').next().unwrap_or_default())).collect();
    match kept.as_slice() {
        [] => path.to_owned(),
        kept => format!("{path}?{}", kept.join("&")),
    }
}

/// Parts are trimmed, empty ones left out; what is deeper than the limit stays in the last.
fn split(text: &str, delimiter: &str, prefix: char, settings: &Settings) -> Vec<String> {
    let text = text.replace(['\n', '\r'], "");
    let depth = settings.reports.action_category_level_limit.max(1);
    let mut parts: Vec<String> = if delimiter.is_empty() {
        vec![text.trim().to_owned()]
    } else {
        text.splitn(depth, delimiter).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    };
    let last = parts.pop().unwrap_or_default();
    parts.push(format!("{prefix}{last}"));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::SiteId;

    fn url(url: &str) -> String {
        page_url(url, &Settings::default()).join(" > ")
    }

    #[test]
    fn urls_are_trees() {
        assert_eq!(url("shop.example"), "/index");
        assert_eq!(url("shop.example/"), "/index");
        assert_eq!(url("shop.example/a/b.html"), "a > /b.html");
        assert_eq!(url("shop.example/a//b/"), "a > b > /index");
        assert_eq!(url("shop.example/a?q=x/y"), "a?q=x > /y");
        assert_eq!(url("shop.example?q=1"), "/?q=1");
        assert_eq!(url("shop.example/1/2/3/4/5/6/7/8/9/10/11"), "1 > 2 > 3 > 4 > 5 > 6 > 7 > 8 > 9 > /10/11");
    }

    #[test]
    fn titles_are_split_where_a_delimiter_is_set() {
        let mut settings = Settings::default();
        assert_eq!(page_title("Shop / Shoes", &settings), [" Shop / Shoes"]);
        settings.tracker.title_delimiter = "/".into();
        assert_eq!(page_title("Shop / Shoes", &settings), ["Shop", " Shoes"]);
        assert_eq!(page_title("", &settings), [" "]);
    }

    #[test]
    fn pages_are_told_apart_without_what_tracking_leaves_out() {
        let site = SiteSettings { excluded_params: vec!["ref".into()], ..SiteSettings::new(SiteId(1), "s", &[]) };
        let page = |url: &str| without_prefix(&without_excluded(url, &Settings::default(), &site)).to_owned();
        assert_eq!(page("https://www.shop.example/a?Ref=x"), "shop.example/a");
        assert_eq!(page(" shop.example/a?q=1&ref=x&p=2 "), "shop.example/a?q=1&p=2");
    }

    #[test]
    fn links_are_hosts_with_paths() {
        assert_eq!(host("https://files.example/a/b.pdf?x"), ["files.example", "/a/b.pdf?x"]);
        assert_eq!(host("https://files.example"), ["files.example", "/"]);
    }
}
