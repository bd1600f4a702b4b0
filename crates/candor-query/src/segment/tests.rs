//! Segments against their SQL; `candor-query/tests` asks a real store.

use super::*;
use crate::catalogue::dimensions::Source;
use candor_core::{CustomDimension, Day, DimensionScope, Goal, SiteId, SiteSettings, Vocabulary};
use candor_store::Dialect;

/// Prints what it is asked.
struct Plain;

impl Dialect for Plain {
    fn identifier(&self, name: &str) -> String {
        name.to_owned()
    }
    fn count_distinct(&self, expression: &str) -> String {
        format!("distinct({expression})")
    }
    fn arg_max(&self, expression: &str, by: &str) -> String {
        format!("last({expression}, {by})")
    }
    fn hash(&self, expression: &str) -> String {
        format!("hash({expression})")
    }

    fn any(&self, expression: &str) -> String {
        format!("any({expression})")
    }
    fn count_if(&self, condition: &str) -> String {
        format!("countif({condition})")
    }
    fn sum_if(&self, expression: &str, condition: &str) -> String {
        format!("sumif({expression}, {condition})")
    }
    fn int_div(&self, a: &str, b: &str) -> String {
        format!("{a} // {b}")
    }
    fn element(&self, list: &str, index: u32) -> String {
        format!("{list}[{index}]")
    }
    fn contains_ci(&self, text: &str, pattern: &str) -> String {
        format!("{text} ~ *{pattern}*")
    }
    fn starts_with_ci(&self, text: &str, pattern: &str) -> String {
        format!("{text} ~ {pattern}*")
    }
    fn ends_with_ci(&self, text: &str, pattern: &str) -> String {
        format!("{text} ~ *{pattern}")
    }
    fn equals_ci(&self, text: &str, pattern: &str) -> String {
        format!("{text} ~ {pattern}")
    }
}

fn site() -> SiteSettings {
    let mut site = SiteSettings::new(SiteId(1), "shop", &["https://shop.example"]);
    let dimension = |id, index, scope| CustomDimension {
        id,
        index,
        name: format!("d{id}"),
        scope,
        active: true,
        extractions: vec![],
        case_sensitive: true,
    };
    site.dimensions = vec![dimension(3, 1, DimensionScope::Visit), dimension(4, 2, DimensionScope::Action)];
    site.goals = vec![Goal {
        id: candor_core::GoalId(7),
        name: "Sign-up".into(),
        description: String::new(),
        attribute: candor_core::MatchAttribute::Manually,
        pattern: String::new(),
        pattern_type: candor_core::PatternType::Contains,
        case_sensitive: false,
        allow_multiple: false,
        revenue: candor_core::Money::ZERO,
        event_value_as_revenue: false,
    }];
    site
}

fn parse(text: &str) -> Result<Segment, SegmentError> {
    parse_for(Asker::SignedIn, text)
}

fn parse_for(asker: Asker, text: &str) -> Result<Segment, SegmentError> {
    let pairs = |list: &[(&str, &str)]| list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let vocabulary = Vocabulary {
        country_continents: pairs(&[("de", "eur"), ("fr", "eur"), ("jp", "asi")]),
        browser_names: pairs(&[("FF", "Firefox"), ("FM", "Firefox Mobile")]),
        ..Vocabulary::default()
    };
    Segment::parse(text, &SegmentContext { vocabulary: &vocabulary, site: Some(&site()), asker })
}

#[test]
fn single_visitors_are_picked_only_by_people_who_signed_in() {
    for name in ["userId", "visitorId", "visitIp", "visitId", "fingerprint"] {
        let text = format!("countryCode==de,{name}!=1");
        assert!(parse(&text).is_ok(), "{name}");
        assert_eq!(parse_for(Asker::Anonymous, &text).unwrap_err(), SegmentError::Restricted(name.into()));
    }
    assert!(parse_for(Asker::Anonymous, "countryCode==de").is_ok());
}

fn sql(base: Source, text: &str) -> String {
    let window = Window { site: SiteId(1), first: Day(10), last: Day(10), slack: 1 };
    let fragment = match parse(text) {
        Ok(segment) => segment.condition(base, &window, &Plain),
        Err(error) => return error.to_string(),
    };
    assert_eq!(fragment.text.matches('?').count(), fragment.values.len(), "{}", fragment.text);
    fragment.text.replace("(site_id = ? and day >= ? and day <= ?) and ", "")
}

fn visits(text: &str) -> String {
    sql(Source::Visits, text)
}

