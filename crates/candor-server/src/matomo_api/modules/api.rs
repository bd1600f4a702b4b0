//! `API`: what the server says of itself.

use crate::matomo_api::{
    call::{Access, Method, data, scalar},
    dispatch::VIEW_SOMEWHERE,
};
use serde_json::json;

/// The version of Matomo whose API this is.
const MATOMO_VERSION: &str = "5.2.0";

/// Plugins of Matomo whose work is done here, besides the modules there are.
const PLUGINS: [&str; 7] =
    ["BulkTracking", "CoreHome", "CustomVariables", "Ecommerce", "GeoIp2", "Intl", "WebsiteMeasurable"];

pub(super) const METHODS: &[Method] = &[
    Method::new("getMatomoVersion", VIEW_SOMEWHERE, |_| Ok(scalar(MATOMO_VERSION))),
    Method::new("getPiwikVersion", VIEW_SOMEWHERE, |_| Ok(scalar(MATOMO_VERSION))),
    // There is no PHP here; clients only look whether it is new enough.
    Method::new("getPhpVersion", Access::SuperUser, |_| {
        Ok(data(json!({ "version": "8.2.0", "major": 8, "minor": 2, "release": 0, "versionId": 80200, "extra": "" })))
    }),
    Method::new("getIpFromHeader", VIEW_SOMEWHERE, |call| Ok(scalar(call.ip.to_string()))),
    Method::new("getSettings", Access::Anyone, |_| Ok(data(json!([])))),
    Method::new("isPluginActivated", VIEW_SOMEWHERE, |call| {
        let name = call.arguments.required("pluginName")?;
        Ok(scalar(PLUGINS.contains(&name) || super::is_module(name)))
    }),
    Method::new("getAvailableMeasurableTypes", VIEW_SOMEWHERE, |_| {
        let types = [("website", "Website"), ("mobileapp", "Mobile App"), ("intranet", "Intranet Website")];
        Ok(data(types.iter().map(|(id, name)| json!({ "id": id, "name": name, "settings": [] })).collect()))
    }),
    Method::new("getPagesComparisonsDisabledFor", Access::Anyone, |_| Ok(data(json!([])))),
];
