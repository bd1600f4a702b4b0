//! Requests as clients send them, and what they are told.

use super::{NOW, SUPER, WRITER, header, request, world};
use crate::{DropReason, FailureReason, Method, PIXEL, Refusal, RequestHeaders, VisitorSource};
use candor_core::{ActionKind, Goal, GoalId, MatchAttribute, Money, PatternType, ReferrerType, Signals};

const PAGE: &str = "idsite=1&rec=1&url=https%3A%2F%2Fshop.example%2F";

#[test]
fn a_page_view_becomes_a_hit() {
    let world = world(|_, _| {});
    let collected = world.get(
        "idsite=1&rec=1&url=https%3A%2F%2Fwww.Shop.example%2Fa%3Fsid%3D1%26b%3D2%23c&action_name=A+%26amp%3B+B\
         &urlref=https%3A%2F%2Fnews.example%2Fx&_id=0123456789abcdef&res=1920x1080&cookie=1&h=7&m=08&s=9&pv_id=abc123&pf_net=12",
    );
    assert_eq!((collected.reply.status, collected.reply.body.as_ref()), (200, &PIXEL[..]));
    assert_eq!(header(&collected, "cache-control"), Some("no-store"));
    let [hit] = collected.hits.as_slice() else { panic!("one hit") };
    let action = hit.action.as_ref().unwrap();
    assert_eq!(
        (action.kind, action.url.as_str(), action.url_prefix),
        (ActionKind::Page, "shop.example/a?b=2", Some(3))
    );
    assert_eq!((action.title.as_str(), hit.url.as_str()), ("A & B", "https://www.shop.example/a?b=2"));
    assert_eq!((hit.referrer.kind, hit.referrer.name.as_str()), (ReferrerType::Website, "news.example"));
    assert_eq!(hit.visitor.map(|(id, source)| (id.0, source)), Some((0x0123_4567_89ab_cdef, VisitorSource::Cookie)));
    assert_eq!((hit.revision, hit.at.seconds(), hit.local_time), (7, NOW, 7 * 3600 + 8 * 60 + 9));
    assert_eq!(
        (hit.language.as_str(), hit.location.country.as_str(), hit.ip.as_slice()),
        ("de-at", "at", &[203, 0, 0, 0][..])
    );
    assert_eq!((hit.resolution.as_str(), hit.plugins, hit.pageview_id.as_str()), ("1920x1080", 1, "abc123"));
    assert_eq!(hit.timings[0], Some(12));
}

#[test]
fn statuses_are_those_clients_know() {
    let world = world(|_, _| {});
    for (query, status) in [
        (PAGE.to_owned(), 200),
        (format!("{PAGE}&send_image=0"), 204),
        (format!("{PAGE}&send_image=1"), 200),
        ("idsite=1".into(), 200),
        (String::new(), 200),
        ("rec=1".into(), 400),
        ("idsite=0&rec=1".into(), 400),
        ("idsite=-1&rec=1".into(), 400),
        ("idsite=1x&rec=1".into(), 400),
        ("idsite=99&rec=1&send_image=0".into(), 400),
        (format!("{PAGE}&_id=zz"), 200),
        (format!("{PAGE}&cid=zz"), 400),
        (format!("{PAGE}&token_auth=wrong"), 200),
        (format!("{PAGE}&cdt={}", NOW - 90_000), 400),
        (format!("{PAGE}&cdt={}&token_auth={WRITER}", NOW - 90_000), 200),
        (format!("{PAGE}&cip=192.0.2.1"), 400),
        (format!("{PAGE}&cip=nonsense&token_auth={WRITER}"), 200),
        (format!("{PAGE}&country=de"), 400),
        (format!("{PAGE}&idgoal=77"), 400),
        (format!("{PAGE}&ca=1"), 400),
        (format!("{PAGE}&pf_net=-5"), 400),
        (format!("{PAGE}&e_c=a&e_a=b&e_v=abc"), 200),
    ] {
        assert_eq!(world.get(&query).reply.status, status, "{query}");
    }
}

#[test]
fn the_rights_are_those_of_the_site() {
    let world = world(|_, _| {});
    let status = |site, token| world.get(&format!("idsite={site}&rec=1&cip=192.0.2.1&token_auth={token}")).reply.status;
    assert_eq!([status(1, WRITER), status(2, WRITER), status(2, SUPER)], [200, 400, 200]);
}

