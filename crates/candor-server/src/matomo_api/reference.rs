//! The reference page of the API's methods but for reports, which `candor-query` describes.

use super::{
    call::{Access, Method},
    modules::ALL,
};
use std::{collections::BTreeSet, fmt::Write};

fn access(method: &Method) -> String {
    match method.access {
        Access::Anyone => "anyone; answers with what they may see".to_owned(),
        Access::SignedIn => "people with an account".to_owned(),
        Access::Somewhere(role) => format!("{} on any site", role.name()),
        Access::Sites(role) => format!("{} on the sites of `idSite`", role.name()),
        Access::SitesIfAny(role) => format!("{} on the sites of `idSite`, if there are any", role.name()),
        Access::SuperUser => "super users".to_owned(),
    }
}

#[test]
fn generated_methods() {
    let mut page = "<!-- Made by `make gen`; do not edit by hand. -->\n# Methods of the Reporting API\n\n\
        `/index.php?module=API&method=SitesManager.getSiteFromId&idSite=1&format=json`, by token or session, with the \
        parameters that Matomo 5.2 documents for them.\nReports are methods too: [reports.md](reports.md).\n"
        .to_owned();
    let modules: BTreeSet<_> = ALL.iter().map(|(module, _)| *module).collect();
    for module in modules {
        write!(page, "\n## {module}\n\n| method | for |\n|---|---|\n").unwrap();
        let tables = ALL.iter().filter(|(name, _)| *name == module);
        let mut methods: Vec<_> = tables.flat_map(|(_, methods)| *methods).collect();
        methods.sort_by_key(|method| method.name);
        for method in methods {
            writeln!(page, "| `{}` | {} |", method.name, access(method)).unwrap();
        }
    }
    candor_testkit::assert_generated("docs/reference/reporting-api.md", &page);
}
