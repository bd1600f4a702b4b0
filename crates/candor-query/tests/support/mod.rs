//! A site with visits written as text, in a real store, and tables as text.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests: a wrong text in a test should stop it"
)]

use candor_core::{
    Action, ActionKind, Conversion, ConversionItem, CustomDimension, Day, DimensionScope, Fingerprint, Goal, GoalId,
    LegalBasis, MatchAttribute, Money, PatternType, Referrer, ReferrerType, Returning, Settings, SiteId, SiteSettings,
    Visit, VisitId, VisitorId, Vocabulary,
    visit::{Campaign, Device, Location},
};
use candor_query::{
    Engine, Scope,
    catalogue::records::RecordDef,
    period::{self, PeriodRequest},
    segment::{Asker, Segment, SegmentContext},
    table::{Row, Table, Value},
};
use candor_store::{Batch, LogPosition, Store, StoreSettings};
use std::{collections::BTreeMap, sync::Arc};

/// The site's running day.
pub(crate) const TODAY: &str = "2024-03-20";

pub(crate) struct TestSite {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) engine: Engine,
    pub(crate) site: SiteSettings,
    pub(crate) settings: Settings,
    next_visit: u64,
    _dir: tempfile::TempDir,
}

/// `2024-02-29T10:00` in UTC, seconds.
fn seconds(text: &str) -> i64 {
    let time: jiff::civil::DateTime = text.parse().unwrap();
    time.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second()
}

