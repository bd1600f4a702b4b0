//! Records of pages, downloads, outlinks and site searches.
//! Kinds of actions: 1 page, 2 outlink, 3 download, 8 search; kinds of titles: 4 title, 8 keyword.

use super::*;

/// Milliseconds a second.
const MILLI: f64 = 1000.0;

/// Unique visitors of a folder are not the sum of those of its pages.
const UNSUMMABLE: &[&str] = &["nb_uniq_visitors", "entry_nb_uniq_visitors", "exit_nb_uniq_visitors"];

/// Times of loading: their sum, how many are known, the shortest and the longest.
macro_rules! timings {
    ($($name:literal),*) => {
        [$(
            scaled(concat!("sum_", $name), Aggregate::Sum($name), MILLI),
            optional(concat!("nb_hits_with_", $name), Aggregate::Present($name)),
            scaled(concat!("min_", $name), Aggregate::Min($name), MILLI),
            scaled(concat!("max_", $name), Aggregate::Max($name), MILLI),
        )*]
    };
}

const TIMINGS: [Metric; 24] = timings!(
    "time_network",
    "time_server",
    "time_transfer",
    "time_dom_processing",
    "time_dom_completion",
    "time_on_load"
);

const fn page_metrics(flag: &'static str) -> [Metric; 9] {
    [
        metric("nb_visits", Aggregate::RowsIf(flag)),
        metric("nb_uniq_visitors", Aggregate::Distinct(VISITOR)),
        metric("nb_hits", Aggregate::Rows),
        metric("sum_time_spent", Aggregate::Zero),
        optional("nb_hits_following_search", Aggregate::Present("nullif(previous_title_kind = 8, false)")),
        metric("sum_bandwidth", Aggregate::Sum("bandwidth")),
        metric("nb_hits_with_bandwidth", Aggregate::Present("bandwidth")),
        metric("min_bandwidth", Aggregate::Min("bandwidth")),
        metric("max_bandwidth", Aggregate::Max("bandwidth")),
    ]
}

#[expect(clippy::indexing_slicing, reason = "an index out of bounds doesn't compile")]
const fn with_timings(metrics: [Metric; 9]) -> [Metric; 33] {
    let mut all = [metrics[0]; 33];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < 9 { metrics[at] } else { TIMINGS[at - 9] };
        at += 1;
    }
    all
}

const SEARCHES: &[Metric] = &page_metrics("first_url");
const PAGES_BY_URL: &[Metric] = &with_timings(page_metrics("first_url"));
const PAGES_BY_TITLE: &[Metric] = &with_timings(page_metrics("first_title"));

/// Time before an event is not credited to the page: Matomo leaves event rows out of this sum.
const TIME_SPENT: &[Metric] = &[metric("sum_time_spent", Aggregate::Sum("time_spent"))];

const ENTRIES: &[Metric] = &[
    metric("entry_nb_uniq_visitors", Aggregate::Distinct(VISITOR)),
    metric("entry_nb_visits", Aggregate::Rows),
    metric("entry_nb_actions", Aggregate::Sum("actions")),
    metric("entry_sum_visit_length", Aggregate::Sum("total_time")),
    metric("entry_bounce_count", Aggregate::RowsIf("actions <= 1")),
];

const EXITS: &[Metric] =
    &[metric("exit_nb_uniq_visitors", Aggregate::Distinct(VISITOR)), metric("exit_nb_visits", Aggregate::Rows)];

/// What a page contributed to conversions after it; each page view counts.
const CONVERSIONS_AFTER: &[Metric] = &[
    metric("nb_conversions", Aggregate::Rows),
    scaled("revenue", Aggregate::Sum("revenue"), MICRO),
    optional("nb_conv_pages_before", Aggregate::Max("nullif(pageviews_before, 0)")),
    optional("nb_conversions_attrib", Aggregate::SumFloat("round(1.0 / nullif(pageviews_before, 0), 4)")),
    metric("nb_conversions_page_uniq", Aggregate::Rows),
    optional("revenue_attrib", Aggregate::SumFloat("round(revenue / 1000000.0 / nullif(pageviews_before, 0), 2)")),
];

