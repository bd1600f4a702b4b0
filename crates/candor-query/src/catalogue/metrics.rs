//! Metrics: their names for people, units, and the formulas of those that are computed from others.
//! A metric is one entry here. Counting is the records' business; this says what follows from the counts.

use crate::table::{Row, Value};

/// What a metric's number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A plain number.
    Number,
    /// A share, 1 = 100 %.
    Percent,
    /// An amount in the site's currency.
    Money,
    /// A length in seconds.
    Seconds,
    /// A size in bytes.
    Bytes,
}

impl Unit {
    /// Matomo's name of the unit.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Percent => "percent",
            Self::Money => "money",
            Self::Seconds => "duration_s",
            Self::Bytes => "byte",
        }
    }
}

/// How a computed metric follows from other columns of its row. What would divide by 0 is 0.
#[derive(Debug, Clone, Copy)]
pub enum Formula {
    /// One column divided by another.
    Quotient(&'static str, &'static str),
    /// As `Quotient`, and absent where the divisor is 0 or absent.
    QuotientIfAny(&'static str, &'static str),
    /// A column divided by the first of two others that isn't 0.
    QuotientOfEither(&'static str, &'static str, &'static str),
    /// The sum of other computed metrics.
    Sum(&'static [&'static str]),
    /// A column's share of the whole table, whose total dispatch puts into the row under this name.
    Share(&'static str, &'static str),
}

/// A metric that is computed from others.
#[derive(Debug, Clone, Copy)]
pub struct Processed {
    /// Its column.
    pub name: &'static str,
    /// How it is computed.
    pub formula: Formula,
    /// Decimals it is rounded to (of the ratio, for percentages).
    pub decimals: i32,
    /// Columns that exist only to compute it and are not shown.
    pub temporary: &'static [&'static str],
}

const fn quotient(name: &'static str, a: &'static str, b: &'static str, decimals: i32) -> Processed {
    Processed { name, formula: Formula::Quotient(a, b), decimals, temporary: &[] }
}

const fn timing(
    name: &'static str,
    sum: &'static str,
    hits: &'static str,
    temporary: &'static [&'static str],
) -> Processed {
    Processed { name, formula: Formula::QuotientIfAny(sum, hits), decimals: 3, temporary }
}

impl Processed {
    /// The value in this row; `None` where the metric has none.
    #[must_use]
    pub fn compute(&self, row: &Row) -> Option<Value> {
        let value = match self.formula {
            Formula::Quotient(a, b) | Formula::Share(a, b) => divide(row.number(a), row.number(b)),
            Formula::QuotientIfAny(a, b) => {
                let hits = row.number(b);
                if hits <= 0.0 {
                    return None;
                }
                divide(row.number(a), hits)
            }
            Formula::QuotientOfEither(a, b, c) => {
                let first = row.number(b);
                divide(row.number(a), if first > 0.0 { first } else { row.number(c) })
            }
            Formula::Sum(parts) => parts.iter().map(|part| row.number(part)).sum(),
        };
        Some(Value::from_number(round(value, self.decimals)))
    }
}

/// Rounds half away from zero, as PHP does, with its correction for what binary fractions lose.
#[must_use]
pub fn round(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    let scaled = value * scale;
    // PHP's pre-rounding: 1.955 × 100 is 195.49999999999997 and must become 196.
    let corrected = format!("{scaled:.14e}").parse::<f64>().unwrap_or(scaled);
    corrected.round() / scale
}