impl TestSite {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = candor_store::open(dir.path(), &StoreSettings::default()).unwrap();
        let mut site = SiteSettings::new(SiteId(1), "shop", &["https://shop.example"]);
        site.goals = vec![goal(1, "Sign-up")];
        let dimension = |id, index, scope| CustomDimension {
            id,
            index,
            name: format!("dimension {id}"),
            scope,
            active: true,
            extractions: vec![],
            case_sensitive: true,
        };
        site.dimensions = vec![dimension(1, 1, DimensionScope::Visit), dimension(2, 1, DimensionScope::Action)];
        let vocabulary = Vocabulary {
            country_continents: [("de", "eur"), ("fr", "eur"), ("jp", "asi")].map(|(a, b)| (a.into(), b.into())).into(),
            ..Vocabulary::default()
        };
        let engine = Engine::new(Arc::clone(&store), Arc::new(vocabulary));
        Self { store, engine, site, settings: Settings::default(), next_visit: 1, _dir: dir }
    }

    /// Stores a visit. `what` is `2024-03-04T10:00 visitor country`, then any of `user=…`, `ref=type:name:keyword`,
    /// `dim=…`, `var=name:value`, `returning`; each action is `kind text [key=value…]`, a minute after the one before.
    pub(crate) fn visit(&mut self, what: &str, actions: &[&str]) {
        let batch = self.batch(what, actions);
        let days: Vec<_> = batch.new_visits.iter().map(|v| (v.site, v.day)).collect();
        self.engine.changing(&days).unwrap();
        self.store.commit(&batch).unwrap();
        self.engine.changed(&days);
    }

    pub(crate) fn batch(&mut self, what: &str, actions: &[&str]) -> Batch {
        let mut visit = visit(what, self.next_visit);
        self.next_visit += 1;
        let mut batch = Batch { position: LogPosition { next_seq: self.next_visit }, ..Batch::default() };
        let mut page: Option<(String, String, u8)> = None;
        for (text, seq) in actions.iter().zip(0..) {
            if let Some(conversion) = text.strip_prefix("goal ") {
                batch.conversions.push(self::conversion(&visit, conversion, seq));
                visit.converted = true;
                continue;
            }
            if let Some(item) = text.strip_prefix("item ") {
                batch.items.push(self::item(&visit, item));
                continue;
            }
            let mut action = self::action(&visit, text, seq);
            let same_kind = || batch.actions.iter().filter(|a: &&Action| a.kind == action.kind);
            action.first_url =
                same_kind().all(|a| a.url != action.url || a.kind == ActionKind::Search && a.title != action.title);
            action.first_title = same_kind().all(|a| a.title != action.title);
            if let Some((url, title, kind)) = &page {
                (action.previous_url, action.previous_title, action.previous_title_kind) =
                    (url.clone(), title.clone(), *kind);
                action.time_spent = 60;
            }
            match action.kind {
                ActionKind::Page => page = Some((action.url.clone(), action.title.clone(), 4)),
                ActionKind::Search => page = Some((String::new(), action.title.clone(), 8)),
                _ => {}
            }
            if let (ActionKind::Page | ActionKind::Search, Some((url, title, kind))) = (action.kind, &page) {
                (visit.exit_url, visit.exit_title, visit.exit_title_kind) = (url.clone(), title.clone(), *kind);
                if visit.entry_title_kind == 0 {
                    (visit.entry_url, visit.entry_title, visit.entry_title_kind) = (url.clone(), title.clone(), *kind);
                }
            }
            visit.actions += u32::from(action.kind != ActionKind::Content);
            visit.last_at = action.at;
            batch.actions.push(action);
        }
        visit.total_time = if visit.last_at > visit.first_at { (visit.last_at - visit.first_at + 1) as u32 } else { 0 };
        visit.action_rows = batch.actions.len() as u32;
        batch.new_visits.push(visit);
        batch
    }

    pub(crate) fn segment(&self, text: &str) -> Segment {
        let context =
            SegmentContext { vocabulary: self.engine.vocabulary(), site: Some(&self.site), asker: Asker::SignedIn };
        Segment::parse(text, &context).unwrap()
    }

    pub(crate) fn table(&self, def: &RecordDef, period: &str, date: &str, segment: &str) -> Arc<Table> {
        let segment = (!segment.is_empty()).then(|| self.segment(segment));
        self.engine.record(def, &self.scope(period, date, segment.as_ref())).unwrap()
    }

    /// The table, chosen columns only, a line a row.
    pub(crate) fn show(&self, def: &RecordDef, period: &str, date: &str, segment: &str, columns: &[&str]) -> String {
        show(&self.table(def, period, date, segment), columns, 0)
    }

    pub(crate) fn numbers(&self, names: &[&str], period: &str, date: &str, segment: &str) -> String {
        let segment = (!segment.is_empty()).then(|| self.segment(segment));
        let row = self.engine.numbers(names, &self.scope(period, date, segment.as_ref())).unwrap();
        row.columns.iter().map(|(name, value)| format!("{name} {}", value_text(value))).collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn scope<'a>(&'a self, period: &str, date: &str, segment: Option<&'a Segment>) -> Scope<'a> {
        let today = Day::from_date(TODAY.parse().unwrap());
        let Ok(PeriodRequest::One(period)) = period::parse(period, date, today) else { panic!("one period") };
        Scope { site: &self.site, settings: &self.settings, period, segment, today, until: None }
    }
}

fn goal(id: i32, name: &str) -> Goal {
    Goal {
        id: GoalId(id),
        name: name.into(),
        description: String::new(),
        attribute: MatchAttribute::Manually,
        pattern: String::new(),
        pattern_type: PatternType::Contains,
        case_sensitive: false,
        allow_multiple: false,
        revenue: Money::ZERO,
        event_value_as_revenue: false,
    }
}

pub(crate) fn show(table: &Table, columns: &[&str], depth: usize) -> String {
    table.rows.iter().map(|row| show_row(row, columns, depth)).collect()
}

fn show_row(row: &Row, columns: &[&str], depth: usize) -> String {
    let label = if row.is_summary { "Others" } else { row.label.as_deref().unwrap_or("") };
    let values: Vec<_> =
        columns.iter().map(|c| row.get(c).or_else(|| row.meta(c)).map_or("–".into(), value_text)).collect();
    let below = row.subtable.as_ref().map(|t| show(t, columns, depth + 1)).unwrap_or_default();
    format!("{}[{label}] {}\n{below}", "  ".repeat(depth), values.join(" "))
}