/// What visits that began on a page brought. Open carts don't count.
const CONVERSIONS_OF_ENTRIES: &[Metric] =
    &[metric("nb_conversions_entry", Aggregate::Rows), scaled("revenue_entry", Aggregate::Sum("revenue"), MICRO)];

const fn conversions(levels: &'static [Level], metrics: &'static [Metric], beside: Beside) -> Part {
    Part::new(Source::Conversions, levels, metrics).by_goal().beside(beside)
}

const URL: &[Level] = &[column(&[Expr::Sql("url")])];
const TITLE: &[Level] = &[column(&[Expr::Sql("title")])];
const WHOLE_URL: &[Metadata] =
    &[Metadata { name: "url", expression: Expr::Sql("url_prefix"), kind: MetadataKind::UrlPrefix }];

/// Paths of pages as a tree; leaves begin with `/` and have their `url` beside them.
pub const PAGE_URLS: RecordDef = RecordDef::new(
    "Actions_actions_url",
    &[
        Part::actions(URL, PAGES_BY_URL).filter("kind = 1 and url <> ''").metadata(WHOLE_URL),
        Part::actions(&[column(&[Expr::Sql("previous_url")])], TIME_SPENT)
            .filter("time_spent > 0 and kind <> 10 and previous_url <> ''")
            .adds_only(),
        Part::visits(&[column(&[Expr::Sql("entry_url")])], ENTRIES).filter("entry_url <> ''").adds_only(),
        Part::visits(&[column(&[Expr::Sql("exit_url")])], EXITS).filter("exit_url <> ''").adds_only(),
        conversions(URL, CONVERSIONS_AFTER, Beside::PagesBefore).filter("url <> ''").adds_only(),
        conversions(&[column(&[Expr::Sql("entry_url")])], CONVERSIONS_OF_ENTRIES, Beside::Entry)
            .filter("entry_url <> '' and goal_id >= 0")
            .adds_only(),
    ],
)
.shape(Shape::PageUrls)
.limits(Limits::Actions)
.unsummable(UNSUMMABLE);

/// Titles of pages, a tree where a delimiter is set; leaves begin with a space.
pub const PAGE_TITLES: RecordDef = RecordDef::new(
    "Actions_actions",
    &[
        Part::actions(TITLE, PAGES_BY_TITLE).filter("kind = 1"),
        Part::actions(&[column(&[Expr::Sql("previous_title")])], TIME_SPENT)
            .filter("time_spent > 0 and kind <> 10 and previous_title_kind = 4")
            .adds_only(),
        Part::visits(&[column(&[Expr::Sql("entry_title")])], ENTRIES).filter("entry_title_kind = 4").adds_only(),
        Part::visits(&[column(&[Expr::Sql("exit_title")])], EXITS).filter("exit_title_kind = 4").adds_only(),
        conversions(TITLE, CONVERSIONS_AFTER, Beside::PagesBefore).adds_only(),
        conversions(&[column(&[Expr::Sql("entry_title")])], CONVERSIONS_OF_ENTRIES, Beside::Entry)
            .filter("entry_title_kind = 4 and goal_id >= 0")
            .adds_only(),
    ],
)
.shape(Shape::PageTitles)
.limits(Limits::Actions)
.unsummable(UNSUMMABLE);

const LINK_METRICS: &[Metric] = &[
    metric("nb_visits", Aggregate::RowsIf("first_url")),
    metric("nb_uniq_visitors", Aggregate::Distinct(VISITOR)),
    metric("nb_hits", Aggregate::Rows),
    metric("sum_time_spent", Aggregate::Zero),
    metric("sum_bandwidth", Aggregate::Sum("bandwidth")),
    metric("nb_hits_with_bandwidth", Aggregate::Present("bandwidth")),
    metric("min_bandwidth", Aggregate::Min("bandwidth")),
    metric("max_bandwidth", Aggregate::Max("bandwidth")),
];

