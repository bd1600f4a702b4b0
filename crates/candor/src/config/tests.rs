use super::*;

fn load(variables: &[(&str, &str)]) -> Result<Config> {
    Config::load(None, variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
}

#[test]
fn environment_overrides_defaults() {
    let config = load(&[
        ("CANDOR_LISTEN", "127.0.0.1:9000"),
        ("CANDOR_TRACKING__TITLE_DELIMITER", "/"),
        ("CANDOR_ADMIN_TOKEN", "00000000000000000000000000000042"),
        ("OTHER", "x"),
    ])
    .unwrap();
    assert_eq!(config.listen.port(), 9000);
    assert_eq!(config.admin_token.as_ref().unwrap().reveal(), "00000000000000000000000000000042");
    assert!(!format!("{config:?}").contains("42"));
    let mut settings = Settings::default();
    config.apply(&mut settings);
    assert_eq!(settings.tracker.title_delimiter, "/");
}

#[test]
fn a_bare_address_of_a_proxy_is_itself_alone() {
    let trusted = |text: &str| {
        let networks = load(&[("CANDOR_TRUSTED_PROXIES", text)])?.trusted_proxies()?;
        anyhow::Ok(networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(trusted("10.0.0.0/8, 127.0.0.1,").unwrap(), "10.0.0.0/8 127.0.0.1/32");
    assert_eq!(trusted("2001:db8::1,fd00::/8").unwrap(), "2001:db8::1/128 fd00::/8");
    let error = trusted("proxy.example").unwrap_err();
    assert_eq!(error.to_string(), "trusted_proxies: `proxy.example` is not a network; write it as 10.0.0.0/8");
}

#[test]
fn unknown_names_and_values_are_refused_with_advice() {
    assert!(format!("{:#}", load(&[("CANDOR_LISTEM", "x")]).unwrap_err()).contains("listem"));
    let error = load(&[("CANDOR_LOG__FORMAT", "yaml")]).unwrap_err();
    assert_eq!(error.to_string(), "log.format `yaml` is unknown; use text or json");
    let error = load(&[("CANDOR_STORE__MEMORY_LIMIT_MB", "64")]).unwrap_err();
    assert_eq!(error.to_string(), "store.memory_limit_mb `64` is out of range; use 100 to 1000000");
}

#[test]
fn options_of_matomo_set_ours_and_unknown_ones_only_warn() {
    let config = load(&[
        ("CANDOR_MATOMO__TRACKER__ENABLE_USERID_OVERWRITES_VISITORID", "0"),
        ("CANDOR_MATOMO__TRACKER__VISIT_STANDARD_LENGTH", "600"),
        ("CANDOR_MATOMO__TRACKER__CAMPAIGN_VAR_NAME", "c, d"),
        ("CANDOR_MATOMO__GENERAL__DATATABLE_ARCHIVING_MAXIMUM_ROWS_REFERERS", "3"),
        ("CANDOR_MATOMO__OPTION__USERIDSALT", "pepper"),
        ("CANDOR_MATOMO__LOG__LOG_WRITERS", "screen"),
    ])
    .unwrap();
    let mut settings = Settings::default();
    assert_eq!(config.matomo.apply(&mut settings), ["log.log_writers"]);
    assert!(!settings.tracker.enable_userid_overwrites_visitorid);
    assert_eq!(settings.tracker.visit_standard_length, 600);
    assert_eq!(settings.tracker.campaign_name_params, ["c", "d"]);
    assert_eq!(settings.reports.datatable_archiving_maximum_rows_referrers, 3);
    assert_eq!(settings.privacy.user_id_salt, "pepper");
}

#[test]
fn the_case_of_matomos_names_does_not_count() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("candor.toml");
    let text = "[matomo.Tracker]\nvisit_standard_length = 600\nBulk_Requests_Require_Authentication = 1\n\
                [matomo.General]\ndatatable_archiving_maximum_rows_referers = 3\n";
    std::fs::write(&file, text).unwrap();
    let variables = [("CANDOR_MATOMO__TRACKER__VISIT_STANDARD_LENGTH".to_owned(), "900".to_owned())];
    let config = Config::load(Some(&file), variables.into_iter()).unwrap();
    let mut settings = Settings::default();
    assert_eq!(config.matomo.apply(&mut settings), Vec::<String>::new());
    assert_eq!(settings.tracker.visit_standard_length, 900);
    assert!(settings.tracker.bulk_requests_require_authentication);
    assert_eq!(settings.reports.datatable_archiving_maximum_rows_referrers, 3);
}

#[test]
fn levels_of_the_log_are_known_ones() {
    for level in ["info", "DEBUG", "off", "warn, candor_ingest=debug", "candor_server[hit{id}]=trace"] {
        load(&[("CANDOR_LOG__LEVEL", level)]).unwrap();
    }
    for level in ["verbose", "", "candor_ingest=loud", "info,,debug", "a=b=debug["] {
        let error = load(&[("CANDOR_LOG__LEVEL", level)]).unwrap_err().to_string();
        assert!(error.contains("use off, error, warn, info, debug, trace"), "{level}: {error}");
    }
}

#[test]
fn half_an_account_is_remarked() {
    let remarks = |variables: &[(&str, &str)]| load(variables).unwrap().remarks().join("\n");
    assert!(remarks(&[("CANDOR_ADMIN_LOGIN", "ann")]).contains("admin_login has no effect without admin_password"));
    assert!(remarks(&[("CANDOR_ADMIN_TOKEN", "0a")]).contains("admin_token has no effect without admin_login"));
    assert_eq!(remarks(&[("CANDOR_ADMIN_LOGIN", "ann"), ("CANDOR_ADMIN_PASSWORD", "secret")]), "");
    assert_eq!(remarks(&[("CANDOR_ADMIN_LOGIN", "")]), "", "empty is not set");
}

#[test]
fn a_regime_only_tightens() {
    let config = load(&[("CANDOR_PRIVACY__REGIME", "hipaa")]).unwrap();
    let mut settings = Settings::default();
    settings.privacy.mask_ip = false;
    config.apply(&mut settings);
    assert!(settings.privacy.mask_ip && settings.privacy.force_cookieless);
    assert_eq!(settings.privacy.mask_ip_bytes, 4);
    assert_eq!(settings.privacy.regime, "hipaa");
}

#[test]
fn no_regime_allows_cookies_of_the_servers_host() {
    for (regime, allows) in [("none", true), ("eu-consent", false), ("cnil-exempt", false), ("hipaa", false)] {
        let third_party = ("CANDOR_MATOMO__TRACKER__USE_THIRD_PARTY_ID_COOKIE", "1");
        let config = load(&[third_party, ("CANDOR_PRIVACY__REGIME", regime)]).unwrap();
        let mut settings = Settings::default();
        config.apply(&mut settings);
        assert_eq!(settings.tracker.use_third_party_id_cookie, allows, "{regime}");
    }
}

#[test]
fn consent_records_learn_regime_and_controller_of_this_configuration_alone() {
    let mut settings = Settings::default();
    for (regime, controller, expected) in
        [("hipaa", "Shop GmbH, Street 1, Town", "hipaa"), ("none", "", ""), ("", "Other", "")]
    {
        let given = [("CANDOR_PRIVACY__REGIME", regime), ("CANDOR_PRIVACY__CONTROLLER", controller)];
        load(&given).unwrap().apply(&mut settings);
        assert_eq!((settings.privacy.regime.as_str(), settings.privacy.controller.as_str()), (expected, controller));
    }
}

#[test]
fn hits_without_consent_are_kept_as_they_come_or_as_exempt_ones() {
    let kept = |variables: &[(&str, &str)]| {
        let mut settings = Settings::default();
        load(variables).map(|config| config.apply(&mut settings))?;
        anyhow::Ok(settings.privacy.without_consent)
    };
    let given = |value| kept(&[("CANDOR_PRIVACY__WITHOUT_CONSENT", value)]);
    assert_eq!(kept(&[]).unwrap(), WithoutConsent::Keep);
    assert_eq!(given("exempt").unwrap(), WithoutConsent::Exempt);
    assert_eq!(given("keep").unwrap(), WithoutConsent::Keep);
    let refused = format!("{:#}", given("drop").unwrap_err());
    assert!(refused.contains("privacy.without_consent `drop` is unknown; use keep, exempt"), "{refused}");
    assert_eq!(kept(&[("CANDOR_PRIVACY__REGIME", "cnil-exempt")]).unwrap(), WithoutConsent::Exempt);
}

#[test]
fn a_secret_can_be_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, "hunter22\n").unwrap();
    let config = load(&[("CANDOR_ADMIN_PASSWORD_FILE", file.path().to_str().unwrap())]).unwrap();
    assert_eq!(config.admin_password.unwrap().reveal(), "hunter22");
}

#[test]
fn an_address_for_snippets_is_one_or_is_refused() {
    let url = |given| load(&[("CANDOR_SNIPPET__URL", given)]).map(|config| config.snippet.url);
    assert_eq!(url("").unwrap(), "");
    assert_eq!(url("https://stats.example.org/matomo.php").unwrap(), "https://stats.example.org");
    assert!(
        url("stats.example.org").unwrap_err().to_string().contains("snippet.url `stats.example.org` is not an address")
    );
}