fn value_text(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(b) => b.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Float(x) => x.to_string(),
        Value::Text(t) => t.clone(),
        Value::Map(entries) => {
            format!(
                "{{{}}}",
                entries.iter().map(|(k, v)| format!("{k}: {}", value_text(v))).collect::<Vec<_>>().join(", ")
            )
        }
        Value::List(items) => format!("[{}]", items.iter().map(value_text).collect::<Vec<_>>().join(", ")),
    }
}

/// `key=value` words of a line.
fn options(words: &[&str]) -> BTreeMap<String, String> {
    words.iter().map(|w| w.split_once('=').unwrap_or((w, "1"))).map(|(k, v)| (k.into(), v.replace('_', " "))).collect()
}

fn visit(what: &str, id: u64) -> Visit {
    let words: Vec<&str> = what.split(' ').collect();
    let [time, visitor, country, rest @ ..] = words.as_slice() else { panic!("time, visitor, country") };
    let options = options(rest);
    let text = |key: &str| options.get(key).cloned().unwrap_or_default();
    let at = seconds(time);
    let referrer = text("ref");
    let referrer: Vec<&str> = referrer.split(':').collect();
    let kind =
        ReferrerType::ALL.iter().find(|(name, _)| *name == referrer[0]).map_or(ReferrerType::Direct, |(_, k)| *k);
    let part = |n: usize| referrer.get(n).map(|t| (*t).to_owned()).unwrap_or_default();
    let returning = options.contains_key("returning");
    let basis = LegalBasis::ALL
        .iter()
        .find(|(name, _)| *name == text("basis"))
        .map_or(LegalBasis::Unstated, |(_, basis)| *basis);
    let visitor = VisitorId(visitor.bytes().fold(0xff, |id, b| id << 8 | u64::from(b)));
    Visit {
        site: SiteId(1),
        id: VisitId(id),
        visitor: (basis != LegalBasis::Exempt).then_some(visitor),
        fingerprint: Fingerprint(1),
        user_id: text("user"),
        day: Day(at.div_euclid(86_400) as i32),
        first_at: at,
        last_at: at,
        hour: (at.rem_euclid(86_400) / 3600) as u8,
        total_time: 0,
        actions: 0,
        interactions: 0,
        searches: 0,
        events: 0,
        entry_url: String::new(),
        entry_title: String::new(),
        exit_url: String::new(),
        exit_title: String::new(),
        entry_title_kind: 0,
        exit_title_kind: 0,
        referrer: Referrer { kind, name: part(1), keyword: part(2), url: part(3) },
        campaign: Campaign::default(),
        ip: vec![192, 0, 2, 0],
        location: Location { country: (*country).into(), ..Location::default() },
        device: Device { os: "WIN".into(), browser: "FF".into(), kind: Some(0), ..Device::default() },
        resolution: "1920x1080".into(),
        plugins: 9,
        language: "de".into(),
        local_time: 3661,
        returning: if returning { Returning::Returning } else { Returning::New },
        visit_count: 1 + u32::from(returning),
        seconds_since_first: Some(if returning { 86_400 * 9 } else { 0 }),
        seconds_since_last: if returning { 86_400 * 2 } else { 0 },
        seconds_since_order: None,
        converted: false,
        buyer: 0,
        profilable: true,
        dimensions: vec![text("dim")],
        custom_variables: text("var").split(':').map(Into::into).collect(),
        action_rows: 0,
        legal_basis: basis,
    }
}

