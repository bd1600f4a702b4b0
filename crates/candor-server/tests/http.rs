//! What the server answers over HTTP: tracking, reports, settings, people, its own end.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use candor_core::SiteId;
use candor_store::MemoKey;
use std::{
    io::{Read, Write},
    net::TcpStream,
};
use support::{TOKEN, send, split, start, status};

#[test]
fn a_hit_is_in_the_reports() {
    let site = start(|_| {});
    let hit = site.get("/matomo.php?idsite=1&rec=1&url=https%3A%2F%2Fshop.test%2Fa&action_name=A&_id=0123456789abcdef");
    assert!(hit.starts_with("HTTP/1.1 200") && hit.contains("content-type: image/gif"), "{hit}");
    let bulk = r#"{"requests":["?idsite=1&rec=1&url=https://shop.test/b&_id=0123456789abcdef","?idsite=9&rec=1"]}"#;
    let answer = site.post("/piwik.php", &["Content-Type: text/plain"], bulk);
    assert!(answer.ends_with(r#"{"status":"success","tracked":1,"invalid":1}"#), "{answer}");
    assert!(site.instance.ingest.wait_applied());
    let (_, visits) = site.api("method=VisitsSummary.get&idSite=1&period=day&date=today&columns=nb_visits,nb_actions");
    assert_eq!(visits, r#"{"nb_visits":1,"nb_actions":2}"#);
    let (_, days) = site.api("method=VisitsSummary.getActions&idSite=1&period=day&date=last2");
    assert_eq!(days, r#"{"2024-02-28":0,"2024-02-29":2}"#);
    let (_, log) = site.api("method=Live.getLastVisitsDetails&idSite=1&showColumns=idVisit,actions");
    assert_eq!(log, r#"[{"idVisit":1,"actions":2}]"#);
    let (_, failures) = site.api("method=CoreAdminHome.getTrackingFailures");
    assert!(failures.contains(r#""idsite":9,"idfailure":1"#), "{failures}");
    site.stop();
}

#[test]
fn what_a_tracking_request_is_told() {
    let site = start(|_| {});
    let statuses: Vec<u16> = [
        "/matomo.php?idsite=1&rec=1&send_image=0",
        "/matomo.php?idsite=7&rec=1",
        "/matomo.php?idsite=1&rec=0",
        "/matomo.php",
        "/matomo.php?idsite=1&rec=1&cip=1.2.3.4",
    ]
    .map(|path| status(&site.get(path)))
    .into();
    assert_eq!(statuses, [204, 400, 200, 200, 400]);
    let preflight = send(
        site.handle.address(),
        "OPTIONS /matomo.php",
        &["Origin: https://shop.test", "Access-Control-Request-Method: POST"],
        "",
    );
    assert!(preflight.starts_with("HTTP/1.1 204") && preflight.contains("access-control-allow-methods: GET, POST"));
    let large = send(site.handle.address(), "POST /matomo.php", &["Content-Length: 99999999"], "");
    assert_eq!(status(&large), 413);
    site.stop();
}

#[test]
fn the_api_tells_who_may_ask_for_what() {
    let site = start(|_| {});
    let anonymous = |query: &str| split(&site.get(&format!("/?module=API&format=json&{query}")));
    assert_eq!(
        anonymous("method=API.getMatomoVersion"),
        (401, r#"{"result":"error","message":"You can't access this resource as it requires view access for at least one website."}"#.into())
    );
    let wrong = anonymous("method=API.getMatomoVersion&token_auth=wrong");
    assert!(wrong.0 == 401 && wrong.1.contains("Unable to authenticate"), "{wrong:?}");
    assert_eq!(site.api("method=API.getMatomoVersion"), (200, r#"{"value":"5.2.0"}"#.into()));
    assert_eq!(site.api("method=VisitsSummary.foo").0, 400);
    let unknown = site.api("method=Foo.bar");
    assert!(unknown.0 == 200 && unknown.1.contains("The plugin Foo is not enabled") && unknown.1.contains("&gt;"));
    let missing = site.api("method=VisitsSummary.get");
    assert_eq!(missing.1, r#"{"result":"error","message":"Please specify a value for 'idSite'."}"#);
    assert!(site.api("method=VisitsSummary.get&idSite=9&period=day&date=today").1.contains("was set to '9' ."));
    // Someone who may only see site 1.
    site.api("method=UsersManager.addUser&userLogin=ann&password=correct+horse&email=ann@example.org");
    site.api("method=UsersManager.setUserAccess&userLogin=ann&access=view&idSites=1");
    let (_, token) = anonymous(
        "method=UsersManager.createAppSpecificTokenAuth&userLogin=ann&passwordConfirmation=correct+horse&description=x",
    );
    let token = token.trim_start_matches(r#"{"value":""#).trim_end_matches(r#""}"#).to_owned();
    let ann = |query: &str| anonymous(&format!("token_auth={token}&{query}"));
    assert_eq!(ann("method=SitesManager.getSitesIdWithAtLeastViewAccess"), (200, "[1]".into()));
    let refused = ann("method=Goals.addGoal&idSite=1&name=x&matchAttribute=url&pattern=x&patternType=contains");
    assert!(refused.0 == 200 && refused.1.contains("requires write access for the website id = 1"), "{refused:?}");
    assert!(ann("method=SitesManager.addSite&siteName=x").1.contains("requires super user access"));
    site.stop();
}

#[test]
fn sites_goals_and_their_shapes() {
    let site = start(|_| {});
    assert_eq!(
        site.api("method=SitesManager.addSite&siteName=Blog&urls[]=https://blog.test/&timezone=Europe/Berlin").1,
        r#"{"value":2}"#
    );
    assert_eq!(site.instance.admin.settings().site(SiteId(2)).unwrap().urls, ["https://blog.test"]);
    let goal =
        "method=Goals.addGoal&idSite=2&name=Thanks&matchAttribute=url&pattern=thanks&patternType=contains&revenue=4.5";
    assert_eq!(site.api(goal).1, r#"{"value":1}"#);
    let list = site.api("method=Goals.getGoals&idSite=2").1;
    assert!(list.starts_with(r#"[{"idsite":2,"idgoal":1,"name":"Thanks""#), "{list}");
    let keyed = site.api("method=Goals.getGoals&idSite=2&filter_limit=-1").1;
    assert!(keyed.starts_with(r#"{"1":{"idsite":2"#), "{keyed}");
    assert_eq!(site.api("method=SitesManager.getSitesIdFromSiteUrl&url=http://www.blog.test").1, r#"[{"idsite":2}]"#);
    let note = site.api("method=Annotations.add&idSite=1&date=2024-02-29&note=sale&starred=1").1;
    assert!(note.contains(r#""note":"sale","starred":1,"user":"root","idNote":0"#), "{note}");
    let counts =
        site.api("method=Annotations.getAnnotationCountForDates&idSite=1&date=2024-02-29&period=day&lastN=2").1;
    assert_eq!(counts, r#"[[["2024-02-28",{"count":0,"starred":0}],["2024-02-29",{"count":1,"starred":1}]]]"#);
    let bulk = "method=API.getBulkRequest&urls[0]=method%3DGoals.getGoals%26idSite%3D1&urls[1]=method%3DFoo.x";
    assert!(site.api(bulk).1.starts_with(r#"[[],{"result":"error","message":"The plugin Foo"#));
    site.stop();
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let site = start(|_| {});
    let goal = |pattern: &str| {
        format!("method=Goals.addGoal&idSite=1&name=x&matchAttribute=url&patternType=regex&pattern={pattern}")
    };
    for query in [
        &*goal("a("),
        "method=SitesManager.updateSite&idSite=1&excludedIps=192.0.2.7,example.org",
        "method=SitesManager.setGlobalExcludedIps&excludedIps=1.2.3",
        "method=SitesManager.updateSite&idSite=1&currency=XYZ",
        "method=SitesManager.addSite&siteName=x&urls[]=https://x.test&currency=euro",
        "method=Annotations.add&idSite=1&date=someday&note=x",
        "method=CustomDimensions.configureNewCustomDimension&idSite=1&name=x&scope=action&active=1\
         &extractions[0][dimension]=url&extractions[0][pattern]=(a",
    ] {
        let (status, answer) = site.api(query);
        assert!(status == 200 && answer.starts_with(r#"{"result":"error""#), "{query}: {answer}");
    }
    for query in [
        &*goal("%5E/a.*(%3F=b)"),
        "method=SitesManager.updateSite&idSite=1&currency=eur&excludedIps=192.0.2.7,10.0.0.0/8,10.1.*.*,2001:db8::/32",
    ] {
        let (_, answer) = site.api(query);
        assert!(!answer.contains("error"), "{query}: {answer}");
    }
    let settings = site.instance.admin.settings();
    assert_eq!(settings.site(SiteId(1)).unwrap().currency, "EUR");
    for (date, day) in [("today", "2024-02-29"), ("yesterday", "2024-02-28"), ("2024-01-02", "2024-01-02")] {
        let (_, note) = site.api(&format!("method=Annotations.add&idSite=1&date={date}&note=x"));
        assert!(note.contains(&format!(r#""date":"{day}""#)), "{note}");
    }
    site.stop();
}

#[test]
fn nothing_is_remembered_of_a_deleted_site() {
    let site = start(|_| {});
    assert_eq!(site.api("method=SitesManager.addSite&siteName=Blog&urls[]=https://blog.test/").1, r#"{"value":2}"#);
    let keys = [1, 2].map(|id| MemoKey {
        site: SiteId(id),
        first_day: 1,
        last_day: 1,
        what: "visits".into(),
        of_segment: false,
    });
    site.instance.store.put_memos(&keys.clone().map(|key| (key, vec![1]))).unwrap();
    let (status, answer) = site.api("method=SitesManager.deleteSite&idSite=2");
    assert_eq!(status, 200, "{answer}");
    assert!(site.instance.admin.settings().site(SiteId(2)).is_none(), "{answer}");
    assert_eq!(site.instance.store.memos(&keys).unwrap(), [Some(vec![1]), None]);
    site.stop();
}

#[test]
fn people_sign_in_with_a_cookie() {
    let site = start(|_| {});
    assert!(site.get("/api/v1/session").contains(r#""needs_setup":false"#));
    let sign_in = |password: &str| {
        let body = format!(r#"{{"login":"root","password":"{password}"}}"#);
        site.post("/api/v1/session", &["Content-Type: application/json"], &body)
    };
    assert_eq!(status(&sign_in("wrong one")), 401);
    let answer = sign_in("correct horse");
    assert!(answer.ends_with(r#"{"login":"root","super_user":true}"#), "{answer}");
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    let cookie = format!("Cookie: {}", cookie.split(';').next().unwrap());
    let version = |extra: &str| {
        let head = "GET /index.php?module=API&format=json&method=API.getMatomoVersion";
        status(&send(site.handle.address(), head, &[&cookie, extra], ""))
    };
    assert_eq!(version("Accept: */*"), 200);
    assert_eq!(version("Sec-Fetch-Site: cross-site"), 401, "another site's page must not act as the signed-in person");
    assert_eq!(status(&send(site.handle.address(), "DELETE /api/v1/session", &[&cookie], "")), 204);
    assert_eq!(version("Accept: */*"), 401);
    site.stop();
}

#[test]
fn reports_keep_neither_probes_nor_people_waiting() {
    // No API call ever gets its turn, as if all were taken by long ones.
    let site = start(|options| options.api_calls_max = 0);
    assert_eq!(status(&site.get("/readyz")), 200);
    let body = r#"{"login":"root","password":"correct horse"}"#;
    assert_eq!(status(&site.post("/api/v1/session", &["Content-Type: application/json"], body)), 200);
    site.stop();
}

#[test]
fn the_first_account_needs_the_link() {
    let site = start(|options| options.setup_token = Some("secret-link".into()));
    let set_up = |token: &str| {
        let body =
            format!(r#"{{"token":"{token}","login":"root","password":"correct horse","email":"r@example.org"}}"#);
        status(&site.post("/api/v1/setup", &["Content-Type: application/json"], &body))
    };
    assert_eq!((set_up("guess"), set_up("secret-link"), set_up("secret-link")), (403, 200, 403));
    site.stop();
}

#[test]
fn every_operation_that_is_described_is_there() {
    let site = start(|_| {});
    let (_, text) = split(&site.get("/api/v1/openapi.json"));
    let description: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut asked = 0;
    for (path, operations) in description["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let answer = send(site.handle.address(), &format!("{} {path}", method.to_uppercase()), &[], "");
            assert!(![404, 405].contains(&status(&answer)), "{method} {path}: {answer}");
            asked += 1;
        }
    }
    assert!(asked >= 6, "{text}");
    assert_eq!(status(&send(site.handle.address(), "PUT /api/v1/session", &[], "")), 405);
    site.stop();
}

#[test]
fn a_collector_of_its_own_offers_nothing_else() {
    let site = start(|options| options.admin_listen = Some("127.0.0.1:0".parse().unwrap()));
    let admin = site.handle.admin_address().unwrap();
    assert_eq!(status(&site.get("/matomo.php?idsite=1&rec=1&url=https://shop.test/")), 200);
    assert_eq!(status(&site.get("/index.php?module=API&method=API.getMatomoVersion")), 404);
    assert_eq!((status(&site.get("/metrics")), status(&site.get("/healthz"))), (404, 200));
    let metrics = send(admin, "GET /metrics", &[], "");
    assert!(
        metrics.contains("candor_tracking_requests_total 1") && metrics.contains("candor_hits_total 1"),
        "{metrics}"
    );
    assert_eq!(status(&send(admin, "GET /readyz", &[], "")), 200);
    site.stop();
}

#[test]
fn pages_of_other_kinds() {
    let site = start(|_| {});
    let opt_out = site.get("/index.php?module=CoreAdminHome&action=optOutJS&divId=%3C/script%3E");
    assert!(opt_out.contains("application/javascript") && !opt_out.contains("</script>"), "{opt_out}");
    assert_eq!(status(&site.get("/index.php?module=CoreAdminHome&action=optOut&fontColor=red;x")), 400);
    assert_eq!(status(&site.get("/metrics")), 401);
    assert!(site.get("/metrics?token_auth=0123456789abcdef0123456789abcdef").contains("candor_hits_total"));
    let page = site.get("/");
    assert!(page.contains("content-security-policy") && page.contains("x-content-type-options: nosniff"), "{page}");
    assert_eq!(status(&site.get("/missing.js")), 404);
    site.stop();
}

#[test]
fn large_bodies_on_their_way_are_bounded_and_small_ones_get_through() {
    let site = start(|_| {});
    let (part, whole) = (vec![b' '; 7 << 20], 8 << 20);
    let mut unfinished: Vec<TcpStream> = vec![];
    let mut refused = 0;
    // One after the other, each all but its end.
    for _ in 0..12 {
        let mut stream = TcpStream::connect(site.handle.address()).unwrap();
        write!(stream, "POST /matomo.php HTTP/1.1\r\nhost: t\r\ncontent-length: {whole}\r\n\r\n").unwrap();
        // Who is refused may not read to the end.
        let sent = stream.write_all(&part);
        stream.set_read_timeout(Some(std::time::Duration::from_millis(300))).unwrap();
        let mut answer = [0; 12];
        match stream.read(&mut answer) {
            Ok(12) => {
                assert_eq!(&answer, b"HTTP/1.1 503");
                refused += 1;
            }
            _ if sent.is_err() => refused += 1,
            _ => unfinished.push(stream),
        }
    }
    assert!((7..=9).contains(&unfinished.len()), "{} are being read, {refused} were refused", unfinished.len());
    assert_eq!(status(&site.get("/matomo.php?idsite=1&rec=1&url=http://shop.example/")), 200);
    drop(unfinished);
    site.stop();
}

#[test]
fn why_no_hits_arrive_is_counted_by_reason() {
    let site = start(|_| {});
    for query in
        ["idsite=7&rec=1", "idsite=1&rec=1&cip=1.2.3.4", "idsite=1&rec=1&cid=x", "idsite=1", "idsite=1&rec=1&idgoal=7"]
    {
        site.get(&format!("/matomo.php?{query}"));
    }
    // As Matomo answers it.
    let broken = site.post("/matomo.php", &[], r#"{"requests":["?idsite=1&rec=1","?idsi"#);
    assert!(broken.ends_with(r#"{"status":"success","tracked":0,"invalid":0}"#), "{broken}");
    let metrics = site.get(&format!("/metrics?token_auth={TOKEN}"));
    for (reason, count) in
        [("unknown_site", 1), ("not_authorised", 1), ("invalid_value", 1), ("unknown_goal", 1), ("unreadable_bulk", 1)]
    {
        let line = format!("candor_hits_refused_total{{reason=\"{reason}\"}} {count}\n");
        assert!(metrics.contains(&line), "{line}{metrics}");
    }
    assert!(metrics.contains("candor_hits_dropped_total{reason=\"not_recorded\"} 1\n"), "{metrics}");
    site.stop();
}

#[test]
fn forms_may_be_multipart() {
    let site = start(|_| {});
    let part =
        |name: &str, value: &str| format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let body =
        [part("idsite", "1"), part("rec", "1"), part("url", "https://shop.test/?\"requests\""), "--xx--\r\n".into()];
    let answer = site.post("/matomo.php", &["Content-Type: multipart/form-data; boundary=xx"], &body.concat());
    assert_eq!(status(&answer), 200, "{answer}");
    assert!(site.get(&format!("/metrics?token_auth={TOKEN}")).contains("candor_hits_total 1"));
    site.stop();
}

#[test]
fn raw_characters_of_old_trackers_are_read() {
    let site = start(|_| {});
    let mut stream = TcpStream::connect(site.handle.address()).unwrap();
    let url = b"url=https://shop.test/a&action_name=caf\xe9 \"au <lait>\" |^{}";
    for close in ["keep-alive", "close"] {
        let head = [b"GET /matomo.php?idsite=1&rec=1&_id=0123456789abcdef&".as_slice(), url].concat();
        stream.write_all(&head).unwrap();
        write!(stream, " HTTP/1.1\r\nHost: stats.test\r\nConnection: {close}\r\n\r\n").unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        let mut rest = [0; 4096];
        let _ = stream.read(&mut rest).unwrap();
    }
    assert!(site.instance.ingest.wait_applied());
    let (_, titles) = site.api("method=Actions.getPageTitles&idSite=1&period=day&date=today&showColumns=label,nb_hits");
    assert!(titles.contains(r#""nb_hits":2"#) && titles.contains(r#"\"au \u003clait>\" |^{}"#), "{titles}");
    site.stop();
}

#[test]
fn stopping_answers_what_is_in_flight() {
    let site = start(|_| {});
    let mut slow = TcpStream::connect(site.handle.address()).unwrap();
    let body = "idsite=1&rec=1&url=https://shop.test/";
    write!(slow, "POST /matomo.php HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", body.len()).unwrap();
    let address = site.handle.address();
    // The request is under way once another one, sent later, has been answered.
    assert_eq!(status(&send(address, "GET /healthz", &[], "")), 200);
    let (runtime, handle) = (site.runtime, site.handle);
    let stopping = runtime.spawn(handle.stop());
    slow.write_all(body.as_bytes()).unwrap();
    let mut answer = vec![];
    slow.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    runtime.block_on(stopping).unwrap();
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn who_has_said_everything_is_still_answered() {
    let site = start(|_| {});
    let mut stream = TcpStream::connect(site.handle.address()).unwrap();
    write!(
        stream,
        "GET /matomo.php?idsite=1&rec=1&url=https%3A%2F%2Fshop.test%2F HTTP/1.1\r\nHost: stats.test\r\n\r\n"
    )
    .unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = vec![];
    stream.read_to_end(&mut answer).unwrap();
    assert_eq!(status(&String::from_utf8_lossy(&answer)), 200);
    site.stop();
}
