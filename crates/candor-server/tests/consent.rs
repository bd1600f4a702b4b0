//! What visitors chose and objected to, over HTTP: consent records, tiers, opt-outs, what nobody may see or loosen.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use candor_core::settings::WithoutConsent;
use candor_store::Cell;
use support::{FORM, TOKEN, send, split, start, status};

#[test]
fn one_site_can_have_two_tiers() {
    let site = start(|_| {});
    let mut privacy = site.instance.admin.settings().privacy.clone();
    privacy.without_consent = WithoutConsent::Exempt;
    site.instance.admin.set_privacy(privacy).unwrap();
    let hit = "/matomo.php?idsite=1&rec=1&url=https%3A%2F%2Fshop.test%2Fa&_id=0123456789abcdef";
    for consent in ["", "&consent=0", "&consent=1"] {
        assert_eq!(status(&site.get(&format!("{hit}{consent}"))), 200);
    }
    assert!(site.instance.ingest.wait_applied());
    let log = |basis: &str| {
        let columns = "showColumns=visitorId,visitIp,actions";
        site.api(&format!("method=Live.getLastVisitsDetails&idSite=1&{columns}&segment=legalBasis=={basis}")).1
    };
    assert_eq!(log("exempt"), r#"[{"visitIp":"0.0.0.0","visitorId":null,"actions":2}]"#);
    let consented = r#"[{"visitIp":"127.0.0.0","visitorId":"0123456789abcdef","actions":1}]"#;
    assert_eq!(log("consented"), consented);
    assert_eq!(log("unstated"), "[]");
    let (_, tag) = site.api("method=SitesManager.getJavascriptTag&idSite=1");
    assert!(tag.contains("_paq.push(['requireCookieConsent']);"), "{tag}");
    let (_, recent) = site.api("method=Live.getMostRecentVisitorId&idSite=1");
    assert_eq!(recent, r#"{"value":"0123456789abcdef"}"#);
    let rows = "select count(visitor_id), count(*) from actions";
    assert_eq!(site.instance.store.query(rows, &[]).unwrap().rows, [[Cell::Int(1), Cell::Int(3)]]);
    site.stop();
}

#[test]
fn no_call_loosens_the_regime_that_the_server_runs_under() {
    let site = start(|_| {});
    let mut privacy = site.instance.admin.settings().privacy.clone();
    privacy.regime = "hipaa".into();
    site.instance.admin.set_privacy(privacy).unwrap();
    let given = "anonymizeIPEnable=0&maskLength=1&useAnonymizedIpForVisitEnrichment=0";
    assert_eq!(site.api(&format!("method=PrivacyManager.setAnonymizeIpSettings&{given}")).0, 200);
    assert_eq!(site.api("method=PrivacyManager.deactivateDoNotTrack").0, 200);
    let privacy = site.instance.admin.settings().privacy.clone();
    assert!(privacy.mask_ip && privacy.force_cookieless && privacy.anonymize_user_id && privacy.respect_do_not_track);
    assert_eq!((privacy.mask_ip_bytes, privacy.anonymize_referrer.as_str()), (4, "exclude_all"));
    assert_eq!(privacy.user_id_salt.len(), 32, "hashes have a salt without anybody's doing");
    let (_, tag) = site.api("method=SitesManager.getJavascriptTag&idSite=1");
    assert!(tag.contains("_paq.push(['requireConsent']);"), "{tag}");
    site.stop();
}

#[test]
fn anonymous_callers_pick_no_single_visitor_by_any_way() {
    let site = start(|_| {});
    site.api("method=UsersManager.setUserAccess&userLogin=anonymous&access=view&idSites=1");
    let anonymous = |query: &str| split(&site.get(&format!("/?module=API&format=json&idSite=1&{query}"))).1;
    let day = "period=day&date=today";
    let visits = format!("method=VisitsSummary.get&{day}");
    assert!(!anonymous(&visits).contains("error"), "{}", anonymous(&visits));
    let alice = "userId%3D%3Dalice";
    let nested = "method%3DVisitsSummary.get%26compare%3D1%26compareSegments[]%3DuserId%253D%253Dalice";
    for query in [
        format!("{visits}&segment={alice}"),
        format!("{visits}&compare=1&compareSegments[]={alice}"),
        format!(
            "method=UserCountry.getCountry&{day}&compare=1&compareSegments[]=countryCode%3D%3Dde&compareSegments[]={alice}"
        ),
        format!(
            "method=API.getProcessedReport&apiModule=UserCountry&apiAction=getCountry&{day}&compare=1&compareSegments[]={alice}"
        ),
        format!(
            "method=API.getRowEvolution&apiModule=UserCountry&apiAction=getCountry&period=day&date=last2&segment={alice}"
        ),
        format!("method=MultiSites.getAll&{day}&segment={alice}"),
        format!("method=VisitFrequency.get&{day}&segment={alice}"),
        format!("method=Transitions.getTransitionsForPageUrl&pageUrl=x&{day}&segment={alice}"),
        format!("method=Live.getCounters&lastMinutes=30&segment={alice}"),
        format!("method=Live.getLastVisitsDetails&{day}&segment={alice}"),
        format!("method=Live.getMostRecentVisitorId&segment={alice}"),
        format!("method=API.getBulkRequest&{day}&urls[]={nested}"),
        format!("method=UserId.getUsers&{day}"),
        "method=API.getRowEvolution&apiModule=UserId&apiAction=getUsers&period=day&date=last2".to_owned(),
    ] {
        assert!(anonymous(&query).contains("only for people who signed in"), "{query}: {}", anonymous(&query));
    }
    for method in ["Live.getVisitorProfile", "Live.getFirstVisitForVisitorId"] {
        let named = anonymous(&format!("method={method}&visitorId=0123456789abcdef"));
        assert!(named.contains("must be logged in"), "{method}: {named}");
    }
    let suggested = anonymous("method=API.getSuggestedValuesForSegment&segmentName=userId");
    assert!(suggested.contains("not found"), "{suggested}");
    assert!(anonymous("method=SegmentEditor.add&name=x&definition=userId%3D%3Dalice").contains("error"));
    site.stop();
}

#[test]
fn the_opt_out_needs_the_tracking_path_alone() {
    let site = start(|options| options.admin_listen = Some("127.0.0.1:0".parse().unwrap()));
    let page = site.get("/matomo.php?optout&language=de&fontSize=2em");
    assert!(page.contains("<html lang=\"de\" dir=\"ltr\">") && page.contains("font-size:2em;"), "{page}");
    assert!(page.contains("<form method=\"post\" action=\"?optout=form&amp;language=de&amp;fontSize=2em\"><h1>"));
    assert!(!page.contains("set-cookie") && !page.contains("x-frame-options"), "{page}");

    let choose = |choice: &str, headers: &[&str]| {
        site.post("/piwik.php?optout=form", &[&[FORM], headers].concat(), &format!("choice={choice}"))
    };
    let out = choose("out", &["Origin: https://stats.test"]);
    assert!(status(&out) == 303 && out.contains("location: ?optout=form&kept=out"), "{out}");
    let cookie = "matomo_ignore=ignore%3DKg%3D%3D";
    let set = format!("set-cookie: {cookie}; Path=/; Max-Age=946080000; HttpOnly; SameSite=Lax\r\n");
    assert!(out.contains(&set), "{out}");
    assert!(choose("in", &["Sec-Fetch-Site: same-origin"]).contains("matomo_ignore=; Path=/; Max-Age=0;"));
    for other in
        ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: https://evil.test", "Origin: null"]
    {
        let answer = choose("in", &[other]);
        assert!(status(&answer) == 200 && !answer.contains("set-cookie"), "{answer}");
    }

    let asked = |path: &str, cookie: &str| send(site.handle.address(), &format!("GET {path}"), &[cookie], "");
    let sent = format!("Cookie: {cookie}");
    assert!(!asked("/matomo.php?optout=form&kept=out", &sent).contains("role=\"alert\""));
    assert!(asked("/matomo.php?optout=form&kept=in", &sent).contains("role=\"alert\""));
    assert!(site.get("/matomo.php?optout=form&kept=out").contains("role=\"alert\""));
    for (path, cookie) in
        [("/matomo.php?idsite=1&rec=1", sent.as_str()), ("/matomo.php?idsite=1&rec=1&optout=1", "X: y")]
    {
        assert!(asked(path, cookie).contains("content-type: image/gif"), "{path}");
    }
    let metrics = send(site.handle.admin_address().unwrap(), "GET /metrics", &[], "");
    assert!(metrics.contains("candor_hits_total 1\n"), "{metrics}");

    let script = site.get("/matomo.php?optout=script&divId=%3C/script%3E");
    assert!(script.contains("application/javascript") && !script.contains("</script>"), "{script}");
    site.stop();
}

#[test]
fn in_a_frame_of_another_site_the_opt_out_is_also_kept_for_that_site() {
    let site = start(|options| options.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()]);
    let cookies = |headers: &[&str]| {
        let headers = [&[FORM, "X-Forwarded-Proto: https", "Sec-Fetch-Site: same-origin"], headers].concat();
        let answer = site.post("/index.php?module=CoreAdminHome&action=optOut", &headers, "choice=out");
        let cookies = answer.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        cookies.map(|cookie| cookie.split_once("HttpOnly; ").unwrap().1.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(cookies(&[]), ["Secure; SameSite=None"]);
    let framed = ["Secure; SameSite=None", "Secure; SameSite=None; Partitioned"];
    assert_eq!(cookies(&["Sec-Fetch-Dest: iframe"]), framed);
    site.stop();
}

#[test]
fn opt_out_codes_hold_nothing_foreign() {
    let site = start(|_| {});
    let value = |query: &str| {
        let (_, body) = site.api(&format!("method=CoreAdminHome.{query}"));
        serde_json::from_str::<serde_json::Value>(&body).unwrap()
    };
    let code = value("getOptOutJSEmbedCode&matomoUrl=https://x.test/%22%3E%3Cb%3E&language=de&fontColor=fff");
    let expected = "<div id=\"matomo-opt-out\"></div>\n<script src=\"https://x.test/&quot;>&lt;b>/matomo.php?\
        optout=script&amp;divId=matomo-opt-out&amp;language=de&amp;fontColor=fff\"></script>";
    assert_eq!(code["value"], expected);
    let code = value("getOptOutSelfContainedEmbedCode&language=fr&backgroundColor=123456");
    let text = code["value"].as_str().unwrap();
    assert!(text.contains("Vos visites") && text.contains("background-color:#123456;"), "{text}");
    assert_eq!((text.matches("</script>").count(), text.contains("src=")), (1, false));
    for query in ["getOptOutJSEmbedCode&matomoUrl=data:,x", "getOptOutSelfContainedEmbedCode&fontFamily=%3C"] {
        assert_eq!(value(query)["result"], "error", "{query}");
    }
    site.stop();
}

#[test]
fn refused_consent_records_are_counted_and_listed_by_reason() {
    let site = start(|_| {});
    let receipt = "consent=1&idsite=1&choice=accepted&receipt=00112233445566778899aabbccddeeff";
    for body in [
        "consent=1&idsite=7&choice=rejected",
        "consent=1&idsite=1&choice=accepted&receipt=1",
        "consent=1&idsite=1&choice=accepted",
        &format!("{receipt}&how=dream"),
    ] {
        let answer = site.post("/matomo.php", &[FORM], body);
        assert!(status(&answer) == 400 && answer.contains("this choice was not kept: "), "{answer}");
    }
    assert_eq!(status(&site.get(&format!("/matomo.php?{receipt}"))), 400);
    assert_eq!(status(&site.get("/matomo.php?consent=receipt&receipt=1")), 400);
    let metrics = site.get(&format!("/metrics?token_auth={TOKEN}"));
    let counted: Vec<&str> = metrics.lines().filter(|line| line.starts_with("candor_consents_refused_total")).collect();
    for (reason, count) in [("idsite", 1), ("receipt", 2), ("how", 1), ("method", 1)] {
        let line = format!("candor_consents_refused_total{{reason=\"{reason}\"}} {count}");
        assert!(counted.contains(&line.as_str()), "{line}: {counted:?}");
    }
    assert_eq!(counted.len(), 4);

    let listed = || {
        let (_, failures) = site.api("method=CoreAdminHome.getTrackingFailures");
        let list: Vec<serde_json::Value> = serde_json::from_str(&failures).unwrap();
        list.iter()
            .map(|f| format!("{} {} {}", f["idsite"], f["idfailure"], f["problem"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let lost = |what: &str| format!("1 100 Choices of visitors are not recorded: \"{what}\" is wrong.");
    assert_eq!(listed(), [lost("how"), lost("method"), lost("receipt"), "7 1 The site does not exist.".to_owned()]);
    site.api("method=CoreAdminHome.deleteTrackingFailure&idSite=1&idFailure=100");
    assert_eq!(listed(), ["7 1 The site does not exist."]);
    site.stop();
}

#[test]
fn consent_is_kept_counted_and_can_be_proved() {
    let site = start(|_| {});
    let id = "00112233445566778899aabbccddeeff";
    let text = site.post(
        &format!("/api/v1/consent/texts?token_auth={TOKEN}"),
        &["Content-Type: application/json", &format!("Authorization: Bearer {TOKEN}")],
        r#"{"version":"1","language":"en","text":"May we count your visit?"}"#,
    );
    let kept: serde_json::Value = serde_json::from_str(&split(&text).1).unwrap();
    let hash = kept["hash"].as_str().unwrap();
    let choose = |what: &str| {
        let body = format!("consent=1&idsite=1&version=1&language=en&time=0&expires=86400&{what}");
        site.post("/matomo.php", &[FORM, "Origin: https://shop.test"], &body)
    };
    let agreed = choose(&format!("choice=accepted&receipt={id}&how=click&text={hash}"));
    assert!(
        status(&agreed) == 200 && agreed.contains(id) && agreed.contains("access-control-allow-origin: *"),
        "{agreed}"
    );
    for other in ["choice=rejected&how=click", "choice=rejected&how=key", "choice=rejected&how=signal", "choice=shown"]
    {
        assert_eq!(status(&choose(other)), 200, "{other}");
    }
    assert_eq!(status(&choose("choice=perhaps")), 400);
    assert!(site.instance.ingest.wait_applied());

    let api = |path: &str| {
        let bearer = format!("Authorization: Bearer {TOKEN}");
        let (status, body) = split(&send(site.handle.address(), &format!("GET {path}"), &[&bearer], ""));
        (status, serde_json::from_str::<serde_json::Value>(&body).unwrap())
    };
    let (_, report) = api("/api/v1/consent?idSite=1&from=2024-02-01&to=2024-03-01");
    let day = serde_json::json!({
        "date": "2024-02-29", "version": "1", "accepted": 1, "rejected": 2, "signal": 1, "withdrawn": 0, "no_choice": 0,
    });
    assert_eq!(
        report,
        serde_json::json!({ "counts_open_questions": true,
        "counts_without_consent": false, "days": [day] })
    );

    let (head, receipt) = {
        let answer = site.get(&format!("/matomo.php?consent=receipt&receipt={id}"));
        split(&answer)
    };
    assert_eq!(head, 200, "{receipt}");
    let receipt: serde_json::Value = serde_json::from_str(&receipt).unwrap();
    let (_, chain) = api("/api/v1/consent/chain");
    assert_eq!((chain["whole"].as_bool(), chain["records"].as_u64()), (Some(true), Some(5)));
    candor_ops::receipts::verify(&receipt, chain["public_key"].as_str().unwrap()).unwrap();

    assert_eq!(status(&choose(&format!("choice=withdrawn&receipt={id}&how=click"))), 200);
    assert!(site.instance.ingest.wait_applied());
    let (_, proof) = api(&format!("/api/v1/consent/receipts/{id}"));
    assert_eq!(proof["text"], "May we count your visit?");
    let withdrawn = &proof["receipt"]["event"][1];
    assert_eq!(
        (&withdrawn["event_state"], &withdrawn["event_time"]),
        (&"withdrawn".into(), &"2024-02-29T12:00:00Z".into())
    );
    let by = &proof["receipt"]["party_identification"][0];
    assert_eq!((&by["party_name"], &by["party_url"]), (&"Shop".into(), &"https://shop.test".into()));

    let (head, words) = split(&site.get("/matomo.php?consent=receipt&receipt=ffffffffffffffffffffffffffffffff"));
    assert!(head == 404 && words.starts_with("No record was kept"), "{head} {words}");
    for path in ["consent?idSite=1&from=2024-02-01&to=2024-03-01", "consent/chain", &format!("consent/receipts/{id}")] {
        assert_eq!(status(&site.get(&format!("/api/v1/{path}"))), 401, "{path}");
    }
    site.stop();
}

#[test]
fn words_that_come_with_a_choice_are_its_proof() {
    let site = start(|_| {});
    let id = "00112233445566778899aabbccddeeff";
    let choose = |what: &str| {
        let body = format!("consent=1&idsite=1&version=3&language=en&how=click&{what}");
        status(&site.post("/matomo.php", &[FORM], &body))
    };
    // `<b>` is text like any other: the dashboard writes it as it is.
    assert_eq!(choose(&format!("choice=accepted&receipt={id}&text=May+we%3F%0A%3Cb%3ENo%3C%2Fb%3E%0AYes")), 200);
    // Of a choice that is refused no words are kept.
    assert_eq!(choose("choice=perhaps&text=Never+shown"), 400);
    assert!(site.instance.ingest.wait_applied());
    let bearer = format!("Authorization: Bearer {TOKEN}");
    let proof = send(site.handle.address(), &format!("GET /api/v1/consent/receipts/{id}"), &[&bearer], "");
    let proof: serde_json::Value = serde_json::from_str(&split(&proof).1).unwrap();
    assert_eq!(proof["text"], "May we?\n<b>No</b>\nYes");
    let kept = |words: &str| site.instance.admin.consent_text(&candor_core::consent::hash_of(words)).unwrap();
    assert_eq!(
        kept("May we?\n<b>No</b>\nYes").map(|text| (text.version, text.language)),
        Some(("3".into(), "en".into()))
    );
    assert_eq!(kept("Never shown"), None);
    site.stop();
}

#[test]
fn a_choice_with_very_long_words_is_kept_with_their_hash() {
    let site = start(|_| {});
    let policy = "Whole policy. ".repeat(10_000);
    let id = "00112233445566778899aabbccddeeff";
    let choose = |choice: &str| {
        let text = policy.replace(' ', "+");
        let body = format!("consent=1&idsite=1&receipt={id}&choice={choice}&text={text}");
        site.post("/matomo.php", &[FORM], &body)
    };
    let answer = split(&choose("accepted"));
    assert_eq!(answer, (200, format!(r#"{{"receipt":"{id}"}}"#)));
    assert_eq!(status(&choose("perhaps")), 400);
    assert!(site.instance.ingest.wait_applied());
    let (_, receipt) = split(&site.get(&format!("/matomo.php?consent=receipt&receipt={id}")));
    let hash = candor_core::consent::hash_of(&policy);
    assert!(receipt.contains(&hex::encode(hash)), "{receipt}");
    assert_eq!(site.instance.admin.consent_text(&hash).unwrap(), None);
    site.stop();
}

#[test]
fn a_receipt_names_regime_and_controller_and_shows_when_they_are_changed() {
    let site = start(|_| {});
    let id = "00112233445566778899aabbccddeeff";
    let set = |regime: &str, controller: &str| {
        let mut privacy = site.instance.admin.settings().privacy.clone();
        (privacy.regime, privacy.controller) = (regime.into(), controller.into());
        site.instance.admin.set_privacy(privacy).unwrap();
    };
    set("eu-consent", "Shop GmbH, Street 1, Town");
    let agreed = site.post("/matomo.php", &[FORM], &format!("consent=1&idsite=1&choice=accepted&receipt={id}"));
    assert_eq!(status(&agreed), 200);
    assert!(site.instance.ingest.wait_applied());
    let receipt = || -> serde_json::Value {
        let answer = site.get(&format!("/matomo.php?consent=receipt&receipt={id}"));
        serde_json::from_str(&split(&answer).1).unwrap()
    };
    let first = receipt();
    let by = |receipt: &serde_json::Value| receipt["party_identification"][0]["party_name"].clone();
    assert_eq!((&first["profile"], &first["regime"]), (&"dpv-27560:receipt-eu-gdpr".into(), &"eu-consent".into()));
    assert_eq!(by(&first), "Shop GmbH, Street 1, Town");
    let key = first["proof"]["public_key"].as_str().unwrap();
    candor_ops::receipts::verify(&first, key).unwrap();

    // The regime is that of the choice, the controller that of today: both receipts are good.
    set("", "Heir GmbH, Street 1, Town");
    let second = receipt();
    assert_eq!((&second["regime"], by(&second)), (&"eu-consent".into(), "Heir GmbH, Street 1, Town".into()));
    candor_ops::receipts::verify(&second, key).unwrap();
    let mut mixed = first.clone();
    mixed["party_identification"] = second["party_identification"].clone();
    candor_ops::receipts::verify(&mixed, key).unwrap_err();
    site.stop();
}

#[test]
fn a_receipt_is_shown_in_the_browser_or_downloaded() {
    let site = start(|_| {});
    let id = "00112233445566778899aabbccddeeff";
    let agreed = site.post("/matomo.php", &[FORM], &format!("consent=1&idsite=1&choice=accepted&receipt={id}"));
    assert_eq!(status(&agreed), 200);
    assert!(site.instance.ingest.wait_applied());
    for (parameter, shown_as) in [("", "inline"), ("&download=1", "attachment")] {
        let answer = site.get(&format!("/matomo.php?consent=receipt&receipt={id}{parameter}"));
        for header in [
            &format!("content-disposition: {shown_as}; filename=\"consent-{id}.json\""),
            "content-type: application/json; charset=utf-8",
            "x-content-type-options: nosniff",
        ] {
            assert!(answer.contains(header), "{header}\n{answer}");
        }
    }
    site.stop();
}