fn action(visit: &Visit, text: &str, seq: u32) -> Action {
    let words: Vec<&str> = text.split(' ').collect();
    let [kind, what, rest @ ..] = words.as_slice() else { panic!("kind, what") };
    let kind = match *kind {
        "page" => ActionKind::Page,
        "download" => ActionKind::Download,
        "outlink" => ActionKind::Outlink,
        "search" => ActionKind::Search,
        "event" => ActionKind::Event,
        "content" => ActionKind::Content,
        other => panic!("kind {other}"),
    };
    let options = options(rest);
    let text = |key: &str| options.get(key).cloned().unwrap_or_default();
    let number = |key: &str| options.get(key).and_then(|v| v.parse::<f64>().ok());
    let page = matches!(kind, ActionKind::Page | ActionKind::Event | ActionKind::Content);
    let part = |n: usize| what.split(':').nth(n).unwrap_or_default().replace('_', " ");
    Action {
        site: visit.site,
        visit: visit.id,
        visitor: visit.visitor,
        seq,
        at: visit.first_at + i64::from(seq) * 60,
        day: visit.day,
        kind,
        url: match kind {
            ActionKind::Search => String::new(),
            _ if page => format!("shop.example{}", if kind == ActionKind::Page { what } else { "/" }),
            _ => (*what).into(),
        },
        url_prefix: page.then_some(2),
        title: match kind {
            ActionKind::Search => part(0),
            ActionKind::Event => part(2),
            _ => text("title"),
        },
        previous_url: String::new(),
        previous_title: String::new(),
        previous_title_kind: 0,
        time_spent: 0,
        first_url: true,
        first_title: true,
        pageview_position: seq + 1,
        pageview_id: String::new(),
        category: if kind == ActionKind::Event { part(0) } else { text("category") },
        event_action: if kind == ActionKind::Event { part(1) } else { String::new() },
        event_value: number("value"),
        search_count: number("count").map(|n| n as u32),
        content_name: if kind == ActionKind::Content { part(0) } else { String::new() },
        content_piece: if kind == ActionKind::Content { part(1) } else { String::new() },
        content_target: text("target"),
        content_interaction: text("click"),
        product_sku: text("sku"),
        product_name: String::new(),
        product_categories: vec![],
        product_price: None,
        timings: [None, number("server").map(|n| n as u32), None, None, None, None],
        bandwidth: None,
        dimensions: vec![text("dim")],
        custom_variables: vec![],
    }
}

/// `1 revenue=5`; goal 0 is an order.
fn conversion(visit: &Visit, text: &str, seq: u32) -> Conversion {
    let words: Vec<&str> = text.split(' ').collect();
    let options = options(&words[1..]);
    let goal = words[0].parse().unwrap();
    Conversion {
        site: visit.site,
        visit: visit.id,
        visitor: visit.visitor,
        goal: GoalId(goal),
        buster: u64::from(seq),
        at: visit.last_at,
        day: visit.day,
        order_id: if goal == 0 { format!("order {}", visit.id.0) } else { String::new() },
        url: String::new(),
        action_kind: 0,
        action_seq: None,
        revenue: Money::from_units(options.get("revenue").map_or(0.0, |r| r.parse().unwrap())),
        revenue_subtotal: Money::ZERO,
        revenue_tax: Money::ZERO,
        revenue_shipping: Money::ZERO,
        revenue_discount: Money::ZERO,
        items: 0,
        pageviews_before: 1,
        referrer: visit.referrer.clone(),
        returning: visit.returning,
        visit_count: visit.visit_count,
        seconds_since_first: visit.seconds_since_first,
        seconds_since_order: None,
        location: visit.location.clone(),
        device: visit.device.clone(),
        dimensions: visit.dimensions.clone(),
        custom_variables: visit.custom_variables.clone(),
        hour: visit.hour,
    }
}

/// `sku price=2.5 quantity=2 category=…`, of an order.
fn item(visit: &Visit, text: &str) -> ConversionItem {
    let words: Vec<&str> = text.split(' ').collect();
    let options = options(&words[1..]);
    ConversionItem {
        site: visit.site,
        visit: visit.id,
        visitor: visit.visitor,
        order_id: format!("order {}", visit.id.0),
        at: visit.last_at,
        day: visit.day,
        sku: words[0].into(),
        name: format!("product {}", words[0]),
        categories: options.get("category").map(|c| c.split(':').map(Into::into).collect()).unwrap_or_default(),
        price: Money::from_units(options.get("price").map_or(1.0, |p| p.parse().unwrap())),
        quantity: options.get("quantity").map_or(1, |q| q.parse().unwrap()),
        deleted: false,
    }
}
