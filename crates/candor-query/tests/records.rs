//! Records over a real store: visits in, tables out.

mod support;

use candor_query::catalogue::records::{self, *};
use support::TestSite;

/// Four visits on Monday and Tuesday, one in the next week.
fn shop() -> TestSite {
    let mut site = TestSite::new();
    site.visit(
        "2024-03-04T09:00 ann de user=u1 ref=search:Google:shoes dim=gold var=plan:free",
        &[
            "page / title=Home server=200",
            "page /shoes/red.html title=Red",
            "page / title=Home server=100",
            "goal 1 revenue=2.5",
        ],
    );
    site.visit("2024-03-04T18:00 ann de user=u1 returning ref=search:Google:boots", &["page /shoes/ title=Shoes"]);
    site.visit(
        "2024-03-04T20:00 bob fr ref=campaign:spring",
        &[
            "search red_shoes count=0 category=all",
            "page /shoes/red.html title=Red dim=A",
            "event Video:play:Trailer value=1.5",
            "event Video:stop",
            "download https://files.example/a.pdf",
            "goal 0 revenue=30",
            "item sku1 price=10 quantity=3 category=Shoes:Sale",
        ],
    );
    site.visit(
        "2024-03-05T10:00 ann jp returning",
        &[
            "page /shoes/red.html title=Red sku=sku1",
            "outlink https://else.example",
            "content banner:top",
            "content banner:top click=yes target=/sale",
        ],
    );
    site.visit("2024-03-11T10:00 cat de", &["page / title=Home"]);
    site
}

#[test]
fn visits_of_a_day_by_country() {
    let columns =
        ["nb_uniq_visitors", "nb_visits", "nb_actions", "max_actions", "bounce_count", "nb_users", "sum_visit_length"];
    assert_eq!(
        shop().show(&COUNTRIES, "day", "2024-03-04", "", &columns),
        "[de] 1 2 4 3 1 1 121\n[fr] 1 1 5 5 0 0 241\n"
    );
}

#[test]
fn longer_periods_sum_days_and_say_so() {
    let columns = ["nb_uniq_visitors", "sum_daily_nb_uniq_visitors", "nb_visits", "max_actions"];
    let expected = "[de] – 2 3 3\n[fr] – 1 1 5\n[jp] – 1 1 2\n";
    for (period, date) in [("month", "2024-03-01"), ("year", "2024-01-01"), ("range", "2024-02-01,2024-03-20")] {
        assert_eq!(shop().show(&COUNTRIES, period, date, "", &columns), expected, "{period}");
    }
    assert_eq!(shop().show(&COUNTRIES, "week", "2024-03-11", "", &columns), "[de] – 1 1 1\n");
}

#[test]
fn goals_are_beside_the_visits() {
    let site = shop();
    assert_eq!(
        site.show(&COUNTRIES, "week", "2024-03-04", "", &["nb_conversions", "revenue", "goals"]),
        "[de] 1 2.5 {idgoal=1: {nb_conversions: 1, nb_visits_converted: 1, revenue: 2.5}}\n\
         [fr] 1 30 {idgoal=ecommerceOrder: {nb_conversions: 1, nb_visits_converted: 1, revenue: 30, \
         revenue_subtotal: 0, revenue_tax: 0, revenue_shipping: 0, revenue_discount: 0, items: 0}}\n\
         [jp] – – –\n"
    );
    let names = ["Goal_1_nb_conversions", "Goal_0_revenue", "Goal_-1_revenue", "Goal_nb_conversions", "Goal_revenue"];
    assert_eq!(
        site.numbers(&names, "month", "2024-03-01", ""),
        "Goal_1_nb_conversions 1, Goal_0_revenue 30, Goal_-1_revenue 0, Goal_nb_conversions 2, Goal_revenue 32.5"
    );
    assert_eq!(site.show(&DAYS_TO_CONVERSION.with(1), "day", "2024-03-04", "", &["nb_conversions"]), "[0] 1\n");
    assert_eq!(site.show(&VISITS_UNTIL_CONVERSION.with(0), "day", "2024-03-04", "", &["nb_conversions"]), "[1] 1\n");
}

