//! Products that were bought, left in carts, and seen.

use super::{Labelling, ReportDef, Source, labels::segment};
use crate::{
    catalogue::metrics::{self, round},
    report::ReportParams,
    table::{Row, Table, Value},
};
use candor_core::SiteSettings;

fn record(params: &ReportParams, name: &str) -> Result<String, String> {
    Ok(format!("Goals_Items{name}{}", if params.abandoned_carts { "_Cart" } else { "" }))
}

fn skus(params: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    record(params, "Sku")
}

fn names(params: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    record(params, "Name")
}

fn categories(params: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    record(params, "Category")
}

fn sku(row: &mut Row, _: &Labelling<'_>) {
    labelled(row, "productSku", "Product SKU not defined");
}

fn name(row: &mut Row, _: &Labelling<'_>) {
    labelled(row, "productName", "Product Name not defined");
}

fn category(row: &mut Row, _: &Labelling<'_>) {
    labelled(row, "productCategory", "Product Category not defined");
}

fn labelled(row: &mut Row, dimension: &str, none: &str) {
    if matches!(row.label(), "" | "Value not defined") {
        row.label = Some(none.to_owned());
    }
    let label = row.label().to_owned();
    segment(row, dimension, &label);
}

/// Averages: of what was bought or left, or else of the price that was seen.
fn averages(mut table: Table, l: &Labelling<'_>) -> Table {
    if !l.site.ecommerce {
        return Table::default();
    }
    for row in &mut table.rows {
        if row.get("orders").is_none() && row.get("abandoned_carts").is_none() {
            row.set("avg_price", Value::from_number(round(row.number("price_viewed"), 2)));
        }
        row.remove("price_viewed");
        let bought = if l.params.abandoned_carts { "abandoned_carts" } else { "orders" };
        let visits = row.number("nb_visits");
        let rate = if visits == 0.0 { 0.0 } else { round(row.number(bought) / visits, 4) };
        row.set("conversion_rate", Value::from_number(rate));
    }
    table
}

type Choose = fn(&ReportParams, &SiteSettings) -> Result<String, String>;

const fn items(method: &'static str, title: &'static str, choose: Choose, order: u32) -> ReportDef {
    let mut report = ReportDef::rows(method, title, "");
    report.source = Source::Chosen(choose);
    report
        .columns(&["revenue", "quantity", "orders", "nb_visits"], metrics::PRODUCT)
        .titled(&[("revenue", "Product Revenue"), ("conversion_rate", "Product Conversion Rate")])
        .sorted("revenue")
        .shaped(averages)
        .listed("Ecommerce", "Products", order)
}

pub(super) const REPORTS: &[ReportDef] = &[
    items("Goals.getItemsSku", "Product SKU", skus, 31)
        .of("Product SKU", &["Ecommerce_ProductSku"])
        .labelled(sku)
        .says("Products by their number: sold, seen, and how often the one led to the other."),
    items("Goals.getItemsName", "Product Name", names, 30)
        .of("Product Name", &["Ecommerce_ProductName"])
        .labelled(name)
        .says("Products by their name: sold, seen, and how often the one led to the other."),
    items("Goals.getItemsCategory", "Product Category", categories, 32)
        .of("Product Category", &["Ecommerce_ProductCategory"])
        .labelled(category)
        .says("Products by their category: sold, seen, and how often the one led to the other."),
];
