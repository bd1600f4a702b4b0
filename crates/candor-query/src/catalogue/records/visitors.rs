//! Records of visitors: where they are, with what, when, how often.

use super::*;

/// A record of visits by some levels; with goals when the levels are known of conversions too.
macro_rules! visits {
    ($name:literal, $levels:expr) => {
        RecordDef::new($name, &[Part::visits($levels, VISIT_METRICS)])
    };
    ($name:literal, $levels:expr, goals) => {
        RecordDef::new($name, &[Part::visits($levels, VISIT_METRICS), Part::goals($levels)])
    };
}

/// Country codes.
pub const COUNTRIES: RecordDef = visits!("UserCountry_country", &[column(&[Expr::Sql("country")])], goals);
/// A country's name says nothing where the region is unknown: such rows are one.
const COUNTRY_OF_REGION: Expr = Expr::Sql("case when region = '' then '' else country end");

/// `region|country`; `|` where the region is unknown.
pub const REGIONS: RecordDef = visits!(
    "UserCountry_region",
    &[Level::Values(&[Expr::Sql("region"), COUNTRY_OF_REGION], "|"), Level::Apart(Expr::Sql("country"))],
    goals
);

const CITY: &[Level] = &[
    Level::Values(
        &[
            Expr::Sql("city"),
            Expr::Sql("case when city = '' then '' else region end"),
            Expr::Sql("case when city = '' then '' else country end"),
        ],
        "|",
    ),
    Level::Apart(Expr::Sql("region")),
    Level::Apart(Expr::Sql("country")),
];
const COORDINATES: &[Metadata] = &[
    Metadata { name: "lat", expression: Expr::Sql("latitude"), kind: MetadataKind::Plain },
    Metadata { name: "long", expression: Expr::Sql("longitude"), kind: MetadataKind::Plain },
];
/// `city|region|country`, `||` where the city is unknown, with `lat` and `long` beside it.
pub const CITIES: RecordDef =
    RecordDef::new("UserCountry_city", &[Part::visits(CITY, VISIT_METRICS).metadata(COORDINATES), Part::goals(CITY)]);

/// Language codes as sent.
pub const LANGUAGES: RecordDef = visits!("UserLanguage_language", &[column(&[Expr::Sql("language")])]);

/// Numbers of device types; empty = unknown.
pub const DEVICE_TYPES: RecordDef = visits!("DevicesDetection_types", &[column(&[Expr::Sql("device_type")])], goals);
/// Brand names; empty = unknown.
pub const DEVICE_BRANDS: RecordDef = visits!("DevicesDetection_brands", &[column(&[Expr::Sql("device_brand")])], goals);
/// `brand;model`.
pub const DEVICE_MODELS: RecordDef =
    visits!("DevicesDetection_models", &[Level::Values(&[Expr::Sql("device_brand"), Expr::Sql(MODEL)], ";")], goals);

/// A model, or the kind of device where it isn't known.
const MODEL: &str = "case when device_model <> '' then device_model when device_type = 0 then 'generic desktop' \
     when device_type = 1 then 'generic smartphone' when device_type = 2 then 'generic tablet' \
     when device_type = 3 then 'generic feature phone' when device_type = 4 then 'generic console' \
     when device_type = 5 then 'generic tv' when device_type = 10 then 'generic phablet' else '' end";
/// Codes of operating systems.
pub const OS: RecordDef = visits!("DevicesDetection_os", &[column(&[Expr::Sql("os")])]);
/// `code;version`.
pub const OS_VERSIONS: RecordDef =
    visits!("DevicesDetection_osVersions", &[Level::Values(&[Expr::Sql("os"), Expr::Sql("os_version")], ";")]);
/// Codes of browsers.
pub const BROWSERS: RecordDef = visits!("DevicesDetection_browsers", &[column(&[Expr::Sql("browser")])], goals);
/// `code;version`.
pub const BROWSER_VERSIONS: RecordDef = visits!(
    "DevicesDetection_browserVersions",
    &[Level::Values(&[Expr::Sql("browser"), Expr::Sql("browser_version")], ";")]
);
/// `Blink`, `Gecko`…
pub const BROWSER_ENGINES: RecordDef =
    visits!("DevicesDetection_browserEngines", &[column(&[Expr::Sql("browser_engine")])]);
/// `1920x1080`.
pub const RESOLUTIONS: RecordDef = visits!("Resolution_resolution", &[column(&[Expr::Sql("resolution")])]);
/// `os;browser;resolution`.
pub const CONFIGURATIONS: RecordDef = visits!(
    "Resolution_configuration",
    &[Level::Values(&[Expr::Sql("os"), Expr::Sql("browser"), Expr::Sql("resolution")], ";")]
);
/// Names of plugins, one row for each that a visit had.
pub const PLUGINS: RecordDef = RecordDef::new(
    "DevicePlugins_plugin",
    &[Part::visits(&[column(&[Expr::Sql("plugins")])], &[metric("nb_visits", Aggregate::Rows)])],
)
.shape(Shape::Plugins)
.limits(Limits::None);

/// Hour of the first action in the site's zone.
pub const SERVER_TIMES: RecordDef =
    visits!("VisitTime_serverTime", &[column(&[Expr::Sql("hour")])], goals).limits(Limits::None);
/// Hour of the visitor's clock.
pub const LOCAL_TIMES: RecordDef =
    visits!("VisitTime_localTime", &[column(&[Expr::Div("local_time", 3600)])]).limits(Limits::None);
