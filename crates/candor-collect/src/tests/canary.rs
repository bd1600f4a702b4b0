//! What a rule removes is nowhere in the bytes that are kept: a secret goes into every input, and is looked for.

use super::{NOW, request, world};
use crate::{Method, RequestHeaders, TrackingRequest, VisitorSource};
use candor_core::{
    CustomDimension, DimensionScope, LegalBasis, Settings, SiteSettings, Timestamp, VisitorId, settings::WithoutConsent,
};
use std::net::IpAddr;

const SECRET: &str = "c4n4ry";

/// The bytes of all hits that a request leaves.
fn kept(change: impl FnOnce(&mut Settings, &mut SiteSettings), request: &TrackingRequest) -> Vec<u8> {
    let collected = world(change).send(request);
    assert_eq!(collected.hits.len(), 1, "status {}", collected.reply.status);
    let mut bytes = vec![];
    for hit in &collected.hits {
        hit.encode(&mut bytes).unwrap();
    }
    bytes
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.to_ascii_lowercase().windows(needle.len()).any(|window| window == needle)
}

fn get(change: impl FnOnce(&mut Settings, &mut SiteSettings), query: &str) -> bool {
    let query = format!("idsite=1&rec=1&url=https%3A%2F%2Fshop.example%2F&{query}");
    holds(&kept(change, &request(Method::Get, &query, "")), SECRET.as_bytes())
}

#[test]
fn the_search_finds_what_is_kept() {
    assert!(get(|_, _| {}, &format!("action_name={SECRET}")));
}

#[test]
fn what_is_never_kept() {
    for parameter in ["token_auth", "data", "rand", "ua", "lang", "uadata", "_idn", "unknown", "cdt", "_ref", "_rcn"] {
        assert!(!get(|_, _| {}, &format!("{parameter}={SECRET}")), "{parameter}");
    }
    let hints = [("sec-ch-ua-model", SECRET), ("x-requested-with", SECRET)];
    let headers = RequestHeaders {
        user_agent: SECRET,
        accept_language: SECRET,
        referer: SECRET,
        cookie: SECRET,
        origin: SECRET,
        via: SECRET,
        client_hints: &hints,
        ..RequestHeaders::default()
    };
    let query = "idsite=1&rec=1&url=https%3A%2F%2Fshop.example%2F";
    let request = TrackingRequest { headers, ..request(Method::Get, query, "") };
    assert!(!holds(&kept(|_, _| {}, &request), SECRET.as_bytes()));
}

#[test]
fn excluded_parameters_and_fragments() {
    let excluded = |_: &mut Settings, site: &mut SiteSettings| site.excluded_params = vec!["mail".into()];
    for url in ["?mail=c4n4ry", "?a=1&MAIL=c4n4ry", ";mail=c4n4ry", "#c4n4ry", "?mail[]=c4n4ry", "?utm_content=c4n4ry"]
    {
        let url = candor_core::params::url_encode(&format!("https://shop.example/{url}"));
        for more in ["", "&e_c=c&e_a=a", "&c_n=n", "&idgoal=0"] {
            assert!(!get(excluded, &format!("url={url}{more}")), "{url}{more}");
        }
    }
    assert!(!get(excluded, "urlref=https%3A%2F%2Fnews.example%2F%3Fmail%3Dc4n4ry"));
}

#[test]
fn addresses_are_masked() {
    let bytes = kept(|_, _| {}, &request(Method::Get, "idsite=1&rec=1", ""));
    assert!(!holds(&bytes, &[203, 0, 113, 77]) && !holds(&bytes, &[113, 77]) && !holds(&bytes, b"203.0.113.77"));
    let v6 = TrackingRequest {
        client_ip: "2001:db8:1:2:3:4:5:6".parse::<IpAddr>().unwrap(),
        ..request(Method::Get, "idsite=1&rec=1", "")
    };
    assert!(!holds(&kept(|_, _| {}, &v6), &[0, 3, 0, 4, 0, 5, 0, 6]));
}

