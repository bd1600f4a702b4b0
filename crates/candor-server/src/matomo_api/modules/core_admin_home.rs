//! `CoreAdminHome`: tracking failures, opt-out code, and what Matomo's archiving asks for.

use crate::matomo_api::{
    call::{Access, Call, Method, data, scalar},
    dispatch::ADMIN_SOMEWHERE,
    error::ApiError,
};
use candor_admin::Role;
use candor_collect::FailureReason;
use candor_core::SiteId;
use candor_query::table::Answer;
use serde_json::{Value, json};

pub(super) const METHODS: &[Method] = &[
    Method::new("getTrackingFailures", ADMIN_SOMEWHERE, tracking_failures),
    Method::new("deleteAllTrackingFailures", ADMIN_SOMEWHERE, |call| {
        call.app.failures.forget(|site, _| visible(call, site));
        Ok(Answer::Success)
    }),
    Method::new("deleteTrackingFailure", ADMIN_SOMEWHERE, |call| {
        let (site, reason): (u32, u8) =
            (call.arguments.required_number("idSite")?, call.arguments.required_number("idFailure")?);
        call.app.failures.forget(|known, why| known == site && why as u8 == reason && visible(call, known));
        Ok(Answer::Success)
    }),
    // Reports are computed when they are asked for: there is nothing to make stale or to run.
    Method::new("invalidateArchivedReports", Access::Somewhere(Role::Admin), |_| Ok(Answer::Success)),
    Method::new("runScheduledTasks", Access::SuperUser, |_| Ok(data(json!([])))),
    Method::new("runCronArchiving", Access::SuperUser, |_| Ok(Answer::Success)),
    Method::new("archiveReports", Access::SuperUser, |_| Ok(Answer::Success)),
    Method::new("getOptOutJSEmbedCode", Access::Anyone, opt_out_code),
    Method::new("whatIsNewMarkAllChangesReadForCurrentUser", Access::SignedIn, |_| Ok(Answer::Success)),
];

fn visible(call: &Call<'_>, site: u32) -> bool {
    call.caller.is_super_user() || call.caller.may(Role::Admin, SiteId(site))
}

fn tracking_failures(call: &Call<'_>) -> Result<Answer, ApiError> {
    let list = call.app.failures.list().into_iter().filter(|failure| visible(call, failure.site)).map(|failure| {
        let name = call.settings.site(SiteId(failure.site)).map_or("Unknown", |site| site.name.as_str());
        let at = failure.first_at.to_jiff().strftime("%Y-%m-%d %H:%M:%S").to_string();
        let (problem, solution, link) = match failure.reason {
            FailureReason::InvalidSite => (
                "The site does not exist.",
                "Update the configured idSite in the tracker.",
                "https://matomo.org/faq/how-to/faq_30838/",
            ),
            FailureReason::NotAuthenticated => (
                "Request was not authenticated but authentication was required.",
                "Set or correct a \"token_auth\" in your tracking request.",
                "https://matomo.org/faq/how-to/faq_30835/",
            ),
        };
        json!({
            "idsite": failure.site,
            "idfailure": failure.reason as u8,
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

fn opt_out_code(call: &Call<'_>) -> Result<Answer, ApiError> {
    use candor_core::params::url_encode;
    let server = call.arguments.text("matomoUrl").unwrap_or(call.base_url).trim_end_matches('/');
    let mut query = String::from("module=CoreAdminHome&action=optOutJS&divId=matomo-opt-out");
    for name in ["language", "showIntro", "backgroundColor", "fontColor", "fontSize", "fontFamily"] {
        if let Some(value) = call.arguments.raw(name).filter(|value| !value.is_empty()) {
            query.push_str(&format!("&{name}={}", url_encode(value)));
        }
    }
    let query = query.replace('&', "&amp;");
    Ok(scalar(format!("<div id=\"matomo-opt-out\"></div>\n<script src=\"{server}/index.php?{query}\"></script>")))
}
