//! `Transitions`: what visitors did before and after a page.

use crate::matomo_api::{
    call::{Access, Call, Method, scalar},
    dispatch::VIEW,
    error::ApiError,
};
use candor_query::{
    table::Answer,
    transitions::{Page, Transitions, Wanted},
};

pub(super) const METHODS: &[Method] = &[
    Method::new("getTransitionsForPageUrl", VIEW, |call| {
        of(call, &Page::Url(call.arguments.required("pageUrl")?.to_owned()), Wanted::ALL)
    }),
    Method::new("getTransitionsForPageTitle", VIEW, |call| {
        of(call, &Page::Title(call.arguments.required("pageTitle")?.to_owned()), Wanted::ALL)
    }),
    Method::new("getTransitionsForAction", VIEW, for_action),
    Method::new("isPeriodAllowed", Access::Anyone, |_| Ok(scalar(true))),
];

fn for_action(call: &Call<'_>) -> Result<Answer, ApiError> {
    let name = call.arguments.required("actionName")?.to_owned();
    let page = match call.arguments.required("actionType")? {
        "url" => Page::Url(name),
        "title" => Page::Title(name),
        other => return Err(ApiError::invalid("actionType", other, "use url or title")),
    };
    let parts = call.arguments.list("parts").unwrap_or_default();
    let has = |part: &str| parts.iter().any(|p| p == part);
    let wanted = Wanted {
        before: has("internalReferrers"),
        after: has("followingActions"),
        referrers: has("externalReferrers"),
    };
    of(call, &page, if parts.is_empty() || has("all") { Wanted::ALL } else { wanted })
}

fn of(call: &Call<'_>, page: &Page, wanted: Wanted) -> Result<Answer, ApiError> {
    let site = call.site()?;
    let periods = super::reports::periods(call, site)?;
    let Some(period) = periods.periods().first().copied() else { return Err(ApiError::missing("date")) };
    let segment = super::reports::segment(call, site)?;
    let transitions = Transitions {
        store: call.app.store.as_ref(),
        site,
        settings: &call.settings,
        period,
        segment: segment.as_ref(),
        limit: call.arguments.number("limitBeforeGrouping").unwrap_or(0),
    };
    // Clients know this word.
    transitions.of(page, wanted)?.map(Answer::Data).ok_or_else(|| ApiError::new("NoDataForAction"))
}