#[test]
fn user_ids_are_hashed_and_so_is_what_is_made_of_them() {
    let hashed = |settings: &mut Settings, _: &mut SiteSettings| {
        settings.privacy.anonymize_user_id = true;
        settings.privacy.user_id_salt = "pepper".into();
    };
    assert!(!get(hashed, &format!("uid={SECRET}")));
    let visitor = |change: fn(&mut Settings, &mut SiteSettings)| {
        world(change).get(&format!("idsite=1&rec=1&uid={SECRET}")).hits[0].visitor
    };
    let (plain, salted) = (visitor(|_, _| {}), visitor(hashed));
    assert_ne!(plain, salted);
    assert!(matches!(salted, Some((_, VisitorSource::UserId))));
}

#[test]
fn order_ids_are_replaced() {
    let replaced = |settings: &mut Settings, _: &mut SiteSettings| settings.privacy.anonymize_order_id = true;
    assert!(!get(replaced, &format!("idgoal=0&ec_id={SECRET}")));
}

#[test]
fn referrers_are_cut() {
    let degree = |degree: &'static str| {
        move |settings: &mut Settings, _: &mut SiteSettings| settings.privacy.anonymize_referrer = degree.into()
    };
    let query = "urlref=https%3A%2F%2Fwww.google.com%2Fsearch%3Fq%3Dc4n4ry&idgoal=0&_ref=https%3A%2F%2Fnews.example%2F%3Fc4n4ry";
    let path = "urlref=https%3A%2F%2Fnews.example%2Fc4n4ry&idgoal=0&_ref=https%3A%2F%2Fnews.example%2Fc4n4ry";
    let host = "urlref=https%3A%2F%2Fc4n4ry.example%2F&idgoal=0&_ref=https%3A%2F%2Fc4n4ry.example%2F&mtm_campaign=x";
    assert!(!get(degree("exclude_query"), query));
    assert!(!get(degree("exclude_path"), query) && !get(degree("exclude_path"), path));
    for given in [query, path, host] {
        assert!(!get(degree("exclude_all"), given), "{given}");
    }
}

#[test]
fn cookies_ids_are_ignored() {
    let cookieless = |settings: &mut Settings, _: &mut SiteSettings| settings.privacy.force_cookieless = true;
    let world = world(cookieless);
    let visitor = |query: &str| world.get(&format!("idsite=1&rec=1&{query}")).hits[0].visitor;
    assert_eq!(visitor("_id=0123456789abcdef"), None);
    assert!(visitor("uid=anna").is_some());
}

#[test]
fn hits_come_back_from_their_bytes() {
    let bytes = kept(|_, _| {}, &request(Method::Get, "idsite=1&rec=1&uid=u&idgoal=0&ec_id=o", ""));
    let hit = crate::Hit::decode(&bytes).unwrap();
    assert_eq!((hit.user_id.as_str(), hit.at), ("u", Timestamp::from_seconds(NOW)));
}

/// Hits without consent are kept as exempt ones.
fn two_tiers(settings: &mut Settings, site: &mut SiteSettings) {
    settings.privacy.without_consent = WithoutConsent::Exempt;
    site.ecommerce = true;
    let dimension = |id, scope| CustomDimension {
        id,
        index: 1,
        name: "person".into(),
        scope,
        active: true,
        extractions: vec![],
        case_sensitive: false,
    };
    site.dimensions = vec![dimension(1, DimensionScope::Visit), dimension(2, DimensionScope::Action)];
}