/// A count as a value.
#[must_use]
pub fn count(n: usize) -> Value {
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

fn divide(a: f64, b: f64) -> f64 {
    if b == 0.0 { 0.0 } else { a / b }
}

/// Computed metrics of a row of visits.
pub const VISIT: &[Processed] = &[
    quotient("nb_actions_per_visit", "nb_actions", "nb_visits", 1),
    quotient("avg_time_on_site", "sum_visit_length", "nb_visits", 0),
    quotient("bounce_rate", "bounce_count", "nb_visits", 2),
];

/// Computed metrics of the totals of visits.
pub const VISIT_TOTALS: &[Processed] = &[
    quotient("bounce_rate", "bounce_count", "nb_visits", 2),
    quotient("nb_actions_per_visit", "nb_actions", "nb_visits", 1),
    quotient("avg_time_on_site", "sum_visit_length", "nb_visits", 0),
];

/// Computed metrics of a row of visits when all columns are asked for.
pub const VISIT_ALL: &[Processed] = &[
    quotient("nb_actions_per_visit", "nb_actions", "nb_visits", 1),
    quotient("avg_time_on_site", "sum_visit_length", "nb_visits", 0),
    quotient("bounce_rate", "bounce_count", "nb_visits", 2),
    quotient("conversion_rate", "nb_visits_converted", "nb_visits", 4),
];

/// Computed metrics of a page.
pub const PAGE: &[Processed] = &[
    quotient("avg_time_on_page", "sum_time_spent", "nb_hits", 0),
    quotient("bounce_rate", "entry_bounce_count", "entry_nb_visits", 2),
    quotient("exit_rate", "exit_nb_visits", "nb_visits", 2),
];

/// Computed metrics of a search keyword.
pub const SEARCH: &[Processed] = &[
    quotient("nb_pages_per_search", "nb_hits", "nb_visits", 1),
    quotient("avg_time_on_page", "sum_time_spent", "nb_hits", 0),
    quotient("bounce_rate", "entry_bounce_count", "entry_nb_visits", 2),
    quotient("exit_rate", "exit_nb_visits", "nb_visits", 2),
];

/// Computed metrics of a search category. Its visitors are counted, though not shown.
pub const SEARCH_CATEGORY: &[Processed] =
    &[Processed { temporary: &["nb_uniq_visitors"], ..quotient("nb_pages_per_search", "nb_actions", "nb_visits", 1) }];

/// Computed loading times of a page: only rows of the top level have them.
pub const PAGE_TIMES: &[Processed] = &[
    timing("avg_time_network", "sum_time_network", "nb_hits_with_time_network", &["sum_time_network"]),
    timing("avg_time_server", "sum_time_server", "nb_hits_with_time_server", &["sum_time_server"]),
    timing("avg_time_transfer", "sum_time_transfer", "nb_hits_with_time_transfer", &["sum_time_transfer"]),
    timing(
        "avg_time_dom_processing",
        "sum_time_dom_processing",
        "nb_hits_with_time_dom_processing",
        &["sum_time_dom_processing"],
    ),
    timing(
        "avg_time_dom_completion",
        "sum_time_dom_completion",
        "nb_hits_with_time_dom_completion",
        &["sum_time_dom_completion"],
    ),
    timing("avg_time_on_load", "sum_time_on_load", "nb_hits_with_time_on_load", &["sum_time_on_load"]),
    Processed {
        name: "avg_page_load_time",
        formula: Formula::Sum(&[
            "avg_time_network",
            "avg_time_server",
            "avg_time_transfer",
            "avg_time_dom_processing",
            "avg_time_dom_completion",
            "avg_time_on_load",
        ]),
        decimals: 3,
        temporary: &[],
    },
];

/// Computed size of a page or download: only rows of the top level have it.
pub const BANDWIDTH: &[Processed] = &[quotient("avg_bandwidth", "sum_bandwidth", "nb_hits_with_bandwidth", 0)];

/// Computed metrics of events.
pub const EVENT: &[Processed] = &[quotient("avg_event_value", "sum_event_value", "nb_events_with_value", 2)];

/// Computed metrics of contents.
pub const CONTENT: &[Processed] = &[quotient("interaction_rate", "nb_interactions", "nb_impressions", 4)];

/// Computed metrics of products.
pub const PRODUCT: &[Processed] = &[
    Processed {
        name: "avg_price",
        formula: Formula::QuotientOfEither("price", "orders", "abandoned_carts"),
        decimals: 2,
        temporary: &["price"],
    },
    Processed {
        name: "avg_quantity",
        formula: Formula::QuotientOfEither("quantity", "orders", "abandoned_carts"),
        decimals: 1,
        temporary: &[],
    },
    quotient("conversion_rate", "orders", "nb_visits", 4),
];

/// Computed metrics of visit-scope custom dimensions.
pub const DIMENSION_VISIT: &[Processed] = &[
    quotient("nb_actions_per_visit", "nb_actions", "nb_visits", 1),
    quotient("avg_time_on_site", "sum_visit_length", "nb_visits", 0),
    quotient("bounce_rate", "bounce_count", "nb_visits", 2),
];

/// Computed metrics of action-scope custom dimensions.
pub const DIMENSION_ACTION: &[Processed] = &[
    quotient("avg_time_on_dimension", "sum_time_spent", "nb_hits", 0),
    quotient("bounce_rate", "bounce_count", "nb_visits", 2),
    quotient("exit_rate", "exit_nb_visits", "nb_visits", 2),
];

/// Conversion rate of the goal overview.
pub const CONVERSION_RATE: &[Processed] = &[quotient("conversion_rate", "nb_visits_converted", "nb_visits", 4)];

/// Average value of orders and carts.
pub const ORDER: &[Processed] = &[
    quotient("conversion_rate", "nb_visits_converted", "nb_visits", 4),
    quotient("avg_order_revenue", "revenue", "nb_conversions", 2),
];

/// A share of all visits; the total comes as the temporary column.
pub const VISITS_PERCENTAGE: &[Processed] = &[Processed {
    name: "nb_visits_percentage",
    formula: Formula::Share("nb_visits", "nb_visits_total"),
    decimals: 2,
    temporary: &["nb_visits_total"],
}];

/// What a metric is called, and its unit. Names that end with `_new`, `_returning` and the like are described
/// under their own entry where it differs.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its column.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// What its number is.
    pub unit: Unit,
    /// What it says, in a sentence; empty where the title is enough.
    pub explanation: &'static str,
}

