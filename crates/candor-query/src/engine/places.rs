//! Where a part's metrics go in a row, and what of them each kind of goal has.

use super::{
    labels::{LabelId, Labels, TOP},
    layout::{Layout, Number},
    sheet::{Line, Sheet},
};
use crate::catalogue::records::{Beside, Metric, Part};
use candor_core::{CART_GOAL_ID, ORDER_GOAL_ID};
use candor_store::Cell;

/// Puts the metrics of one part into rows.
pub(super) struct Places<'a> {
    layout: &'a Layout,
    part: &'a Part,
    /// Place of each metric in a row; metrics of goals have none, but for totals.
    places: Vec<Option<usize>>,
    /// Place of each metric among those of goals.
    goal_places: Vec<usize>,
}

impl<'a> Places<'a> {
    /// The places of a part's metrics.
    pub(super) fn of(layout: &'a Layout, part: &'a Part) -> Self {
        let totals = part.beside == Beside::Nothing;
        let has_place = |name| !part.by_goal || (totals && matches!(name, "nb_conversions" | "revenue"));
        let place = |name| if has_place(name) { layout.place(name) } else { None };
        let places = part.metrics.iter().map(|metric| place(metric.name)).collect();
        let goal_places = part.metrics.iter().filter_map(|metric| layout.place_of_goals(metric.name)).collect();
        Self { layout, part, places, goal_places }
    }

    /// The row with this label and these metrics in it; none where the part makes no rows and there is none.
    pub(super) fn add<'s>(
        &self,
        sheet: &'s mut Sheet,
        labels: &Labels,
        label: LabelId,
        goal: i32,
        metrics: &[Cell],
    ) -> Option<&'s mut Line> {
        if label == TOP || (self.part.adds_only && !sheet.has(label)) {
            return None;
        }
        let line = sheet.line(self.layout, labels, label)?;
        let by_goal = self.part.by_goal;
        // Open carts add nothing to totals: they are no income yet.
        if !by_goal || goal != CART_GOAL_ID.0 {
            for ((metric, cell), place) in self.part.metrics.iter().zip(metrics).zip(&self.places) {
                if let Some(place) = place {
                    line.add_number(self.layout, *place, number(metric, cell));
                }
            }
        }
        if by_goal {
            let metrics = self.part.metrics.iter().zip(metrics).zip(&self.goal_places);
            for ((metric, cell), place) in metrics.filter(|((metric, _), _)| goal_has(goal, metric.name)) {
                // Pages of one path on several hosts are one row; the pages before a conversion are those of the first.
                let only_first = metric.name == "nb_conv_pages_before";
                line.add_to_goal(self.layout, goal, *place, number(metric, cell), only_first);
            }
        }
        Some(line)
    }
}

/// Whether a column says something of a goal, an order or an open cart.
fn goal_has(goal: i32, name: &str) -> bool {
    const OF_ORDERS: [&str; 4] = ["revenue_subtotal", "revenue_tax", "revenue_shipping", "revenue_discount"];
    let (is_order, is_cart) = (goal == ORDER_GOAL_ID.0, goal == CART_GOAL_ID.0);
    match name {
        "items" => is_order || is_cart,
        // A cart has no moment before which pages were seen.
        "nb_conv_pages_before" | "nb_conversions_attrib" | "revenue_attrib" => !is_cart,
        name => is_order || !OF_ORDERS.contains(&name),
    }
}

fn number(metric: &Metric, cell: &Cell) -> Number {
    match cell {
        Cell::Int(n) if metric.scale == 1.0 => Number::Int(*n),
        Cell::Int(n) => Number::Float(*n as f64 / metric.scale),
        Cell::Float(x) => Number::Float(x / metric.scale),
        _ if metric.omit_null => Number::Absent,
        _ => Number::Null,
    }
}
