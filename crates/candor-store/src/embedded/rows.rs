//! How each noun is laid out as a row: the values of `write` and the fields of `read_*`
//! stand in the order of `schema`. The contract suite writes and reads every field.

use super::decode::Fields;
use super::encode::{Record, Value};
use crate::SeenAction;
use crate::schema::{self, Columns};
use candor_core::{
    Action, ActionKind, Conversion, ConversionItem, Day, Fingerprint, GoalId, LegalBasis, LinkedConsent, Money,
    ReceiptId, Referrer, ReferrerType, Returning, SiteId, Visit, VisitId, VisitorId,
    visit::{Campaign, Device, Location},
};

impl Record for Visit {
    const TABLE: &'static str = "visits";
    const COLUMNS: Columns = schema::VISITS;

    fn write<'a>(&'a self, row: &mut Vec<Value<'a>>) {
        row.extend([
            self.site.0.into(),
            Value::Bits(self.id.0),
            self.visitor.into(),
            Value::Bits(self.fingerprint.0),
            (&self.user_id).into(),
            Value::Int(self.day.0.into()),
            Value::Int(self.first_at),
            Value::Int(self.last_at),
            self.hour.into(),
            self.total_time.into(),
            self.actions.into(),
            self.interactions.into(),
            self.searches.into(),
            self.events.into(),
            (&self.entry_url).into(),
            (&self.entry_title).into(),
            self.entry_title_kind.into(),
            (&self.exit_url).into(),
            (&self.exit_title).into(),
            self.exit_title_kind.into(),
        ]);
        write_referrer(&self.referrer, row);
        let c = &self.campaign;
        row.extend(
            [&c.name, &c.keyword, &c.source, &c.medium, &c.content, &c.id, &c.group, &c.placement].map(Value::from),
        );
        row.push(Value::Bytes(&self.ip));
        write_place(&self.location, &self.device, row);
        row.extend([
            (&self.resolution).into(),
            Value::Int(self.plugins.into()),
            (&self.language).into(),
            self.local_time.into(),
            (self.returning as u8).into(),
            self.visit_count.into(),
            self.seconds_since_first.into(),
            self.seconds_since_last.into(),
            self.seconds_since_order.into(),
            Value::Bool(self.converted),
            self.buyer.into(),
            Value::Bool(self.profilable),
            (&self.dimensions).into(),
            (&self.custom_variables).into(),
            self.action_rows.into(),
            (self.legal_basis as u8).into(),
        ]);
    }
}

/// Reads what `Visit::write` wrote.
pub(super) fn read_visit(row: &mut Fields<'_>) -> Visit {
    Visit {
        site: SiteId(row.uint32()),
        id: VisitId(row.bits()),
        visitor: row.opt_bits().map(VisitorId),
        fingerprint: Fingerprint(row.bits()),
        user_id: row.text(),
        day: Day(row.int32()),
        first_at: row.int(),
        last_at: row.int(),
        hour: row.uint8(),
        total_time: row.uint32(),
        actions: row.uint32(),
        interactions: row.uint32(),
        searches: row.uint32(),
        events: row.uint32(),
        entry_url: row.text(),
        entry_title: row.text(),
        entry_title_kind: row.uint8(),
        exit_url: row.text(),
        exit_title: row.text(),
        exit_title_kind: row.uint8(),
        referrer: read_referrer(row),
        campaign: Campaign {
            name: row.text(),
            keyword: row.text(),
            source: row.text(),
            medium: row.text(),
            content: row.text(),
            id: row.text(),
            group: row.text(),
            placement: row.text(),
        },
        ip: row.bytes(),
        location: read_location(row),
        device: read_device(row),
        resolution: row.text(),
        plugins: row.uint16(),
        language: row.text(),
        local_time: row.uint32(),
        returning: read_returning(row),
        visit_count: row.uint32(),
        seconds_since_first: row.opt_uint32(),
        seconds_since_last: row.uint32(),
        seconds_since_order: row.opt_uint32(),
        converted: row.bool(),
        buyer: row.uint8(),
        profilable: row.bool(),
        dimensions: row.texts(),
        custom_variables: row.texts(),
        action_rows: row.uint32(),
        legal_basis: LegalBasis::from_number(row.uint8()).unwrap_or_default(),
    }
}

impl Record for Action {
    const TABLE: &'static str = "actions";
    const COLUMNS: Columns = schema::ACTIONS;