#[test]
fn pages_are_a_tree() {
    let columns = [
        "nb_visits",
        "nb_uniq_visitors",
        "nb_hits",
        "sum_time_spent",
        "entry_nb_visits",
        "exit_nb_visits",
        "nb_hits_following_search",
        "url",
    ];
    assert_eq!(
        shop().show(&PAGE_URLS, "day", "2024-03-04", "", &columns),
        "[shoes] 3 – 3 120 1 2 1 –\n  \
           [/red.html] 2 2 2 120 – 1 1 https://shop.example/shoes/red.html\n  \
           [/index] 1 1 1 0 1 1 – https://shop.example/shoes/\n\
         [/index] 1 1 2 60 1 1 – https://shop.example/\n"
    );
    let timings =
        ["sum_time_server", "nb_hits_with_time_server", "min_time_server", "max_time_server", "sum_time_network"];
    assert!(shop().show(&PAGE_URLS, "day", "2024-03-04", "", &timings).contains("[/index] 0.3 2 0.1 0.2 –\n"));
}

#[test]
fn titles_links_searches_events_and_contents() {
    let site = shop();
    let day = |def: &RecordDef, columns: &[&str]| site.show(def, "day", "2024-03-04", "", columns);
    assert_eq!(day(&PAGE_TITLES, &["nb_visits", "nb_hits"]), "[ Red] 2 2\n[ Home] 1 2\n[ Shoes] 1 1\n");
    assert_eq!(
        day(&DOWNLOADS, &["nb_visits", "url"]),
        "[files.example] 1 –\n  [/a.pdf] 1 https://files.example/a.pdf\n"
    );
    let columns = ["nb_visits", "nb_hits", "sum_time_spent", "site_search_has_no_result"];
    assert_eq!(day(&SEARCH_KEYWORDS, &columns), "[red shoes] 1 1 60 1\n");
    assert_eq!(day(&SEARCH_CATEGORIES, &["nb_actions"]), "[all] 1\n");
    assert_eq!(
        day(&EVENT_CATEGORY_NAME, &["nb_events", "nb_events_with_value", "sum_event_value", "min_event_value"]),
        "[Video] 2 1 1.5 1.5\n  [Trailer] 1 1 1.5 1.5\n"
    );
    assert_eq!(
        site.show(&CONTENT_NAMES, "day", "2024-03-05", "", &["nb_impressions", "nb_interactions"]),
        "[banner] 1 1\n  [top] 1 1\n"
    );
    assert_eq!(site.show(&OUTLINKS, "day", "2024-03-05", "", &["nb_hits"]), "[else.example] 1\n  [/] 1\n");
}

#[test]
fn referrers_dimensions_and_products() {
    let site = shop();
    let day = |def: &RecordDef, columns: &[&str]| site.show(def, "day", "2024-03-04", "", columns);
    assert_eq!(day(&REFERRER_TYPES, &["nb_visits"]), "[2] 2\n[6] 1\n");
    assert_eq!(day(&SEARCH_ENGINES, &["nb_visits"]), "[Google] 2\n  [boots] 1\n  [shoes] 1\n");
    assert_eq!(day(&CAMPAIGNS, &["nb_visits"]), "[spring] 1\n");
    assert_eq!(day(&VISIT_DIMENSION.with(1), &["nb_visits", "nb_conversions"]), "[gold] 1 1\n");
    assert_eq!(
        day(&ACTION_DIMENSION.with(1), &["nb_hits", "sum_time_spent", "bounce_count", "exit_nb_visits"]),
        "[A] 1 60 0 0\n  [shop.example/shoes/red.html] 1 60 0 0\n"
    );
    assert_eq!(day(&CUSTOM_VARIABLES, &["nb_visits", "slots"]), "[plan] 1 [{scope: visit, index: 1}]\n  [free] 1 –\n");
    assert_eq!(day(&ITEMS_SKU, &["revenue", "quantity", "orders", "nb_visits"]), "[sku1] 30 3 1 –\n");
    assert_eq!(day(&ITEMS_CATEGORY, &["revenue"]), "[Sale] 30\n[Shoes] 30\n");
    assert_eq!(site.show(&ITEMS_SKU, "week", "2024-03-04", "", &["revenue", "nb_visits"]), "[sku1] 30 1\n");
    assert_eq!(day(&PLUGINS, &["nb_visits"]), "[cookie] 3\n[pdf] 3\n");
    assert_eq!(day(&VISIT_DURATIONS, &["nb_visits"]), "[0-10] 1\n[121-240] 1\n[241-420] 1\n");
    assert_eq!(day(&DAYS_SINCE_LAST, &["nb_visits"]), "[new] 2\n[2] 1\n");
    assert_eq!(day(&USERS, &["nb_visits", "idvisitor"]), "[u1] 2 00000000ff616e6e\n");
}

