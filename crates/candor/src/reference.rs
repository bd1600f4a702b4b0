//! The reference pages of settings and commands, and the example settings file.

use crate::{Arguments, config::Config};
use candor_core::Settings;
use clap::CommandFactory;
use serde_json::Value;
use std::fmt::Write;
use utoipa::{PartialSchema, ToSchema};

const HEAD: &str = "Made by `make gen`; do not edit by hand.";

/// A setting as its field declares it.
pub(crate) struct Setting {
    /// Its section; empty for those outside of any.
    section: String,
    name: String,
    says: String,
    default: Value,
}

impl Setting {
    /// Its name in the environment.
    pub(crate) fn environment(&self) -> String {
        let section = if self.section.is_empty() { String::new() } else { format!("{}__", self.section) };
        format!("CANDOR_{section}{}", self.name).to_uppercase()
    }
}

fn documented(text: &Value) -> String {
    text.as_str().unwrap_or_default().replace('\n', " ")
}

/// Every setting in the order of its declaration; `matomo` apart.
pub(crate) fn settings() -> Vec<Setting> {
    let mut types = vec![];
    Config::schemas(&mut types);
    let types: Vec<(String, Value)> =
        types.into_iter().map(|(name, schema)| (name, serde_json::to_value(schema).unwrap())).collect();
    let fields = |schema: &Value| schema["properties"].as_object().unwrap().clone();
    let top = serde_json::to_value(Config::schema()).unwrap();
    let defaults = serde_json::to_value(Config::default()).unwrap();
    let (mut alone, mut in_sections) = (vec![], vec![]);
    for (name, field) in fields(&top).into_iter().filter(|(name, _)| name != "matomo") {
        let section = field["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        let Some((_, section)) = types.iter().find(|(of, _)| Some(of.as_str()) == section) else {
            let (says, default) = (documented(&field["description"]), defaults[&name].clone());
            alone.push(Setting { section: String::new(), name, says, default });
            continue;
        };
        for (inner, field) in fields(section) {
            let (says, default) = (documented(&field["description"]), defaults[&name][&inner].clone());
            in_sections.push(Setting { section: name.clone(), name: inner, says, default });
        }
    }
    alone.extend(in_sections);
    alone
}

/// Matomo's options that have an effect: section, name, default.
fn matomo_options() -> Vec<(&'static str, String, Value)> {
    let settings = Settings::default();
    let fields = |section: Value| section.as_object().unwrap().clone();
    let sections = [
        ("tracker", fields(serde_json::to_value(&settings.tracker).unwrap())),
        ("privacy", fields(serde_json::to_value(&settings.privacy).unwrap())),
        ("general", fields(serde_json::to_value(&settings.reports).unwrap())),
    ];
    let named = |(section, fields): (&'static str, serde_json::Map<String, Value>)| {
        fields.into_iter().map(move |(name, default)| (section, name, default))
    };
    let is_ours = |name: &String| crate::config::OURS.contains(&name.as_str());
    let mut all: Vec<_> = sections.into_iter().flat_map(named).filter(|(_, name, _)| !is_ours(name)).collect();
    for (section, name, default) in &mut all {
        (*section, *name) = crate::config::matomo_name(section, name);
        if let Value::Array(words) = default {
            *default = words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",").into();
        }
    }
    all
}

fn shown(default: &Value) -> String {
    match default {
        Value::Null => "–".to_owned(),
        Value::String(text) if text.is_empty() => "–".to_owned(),
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}

#[test]
fn generated_settings() {
    let mut page = format!(
        "<!-- {HEAD} -->\n# Settings\n\nDefaults < `candor.toml` (or `--config FILE`) < environment < flags; \
         [candor.toml](candor.toml) is a file to start from. `candor check-config` prints what is in effect.\n\n\
         | setting | environment | default | meaning |\n|---|---|---|---|\n"
    );
    for setting in settings() {
        let dot = if setting.section.is_empty() { "" } else { "." };
        let (section, name, says) = (&setting.section, &setting.name, &setting.says);
        let (variable, default) = (setting.environment(), shown(&setting.default));
        writeln!(page, "| `{section}{dot}{name}` | `{variable}` | {default} | {says} |").unwrap();
    }
    page.push_str(
        "\n`CANDOR_ADMIN_PASSWORD` and `CANDOR_ADMIN_TOKEN` may also be given as `…_FILE`, the path of a file that \
         holds the value.\n\n## Matomo's own options\n\nOptions of `config.ini.php` with the same behaviour here: \
         `[matomo.<section>]` in the file, `CANDOR_MATOMO__<SECTION>__<NAME>` in the environment. `check-config` \
         names those given that have no effect.\n\n| section | option | default |\n|---|---|---|\n",
    );
    for (section, name, default) in matomo_options() {
        writeln!(page, "| `{section}` | `{name}` | {} |", shown(&default)).unwrap();
    }
    candor_testkit::assert_generated("docs/reference/settings.md", &page);
}

#[test]
fn generated_example_file() {
    let mut file = format!("# {HEAD}\n# Every setting with its default; take the `#` off what you change.\n");
    let mut section = String::new();
    for setting in settings() {
        if setting.section != section {
            section.clone_from(&setting.section);
            write!(file, "\n[{section}]\n").unwrap();
        }
        let default = if setting.default.is_null() { Value::String(String::new()) } else { setting.default };
        write!(file, "# {}\n#{} = {default}\n", setting.says, setting.name).unwrap();
    }
    // Nobody knows which `#` will be taken off: all of them must do.
    let settings: Vec<_> =
        file.lines().map(|line| line.strip_prefix('#').filter(|l| !l.starts_with(' ')).unwrap_or(line)).collect();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("candor.toml");
    std::fs::write(&path, settings.join("\n")).unwrap();
    let config = Config::load(Some(&path), std::iter::empty()).unwrap();
    assert_eq!(serde_json::to_value(&config).unwrap(), serde_json::to_value(Config::default()).unwrap());
    candor_testkit::assert_generated("docs/reference/candor.toml", &file);
}

#[test]
fn generated_commands() {
    let mut page = format!(
        "<!-- {HEAD} -->\n# Commands\n\nEvery command exits with 0 on success, 2 on a usage error, 1 on any other \
         failure, and prints errors to stderr in one line that says what to do next.\n"
    );
    add_commands(&mut page, "", &mut Arguments::command());
    candor_testkit::assert_generated("docs/reference/commands.md", &page);
}

/// The help of each command that has none below it.
fn add_commands(page: &mut String, before: &str, command: &mut clap::Command) {
    let path = format!("{before}{}", command.get_name());
    if command.get_subcommands().next().is_none() {
        let mut named = command.clone().bin_name(&path).disable_version_flag(true);
        let help = named.render_long_help().to_string();
        let lines: Vec<_> = help.lines().map(str::trim_end).collect();
        write!(page, "\n## `{path}`\n\n```text\n{}\n```\n", lines.join("\n").trim_end()).unwrap();
        return;
    }
    for below in command.get_subcommands_mut().filter(|below| below.get_name() != "help") {
        add_commands(page, &format!("{path} "), below);
    }
}