    fn write<'a>(&'a self, row: &mut Vec<Value<'a>>) {
        row.extend([
            self.site.0.into(),
            Value::Bits(self.visit.0),
            self.visitor.into(),
            self.seq.into(),
            Value::Int(self.at),
            Value::Int(self.day.0.into()),
            (self.kind as u8).into(),
            (&self.url).into(),
            Value::OptInt(self.url_prefix.map(i64::from)),
            (&self.title).into(),
            (&self.previous_url).into(),
            (&self.previous_title).into(),
            self.previous_title_kind.into(),
            self.time_spent.into(),
            Value::Bool(self.first_url),
            Value::Bool(self.first_title),
            self.pageview_position.into(),
            (&self.pageview_id).into(),
            (&self.category).into(),
            (&self.event_action).into(),
            Value::OptFloat(self.event_value),
            self.search_count.into(),
            (&self.content_name).into(),
            (&self.content_piece).into(),
            (&self.content_target).into(),
            (&self.content_interaction).into(),
            (&self.product_sku).into(),
            (&self.product_name).into(),
            (&self.product_categories).into(),
            Value::OptInt(self.product_price),
        ]);
        row.extend(self.timings.map(Value::from));
        row.extend([
            Value::OptInt(self.bandwidth.map(u64::cast_signed)),
            (&self.dimensions).into(),
            (&self.custom_variables).into(),
        ]);
    }
}

/// The columns of [`read_seen_action`].
pub(super) const SEEN_ACTION: &str = "a.seq, a.kind, a.url, a.title, a.pageview_id, a.pageview_position";

/// Reads what `SEEN_ACTION` selects; `None` for a kind that this version doesn't know.
pub(super) fn read_seen_action(row: &mut Fields<'_>) -> Option<SeenAction> {
    Some(SeenAction {
        seq: row.uint32(),
        kind: ActionKind::from_number(row.uint8())?,
        url: row.text(),
        title: row.text(),
        pageview_id: row.text(),
        pageview_position: row.uint32(),
    })
}

impl Record for Conversion {
    const TABLE: &'static str = "conversions";
    const COLUMNS: Columns = schema::CONVERSIONS;

    fn write<'a>(&'a self, row: &mut Vec<Value<'a>>) {
        row.extend([
            self.site.0.into(),
            Value::Bits(self.visit.0),
            self.visitor.into(),
            Value::Int(self.goal.0.into()),
            Value::Bits(self.buster),
            Value::Int(self.at),
            Value::Int(self.day.0.into()),
            (&self.order_id).into(),
            (&self.url).into(),
            self.action_kind.into(),
            self.action_seq.into(),
            Value::Int(self.revenue.0),
            Value::Int(self.revenue_subtotal.0),
            Value::Int(self.revenue_tax.0),
            Value::Int(self.revenue_shipping.0),
            Value::Int(self.revenue_discount.0),
            self.items.into(),
            self.pageviews_before.into(),
        ]);
        write_referrer(&self.referrer, row);
        row.extend([
            Value::from(self.returning as u8),
            self.visit_count.into(),
            self.seconds_since_first.into(),
            self.seconds_since_order.into(),
        ]);
        write_place(&self.location, &self.device, row);
        row.extend([Value::from(&self.dimensions), (&self.custom_variables).into(), self.hour.into()]);
    }
}

/// Reads what `Conversion::write` wrote.
pub(super) fn read_conversion(row: &mut Fields<'_>) -> Conversion {
    Conversion {
        site: SiteId(row.uint32()),
        visit: VisitId(row.bits()),
        visitor: row.opt_bits().map(VisitorId),
        goal: GoalId(row.int32()),
        buster: row.bits(),
        at: row.int(),
        day: Day(row.int32()),
        order_id: row.text(),
        url: row.text(),
        action_kind: row.uint8(),
        action_seq: row.opt_uint32(),
        revenue: Money(row.int()),
        revenue_subtotal: Money(row.int()),
        revenue_tax: Money(row.int()),
        revenue_shipping: Money(row.int()),
        revenue_discount: Money(row.int()),
        items: row.uint32(),
        pageviews_before: row.uint32(),
        referrer: read_referrer(row),
        returning: read_returning(row),
        visit_count: row.uint32(),
        seconds_since_first: row.opt_uint32(),
        seconds_since_order: row.opt_uint32(),
        location: read_location(row),
        device: read_device(row),
        dimensions: row.texts(),
        custom_variables: row.texts(),
        hour: row.uint8(),
    }
}

impl Record for ConversionItem {
    const TABLE: &'static str = "conversion_items";
    const COLUMNS: Columns = schema::CONVERSION_ITEMS;