#[test]
fn numbers_of_visits_and_actions() {
    let site = shop();
    let visits = ["nb_uniq_visitors", "nb_visits", "nb_actions", "bounce_count", "nb_users", "nb_visits_converted"];
    assert_eq!(
        site.numbers(&visits, "day", "2024-03-04", ""),
        "nb_uniq_visitors 2, nb_visits 3, nb_actions 9, bounce_count 1, nb_users 1, nb_visits_converted 2"
    );
    // Ann came on both days and is one visitor of the week and of the month.
    assert_eq!(site.numbers(&visits[..2], "week", "2024-03-04", ""), "nb_uniq_visitors 2, nb_visits 4");
    assert_eq!(site.numbers(&visits[..2], "month", "2024-03-04", ""), "nb_uniq_visitors 3, nb_visits 5");
    assert_eq!(site.numbers(&visits[..2], "year", "2024-03-04", ""), "nb_visits 5");
    assert_eq!(site.numbers(&visits[..2], "day", "2024-03-06", ""), "nb_uniq_visitors 0, nb_visits 0");
    let actions = [
        "Actions_nb_pageviews",
        "Actions_nb_uniq_pageviews",
        "Actions_nb_searches",
        "Actions_nb_keywords",
        "PagePerformance_servery_time",
        "PagePerformance_pageload_hits",
        "Referrers_distinctKeywords",
        "UserCountry_distinctCountries",
    ];
    assert_eq!(
        site.numbers(&actions, "week", "2024-03-04", ""),
        "Actions_nb_pageviews 6, Actions_nb_uniq_pageviews 5, Actions_nb_searches 1, Actions_nb_keywords 1, \
         PagePerformance_servery_time 0.3, PagePerformance_pageload_hits 2, Referrers_distinctKeywords 2, \
         UserCountry_distinctCountries 3"
    );
}

