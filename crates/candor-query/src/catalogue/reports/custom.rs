//! What a site adds itself: user ids, custom variables and dimensions.

use super::{
    Goals, Labelling, ReportDef, Source,
    labels::{or, segment},
};
use crate::{
    catalogue::metrics,
    report::ReportParams,
    table::{Row, Table, Value},
};
use candor_core::{CustomDimension, DimensionScope, SiteSettings, params::url_encode};

const VALUE_NOT_DEFINED: &str = "Value not defined";

fn user(row: &mut Row, _: &Labelling<'_>) {
    let id = row.label().to_owned();
    segment(row, "userId", &id);
}

fn variable(row: &mut Row, l: &Labelling<'_>) {
    if l.level == 0 {
        let name = row.label().to_owned();
        segment(row, "customVariableName", &name);
    } else {
        row.remove_meta("slots");
        if l.alone {
            let text = format!(
                "customVariableName=={};customVariableValue=={}",
                url_encode(l.parent),
                url_encode(row.label())
            );
            row.set_meta("segment", Value::Text(text));
        }
        row.label = Some(or(row, VALUE_NOT_DEFINED));
    }
}

/// A day's visitors aren't told apart by variable; variables of pages only count their pages, but their values are
/// shown in full.
fn variables(mut table: Table, _: &Labelling<'_>) -> Table {
    table.each_row(&mut |row| drop(row.remove("nb_uniq_visitors")));
    for row in table.rows.iter_mut().filter(|row| row.get("max_actions").is_none()) {
        row.columns.retain(|(name, _)| name == "nb_actions");
    }
    table
}

/// The asked-for dimension of a site.
fn dimension_of<'a>(params: &ReportParams, site: &'a SiteSettings) -> Option<&'a CustomDimension> {
    site.dimensions.iter().find(|dimension| Some(dimension.id) == params.dimension)
}

fn dimension_record(params: &ReportParams, site: &SiteSettings) -> Result<String, String> {
    let id = params.dimension.unwrap_or(0);
    let dimension =
        dimension_of(params, site).ok_or_else(|| format!("Dimension {id} for website {} does not exist.", site.id))?;
    if !dimension.active {
        return Err(format!("Dimension {id} for website {} is not active.", site.id));
    }
    let scope = match dimension.scope {
        DimensionScope::Visit => "Visit",
        DimensionScope::Action => "Action",
    };
    Ok(format!("CustomDimensions_{scope}/{}", dimension.index))
}

fn dimension(row: &mut Row, l: &Labelling<'_>) {
    let id = l.params.dimension.unwrap_or(0);
    if l.level == 0 {
        let value = row.label().to_owned();
        segment(row, &format!("dimension{id}"), &value);
        row.label = Some(or(row, VALUE_NOT_DEFINED));
        return;
    }
    if !l.parent.is_empty() {
        let url = url_encode(row.label());
        let text = format!("dimension{id}=={};actionUrl=${url}", url_encode(l.parent));
        row.set_meta("segment", Value::Text(text));
        row.set_meta("url", Value::Text(url));
    }
}

fn other_values(row: &mut Row, l: &Labelling<'_>) {
    if l.level == 0 {
        segment(row, &format!("dimension{}", l.params.dimension.unwrap_or(0)), "-1");
    }
}

/// What a dimension of visits has computed differs from one of actions: rows say which they are by their columns.
fn computed(mut table: Table, l: &Labelling<'_>) -> Table {
    let of_actions = dimension_of(l.params, l.site).is_some_and(|d| d.scope == DimensionScope::Action);
    // visits without a value are not about the dimension
    table.rows.retain(|row| row.is_summary || !row.label().is_empty());
    if table.rows.iter().all(|row| row.number("nb_users") == 0.0) {
        table.rows.iter_mut().for_each(|row| drop(row.remove("nb_users")));
    }
    let computed = if of_actions { metrics::DIMENSION_ACTION } else { metrics::DIMENSION_VISIT };
    table.each_row(&mut |row| {
        if let (true, Some(bounces)) = (of_actions && row.get("bounce_count").is_none(), row.get("entry_bounce_count"))
        {
            let bounces = bounces.clone();
            row.set("bounce_count", bounces);
        }
        if !of_actions && row.number("nb_users") == 0.0 {
            row.remove("nb_users");
        }
        if of_actions {
            // a dimension's columns are all there, if only as 0
            for (_, value) in row.columns.iter_mut().filter(|(_, value)| *value == Value::Null) {
                *value = Value::Int(0);
            }
        }
        for metric in computed {
            if let Some(value) = metric.compute(row) {
                row.set(metric.name, value);
            }
        }
    });
    table
}

const fn custom_dimension() -> ReportDef {
    let mut report = ReportDef::rows("CustomDimensions.getCustomDimension", "Custom Dimensions", "");
    report.source = Source::Chosen(dimension_record);
    report.top_computed = &[metrics::BANDWIDTH];
    report.label_others = other_values;
    report
        .of("Custom Dimension", &[])
        .below("CustomDimensions.getCustomDimension")
        .shaped(computed)
        .labelled(dimension)
        .unlisted()
        .says("The values of a dimension that the site defined.")
}

pub(super) const REPORTS: &[ReportDef] = &[
    ReportDef::rows("UserId.getUsers", "User IDs", "UserId_users")
        .of("User ID", &["UserId_UserId"])
        .personal()
        .labelled(user)
        .listed("Visitors", "User IDs", 9)
        .says("Visits of people that the site knows by a user id."),
    ReportDef::rows("CustomVariables.getCustomVariables", "Custom Variables", "CustomVariables_valueByName")
        .of("Custom Variable name", &["CustomVariables_CustomVariableName", "CustomVariables_CustomVariableValue"])
        .goals(Goals::Visits)
        .below("CustomVariables.getCustomVariablesValuesFromNameId")
        .sorted("nb_actions")
        .shaped(variables)
        .labelled(variable)
        .listed("Visitors", "Custom Variables", 10)
        .says("Names and values that the site sent along with visits and pages."),
    ReportDef::rows(
        "CustomVariables.getCustomVariablesValuesFromNameId",
        "Custom Variables",
        "CustomVariables_valueByName",
    )
    .of("Custom Variable value", &["CustomVariables_CustomVariableValue"])
    .goals(Goals::Visits)
    .sorted("nb_actions")
    .labelled(variable)
    .listed("Visitors", "", 10)
    .only_below(),
    custom_dimension(),
];