#[test]
fn failures_name_site_and_page_only() {
    let world = world(|_, _| {});
    let failure = |query: &str| world.get(query).failures.pop().unwrap();
    let unknown = failure("idsite=99&rec=1&url=http%3A%2F%2Fa.example%2Fp%3Fsecret%3D1");
    assert_eq!(
        (unknown.site, unknown.reason, unknown.url.as_str()),
        (99, FailureReason::InvalidSite, "http://a.example/p")
    );
    assert_eq!(failure(&format!("{PAGE}&cip=192.0.2.1")).reason, FailureReason::NotAuthenticated);
    assert!(world.get(&format!("{PAGE}&idgoal=77")).failures.is_empty());
}

#[test]
fn parameters_may_be_split_between_query_and_body() {
    let world = world(|_, _| {});
    let collected = world.post(PAGE, &format!("token_auth={WRITER}&cip=192.0.2.1&idsite=2"));
    assert_eq!(collected.hits[0].site.0, 1);
    assert_eq!(header(&collected, "access-control-allow-origin"), Some("*"));
    assert_eq!(header(&collected, "cache-control"), None);
    assert_eq!(world.post("", "").reply.status, 400);
    // The body of a GET is not read.
    assert_eq!(world.send(&request(Method::Get, "", PAGE)).hits.len(), 0);
}

#[test]
fn browsers_may_ask_first() {
    let world = world(|_, _| {});
    let mut preflight = request(Method::Options, "", "");
    assert_eq!(world.send(&preflight).reply.status, 400);
    preflight.headers.access_control_request_method = "POST";
    let collected = world.send(&preflight);
    assert_eq!((collected.reply.status, header(&collected, "access-control-allow-methods")), (204, Some("GET, POST")));
    let mut post = request(Method::Post, PAGE, "");
    post.headers.origin = "https://shop.example";
    assert_eq!(header(&world.send(&post), "access-control-allow-origin"), Some("https://shop.example"));
}

#[test]
fn a_picture_stands_for_its_page() {
    let world = world(|_, _| {});
    let mut picture = request(Method::Get, "idsite=1&rec=1", "");
    picture.headers.referer = "https://shop.example/page";
    assert_eq!(world.send(&picture).hits[0].url, "https://shop.example/page");
}

#[test]
fn drops_are_silent_and_have_a_reason() {
    let world = world(|settings, site| {
        settings.privacy.respect_do_not_track = true;
        settings.tracker.exclude_requests = "e_c==noise".into();
        settings.global.excluded_user_agents = vec!["monitor".into()];
        site.excluded_ips = vec!["198.51.100.*".into()];
        site.exclude_unknown_urls = true;
    });
    let reason = |more: &str, change: &dyn Fn(&mut RequestHeaders)| {
        let query = format!("{PAGE}&token_auth={WRITER}&{more}");
        let mut request = request(Method::Get, &query, "");
        change(&mut request.headers);
        let collected = world.send(&request);
        assert_eq!((collected.reply.status, collected.hits.len() + collected.drops.len()), (200, 1), "{more}");
        collected.drops.first().copied()
    };
    assert_eq!(reason("", &|_| {}), None);
    assert_eq!(reason("", &|h| h.user_agent = "Bot/1"), Some(DropReason::Bot));
    assert_eq!(reason("bots=1", &|h| h.user_agent = "Bot/1"), None);
    assert_eq!(reason("cip=66.249.80.1", &|_| {}), Some(DropReason::BotAddress));
    assert_eq!(reason("cip=198.51.100.9", &|_| {}), Some(DropReason::ExcludedAddress));
    assert_eq!(reason("ua=a-Monitor", &|_| {}), Some(DropReason::ExcludedUserAgent));
    assert_eq!(reason("e_c=Noise&e_a=x", &|_| {}), Some(DropReason::ExcludedRequest));
    assert_eq!(reason("rec=0", &|_| {}), Some(DropReason::NotRecorded));
    assert_eq!(reason("url=http%3A%2F%2Felsewhere.example", &|_| {}), Some(DropReason::UnknownUrl));
    assert_eq!(reason("tracker_install_check=n", &|_| {}), Some(DropReason::InstallCheck));
    assert_eq!(reason("", &|h| h.sec_gpc = "1"), Some(DropReason::GlobalPrivacyControl));
    assert_eq!(reason("", &|h| h.dnt = "1"), Some(DropReason::DoNotTrack));
    assert_eq!(reason("consent=1", &|h| (h.sec_gpc, h.dnt) = ("1", "1")), None);
    assert_eq!(reason("consent=0", &|h| h.sec_gpc = "1"), Some(DropReason::GlobalPrivacyControl));
    assert_eq!(reason("", &|h| h.x_purpose = "preview"), Some(DropReason::Prefetch));
    assert_eq!(reason("", &|h| h.cookie = "matomo_ignore=ignore%3DKg%3D%3D"), Some(DropReason::IgnoreCookie));
}