#[test]
fn segments_choose_visits_and_rows() {
    let site = shop();
    let visits = |segment: &str| site.numbers(&["nb_visits"], "month", "2024-03-01", segment);
    assert_eq!(visits("countryCode==DE"), "nb_visits 3");
    assert_eq!(visits("continentCode==eur;visitorType==new"), "nb_visits 3");
    assert_eq!(visits("pageUrl==https://shop.example/shoes/red.html"), "nb_visits 3");
    assert_eq!(visits("pageUrl!=shop.example/shoes/red.html"), "nb_visits 2");
    assert_eq!(visits("pageUrl=@red;pageTitle==Home"), "nb_visits 0");
    assert_eq!(visits("eventAction==play,countryCode==jp"), "nb_visits 2");
    assert_eq!(visits("visitConvertedGoalId==1"), "nb_visits 1");
    assert_eq!(visits("visitConvertedGoalId!=1"), "nb_visits 4");
    assert_eq!(visits("productCategory==Sale"), "nb_visits 1");
    assert_eq!(visits("dimension1==gold"), "nb_visits 1");
    assert_eq!(visits("dimension2==A"), "nb_visits 1");
    assert_eq!(visits("customVariableName==plan"), "nb_visits 1");
    assert_eq!(visits("visitorId==00000000ff616e6e"), "nb_visits 3");
    assert_eq!(visits("visitIp>=192.0.2.0;visitIp<=192.0.2.255"), "nb_visits 5");
    assert_eq!(visits("visitEndServerDayOfWeek==2"), "nb_visits 4");
    assert_eq!(visits("visitEndServerDate==2024-03-05"), "nb_visits 1");
    assert_eq!(visits("visitStartServerHour==18"), "nb_visits 1");
    assert_eq!(visits("revenueOrder>=30"), "nb_visits 1");
    assert_eq!(visits("userId=="), "nb_visits 3");
    assert_eq!(visits("siteSearchCount==0"), "nb_visits 1");
    let pages = |segment: &str| site.show(&PAGE_URLS, "day", "2024-03-04", segment, &["nb_visits", "nb_hits"]);
    assert_eq!(pages("countryCode==fr"), "[shoes] 1 1\n  [/red.html] 1 1\n");
    // All pages of a visit that saw the one.
    assert_eq!(
        site.numbers(&["Actions_nb_pageviews", "Actions_nb_uniq_pageviews"], "day", "2024-03-04", "pageTitle==Home"),
        "Actions_nb_pageviews 3, Actions_nb_uniq_pageviews 2"
    );
}

#[test]
fn exempt_visits_are_nobodys_and_each_counts_as_a_visitor() {
    let mut site = TestSite::new();
    site.visit("2024-03-04T09:00 ann de basis=consented", &["page / title=Home"]);
    site.visit("2024-03-04T10:00 ann de basis=consented", &["page / title=Home"]);
    site.visit("2024-03-04T09:00 bob de basis=exempt", &["page / title=Home"]);
    site.visit("2024-03-04T10:00 bob de basis=exempt", &["page / title=Home"]);
    site.visit("2024-03-04T10:00 cat de", &["page / title=Home"]);
    let visitors = |segment: &str| {
        let columns = ["nb_uniq_visitors", "nb_visits"];
        let shown = |record| site.show(record, "day", "2024-03-04", segment, &columns);
        assert_eq!(shown(&COUNTRIES).replace("[de]", ""), shown(&PAGE_TITLES).replace("[ Home]", ""));
        shown(&COUNTRIES)
    };
    assert_eq!(visitors(""), "[de] 4 5\n");
    assert_eq!(visitors("legalBasis==exempt"), "[de] 2 2\n");
    assert_eq!(visitors("legalBasis==consented"), "[de] 1 2\n");
    assert_eq!(visitors("legalBasis==unstated"), "[de] 1 1\n");
    assert_eq!(visitors("legalBasis!=exempt"), "[de] 2 3\n");
    let ann = "visitorId!=00000000ff616e6e";
    assert_eq!(visitors(ann), "[de] 3 3\n", "who is nobody is not ann either");
}

#[test]
fn every_dimension_can_be_asked_and_parts_the_visits() {
    let site = shop();
    let all = count(&site, "");
    for dimension in candor_query::catalogue::dimensions::all().filter(|d| !d.ordered_only) {
        let name = dimension.segment;
        let value = match name {
            "visitorType" => "new",
            "visitEcommerceStatus" => "none",
            "deviceType" => "desktop",
            "continentCode" => "eur",
            "referrerType" => "search",
            "actionType" => "pageviews",
            "visitIp" => "192.0.2.0",
            "visitEndServerDate" => "2024-03-04",
            "legalBasis" => "exempt",
            _ => "1",
        };
        let (with, without) = (count(&site, &format!("{name}=={value}")), count(&site, &format!("{name}!={value}")));
        assert_eq!(with + without, all, "{name}=={value}");
        for operator in ["=@", "!@", ">="] {
            count(&site, &format!("{name}{operator}{value}"));
        }
        count(&site, &format!("{name}=="));
    }
}