    fn write<'a>(&'a self, row: &mut Vec<Value<'a>>) {
        row.extend([
            self.site.0.into(),
            Value::Bits(self.visit.0),
            self.visitor.into(),
            (&self.order_id).into(),
            Value::Int(self.at),
            Value::Int(self.day.0.into()),
            (&self.sku).into(),
            (&self.name).into(),
            (&self.categories).into(),
            Value::Int(self.price.0),
            self.quantity.into(),
            Value::Bool(self.deleted),
        ]);
    }
}

/// Reads what `ConversionItem::write` wrote.
pub(super) fn read_item(row: &mut Fields<'_>) -> ConversionItem {
    ConversionItem {
        site: SiteId(row.uint32()),
        visit: VisitId(row.bits()),
        visitor: row.opt_bits().map(VisitorId),
        order_id: row.text(),
        at: row.int(),
        day: Day(row.int32()),
        sku: row.text(),
        name: row.text(),
        categories: row.texts(),
        price: Money(row.int()),
        quantity: row.uint32(),
        deleted: row.bool(),
    }
}

/// A consent record as its row has it: what is hashed stands in hex digits, as in receipts.
pub(super) struct ConsentRow<'c> {
    linked: &'c LinkedConsent,
    receipt: String,
    text_hash: String,
    hash: String,
}

impl<'c> ConsentRow<'c> {
    pub(super) fn of(linked: &'c LinkedConsent) -> Self {
        let consent = &linked.consent;
        Self {
            receipt: consent.receipt.map(ReceiptId::to_hex).unwrap_or_default(),
            text_hash: consent.text.map(hex::encode).unwrap_or_default(),
            hash: hex::encode(linked.link.hash),
            linked,
        }
    }
}

impl Record for ConsentRow<'_> {
    const TABLE: &'static str = "consents";
    const COLUMNS: Columns = schema::CONSENTS;

    fn write<'a>(&'a self, row: &mut Vec<Value<'a>>) {
        let LinkedConsent { consent, link } = self.linked;
        row.extend([
            Value::Bits(link.number),
            consent.site.0.into(),
            Value::Int(consent.at.seconds()),
            Value::Int(consent.day.0.into()),
            Value::Text(consent.choice.word()),
            (&self.receipt).into(),
            (&consent.purposes).into(),
            (&consent.version).into(),
            (&self.text_hash).into(),
            (&consent.language).into(),
            Value::Text(consent.how.word()),
            (&consent.signals).into(),
            Value::Int(consent.expires.seconds()),
            (&self.hash).into(),
            (&consent.regime).into(),
        ]);
    }
}

fn write_referrer<'a>(referrer: &'a Referrer, row: &mut Vec<Value<'a>>) {
    row.push((referrer.kind as u8).into());
    row.extend([&referrer.name, &referrer.keyword, &referrer.url].map(Value::from));
}

fn read_referrer(row: &mut Fields<'_>) -> Referrer {
    Referrer {
        kind: ReferrerType::from_number(row.uint8()).unwrap_or_default(),
        name: row.text(),
        keyword: row.text(),
        url: row.text(),
    }
}

fn write_place<'a>(location: &'a Location, device: &'a Device, row: &mut Vec<Value<'a>>) {
    row.extend([&location.country, &location.region, &location.city].map(Value::from));
    row.extend([location.latitude, location.longitude].map(Value::OptFloat));
    let d = device;
    row.extend(
        [&d.os, &d.os_version, &d.client_type, &d.browser, &d.browser_version, &d.browser_engine].map(Value::from),
    );
    row.extend([Value::OptInt(d.kind.map(i64::from)), (&d.brand).into(), (&d.model).into()]);
}

fn read_location(row: &mut Fields<'_>) -> Location {
    Location {
        country: row.text(),
        region: row.text(),
        city: row.text(),
        latitude: row.opt_float(),
        longitude: row.opt_float(),
    }
}

fn read_device(row: &mut Fields<'_>) -> Device {
    Device {
        os: row.text(),
        os_version: row.text(),
        client_type: row.text(),
        browser: row.text(),
        browser_version: row.text(),
        browser_engine: row.text(),
        kind: row.opt_uint8(),
        brand: row.text(),
        model: row.text(),
    }
}

fn read_returning(row: &mut Fields<'_>) -> Returning {
    match row.uint8() {
        1 => Returning::Returning,
        2 => Returning::Customer,
        _ => Returning::New,
    }
}