#[test]
fn a_site_decides_what_signals_mean_unless_none_may_ignore_them() {
    type Signal = fn(&mut RequestHeaders);
    const SIGNALS: [Signal; 3] = [|h| h.sec_gpc = "1", |h| h.dnt = "1", |_| {}];
    let kept = |signals, regime: &'static str, query: &str| {
        let world = world(move |settings, site| {
            site.signals = signals;
            settings.privacy.regime = regime.into();
        });
        SIGNALS.map(|signal| {
            let query = format!("{PAGE}{query}");
            let mut request = request(Method::Get, &query, "");
            signal(&mut request.headers);
            world.send(&request).hits.len()
        })
    };
    assert_eq!(kept(None, "", ""), [0, 1, 1], "what holds for all sites");
    assert_eq!(kept(Some(Signals::Reject), "", ""), [0, 0, 1]);
    assert_eq!(kept(Some(Signals::Ask), "", ""), [0, 0, 1], "the server can't ask: who agreed says so");
    assert_eq!(kept(Some(Signals::Ask), "", "&consent=1"), [1, 1, 1]);
    assert_eq!(kept(Some(Signals::Ignore), "", ""), [1, 1, 1]);
    assert_eq!(kept(Some(Signals::Ignore), "eu-consent", ""), [0, 0, 1]);
}

#[test]
fn ids_of_advertising_clicks_are_dropped_from_every_address() {
    let ids = "gclid=s3cret&fbclid=s3cret&msclkid=s3cret&ttclid=s3cret&_gl=s3cret&Gad_Source=s3cret&mc_eid=s3cret";
    let address = candor_core::params::url_encode(&format!("https://shop.example/a?{ids}&page=2"));
    let referrer = candor_core::params::url_encode(&format!("https://news.example/?{ids}"));
    let world = world(|_, _| {});
    let query = format!("idsite=1&rec=1&url={address}&urlref={referrer}&idgoal=0&ec_id=1&_ref={referrer}");
    for query in [query.clone(), query.replace("&idgoal=0&ec_id=1", "")] {
        let hit = world.get(&query).hits[0].clone();
        assert!(!format!("{hit:?}").contains("s3cret"), "{hit:?}");
        assert!(hit.url.ends_with("/a?page=2"), "{}", hit.url);
    }
}

#[test]
fn do_not_track_is_confirmed() {
    let world = world(|settings, _| settings.privacy.respect_do_not_track = true);
    let mut request = request(Method::Get, PAGE, "");
    request.headers.dnt = "1";
    let collected = world.send(&request);
    assert_eq!(header(&collected, "tk"), Some("N"));
    assert!(header(&collected, "set-cookie").is_some_and(|cookie| cookie.contains("Max-Age=0")));
}

#[test]
fn nothing_is_collected_while_switched_off() {
    let world = world(|settings, _| settings.tracker.record_statistics = false);
    let collected = world.get(PAGE);
    assert_eq!((collected.reply.status, collected.hits.len()), (503, 0));
}

#[test]
fn an_order_counts_once() {
    let world = world(|_, _| {});
    let order = format!("{PAGE}&idgoal=0&ec_id=o1&revenue=5");
    let first = world.get(&order);
    assert_eq!((first.reply.status, first.hits[0].action.is_none()), (200, true));
    let second = world.get(&order);
    assert_eq!((second.reply.status, &*second.refused), (400, &[Refusal::RepeatedOrder][..]));
    assert!(second.hits[0].commerce.as_ref().is_some_and(|order| order.repeated), "it still counts for its visit");
    second.release_orders(&world.orders);
    assert_eq!(world.get(&order).reply.status, 400, "a repeated order has claimed nothing");
    first.release_orders(&world.orders);
    assert_eq!(world.get(&order).reply.status, 200);
    assert_eq!(
        world.get(&format!("{PAGE}&idgoal=0&revenue=5")).hits[0].commerce.as_ref().map(|c| c.revenue),
        Some(Money(5_000_000))
    );
}