const fn m(name: &'static str, title: &'static str, unit: Unit, explanation: &'static str) -> Metric {
    Metric { name, title, unit, explanation }
}

use Unit::{Bytes, Money, Number, Percent, Seconds};

/// Every metric that reports describe.
pub const METRICS: &[Metric] = &[
    m("nb_uniq_visitors", "Unique visitors", Number, "Different visitors; each counts once."),
    m("nb_visits", "Visits", Number, "A visit ends half an hour after its last action."),
    m("nb_users", "Users", Number, "Different user ids that the site has set."),
    m("nb_actions", "Actions", Number, "Page views, searches, downloads and clicks on outgoing links."),
    m("max_actions", "Maximum actions in one visit", Number, ""),
    m("nb_visits_converted", "Visits with Conversions", Number, ""),
    m("bounce_count", "Bounces", Number, "Visits of a single action."),
    m("sum_visit_length", "Total time spent by visitors (in seconds)", Seconds, ""),
    m("bounce_rate", "Bounce Rate", Percent, "Share of visits with a single action."),
    m("nb_actions_per_visit", "Actions per Visit", Number, "Actions divided by visits."),
    m("avg_time_on_site", "Avg. Time on Website", Seconds, "Mean length of a visit."),
    m("conversion_rate", "Conversion Rate", Percent, "Share of visits that reached a goal."),
    m("nb_conversions", "Conversions", Number, ""),
    m("revenue", "Revenue", Money, ""),
    m("nb_conversions_attrib", "Conversions", Number, ""),
    m("revenue_attrib", "Revenue", Money, ""),
    m("nb_conversions_page_rate", "Viewed before conversion rate", Percent, ""),
    m("nb_conversions_entry", "Conversions", Number, ""),
    m("revenue_entry", "Revenue", Money, ""),
    m("revenue_per_entry", "Revenue per Entry", Money, ""),
    m("nb_conversions_entry_rate", "Conversion Rate", Percent, ""),
    m("revenue_per_visit", "Revenue per Visit", Money, "Revenue of all goals divided by visits."),
    m("nb_hits", "Pageviews", Number, "How often the page was viewed."),
    m("nb_pageviews", "Pageviews", Number, "How often pages were viewed."),
    m("nb_uniq_pageviews", "Unique Pageviews", Number, "Visits that saw the page, summed over pages."),
    m("nb_downloads", "Downloads", Number, "How often files were downloaded."),
    m("nb_uniq_downloads", "Unique Downloads", Number, ""),
    m("nb_outlinks", "Outlinks", Number, "How often outgoing links were clicked."),
    m("nb_uniq_outlinks", "Unique Outlinks", Number, ""),
    m("nb_searches", "Searches", Number, "How often the site's own search was used."),
    m("nb_keywords", "Unique Keywords", Number, "Different words searched for."),
    m("nb_hits_following_search", "Viewed after internal search", Number, "Views right after a search."),
    m("nb_pages_per_search", "Search Results pages", Number, "Result pages viewed after a search, on average."),
    m("sum_time_spent", "Total time spent by visitors (in seconds)", Seconds, ""),
    m("avg_time_on_page", "Avg. time on page", Seconds, "Mean time until the next action."),
    m("avg_time_on_dimension", "Avg. time on page", Seconds, "Mean time until the next action."),
    m("exit_rate", "Exit rate", Percent, "Share of visits that ended here."),
    m("entry_nb_visits", "Entrances", Number, "Visits that began here."),
    m("entry_bounce_count", "Bounces", Number, "Visits that began here and had no other action."),
    m("exit_nb_visits", "Exits", Number, "Visits that ended here."),
    m("avg_time_network", "Avg. network time", Seconds, "Time to connect."),
    m("avg_time_server", "Avg. server time", Seconds, "Time until the server answers."),
    m("avg_time_transfer", "Avg. transfer time", Seconds, "Time until the answer is complete."),
    m("avg_time_dom_processing", "Avg. DOM processing time", Seconds, "Time until the page can be used."),
    m("avg_time_dom_completion", "Avg. DOM completion time", Seconds, "Time until media are loaded."),
    m("avg_time_on_load", "Avg. on load time", Seconds, "Time that scripts need at the end of loading."),
    m("avg_page_load_time", "Avg. page load time", Seconds, "From the request to the end of loading."),
    m("avg_time_generation", "Avg. generation time", Seconds, ""),
    m("nb_events", "Events", Number, ""),
    m("nb_events_with_value", "Events with a value", Number, ""),
    m("sum_event_value", "Event value", Number, ""),
    m("min_event_value", "Minimum Event value", Number, ""),
    m("max_event_value", "Maximum Event value", Number, ""),
    m("avg_event_value", "Average Event value", Number, "Mean of the events that have a value."),
    m("nb_impressions", "Impressions", Number, "How often a content block was shown."),
    m("nb_interactions", "Content Interactions", Number, "How often a shown block was used."),
    m("interaction_rate", "Interaction Rate", Percent, "Interactions divided by impressions."),
    m("revenue_subtotal", "Subtotal", Money, ""),
    m("revenue_tax", "Tax", Money, ""),
    m("revenue_shipping", "Shipping", Money, ""),
    m("revenue_discount", "Discount", Money, ""),
    m("items", "Purchased Products", Number, ""),
    m("avg_order_revenue", "Average Order Value", Money, "Revenue divided by orders."),
    m("quantity", "Quantity", Number, ""),
    m("orders", "Unique Purchases", Number, "Orders that hold the product."),
    m("abandoned_carts", "Abandoned Carts", Number, "Carts that hold the product."),
    m("avg_price", "Average Price", Money, ""),
    m("avg_quantity", "Average Quantity", Number, ""),
    m("nb_visits_percentage", "% Visits", Percent, "Share of all visits."),
    m("sum_bandwidth", "Bandwidth", Bytes, ""),
    m("avg_bandwidth", "Avg. Bandwidth", Bytes, ""),
    m("nb_total_overall_bandwidth", "Total Bandwidth", Bytes, ""),
    m("nb_total_pageview_bandwidth", "Total Pageviews Bandwidth", Bytes, ""),
    m("nb_total_download_bandwidth", "Total Downloads Bandwidth", Bytes, ""),
    m("ecommerce_revenue", "Product Revenue", Money, ""),
    m("visits_evolution", "Visits Evolution", Percent, ""),
    m("actions_evolution", "Actions Evolution", Percent, ""),
    m("pageviews_evolution", "Pageviews Evolution", Percent, ""),
    m("revenue_evolution", "Revenue Evolution", Percent, ""),
    m("nb_conversions_evolution", "Conversions Evolution", Percent, ""),
    m("orders_evolution", "Ecommerce Orders Evolution", Percent, ""),
    m("ecommerce_revenue_evolution", "Product Revenue Evolution", Percent, ""),
    m("nb_uniq_visitors_new", "Unique new visitors", Number, ""),
    m("nb_users_new", "New Users", Number, ""),
    m("nb_visits_new", "New Visits", Number, ""),
    m("nb_actions_new", "Actions by New Visits", Number, ""),
    m("bounce_rate_new", "Bounce Rate for New Visits", Percent, ""),
    m("nb_actions_per_visit_new", "Avg. Actions per New Visit", Number, ""),
    m("avg_time_on_site_new", "Avg. Duration of a New Visit (in sec)", Seconds, ""),
    m("nb_uniq_visitors_returning", "Unique returning visitors", Number, ""),
    m("nb_users_returning", "Returning Users", Number, ""),
    m("nb_visits_returning", "Returning Visits", Number, ""),
    m("nb_actions_returning", "Actions by Returning Visits", Number, ""),
    m("max_actions_returning", "Maximum actions in one returning visit", Number, ""),
    m("bounce_rate_returning", "Bounce Rate for Returning Visits", Percent, ""),
    m("nb_actions_per_visit_returning", "Avg. Actions per Returning Visit", Number, ""),
    m("avg_time_on_site_returning", "Avg. Duration of a Returning Visit (in sec)", Seconds, ""),
    m("Referrers_visitorsFromSearchEngines_percent", "Percent of Visitors from Search Engines", Percent, ""),
    m("Referrers_visitorsFromSocialNetworks_percent", "Percent of Visitors from Social Networks", Percent, ""),
    m("Referrers_visitorsFromDirectEntry_percent", "Percent of Visitors from Direct Entry", Percent, ""),
    m("Referrers_visitorsFromWebsites_percent", "Percent of Visitors from Websites", Percent, ""),
    m("Referrers_visitorsFromCampaigns_percent", "Percent of Visitors from Campaigns", Percent, ""),
    m("Referrers_visitorsFromSearchEngines", "Visitors from Search Engines", Number, ""),
    m("Referrers_visitorsFromSocialNetworks", "Visitors from Social Networks", Number, ""),
    m("Referrers_visitorsFromDirectEntry", "Visitors from Direct Entry", Number, ""),
    m("Referrers_visitorsFromWebsites", "Visitors from Websites", Number, ""),
    m("Referrers_visitorsFromCampaigns", "Visitors from Campaigns", Number, ""),
    m("Referrers_distinctSearchEngines", "Distinct search engines", Number, ""),
    m("Referrers_distinctSocialNetworks", "Distinct social networks", Number, ""),
    m("Referrers_distinctKeywords", "Distinct keywords", Number, ""),
    m("Referrers_distinctWebsites", "Distinct websites", Number, ""),
    m("Referrers_distinctWebsitesUrls", "Distinct website URLs", Number, ""),
    m("Referrers_distinctCampaigns", "Distinct campaigns", Number, ""),
    m("UserCountry_distinctCountries", "Distinct countries", Number, ""),
];