/// Hosts, below them the paths of downloads.
pub const DOWNLOADS: RecordDef = RecordDef::new(
    "Actions_downloads",
    &[Part::actions(URL, LINK_METRICS).filter("kind = 3 and url <> ''").metadata(WHOLE_URL)],
)
.shape(Shape::Hosts)
.limits(Limits::Actions)
.unsummable(UNSUMMABLE);

/// Hosts, below them the paths of outlinks.
pub const OUTLINKS: RecordDef = RecordDef::new(
    "Actions_outlink",
    &[Part::actions(URL, LINK_METRICS).filter("kind = 2 and url <> ''").metadata(WHOLE_URL)],
)
.shape(Shape::Hosts)
.limits(Limits::Actions)
.unsummable(UNSUMMABLE);

/// Keywords of site searches; `site_search_has_no_result` counts the days on which a keyword never found anything.
pub const SEARCH_KEYWORDS: RecordDef = RecordDef::new(
    "Actions_sitesearch",
    &[
        Part::actions(TITLE, SEARCHES).filter("kind = 8 and title <> ''"),
        Part::actions(TITLE, &[metric("site_search_has_no_result", Aggregate::NoneAbove0("search_count"))])
            .filter("kind = 8 and title <> ''"),
        Part::actions(&[column(&[Expr::Sql("previous_title")])], TIME_SPENT)
            .filter("time_spent > 0 and kind <> 10 and previous_title_kind = 8")
            .adds_only(),
        Part::visits(&[column(&[Expr::Sql("exit_title")])], EXITS).filter("exit_title_kind = 8").adds_only(),
    ],
)
.limits(Limits::Search);

/// Categories of site searches.
pub const SEARCH_CATEGORIES: RecordDef = RecordDef::new(
    "Actions_SiteSearchCategories",
    &[Part::actions(
        &[column(&[Expr::Sql("category")])],
        &[
            metric("nb_uniq_visitors", Aggregate::Distinct(VISITOR)),
            metric("nb_visits", Aggregate::Distinct("visit_id")),
            metric("nb_actions", Aggregate::Rows),
        ],
    )
    .filter("kind = 8 and category <> ''")],
)
.limits(Limits::Search);

macro_rules! timings_or_zero {
    ($($name:literal),*) => {
        &[
            metric("nb_visits", Aggregate::Distinct("visit_id")),
            metric("nb_uniq_visitors", Aggregate::Distinct(VISITOR)),
            metric("nb_hits", Aggregate::Rows),
            $(
                Metric { name: concat!("sum_", $name), aggregate: Aggregate::Sum($name), scale: MILLI, omit_null: false },
                metric(concat!("nb_hits_with_", $name), Aggregate::RowsIf(concat!($name, " is not null"))),
                Metric { name: concat!("min_", $name), aggregate: Aggregate::Min(concat!("coalesce(", $name, ", 0)")), scale: MILLI, omit_null: false },
                Metric { name: concat!("max_", $name), aggregate: Aggregate::Max(concat!("coalesce(", $name, ", 0)")), scale: MILLI, omit_null: false },
            )*
            metric("sum_time_spent", Aggregate::Sum("next_time_spent")),
            metric("bounce_count", Aggregate::RowsIf("is_only")),
            metric("exit_nb_visits", Aggregate::RowsIf("is_last")),
        ]
    };
}

/// Values of a custom dimension of actions, below them the URLs on which they were seen; `number` is its slot.
pub const ACTION_DIMENSION: RecordDef = RecordDef::new(
    "CustomDimensions_Action",
    &[Part::actions(
        &[Level::Optional(Expr::Slot { list: "dimensions", stride: 1, offset: 0 }), Level::Optional(Expr::Sql("url"))],
        timings_or_zero!(
            "time_network",
            "time_server",
            "time_transfer",
            "time_dom_processing",
            "time_dom_completion",
            "time_on_load"
        ),
    )
    .filter("kind = 1")
    .beside(Beside::Neighbours)],
)
.limits(Limits::Dimensions);