/// Monday = 1. 1970-01-01 was a Thursday.
pub const DAYS_OF_WEEK: RecordDef =
    visits!("VisitTime_dayOfWeek", &[column(&[Expr::Sql("(day + 3) % 7 + 1")])]).limits(Limits::None);

const VISITS_ONLY: &[Metric] = &[metric("nb_visits", Aggregate::Rows)];

/// Seconds a visit lasted: `0-10` … `1801+`.
pub const VISIT_DURATIONS: RecordDef = RecordDef::new(
    "VisitorInterest_timeGap",
    &[Part::visits(
        &[Level::Ranges(
            Expr::Sql("total_time"),
            &[
                (0, Some(10)),
                (11, Some(30)),
                (31, Some(60)),
                (61, Some(120)),
                (121, Some(240)),
                (241, Some(420)),
                (421, Some(600)),
                (601, Some(900)),
                (901, Some(1800)),
                (1801, None),
            ],
        )],
        VISITS_ONLY,
    )],
)
.limits(Limits::None);

/// Actions in a visit: `1` … `21+`.
pub const PAGES_PER_VISIT: RecordDef = RecordDef::new(
    "VisitorInterest_pageGap",
    &[Part::visits(
        &[Level::Ranges(
            Expr::Sql("actions"),
            &[
                (1, Some(1)),
                (2, Some(2)),
                (3, Some(3)),
                (4, Some(4)),
                (5, Some(5)),
                (6, Some(7)),
                (8, Some(10)),
                (11, Some(14)),
                (15, Some(20)),
                (21, None),
            ],
        )],
        VISITS_ONLY,
    )
    .filter("actions >= 1")],
)
.limits(Limits::None);

/// How many visits the visitor had: `1` … `201+`.
pub const VISIT_COUNTS: RecordDef = RecordDef::new(
    "VisitorInterest_visitsByVisitCount",
    &[Part::visits(
        &[Level::Ranges(
            Expr::Sql("visit_count"),
            &[
                (1, Some(1)),
                (2, Some(2)),
                (3, Some(3)),
                (4, Some(4)),
                (5, Some(5)),
                (6, Some(6)),
                (7, Some(7)),
                (8, Some(8)),
                (9, Some(14)),
                (15, Some(25)),
                (26, Some(50)),
                (51, Some(100)),
                (101, Some(200)),
                (201, None),
            ],
        )],
        VISITS_ONLY,
    )
    .filter("visit_count >= 1")],
)
.limits(Limits::None);

/// Days since the visitor's last visit: `0` … `365+`; `new` for first visits.
pub const DAYS_SINCE_LAST: RecordDef = RecordDef::new(
    "VisitorInterest_daysSinceLastVisit",
    &[
        Part::visits(&[Level::Ranges(Expr::Div("seconds_since_last", 86_400), DAYS)], VISITS_ONLY)
            .filter("\"returning\" <> 0"),
        Part::visits(&[column(&[Expr::Sql("'new'")])], VISITS_ONLY).filter("\"returning\" = 0"),
    ],
)
.limits(Limits::None);

/// Ranges of days: since the last visit, until a conversion.
pub(super) const DAYS: &[(i64, Option<i64>)] = &[
    (0, Some(0)),
    (1, Some(1)),
    (2, Some(2)),
    (3, Some(3)),
    (4, Some(4)),
    (5, Some(5)),
    (6, Some(6)),
    (7, Some(7)),
    (8, Some(14)),
    (15, Some(30)),
    (31, Some(60)),
    (61, Some(120)),
    (121, Some(364)),
    (365, None),
];

/// User ids.
pub const USERS: RecordDef =
    RecordDef::new(
        "UserId_users",
        &[Part::visits(&[column(&[Expr::Sql("user_id")])], VISIT_METRICS)
            .filter("user_id <> ''")
            .metadata(&[Metadata { name: "idvisitor", expression: Expr::Sql("visitor_id"), kind: MetadataKind::Hex }])],
    )
    .limits(Limits::Users);

const DIMENSION: &[Level] = &[Level::Optional(Expr::Slot { list: "dimensions", stride: 1, offset: 0 })];

/// Values of a custom dimension of visits; `number` is its slot.
pub const VISIT_DIMENSION: RecordDef =
    RecordDef::new("CustomDimensions_Visit", &[Part::visits(DIMENSION, VISIT_METRICS), Part::goals(DIMENSION)])
        .limits(Limits::Dimensions);

const NAME: Expr = Expr::Slot { list: "custom_variables", stride: 2, offset: 1 };
const VALUE: Expr = Expr::Slot { list: "custom_variables", stride: 2, offset: 0 };
const NAME_VALUE: &[Level] = &[Level::Optional(NAME), column(&[VALUE])];

/// Names of custom variables, below them their values, of visits and of pages.
pub const CUSTOM_VARIABLES: RecordDef = RecordDef::new(
    "CustomVariables_valueByName",
    &[
        Part::visits(NAME_VALUE, VISIT_METRICS).slots(5).metadata(&[Metadata {
            name: "slots",
            expression: NAME,
            kind: MetadataKind::Slot("visit"),
        }]),
        Part::goals(NAME_VALUE).slots(5),
        Part::actions(
            NAME_VALUE,
            &[
                metric("nb_uniq_visitors", Aggregate::Distinct(VISITOR)),
                metric("nb_visits", Aggregate::Distinct("visit_id")),
                metric("nb_actions", Aggregate::Rows),
            ],
        )
        .slots(5)
        .metadata(&[Metadata { name: "slots", expression: NAME, kind: MetadataKind::Slot("page") }]),
    ],
)
.limits(Limits::Dimensions)
.sort("nb_actions");
