//! Records of events and contents.

use super::*;

const METRICS: &[Metric] = &[
    metric("nb_uniq_visitors", Aggregate::Distinct(VISITOR)),
    metric("nb_visits", Aggregate::Distinct("visit_id")),
    metric("nb_events", Aggregate::Rows),
    metric("nb_events_with_value", Aggregate::RowsIf("event_value is not null")),
    metric("sum_event_value", Aggregate::SumFloat("event_value")),
    metric("min_event_value", Aggregate::Min("event_value")),
    metric("max_event_value", Aggregate::Max("event_value")),
];

macro_rules! events {
    ($name:literal, $first:literal, $second:literal, $third:literal) => {
        RecordDef::new(
            $name,
            &[Part::actions(
                &[column(&[Expr::Sql($first)]), Level::Optional(Expr::Sql($second)), Level::Apart(Expr::Sql($third))],
                METRICS,
            )
            .filter("kind = 10")],
        )
        .limits(Limits::Events)
    };
}

/// Categories, below them actions.
pub const EVENT_CATEGORY_ACTION: RecordDef = events!("Events_category_action", "category", "event_action", "title");
/// Categories, below them names; an empty name is none.
pub const EVENT_CATEGORY_NAME: RecordDef = events!("Events_category_name", "category", "title", "event_action");
/// Actions, below them categories.
pub const EVENT_ACTION_CATEGORY: RecordDef = events!("Events_action_category", "event_action", "category", "title");
/// Actions, below them names.
pub const EVENT_ACTION_NAME: RecordDef = events!("Events_action_name", "event_action", "title", "category");
/// Names, below them actions.
pub const EVENT_NAME_ACTION: RecordDef = events!("Events_name_action", "title", "event_action", "category");
/// Names, below them categories.
pub const EVENT_NAME_CATEGORY: RecordDef = events!("Events_name_category", "title", "category", "event_action");

const IMPRESSIONS: &[Metric] = &[
    metric("nb_uniq_visitors", Aggregate::Distinct(VISITOR)),
    metric("nb_visits", Aggregate::Distinct("visit_id")),
    metric("nb_impressions", Aggregate::Rows),
    metric("nb_interactions", Aggregate::Zero),
];
const INTERACTIONS: &[Metric] = &[metric("nb_interactions", Aggregate::Rows)];
const TARGET: &[Metadata] =
    &[Metadata { name: "contentTarget", expression: Expr::Sql("content_target"), kind: MetadataKind::Plain }];

macro_rules! contents {
    ($name:literal, $first:literal, $second:literal) => {
        RecordDef::new(
            $name,
            &[
                Part::actions(
                    &[
                        column(&[Expr::Sql($first)]),
                        Level::Optional(Expr::Sql($second)),
                        Level::Apart(Expr::Sql("content_target")),
                    ],
                    IMPRESSIONS,
                )
                .filter("kind = 13 and content_interaction = ''")
                .metadata(TARGET),
                Part::actions(&[column(&[Expr::Sql($first)]), Level::Optional(Expr::Sql($second))], INTERACTIONS)
                    .filter("kind = 13 and content_interaction <> ''"),
            ],
        )
        .limits(Limits::Actions)
    };
}

/// Content names, below them pieces; an empty piece is none.
pub const CONTENT_NAMES: RecordDef = contents!("Contents_name_piece", "content_name", "content_piece");
/// Content pieces, below them names.
pub const CONTENT_PIECES: RecordDef = contents!("Contents_piece_name", "content_piece", "content_name");
