//! What was done in a visit: its actions, and the conversions among them.

use super::{
    pretty::{Moment, amount, duration, money, text_or_null, utc},
    record::{Record, Records},
    visit::Details,
};
use crate::table::{Name, Value};
use candor_core::{ActionKind, CART_GOAL_ID, DimensionScope, GoalId, ORDER_GOAL_ID, ReferrerType, SiteSettings};

/// Actions of one visit that are listed at most, as in Matomo.
pub(super) const ACTIONS_MAX: usize = 500;

type Fields = Vec<(Name, Value)>;

/// For whom actions are shown.
pub(super) struct Shown<'a> {
    pub(super) site: &'a SiteSettings,
    /// Symbol of the site's currency.
    pub(super) symbol: &'a str,
}

/// Actions and conversions of one visit in the order of their times.
pub(super) fn details(shown: &Shown<'_>, actions: &Records, conversions: &Records, items: &Records) -> Details {
    let site = shown.site;
    let mut listed: Vec<(i64, u8, Value)> = vec![];
    let rows: Vec<Record<'_>> = actions.iter().collect();
    for (at, action) in rows.iter().enumerate() {
        let following = rows.get(at + 1..).unwrap_or_default();
        listed.push((action.int("at"), 0, map(action_fields(site, *action, following))));
    }
    let mut goals = 0;
    for conversion in conversions.iter() {
        let goal = GoalId(i32::try_from(conversion.int("goal_id")).unwrap_or_default());
        goals += i64::from(goal.0 > 0);
        let of = |item: &Record<'_>| item.text("order_id") == conversion.text("order_id") && item.int("deleted") == 0;
        let fields = match goal {
            ORDER_GOAL_ID | CART_GOAL_ID => order_fields(shown, conversion, goal, items.iter().filter(of)),
            _ => goal_fields(shown, conversion, goal),
        };
        // A goal is listed behind the action that reached it.
        let reached = rows.iter().find(|a| conversion.optional_int("action_seq") == Some(a.int("seq")));
        listed.push((reached.map_or(conversion.int("at"), |a| a.int("at")), 1, map(fields)));
    }
    listed.sort_by_key(|(at, kind, _)| (*at, *kind));
    Details { goal_conversions: goals, actions: listed.into_iter().map(|(_, _, action)| action).collect() }
}

fn map(fields: Fields) -> Value {
    Value::Map(fields.into_iter().map(|(name, value)| (name.into_owned(), value)).collect())
}

/// The whole address of a stored one.
pub(super) fn whole_url(action: Record<'_>) -> String {
    let prefix = match action.optional_int("url_prefix") {
        Some(0) => "http://",
        Some(1) => "http://www.",
        Some(2) => "https://",
        Some(3) => "https://www.",
        _ => "",
    };
    format!("{prefix}{}", action.text("url"))
}

fn action_fields(site: &SiteSettings, action: Record<'_>, following: &[Record<'_>]) -> Fields {
    let kind =
        ActionKind::from_number(u8::try_from(action.int("kind")).unwrap_or_default()).unwrap_or(ActionKind::Page);
    let url = whole_url(action);
    let title = action.text("title");
    let mut fields: Fields = vec![
        ("type".into(), type_of(kind)),
        ("url".into(), if kind == ActionKind::Search { Value::Null } else { text_or_null(&url) }),
    ];
    if matches!(kind, ActionKind::Page | ActionKind::Download | ActionKind::Outlink | ActionKind::Content) {
        let shown = if kind == ActionKind::Page { title } else { "" };
        fields.push(("pageTitle".into(), text_or_null(shown)));
    }
    let moment = Moment::new(&site.zone, action.int("at"));
    fields.extend([
        ("pageIdAction".into(), Value::Null),
        ("idpageview".into(), text_or_null(action.text("pageview_id"))),
        ("serverTimePretty".into(), Value::Text(format!("{} {}", moment.date_pretty, moment.time_pretty))),
        ("pageId".into(), Value::Int(action.int("seq") + 1)),
    ]);
    kind_fields(kind, action, &mut fields);
    product_fields(action, &mut fields);
    fields.push(("bandwidth".into(), action.optional_int("bandwidth").map_or(Value::Null, Value::Int)));
    if kind == ActionKind::Page {
        let until_next =
            following.iter().position(|a| matches!(a.int("kind"), 1 | 8)).map_or(following.len(), |p| p + 1);
        let spent: i64 = following.iter().take(until_next).map(|a| a.int("time_spent")).sum();
        fields.extend([
            ("timeSpent".into(), Value::Int(spent)),
            ("timeSpentPretty".into(), Value::Text(duration(spent))),
        ]);
        load_time(action, &mut fields);
    }
    let position = action.int("pageview_position");
    let (name, subtitle) = words(kind, action, &url);
    fields.extend([
        ("pageviewPosition".into(), if position > 0 { Value::Int(position) } else { Value::Null }),
        ("title".into(), Value::Text(name)),
        ("subtitle".into(), text_or_null(&subtitle)),
        ("icon".into(), Value::Text(String::new())),
        ("timestamp".into(), Value::Int(action.int("at"))),
    ]);
    for dimension in site.dimensions.iter().filter(|d| d.scope == DimensionScope::Action && d.active) {
        let slot = (dimension.index as usize).saturating_sub(1);
        let value = action.texts("dimensions").get(slot).map_or(Value::Null, |v| text_or_null(v));
        fields.push((format!("dimension{}", dimension.id).into(), value));
    }
    let variables = super::visit::custom_variables(action.texts("custom_variables"), "Page");
    if !matches!(&variables, Value::List(none) if none.is_empty()) {
        fields.push(("customVariables".into(), variables));
    }
    fields.push(("bandwidth_pretty".into(), Value::Text("0 M".into())));
    fields
}