/// The metric with this column name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|m| m.name == name)
}

/// Whether a column holds a share that answers show as `50%`, by the names Matomo uses.
#[must_use]
pub fn is_percent(name: &str) -> bool {
    let base = ["_new_visit", "_returning_visit", "_new", "_returning"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name);
    matches!(base, "bounce_rate" | "conversion_rate" | "interaction_rate" | "exit_rate" | "nb_visits_percentage")
        || base.ends_with("_evolution")
        || (name.starts_with("Referrers_") && name.ends_with("_percent"))
        || (name.starts_with("goal_") && name.ends_with("conversion_rate"))
        || (name.starts_with("goal_") && (name.ends_with("_page_rate") || name.ends_with("_entry_rate")))
}

/// The unit of a column: its catalogue entry, or what its name says.
#[must_use]
pub fn unit(name: &str) -> Unit {
    if is_percent(name) {
        return Percent;
    }
    if name.ends_with("_trend") {
        return Number;
    }
    if let Some(metric) = find(name) {
        return metric.unit;
    }
    let base = name.trim_end_matches("_visit").trim_end_matches("_new").trim_end_matches("_returning");
    if let Some(metric) = find(base) {
        return metric.unit;
    }
    if name.contains("revenue") {
        Money
    } else if name.starts_with("avg_time_") || name.starts_with("sum_time_") {
        Seconds
    } else if name.contains("bandwidth") && !name.starts_with("nb_hits") {
        Bytes
    } else {
        Number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(columns: &[(&'static str, f64)]) -> Row {
        let mut row = Row::default();
        for (name, value) in columns {
            row.set(*name, Value::from_number(*value));
        }
        row
    }

    #[test]
    fn rounds_as_php() {
        assert_eq!(round(1.955, 2), 1.96);
        assert_eq!(round(5.055, 2), 5.06);
        assert_eq!(round(0.145, 2), 0.15);
        assert_eq!(round(-2.5, 0), -3.0);
        assert_eq!(round(2.0 / 3.0, 4), 0.6667);
    }

    #[test]
    fn nothing_divided_by_nothing_is_nothing() {
        let row = row(&[("nb_visits", 0.0), ("bounce_count", 0.0)]);
        assert_eq!(VISIT.iter().filter_map(|p| p.compute(&row)).collect::<Vec<_>>(), vec![Value::Int(0); 3]);
    }

    #[test]
    fn a_pages_load_time_is_the_sum_of_its_parts() {
        let mut page = row(&[
            ("sum_time_network", 0.5),
            ("nb_hits_with_time_network", 2.0),
            ("sum_time_server", 1.0),
            ("nb_hits_with_time_server", 3.0),
        ]);
        for metric in PAGE_TIMES {
            if let Some(value) = metric.compute(&page) {
                page.set(metric.name, value);
            }
        }
        assert_eq!(page.get("avg_time_network"), Some(&Value::Float(0.25)));
        assert_eq!(page.get("avg_time_transfer"), None);
        assert_eq!(page.get("avg_page_load_time"), Some(&Value::Float(0.583)));
    }

    #[test]
    fn shares_are_told_by_name() {
        for name in ["bounce_rate", "bounce_rate_returning", "conversion_rate_new_visit", "goal_1_conversion_rate"] {
            assert_eq!(unit(name), Unit::Percent, "{name}");
        }
        assert_eq!(unit("revenue_new_visit"), Unit::Money);
        assert_eq!(unit("goal_2_revenue"), Unit::Money);
        assert_eq!(unit("nb_visits"), Unit::Number);
        assert_eq!(unit("avg_time_on_site"), Unit::Seconds);
    }
}
