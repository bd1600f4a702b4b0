//! The API's modules: a table of methods each. To add a method: one function and one row.

mod annotations;
mod api;
mod comparison;
mod core_admin_home;
mod custom_dimensions;
mod custom_variables;
mod goals;
mod languages_manager;
mod live;
mod privacy_columns;
mod privacy_manager;
mod report_metadata;
pub(super) mod reports;
mod segment_editor;
mod segments;
mod sites_access;
mod sites_global;
mod sites_manager;
mod snippets;
mod transitions;
mod user_country;
mod users_manager;
mod users_preferences;

use super::call::Method;

/// Every module with its methods. A module may have several tables.
pub(super) const ALL: &[(&str, &[Method])] = &[
    ("API", api::METHODS),
    ("API", report_metadata::METHODS),
    ("API", segments::METHODS),
    ("Annotations", annotations::METHODS),
    ("CoreAdminHome", core_admin_home::METHODS),
    ("CustomDimensions", custom_dimensions::METHODS),
    ("CustomVariables", custom_variables::METHODS),
    ("Goals", goals::METHODS),
    ("LanguagesManager", languages_manager::METHODS),
    ("Live", live::METHODS),
    ("PrivacyManager", privacy_manager::METHODS),
    ("PrivacyManager", privacy_columns::METHODS),
    ("SegmentEditor", segment_editor::METHODS),
    ("SitesManager", sites_manager::METHODS),
    ("SitesManager", sites_access::METHODS),
    ("SitesManager", sites_global::METHODS),
    ("SitesManager", snippets::METHODS),
    ("Transitions", transitions::METHODS),
    ("UserCountry", user_country::METHODS),
    ("UsersManager", users_manager::METHODS),
    ("UsersManager", users_preferences::METHODS),
];

/// A method by its module and name.
pub(super) fn find(module: &str, name: &str) -> Option<&'static Method> {
    let tables = ALL.iter().filter(|(known, _)| *known == module);
    tables.flat_map(|(_, methods)| *methods).find(|method| method.name == name)
}

/// A report of the catalogue by its method.
pub(super) fn find_report(method: &str) -> Option<&'static Method> {
    reports::find(method)
}

/// Whether clients may expect this module: one of ours, or one whose reports the catalogue has.
pub(super) fn is_module(module: &str) -> bool {
    ALL.iter().any(|(known, _)| *known == module) || reports::is_module(module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_method_is_listed_twice() {
        let mut names: Vec<String> = ALL
            .iter()
            .flat_map(|(module, methods)| methods.iter().map(move |m| format!("{module}.{}", m.name)))
            .collect();
        names.sort();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