fn type_of(kind: ActionKind) -> Value {
    match kind {
        ActionKind::Page => Value::Text("action".into()),
        ActionKind::Outlink => Value::Text("outlink".into()),
        ActionKind::Download => Value::Text("download".into()),
        ActionKind::Search => Value::Text("search".into()),
        ActionKind::Event => Value::Text("event".into()),
        // Matomo shows contents by their number.
        ActionKind::Content => Value::Int(13),
    }
}

fn kind_fields(kind: ActionKind, action: Record<'_>, fields: &mut Fields) {
    let text = |name: &str| text_or_null(action.text(name));
    match kind {
        ActionKind::Search => fields.extend([
            ("siteSearchKeyword".into(), text("title")),
            ("siteSearchCategory".into(), text("category")),
            ("siteSearchCount".into(), action.optional_int("search_count").map_or(Value::Null, Value::Int)),
        ]),
        ActionKind::Event => {
            fields.extend([("eventCategory".into(), text("category")), ("eventAction".into(), text("event_action"))]);
            if !action.text("title").is_empty() {
                fields.push(("eventName".into(), text("title")));
            }
            if let Some(value) = action.optional_float("event_value") {
                fields.push(("eventValue".into(), Value::Float(value)));
            }
        }
        ActionKind::Content => {
            for (shown, column) in [
                ("contentName", "content_name"),
                ("contentPiece", "content_piece"),
                ("contentTarget", "content_target"),
                ("contentInteraction", "content_interaction"),
            ] {
                fields.push((shown.into(), text(column)));
            }
        }
        _ => {}
    }
}

fn product_fields(action: Record<'_>, fields: &mut Fields) {
    if let Some(price) = action.optional_int("product_price") {
        fields.push(("productViewPrice".into(), amount(price)));
    }
    for (shown, column) in [("productViewName", "product_name"), ("productViewSku", "product_sku")] {
        if !action.text(column).is_empty() {
            fields.push((shown.into(), text_or_null(action.text(column))));
        }
    }
    let categories = action.texts("product_categories");
    if !categories.is_empty() {
        let list = categories.iter().cloned().map(Value::Text).collect();
        fields.push(("productViewCategories".into(), Value::List(list)));
    }
}

fn load_time(action: Record<'_>, fields: &mut Fields) {
    let names =
        ["time_network", "time_server", "time_transfer", "time_dom_processing", "time_dom_completion", "time_on_load"];
    let total: i64 = names.iter().filter_map(|name| action.optional_int(name)).sum();
    if total > 0 {
        let seconds = (total as f64 / 10.0).round() / 100.0;
        fields.extend([
            ("pageLoadTime".into(), Value::Text(format!("{seconds}s"))),
            ("pageLoadTimeMilliseconds".into(), Value::Int(total)),
        ]);
    }
}

/// Title and subtitle as the log shows them.
fn words(kind: ActionKind, action: Record<'_>, url: &str) -> (String, String) {
    let title = action.text("title");
    match kind {
        ActionKind::Page => (if title.is_empty() { url } else { title }.to_owned(), url.to_owned()),
        ActionKind::Outlink => ("Outlink".into(), url.to_owned()),
        ActionKind::Download => ("Download".into(), url.to_owned()),
        ActionKind::Search => {
            let mut subtitle = title.to_owned();
            if !action.text("category").is_empty() {
                subtitle += &format!(" - Search Category: {}", action.text("category"));
            }
            if let Some(count) = action.optional_int("search_count") {
                subtitle += &format!(" - Search Results Count: {count}");
            }
            ("Site Search".into(), subtitle)
        }
        // The quotes are Matomo's.
        ActionKind::Event => (
            "Event".into(),
            format!("Category: \"{}', Action: \"{}\"", action.text("category"), action.text("event_action")),
        ),
        ActionKind::Content => {
            let is_impression = action.text("content_interaction").is_empty();
            let name = if is_impression { "Content Impression" } else { "Content Interaction" };
            let parts = [action.text("content_name"), action.text("content_piece")];
            (name.into(), parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" - "))
        }
    }
}

