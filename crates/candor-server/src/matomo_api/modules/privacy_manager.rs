//! `PrivacyManager`: the switches of the privacy rules.

use crate::matomo_api::{
    call::{Access, Call, Method, data, scalar},
    error::ApiError,
};
use candor_core::settings::PrivacySettings;
use candor_query::table::Answer;
use serde_json::json;

pub(super) const METHODS: &[Method] = &[
    Method::new("setAnonymizeIpSettings", Access::SuperUser, set_anonymisation),
    Method::new("getAnonymizeIpSettings", Access::SuperUser, |call| Ok(data(shown(&call.settings.privacy)))),
    Method::new("activateDoNotTrack", Access::SuperUser, |call| change(call, |p| p.respect_do_not_track = true)),
    Method::new("deactivateDoNotTrack", Access::SuperUser, |call| change(call, |p| p.respect_do_not_track = false)),
];

fn change(call: &Call<'_>, change: impl FnOnce(&mut PrivacySettings)) -> Result<Answer, ApiError> {
    let mut privacy = call.settings.privacy.clone();
    change(&mut privacy);
    call.app.admin.set_privacy(privacy)?;
    Ok(scalar(true))
}

fn set_anonymisation(call: &Call<'_>) -> Result<Answer, ApiError> {
    let given = call.arguments;
    let required = |name| given.flag(name).ok_or_else(|| ApiError::missing(name));
    let mask_ip = required("anonymizeIPEnable")?;
    let mask_ip_bytes = given.required_number("maskLength")?;
    let mask_first = required("useAnonymizedIpForVisitEnrichment")?;
    change(call, |privacy| {
        privacy.mask_ip = mask_ip;
        privacy.mask_ip_bytes = mask_ip_bytes;
        privacy.mask_ip_before_enrichment = mask_first;
        privacy.anonymize_user_id = given.is_set("anonymizeUserId");
        privacy.anonymize_order_id = given.is_set("anonymizeOrderId");
        given.text("anonymizeReferrer").unwrap_or_default().clone_into(&mut privacy.anonymize_referrer);
        privacy.force_cookieless = given.is_set("forceCookielessTracking");
    })
}

fn shown(privacy: &PrivacySettings) -> serde_json::Value {
    json!({
        "anonymizeIPEnable": privacy.mask_ip,
        "maskLength": privacy.mask_ip_bytes,
        "useAnonymizedIpForVisitEnrichment": privacy.mask_ip_before_enrichment,
        "anonymizeUserId": privacy.anonymize_user_id,
        "anonymizeOrderId": privacy.anonymize_order_id,
        "anonymizeReferrer": privacy.anonymize_referrer,
        "forceCookielessTracking": privacy.force_cookieless,
        "doNotTrackEnabled": privacy.respect_do_not_track,
    })
}
