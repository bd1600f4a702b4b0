//! One-row reports: totals of visits, actions, loading times, bandwidth, all of them.

use super::{Composed, ReportDef, Source, View};
use crate::{catalogue::metrics, table::sort::Order};

type Numbers = &'static [(&'static str, &'static str)];

/// Numbers of visits.
pub(crate) const VISITS: Numbers = &[
    ("nb_uniq_visitors", "nb_uniq_visitors"),
    ("nb_users", "nb_users"),
    ("nb_visits", "nb_visits"),
    ("nb_actions", "nb_actions"),
    ("nb_visits_converted", "nb_visits_converted"),
    ("bounce_count", "bounce_count"),
    ("sum_visit_length", "sum_visit_length"),
    ("max_actions", "max_actions"),
];

/// Numbers of actions.
pub(crate) const ACTIONS: Numbers = &[
    ("Actions_nb_pageviews", "nb_pageviews"),
    ("Actions_nb_uniq_pageviews", "nb_uniq_pageviews"),
    ("Actions_nb_downloads", "nb_downloads"),
    ("Actions_nb_uniq_downloads", "nb_uniq_downloads"),
    ("Actions_nb_outlinks", "nb_outlinks"),
    ("Actions_nb_uniq_outlinks", "nb_uniq_outlinks"),
    ("Actions_nb_searches", "nb_searches"),
    ("Actions_nb_keywords", "nb_keywords"),
];

const ACTION_METRICS: &[&str] = &[
    "nb_pageviews",
    "nb_uniq_pageviews",
    "nb_downloads",
    "nb_uniq_downloads",
    "nb_outlinks",
    "nb_uniq_outlinks",
    "nb_searches",
    "nb_keywords",
];

/// Bytes served.
pub(crate) const BANDWIDTH: Numbers = &[
    ("Bandwidth_nb_total_overall", "nb_total_overall_bandwidth"),
    ("Bandwidth_nb_total_pageurl", "nb_total_pageview_bandwidth"),
    ("Bandwidth_nb_total_download", "nb_total_download_bandwidth"),
];

/// Sums of loading times. `servery` is Matomo's spelling.
pub(crate) const PAGE_PERFORMANCE: Numbers = &[
    ("PagePerformance_network_time", "PagePerformance_network_time"),
    ("PagePerformance_network_hits", "PagePerformance_network_hits"),
    ("PagePerformance_servery_time", "PagePerformance_servery_time"),
    ("PagePerformance_server_hits", "PagePerformance_server_hits"),
    ("PagePerformance_transfer_time", "PagePerformance_transfer_time"),
    ("PagePerformance_transfer_hits", "PagePerformance_transfer_hits"),
    ("PagePerformance_domprocessing_time", "PagePerformance_domprocessing_time"),
    ("PagePerformance_domprocessing_hits", "PagePerformance_domprocessing_hits"),
    ("PagePerformance_domcompletion_time", "PagePerformance_domcompletion_time"),
    ("PagePerformance_domcompletion_hits", "PagePerformance_domcompletion_hits"),
    ("PagePerformance_onload_time", "PagePerformance_onload_time"),
    ("PagePerformance_onload_hits", "PagePerformance_onload_hits"),
    ("PagePerformance_pageload_time", "PagePerformance_pageload_time"),
    ("PagePerformance_pageload_hits", "PagePerformance_pageload_hits"),
];

/// Mean loading times: column, time, hits.
pub(crate) const PAGE_TIMES: &[(&str, &str, &str)] = &[
    ("avg_time_network", "PagePerformance_network_time", "PagePerformance_network_hits"),
    ("avg_time_server", "PagePerformance_servery_time", "PagePerformance_server_hits"),
    ("avg_time_transfer", "PagePerformance_transfer_time", "PagePerformance_transfer_hits"),
    ("avg_time_dom_processing", "PagePerformance_domprocessing_time", "PagePerformance_domprocessing_hits"),
    ("avg_time_dom_completion", "PagePerformance_domcompletion_time", "PagePerformance_domcompletion_hits"),
    ("avg_time_on_load", "PagePerformance_onload_time", "PagePerformance_onload_hits"),
    ("avg_page_load_time", "PagePerformance_pageload_time", "PagePerformance_pageload_hits"),
];

const fn composed(method: &'static str, name: &'static str, what: Composed) -> ReportDef {
    let mut report = ReportDef::numbers(method, name, &[]);
    report.source = Source::Composed(what);
    report
}

const fn single(method: &'static str, number: Numbers) -> ReportDef {
    ReportDef::numbers(method, "", number).unlisted()
}