fn count(site: &TestSite, segment: &str) -> i64 {
    let text = site.numbers(&["nb_visits"], "month", "2024-03-01", segment);
    text.trim_start_matches("nb_visits ").parse().unwrap_or(-1)
}

#[test]
fn every_record_can_be_computed_for_every_period_and_segment() {
    let site = shop();
    for def in records::all() {
        let def = def.with(1);
        let day = site.table(&def, "day", "2024-03-04", "");
        for segment in ["countryCode==de", "pageUrl=@red", "visitConvertedGoalId==1;city!@x", "productSku==sku1"] {
            site.table(&def, "day", "2024-03-04", segment);
        }
        let range = site.table(&def, "range", "2024-03-04,2024-03-05", "");
        let year = site.table(&def, "year", "2024-03-04", "");
        assert!(day.rows.len() <= year.rows.len() && range.rows.len() <= year.rows.len(), "{}", def.name);
    }
}

#[test]
fn days_sum_to_months_whatever_the_way() {
    let site = shop();
    for def in [&COUNTRIES, &PAGE_TITLES, &EVENT_NAME_ACTION, &ITEMS_CATEGORY] {
        let columns = ["nb_visits", "nb_hits", "revenue", "nb_events"];
        let sum =
            |table: &candor_query::table::Table| columns.map(|c| table.rows.iter().map(|r| r.number(c)).sum::<f64>());
        let month = sum(&site.table(def, "month", "2024-03-01", ""));
        let mut days = [0.0; 4];
        for day in 1..=20 {
            let table = site.table(def, "day", &format!("2024-03-{day:02}"), "");
            for (total, n) in days.iter_mut().zip(sum(&table)) {
                *total += n;
            }
        }
        assert_eq!(days, month, "{}", def.name);
    }
}

#[test]
fn each_day_is_cut_and_then_what_is_built_of_it() {
    let mut site = shop();
    site.settings.reports.datatable_archiving_maximum_rows_standard = 2;
    assert_eq!(site.show(&COUNTRIES, "week", "2024-03-04", "", &["nb_visits"]), "[de] 2\n[Others] 2\n");
    site.settings.reports.datatable_archiving_maximum_rows_standard = 3;
    assert_eq!(site.show(&COUNTRIES, "week", "2024-03-04", "", &["nb_visits"]), "[de] 2\n[fr] 1\n[jp] 1\n");
}

#[test]
fn campaigns_know_the_conversions_of_their_keywords() {
    let mut site = TestSite::new();
    site.visit("2024-03-04T10:00 ann de ref=campaign:spring:shoes", &["page / title=Home", "goal 1 revenue=4"]);
    site.visit("2024-03-04T11:00 bob de ref=search:Google:shoes", &["page / title=Home", "goal 1 revenue=4"]);
    let show = |record| site.show(record, "day", "2024-03-04", "", &["nb_visits", "nb_conversions"]);
    assert_eq!(show(&CAMPAIGNS), "[spring] 1 1\n  [shoes] 1 1\n");
    assert_eq!(show(&SEARCH_ENGINES), "[Google] 1 1\n  [shoes] 1 –\n");
}

#[test]
fn a_request_whose_time_is_over_computes_no_more() {
    let mut site = TestSite::new();
    site.visit("2024-02-10T10:00 v1 de", &["page /"]);
    let over = Some(std::time::Instant::now());
    for def in [&COUNTRIES, &PAGE_URLS] {
        let scope = site.scope("month", "2024-02-01", None);
        let error = site.engine.record(def, &candor_query::Scope { until: over, ..scope }).unwrap_err();
        assert!(matches!(error, candor_query::QueryError::TooLong), "{error}");
        assert_eq!(site.engine.record(def, &scope).unwrap().rows.len(), 1);
    }
}
