//! Which goals a hit reaches, by its page as given, title, link or event. Duration goals need the visit: ingest adds them.

use super::pattern;
use crate::{
    hit::{HitAction, MatchedGoal},
    outcome::Refusal,
    raw::RawHit,
};
use candor_core::{ActionKind, Goal, GoalId, MatchAttribute, Money, PatternType, params::url_decode};
use fancy_regex::Regex;

/// A goal ready to be compared.
struct Matcher {
    goal: Goal,
    test: Test,
}

enum Test {
    /// The text and its URL-decoded form, lower case unless case counts.
    Text(PatternType, String, String),
    Regex(Option<Regex>, Option<Regex>),
    /// Not decided here.
    Never,
}

/// A site's goals.
pub(crate) struct GoalRules(Vec<Matcher>);

impl GoalRules {
    pub(crate) fn new(goals: &[Goal]) -> Self {
        Self(goals.iter().map(|goal| Matcher { goal: goal.clone(), test: Test::new(goal) }).collect())
    }

    /// Whether some goal may be reached without a match here.
    pub(crate) fn has_duration_goals(&self) -> bool {
        self.0.iter().any(|m| m.goal.attribute == MatchAttribute::VisitDuration)
    }

    /// Goals that the action reaches. `page`: its address as given.
    pub(crate) fn reached(&self, raw: &RawHit, action: &HitAction, page: &str) -> Vec<MatchedGoal> {
        let reached = |matcher: &&Matcher| {
            let text = subject(matcher.goal.attribute, action, page);
            text.is_some_and(|text| matcher.test.matches(text, &matcher.goal))
        };
        self.0.iter().filter(reached).map(|matcher| matched(&matcher.goal, raw, Some(action))).collect()
    }

    /// The goal that `idgoal=N` names.
    pub(crate) fn manual(&self, raw: &RawHit, id: i64) -> Result<MatchedGoal, Refusal> {
        let found = self.0.iter().find(|m| i64::from(m.goal.id.0) == id).ok_or(Refusal::UnknownGoal)?;
        Ok(matched(&found.goal, raw, None))
    }
}

fn matched(goal: &Goal, raw: &RawHit, action: Option<&HitAction>) -> MatchedGoal {
    let event_value = action.filter(|_| goal.event_value_as_revenue).and_then(|action| action.event_value);
    let revenue = event_value.or_else(|| raw.float("revenue")).map_or(goal.revenue, Money::from_units);
    MatchedGoal { id: GoalId(goal.id.0), revenue, allow_multiple: goal.allow_multiple }
}

/// What a goal looks at; `None` when the action has no such thing.
fn subject<'a>(attribute: MatchAttribute, action: &'a HitAction, page: &'a str) -> Option<&'a str> {
    let of = |kind, text| (action.kind == kind).then_some(text);
    match attribute {
        MatchAttribute::Url => of(ActionKind::Page, page),
        MatchAttribute::Title => of(ActionKind::Page, &action.title),
        MatchAttribute::File => of(ActionKind::Download, &action.url),
        MatchAttribute::ExternalWebsite => of(ActionKind::Outlink, &action.url),
        MatchAttribute::EventCategory => of(ActionKind::Event, &action.category),
        MatchAttribute::EventAction => of(ActionKind::Event, &action.event_action),
        MatchAttribute::EventName => of(ActionKind::Event, &action.title),
        MatchAttribute::Manually | MatchAttribute::VisitDuration => None,
    }
}

impl Test {
    fn new(goal: &Goal) -> Self {
        let decoded = url_decode(goal.pattern.as_bytes());
        match goal.pattern_type {
            _ if goal.pattern.is_empty() => Self::Never,
            PatternType::GreaterThan => Self::Never,
            PatternType::Regex => {
                let regex = |text: &str| pattern::compile(text, goal.case_sensitive);
                Self::Regex(regex(&goal.pattern), if decoded == goal.pattern { None } else { regex(&decoded) })
            }
            kind => {
                let fold = |text: &str| if goal.case_sensitive { text.to_owned() } else { text.to_lowercase() };
                Self::Text(kind, fold(&goal.pattern), fold(&decoded))
            }
        }
    }

