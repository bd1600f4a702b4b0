//! The real server over a real data directory, asked over sockets.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use candor_core::{Clock, SiteId, Timestamp, settings::WithoutConsent};
use candor_ops::instance::{Instance, Options as InstanceOptions};
use candor_server::{Options, Server, ServerHandle};
use candor_store::{Cell, MemoKey};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Noon of a leap day.
struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_709_208_000)
    }
}

struct Site {
    instance: Instance,
    handle: ServerHandle,
    runtime: tokio::runtime::Runtime,
    _dir: tempfile::TempDir,
}

/// A server with one site and the super user `root`.
fn start(change: impl FnOnce(&mut Options)) -> Site {
    let dir = tempfile::tempdir().unwrap();
    let options = InstanceOptions {
        data_dir: dir.path().to_owned(),
        store: candor_store::StoreSettings::default(),
        devices: None,
        geo: vec![],
        referrers: None,
        configure: &|_| {},
    };
    let instance = Instance::open(&options, Arc::new(Noon)).unwrap();
    let mut options = Options::new("127.0.0.1:0".parse().unwrap());
    options.setup_token = Some("first".into());
    change(&mut options);
    if options.setup_token.as_deref() == Some("first") {
        instance.admin.set_up("root", "correct horse", "root@example.org").unwrap();
        let token = candor_admin::NewToken { value: Some(TOKEN), ..Default::default() };
        instance.admin.create_token("root", &token).unwrap();
        instance
            .admin
            .add_site(|site| {
                site.name = "Shop".into();
                site.urls = vec!["https://shop.test".into()];
            })
            .unwrap();
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let handle = runtime.block_on(Server::start(&instance, options)).unwrap();
    Site { instance, handle, runtime, _dir: dir }
}

/// Sends one request on a connection of its own; the whole answer as text.
fn send(address: SocketAddr, head: &str, headers: &[&str], body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let headers: String = headers.iter().map(|h| format!("{h}\r\n")).collect();
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    write!(stream, "{head} HTTP/1.1\r\nHost: stats.test\r\nConnection: close\r\n{headers}{length}\r\n{body}").unwrap();
    let mut answer = vec![];
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

impl Site {
    fn get(&self, path: &str) -> String {
        send(self.handle.address(), &format!("GET {path}"), &[], "")
    }

    fn post(&self, path: &str, headers: &[&str], body: &str) -> String {
        send(self.handle.address(), &format!("POST {path}"), headers, body)
    }

    /// Status and body of an API call as the super user.
    fn api(&self, query: &str) -> (u16, String) {
        split(&self.post(
            &format!("/index.php?module=API&format=json&{query}"),
            &[FORM],
            &format!("token_auth={TOKEN}"),
        ))
    }

    fn stop(self) {
        self.runtime.block_on(self.handle.stop());
    }
}

fn split(answer: &str) -> (u16, String) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

fn status(answer: &str) -> u16 {
    split(answer).0
}

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
    let (_, recent) = site.api("method=Live.getMostRecentVisitorId&idSite=1");
    assert_eq!(recent, r#"{"value":"0123456789abcdef"}"#);
    let rows = "select count(visitor_id), count(*) from actions";
    assert_eq!(site.instance.store.query(rows, &[]).unwrap().rows, [[Cell::Int(1), Cell::Int(3)]]);
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
    assert_eq!(report, serde_json::json!({ "counts_open_questions": true, "days": [day] }));

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