/// What could be used to recognise somebody, with the canary in it.
const PERSONAL: [&str; 17] = [
    "uid=c4n4ry",
    "idgoal=0&ec_id=c4n4ry",
    "urlref=https%3A%2F%2Fnews.example%2Fc4n4ry%3Fc4n4ry",
    "urlref=https%3A%2F%2Fwww.google.com%2Fsearch%3Fq%3Dc4n4ry",
    "idgoal=0&_rcn=c4n4ry&_ref=https%3A%2F%2Fnews.example%2F",
    "idgoal=0&_ref=https%3A%2F%2Fnews.example%2Fc4n4ry",
    "dimension1=c4n4ry",
    "_cvar=%7B%221%22%3A%5B%22c4n4ry%22%2C%22c4n4ry%22%5D%7D",
    "res=c4n4ry",
    "city=c4n4ry&region=c4n4ry&token_auth=super-token",
    "lang=de-c4n4ry",
    "pv_id=c4n4ry",
    "cvar=%7B%221%22%3A%5B%22c4n4ry%22%2C%22c4n4ry%22%5D%7D",
    "dimension2=c4n4ry",
    "url=https%3A%2F%2Fshop.example%2F%3Fmtm_campaign%3Dx%26mtm_cid%3Dc4n4ry",
    "url=https%3A%2F%2Fshop.example%2F%3Fmtm_campaign%3Dx%26mtm_clid%3Dc4n4ry",
    "url=https%3A%2F%2Fshop.example%2F%3Futm_campaign%3Dx%26utm_id%3Dc4n4ry",
];

#[test]
fn without_consent_nothing_of_the_person_is_kept() {
    for query in PERSONAL {
        assert!(!get(two_tiers, query), "{query}");
    }
    let with_consent = PERSONAL.iter().filter(|query| get(two_tiers, &format!("{query}&consent=1"))).count();
    assert_eq!(with_consent, PERSONAL.len() - 1, "nearly all of it is kept of those who consented");
    let world = world(two_tiers);
    let kept = |query: &str| world.get(&format!("idsite=1&rec=1&{query}")).hits[0].clone();
    let all = "_id=0123456789abcdef&cid=0123456789abcdef&cookie=1&pdf=1&res=1920x1080&h=13&m=59&s=58&lang=de-AT";
    let exempt = kept(all);
    assert_eq!(exempt.legal_basis, LegalBasis::Exempt);
    assert_eq!((exempt.visitor, exempt.fresh_visitor), (None, VisitorId(0)));
    assert_eq!(exempt.ip, [0; 4]);
    assert_eq!((exempt.plugins, exempt.local_time), (0, 13 * 3600));
    assert_eq!((&*exempt.resolution, &*exempt.language, &*exempt.location.country), ("unknown", "de", "at"));
}

#[test]
fn with_consent_the_same_page_is_kept_as_it_came() {
    let world = world(two_tiers);
    let kept = |query: &str| world.get(&format!("idsite=1&rec=1&{query}")).hits[0].clone();
    let hit = kept("consent=1&_id=0123456789abcdef&res=1920x1080");
    assert_eq!(hit.legal_basis, LegalBasis::Consented);
    assert_eq!(hit.visitor, Some((VisitorId(0x0123_4567_89ab_cdef), VisitorSource::Cookie)));
    assert_eq!(hit.resolution, "1920x1080");
    assert_ne!(hit.fingerprint, kept("").fingerprint, "what came before consent can't be tied to it");
    for given in ["consent=0", "consent=", "consent=yes", "consent[]=1", "consent=01"] {
        assert_eq!(kept(given).legal_basis, LegalBasis::Exempt, "{given}");
    }
}

#[test]
fn without_tiers_the_basis_is_what_the_page_says() {
    let world = world(|_, _| {});
    let basis = |query: &str| world.get(&format!("idsite=1&rec=1&{query}")).hits[0].legal_basis;
    assert_eq!((basis(""), basis("consent=1")), (LegalBasis::Unstated, LegalBasis::Consented));
}

#[test]
fn the_server_sets_no_cookie_without_consent() {
    let world = world(|settings, site| {
        two_tiers(settings, site);
        settings.tracker.use_third_party_id_cookie = true;
    });
    let sets = |query: &str| {
        let headers = world.get(&format!("idsite=1&rec=1&{query}")).reply.headers;
        headers.iter().any(|(name, _)| *name == "set-cookie")
    };
    assert!(!sets(""));
    assert!(sets("consent=1"));
}
