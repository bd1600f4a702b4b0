//! Records of one row: the numbers of single-row reports.

use super::*;

/// Additive numbers of visits.
pub const VISIT_NUMBERS: RecordDef = RecordDef::new(
    "VisitsSummary",
    &[Part::visits(
        &[],
        &[
            metric("nb_visits", Aggregate::Rows),
            metric("nb_actions", Aggregate::Sum("actions")),
            metric("max_actions", Aggregate::Max("actions")),
            metric("sum_visit_length", Aggregate::Sum("total_time")),
            metric("bounce_count", Aggregate::RowsIf("actions <= 1")),
            metric("nb_visits_converted", Aggregate::RowsIf("converted")),
        ],
    )],
);

/// Distinct visitors, users and fingerprints: counted over the period, never summed.
pub const UNIQUE_NUMBERS: RecordDef = RecordDef::new(
    "VisitsSummary_unique",
    &[Part::visits(
        &[],
        &[
            metric("nb_uniq_visitors", Aggregate::Distinct(VISITOR)),
            metric("nb_users", Aggregate::Distinct("nullif(user_id, '')")),
            metric("nb_uniq_fingerprints", Aggregate::Distinct("fingerprint")),
        ],
    )],
)
.whole();

macro_rules! timings {
    // Matomo's name of the server's time is misspelt, that of its hits isn't.
    ($($time:literal, $hits:literal: $column:literal);*) => {
        &[
            // A click on what is no URL counts as a page without one, as in Matomo.
            metric("Actions_nb_pageviews", Aggregate::RowsIf("kind = 1 or kind in (2, 3) and url = ''")),
            metric("Actions_nb_uniq_pageviews", Aggregate::RowsIf("kind = 1 and first_url")),
            metric("Actions_nb_downloads", Aggregate::RowsIf("kind = 3 and url <> ''")),
            metric("Actions_nb_uniq_downloads", Aggregate::RowsIf("kind = 3 and first_url")),
            metric("Actions_nb_outlinks", Aggregate::RowsIf("kind = 2 and url <> ''")),
            metric("Actions_nb_uniq_outlinks", Aggregate::RowsIf("kind = 2 and first_url")),
            metric("Actions_nb_searches", Aggregate::RowsIf("kind = 8")),
            metric("Actions_sum_time_generation", Aggregate::Zero),
            metric("Actions_nb_hits_with_time_generation", Aggregate::Zero),
            metric("Bandwidth_nb_total_overall", Aggregate::Sum("bandwidth")),
            metric("Bandwidth_nb_total_pageurl", Aggregate::Sum("case when kind = 1 then bandwidth end")),
            metric("Bandwidth_nb_total_download", Aggregate::Sum("case when kind = 3 then bandwidth end")),
            $(
                Metric {
                    name: concat!("PagePerformance_", $time, "_time"),
                    aggregate: Aggregate::Sum(concat!("case when kind = 1 then ", $column, " end")),
                    scale: 1000.0,
                    omit_null: false,
                },
                metric(
                    concat!("PagePerformance_", $hits, "_hits"),
                    Aggregate::RowsIf(concat!("kind = 1 and ", $column, " is not null")),
                ),
            )*
        ]
    };
}

/// The sum of a page view's loading times; null when none is known.
macro_rules! pageload {
    () => {
        "(case when coalesce(time_network, time_server, time_transfer, time_dom_processing, time_dom_completion, \
         time_on_load) is null then null else coalesce(time_network, 0) + coalesce(time_server, 0) \
         + coalesce(time_transfer, 0) + coalesce(time_dom_processing, 0) + coalesce(time_dom_completion, 0) \
         + coalesce(time_on_load, 0) end)"
    };
}

/// Additive numbers of actions. Loading times are seconds.
pub const ACTION_NUMBERS: RecordDef = RecordDef::new(
    "Actions",
    &[
        Part::actions(
            &[],
            timings!(
                "network", "network": "time_network";
                "servery", "server": "time_server";
                "transfer", "transfer": "time_transfer";
                "domprocessing", "domprocessing": "time_dom_processing";
                "domcompletion", "domcompletion": "time_dom_completion";
                "onload", "onload": "time_on_load"
            ),
        ),
        Part::actions(
            &[],
            &[
                Metric {
                    name: "PagePerformance_pageload_time",
                    aggregate: Aggregate::Sum(pageload!()),
                    scale: 1000.0,
                    omit_null: false,
                },
                metric("PagePerformance_pageload_hits", Aggregate::Present(pageload!())),
            ],
        )
        .filter("kind = 1"),
    ],
);

macro_rules! referrer {
    ($kind:literal, $column:literal) => {
        Aggregate::Distinct(concat!("case when referrer_type = ", $kind, " then ", $column, " end"))
    };
}

/// Numbers of distinct things, counted over the period.
pub const DISTINCT_NUMBERS: RecordDef = RecordDef::new(
    "Distinct",
    &[
        Part::visits(
            &[],
            &[
                metric("Referrers_distinctSearchEngines", referrer!(2, "referrer_name")),
                metric("Referrers_distinctSocialNetworks", referrer!(7, "referrer_name")),
                metric("Referrers_distinctKeywords", referrer!(2, "referrer_keyword")),
                metric("Referrers_distinctCampaigns", referrer!(6, "referrer_name")),
                metric("Referrers_distinctWebsites", referrer!(3, "referrer_name")),
                metric("Referrers_distinctWebsitesUrls", referrer!(3, "nullif(referrer_url, '')")),
                metric("UserCountry_distinctCountries", Aggregate::Distinct("country")),
            ],
        ),
        Part::actions(&[], &[metric("Actions_nb_keywords", Aggregate::Distinct("title"))]).filter("kind = 8"),
    ],
)
.whole();

/// The record that holds a number by this name.
#[must_use]
pub fn number(name: &str) -> Option<&'static RecordDef> {
    static ALL: [RecordDef; 4] = [VISIT_NUMBERS, UNIQUE_NUMBERS, ACTION_NUMBERS, DISTINCT_NUMBERS];
    ALL.iter().find(|record| record.parts.iter().flat_map(|part| part.metrics).any(|metric| metric.name == name))
}