#[test]
fn goals_see_what_is_removed_afterwards() {
    let world = world(|_, site| {
        site.goals = vec![Goal {
            id: GoalId(1),
            name: "g".into(),
            description: String::new(),
            attribute: MatchAttribute::Url,
            pattern: "sessionid=7".into(),
            pattern_type: PatternType::Contains,
            case_sensitive: false,
            allow_multiple: true,
            revenue: Money(1_000_000),
            event_value_as_revenue: false,
        }];
    });
    let reach = format!("{PAGE}%3Fsessionid%3D7&_rcn=Spring&_rck=shoes");
    let hit = world.get(&reach).hits.pop().unwrap();
    assert_eq!((hit.goals[0].id, hit.url.as_str()), (GoalId(1), "https://shop.example/"));
    assert_eq!(hit.attribution.as_ref().map(|a| (a.name.as_str(), a.keyword.as_str())), Some(("spring", "shoes")));
    let manual = world.get(&format!("{PAGE}&idgoal=1&revenue=3")).hits.pop().unwrap();
    assert_eq!((manual.goals[0].revenue, manual.action.is_none()), (Money(3_000_000), true));
    assert!(world.get(&format!("{reach}&ping=1")).hits[0].goals.is_empty());
}

#[test]
fn origins_follow_their_order() {
    let world = world(|_, site| site.excluded_referrers = vec![".pay.example".into()]);
    let origin = |page: &str, referrer: &str| {
        let encode = candor_core::params::url_encode;
        let query = format!("idsite=1&rec=1&url={}&urlref={}", encode(page), encode(referrer));
        let referrer = world.get(&query).hits[0].referrer.clone();
        (referrer.kind, referrer.name, referrer.keyword)
    };
    let expect = |kind, name: &str, keyword: &str| (kind, name.to_owned(), keyword.to_owned());
    let page = "https://shop.example/";
    assert_eq!(origin(page, ""), expect(ReferrerType::Direct, "", ""));
    assert_eq!(origin(page, "https://www.shop.example/x"), expect(ReferrerType::Direct, "", ""));
    assert_eq!(origin("https://other.example/", "https://other.example/x"), expect(ReferrerType::Direct, "", ""));
    assert_eq!(origin(page, "https://blog.example/x"), expect(ReferrerType::Website, "blog.example", ""));
    assert_eq!(origin(page, "https://a.pay.example/x"), expect(ReferrerType::Direct, "", ""));
    assert_eq!(
        origin(page, "https://www.google.com/search?q=Red+Shoes"),
        expect(ReferrerType::Search, "Google", "red shoes")
    );
    assert_eq!(origin(page, "https://www.facebook.com/"), expect(ReferrerType::Social, "Facebook", ""));
    let tagged = "https://shop.example/?utm_campaign=Spring";
    assert_eq!(origin(tagged, "https://news.example/x"), expect(ReferrerType::Campaign, "spring", ""));
    assert_eq!(
        origin(tagged, "https://www.google.com/search?q=Shoes"),
        expect(ReferrerType::Campaign, "spring", "shoes")
    );
    assert_eq!(
        origin("https://shop.example/?utm_campaign=x&ignore_referrer=1", "https://news.example/"),
        expect(ReferrerType::Direct, "", "")
    );
}