fn referrer_fields(conversion: Record<'_>) -> [(Name, Value); 3] {
    let kind = ReferrerType::from_number(u8::try_from(conversion.int("referrer_type")).unwrap_or_default());
    let code = ReferrerType::ALL.iter().find(|(_, t)| Some(*t) == kind).map_or("direct", |(code, _)| *code);
    [
        ("referrerType".into(), Value::Text(code.into())),
        ("referrerName".into(), text_or_null(conversion.text("referrer_name"))),
        ("referrerKeyword".into(), text_or_null(conversion.text("referrer_keyword"))),
    ]
}

fn goal_fields(shown: &Shown<'_>, conversion: Record<'_>, goal: GoalId) -> Fields {
    let name = shown.site.goal(goal).map_or_else(|| format!("{}", goal.0), |g| g.name.clone());
    let revenue = conversion.int("revenue");
    let subtitle =
        if revenue == 0 { name.clone() } else { format!("{name} ({} revenue)", money(shown.symbol, revenue)) };
    let page = conversion.optional_int("action_seq").filter(|_| conversion.int("action_kind") == 1);
    let mut fields: Fields = vec![
        ("type".into(), Value::Text("goal".into())),
        ("goalName".into(), Value::Text(name)),
        ("goalId".into(), Value::Int(i64::from(goal.0))),
        ("revenue".into(), amount(revenue)),
        ("goalPageId".into(), page.map_or(Value::Null, |seq| Value::Int(seq + 1))),
        ("serverTimePretty".into(), Value::Text(utc(conversion.int("at")))),
        ("url".into(), text_or_null(conversion.text("url"))),
    ];
    fields.extend(referrer_fields(conversion));
    fields.extend([
        ("icon".into(), Value::Text(String::new())),
        ("title".into(), Value::Text("Goal conversion".into())),
        ("subtitle".into(), Value::Text(subtitle)),
        ("timestamp".into(), Value::Int(conversion.int("at"))),
    ]);
    fields
}

fn order_fields<'a>(
    shown: &Shown<'_>,
    conversion: Record<'_>,
    goal: GoalId,
    items: impl Iterator<Item = Record<'a>>,
) -> Fields {
    let is_order = goal == ORDER_GOAL_ID;
    let order = conversion.text("order_id");
    let items: Vec<Record<'a>> = items.collect();
    let mut fields: Fields =
        vec![("type".into(), Value::Text(if is_order { "ecommerceOrder" } else { "ecommerceAbandonedCart" }.into()))];
    if is_order {
        fields.push(("orderId".into(), Value::Text(order.to_owned())));
    }
    fields.push(("revenue".into(), amount(conversion.int("revenue"))));
    if is_order {
        for (shown, column) in [
            ("revenueSubTotal", "revenue_subtotal"),
            ("revenueTax", "revenue_tax"),
            ("revenueShipping", "revenue_shipping"),
            ("revenueDiscount", "revenue_discount"),
        ] {
            fields.push((shown.into(), amount(conversion.int(column))));
        }
    }
    fields.extend([
        ("items".into(), Value::Int(conversion.int("items"))),
        ("serverTimePretty".into(), Value::Text(utc(conversion.int("at")))),
    ]);
    fields.extend(referrer_fields(conversion));
    let names: Vec<&str> = items.iter().map(|i| i.text("name")).filter(|n| !n.is_empty()).collect();
    // The bracket at the end is Matomo's.
    let subtitle = format!(
        "{} revenue - {} items: {})",
        money(shown.symbol, conversion.int("revenue")),
        conversion.int("items"),
        names.join(", ")
    );
    fields.extend([
        ("itemDetails".into(), Value::List(items.iter().map(|i| item(*i)).collect())),
        ("icon".into(), Value::Text(String::new())),
        ("title".into(), Value::Text(if is_order { format!("Ordered ({order})") } else { "Abandoned Cart".into() })),
        ("subtitle".into(), Value::Text(subtitle)),
        ("timestamp".into(), Value::Int(conversion.int("at"))),
    ]);
    fields
}

fn item(item: Record<'_>) -> Value {
    let categories = item.texts("categories");
    map(vec![
        ("itemSKU".into(), text_or_null(item.text("sku"))),
        ("itemName".into(), text_or_null(item.text("name"))),
        ("itemCategory".into(), categories.first().map_or(Value::Null, |c| text_or_null(c))),
        ("price".into(), amount(item.int("price"))),
        ("quantity".into(), Value::Int(item.int("quantity"))),
        ("categories".into(), Value::List(categories.iter().cloned().map(Value::Text).collect())),
    ])
}