    fn matches(&self, text: &str, goal: &Goal) -> bool {
        match self {
            Self::Never => false,
            Self::Regex(given, decoded) => {
                [given, decoded].into_iter().flatten().any(|regex| pattern::matches(regex, text))
            }
            Self::Text(kind, given, decoded) => {
                let folded;
                let text = if goal.case_sensitive {
                    text
                } else {
                    folded = text.to_lowercase();
                    &folded
                };
                match kind {
                    PatternType::Exact => text == given || text == decoded,
                    _ => text.contains(given.as_str()) || text.contains(decoded.as_str()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::Params;

    fn goal(id: i32, attribute: MatchAttribute, pattern_type: PatternType, pattern: &str) -> Goal {
        Goal {
            id: GoalId(id),
            name: "g".into(),
            description: String::new(),
            attribute,
            pattern: pattern.into(),
            pattern_type,
            case_sensitive: false,
            allow_multiple: false,
            revenue: Money(5_000_000),
            event_value_as_revenue: false,
        }
    }

    fn action(kind: ActionKind) -> HitAction {
        HitAction { title: "Thank you".into(), ..HitAction::new(kind) }
    }

    fn ids(goals: &[Goal], action: &HitAction, page: &str) -> Vec<i32> {
        let raw = RawHit::new(Params::default());
        GoalRules::new(goals).reached(&raw, action, page).iter().map(|g| g.id.0).collect()
    }

    #[test]
    fn patterns_meet_the_page_as_given() {
        let goals = [
            goal(1, MatchAttribute::Url, PatternType::Contains, "SESSION=7"),
            goal(2, MatchAttribute::Url, PatternType::Exact, "http://a.example/?session=7"),
            goal(3, MatchAttribute::Url, PatternType::Regex, "a\\.example/\\?(?!other)"),
            goal(4, MatchAttribute::Title, PatternType::Contains, "thank"),
            goal(5, MatchAttribute::File, PatternType::Contains, "a"),
            goal(6, MatchAttribute::VisitDuration, PatternType::GreaterThan, "5"),
            goal(7, MatchAttribute::Url, PatternType::Contains, "%3Fsession"),
            Goal { case_sensitive: true, ..goal(8, MatchAttribute::Url, PatternType::Contains, "Session") },
        ];
        let page = "http://a.example/?session=7";
        assert_eq!(ids(&goals, &action(ActionKind::Page), page), [1, 2, 3, 4, 7]);
        assert!(ids(&goals, &action(ActionKind::Search), page).is_empty());
    }

    #[test]
    fn revenue_comes_from_event_request_or_goal() {
        let mut goal = goal(1, MatchAttribute::EventName, PatternType::Contains, "thank");
        let event = HitAction { event_value: Some(2.5), ..action(ActionKind::Event) };
        let revenue = |goal: &Goal, query: &str| {
            let raw = RawHit::new(Params::parse(query));
            GoalRules::new(std::slice::from_ref(goal)).reached(&raw, &event, "").first().map(|g| g.revenue.to_units())
        };
        assert_eq!((revenue(&goal, ""), revenue(&goal, "revenue=7")), (Some(5.0), Some(7.0)));
        goal.event_value_as_revenue = true;
        assert_eq!(revenue(&goal, "revenue=7"), Some(2.5));
    }

    #[test]
    fn a_goal_may_be_named() {
        let rules = GoalRules::new(&[goal(3, MatchAttribute::Manually, PatternType::Contains, "x")]);
        let raw = RawHit::new(Params::parse("revenue=1.239"));
        assert_eq!(rules.manual(&raw, 3).map(|g| g.revenue), Ok(Money(1_240_000)));
        assert_eq!(rules.manual(&raw, 4), Err(Refusal::UnknownGoal));
    }
}
