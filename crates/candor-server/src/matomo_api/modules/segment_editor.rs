//! `SegmentEditor`: segments that people saved.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value has null where a key is missing; bodies are our own objects"
)]

use crate::matomo_api::{
    call::{Access, Call, Method, data, scalar},
    dispatch::VIEW_SOMEWHERE,
    error::ApiError,
};
use candor_admin::{Document, Role};
use candor_core::SiteId;
use candor_query::table::Answer;
use serde_json::{Value, json};

pub(super) const METHODS: &[Method] = &[
    Method::new("add", Access::SignedIn, add),
    Method::new("update", Access::SignedIn, update),
    Method::new("delete", Access::SignedIn, |call| {
        call.app.admin.delete_document(own(call)?.id)?;
        Ok(Answer::Success)
    }),
    Method::new("get", VIEW_SOMEWHERE, get),
    Method::new("getAll", VIEW_SOMEWHERE, get_all),
    Method::new("isUserCanAddNewSegment", Access::SignedIn, |call| {
        Ok(scalar(!call.sites_of("idSite", Role::View)?.is_empty()))
    }),
];

/// Bodies: `name`, `definition`, `shared` (everybody who may see the site may use it), `created_at`, `changed_at`.
const KIND: &str = "segment";

fn add(call: &Call<'_>) -> Result<Answer, ApiError> {
    let (site, mut body) = read(call)?;
    body["created_at"] = json!(call.app.clock.now().seconds());
    Ok(scalar(call.app.admin.add_document(KIND, site, call.caller.login(), &body)?))
}

fn update(call: &Call<'_>) -> Result<Answer, ApiError> {
    let old = own(call)?;
    let (site, mut body) = read(call)?;
    body["created_at"] = old.body["created_at"].clone();
    body["changed_at"] = json!(call.app.clock.now().seconds());
    call.app.admin.update_document(old.id, site, &body)?;
    Ok(Answer::Success)
}

/// Site and body. A segment for all sites or for everybody is a matter of rights.
fn read(call: &Call<'_>) -> Result<(SiteId, Value), ApiError> {
    let given = call.arguments;
    let (name, definition) = (given.required("name")?, given.required("definition")?);
    let shared = given.is_set("enabledAllUsers");
    let site = SiteId(given.number("idSite").unwrap_or(0));
    let anonymous = call.caller.is_anonymous();
    if site == SiteId(0) && !call.caller.is_super_user() {
        return Err(ApiError::super_users_only(anonymous));
    }
    let needed = if shared { Role::Admin } else { Role::View };
    if site != SiteId(0) && !call.caller.may(needed, site) {
        return Err(ApiError::no_access_to(needed, site, anonymous));
    }
    super::reports::check_segment(call, site, definition)?;
    Ok((site, json!({ "name": name, "definition": definition, "shared": shared })))
}

fn all(call: &Call<'_>) -> Result<Vec<Document>, ApiError> {
    let visible = |segment: &Document| {
        let usable = segment.site == SiteId(0) || call.caller.may(Role::View, segment.site);
        usable
            && (call.caller.is_super_user() || segment.login == call.caller.login() || segment.body["shared"] == true)
    };
    Ok(call.app.admin.documents(KIND)?.into_iter().filter(visible).collect())
}

/// What a definition was saved as, where the caller may see it.
pub(super) fn name_of(call: &Call<'_>, definition: &str) -> Result<Option<String>, ApiError> {
    let found = all(call)?.into_iter().find(|segment| segment.body["definition"] == definition);
    Ok(found.and_then(|segment| segment.body["name"].as_str().map(str::to_owned)))
}

fn one(call: &Call<'_>) -> Result<Document, ApiError> {
    let id: i64 = call.arguments.required_number("idSegment")?;
    let found = all(call)?.into_iter().find(|segment| segment.id == id);
    found.ok_or_else(|| ApiError::new(format!("there is no segment `{id}`")))
}

fn own(call: &Call<'_>) -> Result<Document, ApiError> {
    let segment = one(call)?;
    if call.caller.is_super_user() || segment.login == call.caller.login() {
        return Ok(segment);
    }
    Err(ApiError::new("this segment belongs to someone else; save a copy of your own"))
}

fn get(call: &Call<'_>) -> Result<Answer, ApiError> {
    Ok(data(shown(&one(call)?)))
}

fn get_all(call: &Call<'_>) -> Result<Answer, ApiError> {
    let site = call.arguments.number("idSite").map(SiteId);
    let wanted = |segment: &&Document| site.is_none_or(|site| segment.site == SiteId(0) || segment.site == site);
    let mut segments: Vec<Document> = all(call)?.iter().filter(wanted).cloned().collect();
    segments.sort_by_key(|segment| segment.body["name"].as_str().unwrap_or_default().to_lowercase());
    Ok(data(segments.iter().map(shown).collect()))
}

fn shown(segment: &Document) -> Value {
    use md5::{Digest, Md5};
    let definition = segment.body["definition"].as_str().unwrap_or_default();
    let time = |field: &str| {
        let at = segment.body[field].as_i64().and_then(|at| jiff::Timestamp::from_second(at).ok());
        at.map(|at| at.strftime("%Y-%m-%d %H:%M:%S").to_string())
    };
    json!({
        "idsegment": segment.id,
        "name": segment.body["name"],
        "definition": definition,
        "hash": hex::encode(Md5::digest(definition.as_bytes())),
        "login": segment.login,
        "enable_all_users": u8::from(segment.body["shared"] == true),
        "enable_only_idsite": segment.site.0,
        "auto_archive": 0,
        "ts_created": time("created_at"),
        "ts_last_edit": time("changed_at"),
        "deleted": 0,
    })
}