#[test]
fn bulk_bodies_are_known_by_their_shape() {
    let world = world(|_, _| {});
    let tracked = |body: &str| String::from_utf8(world.post("", body).reply.body.into_owned()).unwrap();
    let page = r#""?idsite=1&rec=1&url=https%3A%2F%2Fshop.example%2F""#;
    assert_eq!(
        tracked(&format!(r#"{{"requests":[{page},"https://x.example/matomo.php?idsite=1&rec=1"]}}"#)),
        r#"{"status":"success","tracked":2,"invalid":0}"#
    );
    assert_eq!(
        tracked(r#"{"requests":[{"idsite":1,"rec":1},{"idsite":"99","rec":"1"}]}"#),
        r#"{"status":"success","tracked":1,"invalid":1}"#
    );
    assert_eq!(
        tracked(r#"{"requests":["idsite=1&rec=1", 7, null]}"#),
        r#"{"status":"success","tracked":0,"invalid":0}"#
    );
    assert_eq!(tracked(r#"{"requests":[broken"#), r#"{"status":"success","tracked":0,"invalid":0}"#);
    assert_eq!(
        tracked(&format!(r#"{{"requests":[{page},"?idsite=9"],"token_auth":"{SUPER}"}}"#)),
        r#"{"status":"success","tracked":1,"invalid":1,"invalid_indices":[1]}"#
    );
    let silent = world.post("", &format!(r#"{{"requests":[{page}],"send_image":0}}"#));
    assert_eq!((silent.reply.status, silent.reply.body.len(), silent.hits.len()), (204, 0, 1));
}

#[test]
fn a_batchs_token_counts_for_each_hit() {
    let world = world(|_, _| {});
    let old = NOW - 200_000;
    let body = format!(r#"{{"requests":["?idsite=1&rec=1&cdt={old}","?idsite=2&rec=1&cdt={old}&token_auth={SUPER}"]"#);
    let count = |end: &str| world.post("", &format!("{body}{end}")).hits.len();
    assert_eq!(count("}"), 1);
    assert_eq!(count(&format!(r#","token_auth":"{WRITER}"}}"#)), 1);
    assert_eq!(count(&format!(r#","token_auth":"{SUPER}"}}"#)), 2);
}

#[test]
fn bulk_can_be_limited() {
    let strict = world(|settings, _| settings.tracker.bulk_requests_require_authentication = true);
    let body = |token: &str| format!(r#"{{"requests":["?idsite=1&rec=1"],"token_auth":"{token}"}}"#);
    assert_eq!((strict.post("", &body("")).reply.status, strict.post("", &body(WRITER)).reply.status), (500, 200));
    let many = format!(r#"{{"requests":[{}"?idsite=1&rec=1"]}}"#, r#""?","#.repeat(10_000));
    // Nothing in one hit, but as much to keep as in very many.
    let deep = format!(r#"{{"requests":["?idsite=1&rec=1",{{"url":[{}0]}}]}}"#, "0,".repeat(600_000));
    for body in [many, deep] {
        let collected = world(|_, _| {}).post("", &body);
        assert_eq!((collected.reply.status, collected.hits.len()), (400, 0));
    }
}

#[test]
fn the_third_party_cookie_is_an_option() {
    let world = world(|settings, _| settings.tracker.use_third_party_id_cookie = true);
    let collected = world.get(&format!("{PAGE}&_id=0123456789abcdef"));
    let cookie = header(&collected, "set-cookie").unwrap().to_owned();
    assert!(cookie.contains("; Secure; SameSite=None"));
    let mut again = request(Method::Get, PAGE, "");
    again.headers.cookie = &cookie;
    assert_eq!(world.send(&again).hits[0].visitor.map(|(id, _)| id.0), Some(0x0123_4567_89ab_cdef));
}

proptest::proptest! {
    #[test]
    fn nothing_that_is_sent_makes_it_fail(
        method in 0..5usize,
        query in proptest::collection::vec(proptest::num::u8::ANY, 0..300),
        body in proptest::collection::vec(proptest::num::u8::ANY, 0..300),
        text in "\\PC*",
    ) {
        let method = [Method::Get, Method::Head, Method::Post, Method::Options, Method::Other][method];
        let query = [b"idsite=1&rec=1&".as_slice(), &query].concat();
        let mut request = request(method, "", "");
        (request.query, request.body) = (&query, &body);
        request.headers.user_agent = &text;
        request.headers.accept_language = &text;
        request.headers.cookie = &text;
        request.headers.referer = &text;
        let collected = world(|_, _| {}).send(&request);
        proptest::prop_assert!(matches!(collected.reply.status, 200 | 204 | 400));
    }

    #[test]
    fn no_parameter_makes_it_fail(name in 0..20usize, value in ".{0,60}") {
        let names = ["url", "urlref", "action_name", "cdt", "cip", "uid", "cvar", "ec_items", "uadata", "res", "search",
            "link", "download", "e_c", "c_n", "_pkc", "_ref", "_rcn", "h", "cs"];
        let query = format!("{PAGE}&idgoal={}&e_a=a&token_auth={SUPER}&{}={}", name % 3, names[name], candor_core::params::url_encode(&value));
        let status = world(|_, _| {}).get(&query).reply.status;
        proptest::prop_assert!(matches!(status, 200 | 400));
    }
}
