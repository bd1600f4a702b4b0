//! `API`: what reports there are, and reports together with what is needed to show them.

use super::reports::{formatting, params, periods, request};
use crate::matomo_api::{
    call::{Call, Method},
    dispatch::{VIEW, VIEW_SOMEWHERE},
    error::ApiError,
};
use candor_admin::Role;
use candor_query::{
    period::PeriodRequest,
    report::Formatting,
    table::{Answer, Value},
};

pub(super) const METHODS: &[Method] = &[
    Method::new("getReportMetadata", VIEW_SOMEWHERE, report_metadata),
    Method::new("getMetadata", VIEW, metadata),
    Method::new("getProcessedReport", VIEW, processed),
    Method::new("getRowEvolution", VIEW, row_evolution),
];

/// The report that `apiModule` and `apiAction` name.
fn named(call: &Call<'_>) -> Result<String, ApiError> {
    Ok(format!("{}.{}", call.arguments.required("apiModule")?, call.arguments.required("apiAction")?))
}

/// Metadata may be asked for without a date.
fn periods_if_given(call: &Call<'_>, site: &candor_core::SiteSettings) -> Result<Option<PeriodRequest>, ApiError> {
    let given = call.arguments.text("period").is_some() && call.arguments.text("date").is_some();
    given.then(|| periods(call, site)).transpose()
}

/// Of one site: `idSite`, or the first of `idSites`.
fn report_metadata(call: &Call<'_>) -> Result<Answer, ApiError> {
    let parameter = if call.arguments.0.get("idSite").is_some() { "idSite" } else { "idSites" };
    let id = match call.arguments.0.get(parameter) {
        Some(_) => call.sites_of(parameter, Role::View)?.first().copied(),
        None => call.sites_with(Role::View, true).first().map(|site| site.id),
    };
    let site = id.and_then(|id| call.settings.site(id)).ok_or_else(|| ApiError::missing("idSite"))?;
    let periods = periods_if_given(call, site)?;
    let answer = call.app.reports.metadata(site, periods.as_ref(), call.arguments.is_set("showSubtableReports"));
    Ok(without_explanations(call, answer))
}

fn metadata(call: &Call<'_>) -> Result<Answer, ApiError> {
    let (site, method) = (call.site()?, named(call)?);
    let periods = periods_if_given(call, site)?;
    let described = call.app.reports.described(&method, site, &params(call.arguments), periods.as_ref());
    let described = described.ok_or_else(|| ApiError::new(format!("there is no report `{method}`")))?;
    Ok(without_explanations(call, Answer::Data(Value::List(vec![described]))))
}

/// `hideMetricsDoc` leaves out what metrics mean.
fn without_explanations(call: &Call<'_>, answer: Answer) -> Answer {
    match answer {
        Answer::Data(Value::List(reports)) if call.arguments.is_set("hideMetricsDoc") => {
            Answer::Data(Value::List(reports.into_iter().map(without_documentation).collect()))
        }
        answer => answer,
    }
}

fn without_documentation(report: Value) -> Value {
    match report {
        Value::Map(mut entries) => {
            entries.retain(|(name, _)| name != "metricsDocumentation");
            Value::Map(entries)
        }
        other => other,
    }
}

fn processed(call: &Call<'_>) -> Result<Answer, ApiError> {
    let format = formatting(call.arguments).unwrap_or(Formatting::All);
    let started = std::time::Instant::now();
    let mut answer = call.app.reports.processed(&named(call)?, &request(call)?, format)?;
    if let Answer::Parts(parts) = &mut answer {
        if call.arguments.is_set("hideMetricsDoc") {
            let hidden = |part: &mut Answer| {
                if let Answer::Data(metadata) = part {
                    *metadata = without_documentation(std::mem::replace(metadata, Value::Null));
                }
            };
            parts.iter_mut().filter(|(name, _)| name == "metadata").for_each(|(_, part)| hidden(part));
        }
        if call.arguments.flag("showTimer") != Some(false) {
            let millis = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
            parts.push(("timerMillis".into(), Answer::Scalar(Value::Int(millis))));
        }
    }
    Ok(answer)
}

fn row_evolution(call: &Call<'_>) -> Result<Answer, ApiError> {
    let mut request = request(call)?;
    if call.arguments.text("period") == Some("range") {
        // Evolution needs a course over time: the days of the range.
        let today = call.site()?.zone.day(call.app.clock.now());
        request.periods = candor_query::period::parse("day", call.arguments.required("date")?, today)?;
    }
    let column = call.arguments.text("column").unwrap_or_default();
    Ok(call.app.reports.row_evolution(&named(call)?, &request, column)?)
}
