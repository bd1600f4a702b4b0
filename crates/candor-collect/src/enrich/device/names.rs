//! Names and codes: how they are compared, and the tables that reports need.

use super::file::{RuleFile, Table};
use candor_core::Vocabulary;
use std::collections::BTreeMap;

/// How names in hints are compared: without case and blanks. `scripts/devices/source.py` makes the tables' keys alike.
pub(super) fn fuzzy(name: &str) -> String {
    name.chars().filter(|c| *c != ' ').map(|c| c.to_ascii_lowercase()).collect()
}

/// A name with its code, as the tables spell it.
pub(super) struct Coded {
    pub(super) name: String,
    pub(super) code: String,
}

impl RuleFile {
    /// The operating system of a name.
    pub(super) fn system(&self, name: &str) -> Option<Coded> {
        self.coded(Table::OsCodes, Table::OsNames, name)
    }

    /// The browser of a name.
    pub(super) fn browser(&self, name: &str) -> Option<Coded> {
        self.coded(Table::BrowserCodes, Table::BrowserNames, name)
    }

    /// The family of an operating system's code; empty when it has none.
    pub(super) fn system_family(&self, code: &str) -> &str {
        self.lookup(Table::OsFamilies, code).unwrap_or_default()
    }

    /// The family of a browser's code; empty when it has none.
    pub(super) fn browser_family(&self, code: &str) -> &str {
        self.lookup(Table::BrowserFamilies, code).unwrap_or_default()
    }

    /// Whether a table of flags has the key.
    pub(super) fn has(&self, table: Table, key: &str) -> bool {
        self.lookup(table, key).is_some()
    }

    /// Fills in the tables that reports and segments need.
    pub(super) fn fill(&self, vocabulary: &mut Vocabulary) {
        let owned = |table| self.entries(table).map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let table = |table| -> BTreeMap<String, String> { owned(table) };
        vocabulary.os_names = table(Table::OsNames);
        vocabulary.os_families = table(Table::OsFamilies);
        vocabulary.browser_names = table(Table::BrowserNames);
        vocabulary.browser_families = table(Table::BrowserFamilies);
        vocabulary.brands = self.entries(Table::Brands).map(|(name, _)| name.to_owned()).collect();
    }

    /// Some rules are newer than the tables of codes: such a name is its own code.
    pub(super) fn named(coded: Option<Coded>, name: String) -> Coded {
        coded.unwrap_or_else(|| Coded { code: name.clone(), name })
    }

    fn coded(&self, codes: Table, names: Table, name: &str) -> Option<Coded> {
        let code = self.lookup(codes, &name.to_ascii_lowercase()).or_else(|| self.lookup(codes, &fuzzy(name)))?;
        Some(Coded { name: self.lookup(names, code)?.to_owned(), code: code.to_owned() })
    }
}