#[test]
fn visit_values() {
    assert_eq!(visits("countryCode==DE"), "country ~ ?");
    assert_eq!(visits("countryCode!=de"), "not coalesce((country ~ ?), false)");
    assert_eq!(visits("city=="), "coalesce(city, '') in ('', '0')");
    assert_eq!(visits("visitDuration>=60;actions<3"), "(total_time >= ?) and (actions < ?)");
    assert_eq!(visits("visitStartServerHour==5"), "(first_at % 86400) // 3600 in (?)");
    assert_eq!(visits("dimension3=^a"), "dimensions[1] ~ ?*");
    assert_eq!(visits("customVariableName2=@x"), "custom_variables[3] ~ *?*");
    assert_eq!(visits("visitorId==00000000000000ff"), "visitor_id in (?)");
    assert_eq!(visits("visitorId==nonsense"), "false");
}

#[test]
fn labels_become_codes() {
    assert_eq!(visits("continentCode==eur"), "country in (?, ?)");
    assert_eq!(visits("browserName=@fire"), "browser in (?, ?)");
    assert_eq!(visits("browserName==Firefox"), "browser in (?)");
    assert_eq!(visits("deviceType==TV"), "device_type in (?)");
    assert_eq!(
        visits("visitorType==old"),
        "The segment value 'old' is not valid for 'visitorType', use one of: new, returning, returningCustomer"
    );
    assert_eq!(
        visits("visitConvertedGoalName==sign-up"),
        "visit_id in (select visit_id from conversions where (goal_id in (?)))"
    );
}

#[test]
fn actions_of_a_visit_must_match_in_one_row() {
    let both = "((kind = 1) and (url in (?))) and ((kind = 1) and (title in (?)))";
    assert_eq!(
        visits("pageUrl==https://www.shop.example/a;pageTitle==B"),
        format!("visit_id in (select visit_id from actions where ({both}))")
    );
    // A segment chooses visits, so their other actions stay too.
    assert_eq!(
        sql(Source::Actions, "pageUrl==shop.example/a;pageTitle==B"),
        format!("visit_id in (select visit_id from actions where ({both}))")
    );
}

#[test]
fn negations_of_actions_exclude_visits() {
    assert_eq!(
        visits("pageUrl!@blog"),
        "visit_id not in (select visit_id from actions where ((kind = 1) and (url ~ *?*)))"
    );
    assert_eq!(
        sql(Source::Actions, "eventAction!=play"),
        "visit_id not in (select visit_id from actions where ((kind = 10) and (event_action in (?))))"
    );
}

#[test]
fn negations_of_one_table_look_at_it_once() {
    assert_eq!(
        visits("pageUrl!@blog;eventAction!=play;dimension3==x;outlinkUrl!=a"),
        "(dimensions[1] ~ ?) and (visit_id not in (select visit_id from actions where \
         (((kind = 1) and (url ~ *?*)) or ((kind = 10) and (event_action in (?))) or ((kind = 2) and (url in (?))))))"
    );
    assert_eq!(visits(&vec!["pageUrl!=a"; 100].join(";")).matches("select").count(), 1);
}

#[test]
fn conditions_are_limited() {
    let conditions = |count: usize| visits(&vec!["actions>1"; count].join(";"));
    assert!(conditions(100).contains("actions > ?"));
    assert_eq!(conditions(101), "The segment has 101 conditions, it may have at most 100.");
    assert_eq!(visits(&vec!["actions>1"; 300].join(",")), "The segment has 300 conditions, it may have at most 100.");
}

#[test]
fn scopes_mix() {
    assert_eq!(
        sql(Source::Actions, "countryCode==de,actionType==downloads"),
        "(visit_id in (select visit_id from visits where (country ~ ?))) or \
         (visit_id in (select visit_id from actions where (kind in (?))))"
    );
    assert_eq!(visits("dimension4==x"), "visit_id in (select visit_id from actions where (dimensions[2] ~ ?))");
}

#[test]
fn unions_ask_each_member() {
    let sql = visits("productCategory==Tools");
    assert!(sql.starts_with("visit_id in (select visit_id from conversion_items where ("), "{sql}");
    for slot in 1..=5 {
        assert!(sql.contains(&format!("((not deleted) and (categories[{slot}] in (?)))")), "{sql}");
    }
    assert_eq!(visits("actionUrl=@x").matches("url ~ *?*").count(), 4);
}

#[test]
fn what_is_refused() {
    assert_eq!(visits("colour==red"), "Segment 'colour' is not a supported segment.");
    assert_eq!(visits("dimension9==x"), "Segment 'dimension9' is not a supported segment.");
    assert_eq!(visits("revenueOrder!=5"), "The operator '!=' is not supported for the segment 'revenueOrder'.");
}

#[test]
fn definitions_have_one_spelling() {
    let segment = parse("city==M%C3%BCnchen;countryCode==de").unwrap();
    assert_eq!(segment.canonical(), "city==M%25C3%25BCnchen;countryCode==de");
    assert_eq!(segment.hash(), parse(&segment.canonical()).unwrap().hash());
    let both = segment.and(&parse("visitIp>1.2.3.4").unwrap());
    assert_eq!(both.canonical(), "city==M%25C3%25BCnchen;countryCode==de;visitIp>1.2.3.4");
}