const fn sites() -> ReportDef {
    let mut report = composed("MultiSites.getAll", "All Websites dashboard", Composed::Sites);
    report.sort = ("nb_visits", Order::Descending);
    report.view = View::Table;
    report.described = &[
        "visits_evolution",
        "actions_evolution",
        "pageviews_evolution",
        "revenue_evolution",
        "nb_conversions_evolution",
        "orders_evolution",
        "ecommerce_revenue_evolution",
    ];
    report
        .of("Website", &[])
        .listed("All Websites", "", 4)
        .says("Visits, actions, page views and revenue of each website, with the change since the period before.")
        .columns(
            &["nb_visits", "nb_actions", "nb_pageviews", "revenue", "nb_conversions", "orders", "ecommerce_revenue"],
            &[],
        )
        .titled(&[("orders", "Ecommerce Orders")])
}

pub(super) const REPORTS: &[ReportDef] = &[
    ReportDef::numbers("VisitsSummary.get", "Visits Summary", VISITS)
        .listed("Visitors", "Overview", 1)
        .says("How many people came, how often, and what they did.")
        .columns(&["nb_uniq_visitors", "nb_visits", "nb_users", "nb_actions", "max_actions"], metrics::VISIT_TOTALS)
        .titled(&[("avg_time_on_site", "Avg. Visit Duration (in seconds)")]),
    single("VisitsSummary.getVisits", &[("nb_visits", "nb_visits")]),
    single("VisitsSummary.getUniqueVisitors", &[("nb_uniq_visitors", "nb_uniq_visitors")]),
    single("VisitsSummary.getUsers", &[("nb_users", "nb_users")]),
    single("VisitsSummary.getActions", &[("nb_actions", "nb_actions")]),
    single("VisitsSummary.getMaxActions", &[("max_actions", "max_actions")]),
    single("VisitsSummary.getBounceCount", &[("bounce_count", "bounce_count")]),
    single("VisitsSummary.getVisitsConverted", &[("nb_visits_converted", "nb_visits_converted")]),
    single("VisitsSummary.getSumVisitsLength", &[("sum_visit_length", "sum_visit_length")]),
    single("VisitsSummary.getSumVisitsLengthPretty", &[("sum_visit_length", "sum_visit_length_pretty")]),
    composed("VisitFrequency.get", "Returning Visits", Composed::VisitFrequency)
        .listed("Visitors", "Engagement", 40)
        .says("New and returning visits side by side.")
        .columns(
            &[
                "nb_visits_new",
                "nb_actions_new",
                "nb_uniq_visitors_new",
                "nb_users_new",
                "max_actions_new",
                "nb_visits_returning",
                "nb_actions_returning",
                "nb_uniq_visitors_returning",
                "nb_users_returning",
                "max_actions_returning",
            ],
            &[],
        )
        .titled(&[
            ("nb_visits_new", "New Visits"),
            ("nb_actions_new", "Actions by New Visits"),
            ("nb_uniq_visitors_new", "Unique new visitors"),
            ("nb_users_new", "New Users"),
            ("nb_visits_returning", "Returning Visits"),
            ("nb_actions_returning", "Actions by Returning Visits"),
            ("nb_uniq_visitors_returning", "Unique returning visitors"),
            ("nb_users_returning", "Returning Users"),
            ("max_actions_returning", "Maximum actions in one returning visit"),
        ]),
    ReportDef::numbers("Actions.get", "Actions - Main metrics", ACTIONS)
        .listed("Actions", "", 5)
        .says("How many pages were seen, files downloaded, links followed and words searched for.")
        .describing(ACTION_METRICS, &["avg_time_generation"]),
    composed("PagePerformance.get", "Performance overview", Composed::PagePerformance)
        .listed("Actions", "Performance", 1)
        .says("How long pages take to load, and what for.")
        .columns(&[], &[]),
    ReportDef::numbers("Bandwidth.get", "Bandwidth", BANDWIDTH)
        .listed("Actions", "Bandwidth", 1)
        .says("How many bytes pages and downloads took.")
        .columns(&["nb_total_overall_bandwidth", "nb_total_pageview_bandwidth", "nb_total_download_bandwidth"], &[]),
    composed("API.get", "Main metrics", Composed::Everything)
        .listed("API", "", 1)
        .says("The totals of all reports in one row.")
        .columns(&[], metrics::VISIT),
    sites(),
    ReportDef {
        sort: ("nb_visits", Order::Descending),
        ..composed("MultiSites.getAllWithGroups", "All Websites dashboard", Composed::GroupedSites).unlisted()
    },
    composed("MultiSites.getOne", "Single website dashboard", Composed::OneSite).unlisted(),
];
