//! `CoreAdminHome`: tracking failures, opt-out code, and what Matomo's archiving asks for.

use crate::{
    matomo_api::{
        call::{Access, Call, Method, data, scalar},
        dispatch::ADMIN_SOMEWHERE,
        error::ApiError,
    },
    opt_out,
};
use candor_admin::Role;
use candor_collect::FailureReason;
use candor_core::SiteId;
use candor_query::table::Answer;
use serde_json::{Value, json};
use std::borrow::Cow;

pub(super) const METHODS: &[Method] = &[
    Method::new("getTrackingFailures", ADMIN_SOMEWHERE, tracking_failures),
    Method::new("deleteAllTrackingFailures", ADMIN_SOMEWHERE, |call| {
        call.app.failures.forget(|site, _| visible(call, site));
        Ok(Answer::Success)
    }),
    Method::new("deleteTrackingFailure", ADMIN_SOMEWHERE, |call| {
        let (site, reason): (u32, u8) =
            (call.arguments.required_number("idSite")?, call.arguments.required_number("idFailure")?);
        call.app.failures.forget(|known, why| known == site && why.number() == reason && visible(call, known));
        Ok(Answer::Success)
    }),
    // Reports are computed when they are asked for: there is nothing to make stale or to run.
    Method::new("invalidateArchivedReports", Access::Somewhere(Role::Admin), |_| Ok(Answer::Success)),
    Method::new("runScheduledTasks", Access::SuperUser, |_| Ok(data(json!([])))),
    Method::new("runCronArchiving", Access::SuperUser, |_| Ok(Answer::Success)),
    Method::new("archiveReports", Access::SuperUser, |_| Ok(Answer::Success)),
    Method::new("getOptOutJSEmbedCode", Access::Anyone, opt_out_code),
    Method::new("getOptOutSelfContainedEmbedCode", Access::Anyone, |call| {
        Ok(scalar(opt_out::self_contained(&opt_out_look(call)?)))
    }),
    Method::new("whatIsNewMarkAllChangesReadForCurrentUser", Access::SignedIn, |_| Ok(Answer::Success)),
];

fn visible(call: &Call<'_>, site: u32) -> bool {
    call.caller.is_super_user() || call.caller.may(Role::Admin, SiteId(site))
}

fn tracking_failures(call: &Call<'_>) -> Result<Answer, ApiError> {
    let list = call.app.failures.list().into_iter().filter(|failure| visible(call, failure.site)).map(|failure| {
        let name = call.settings.site(SiteId(failure.site)).map_or("Unknown", |site| site.name.as_str());
        let at = failure.first_at.to_jiff().strftime("%Y-%m-%d %H:%M:%S").to_string();
        let (problem, solution, link) = advice(failure.reason);
        json!({
            "idsite": failure.site,
            "idfailure": failure.reason.number(),
            "date_first_occurred": at,
            "request_url": failure.url,
            "site_name": name,
            "pretty_date_first_occurred": at,
            "url": failure.url,
            "problem": problem,
            "solution": solution,
            "solution_url": link,
        })
    });
    Ok(data(list.collect::<Value>()))
}

/// What happened, what to do, and where more is said of it.
fn advice(reason: FailureReason) -> (Cow<'static, str>, &'static str, &'static str) {
    match reason {
        FailureReason::InvalidSite => (
            "The site does not exist.".into(),
            "Update the configured idSite in the tracker.",
            "https://matomo.org/faq/how-to/faq_30838/",
        ),
        FailureReason::NotAuthenticated => (
            "Request was not authenticated but authentication was required.".into(),
            "Set or correct a \"token_auth\" in your tracking request.",
            "https://matomo.org/faq/how-to/faq_30835/",
        ),
        FailureReason::RefusedConsent(what) => (
            format!("Choices of visitors are not recorded: \"{what}\" is wrong.").into(),
            "Correct the page that sends them; the reference of consent receipts says what each field may be.",
            "",
        ),
    }
}

/// The code of the opt-out that this server's script draws.
fn opt_out_code(call: &Call<'_>) -> Result<Answer, ApiError> {
    let server = call.arguments.text("matomoUrl").unwrap_or(call.base_url);
    if !server.starts_with("https://") && !server.starts_with("http://") {
        return Err(ApiError::invalid("matomoUrl", server, "write it as https://stats.example.org"));
    }
    opt_out_look(call)?;
    Ok(scalar(opt_out::embedded(server, &|name| call.arguments.raw(name))))
}

fn opt_out_look(call: &Call<'_>) -> Result<opt_out::Look, ApiError> {
    opt_out::Look::read(&|name| call.arguments.raw(name), "en").map_err(|(name, value)| {
        ApiError::invalid(name, value, "give colours as 3 or 6 hexadecimal digits, sizes as 15px, families as names")
    })
}
