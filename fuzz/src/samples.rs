//! Samples of our own that inputs are made of.

use crate::everything::{Agent, collect};
use candor_collect::Method;

const QUERIES: [&str; 10] = [
    "url=http%3A%2F%2Fexample.org%2Fa%2Fb%3Fx%3D1%23top&action_name=News%20%2F%20Today&urlref=https%3A%2F%2Fwww.google.com%2Fsearch%3Fq%3Dcandor&_id=0123456789abcdef&res=1920x1080&h=10&m=20&s=30&lang=de-DE&cookie=1&pv_id=a1b2c3&gt_ms=120",
    "url=http://example.org/?mtm_campaign=summer&mtm_kwd=shoes&_rcn=old&_rck=key&_ref=http://other.test/&_refts=1699990000&uid=ann%40example.org",
    "e_c=Video&e_a=Play&e_n=Intro&e_v=12.5&url=http://example.org/&ca=1",
    "search=blue%20shoes&search_cat=%5B%22a%22%2C%22b%22%5D&search_count=3&url=http://example.org/find",
    "download=http://example.org/file.pdf&url=http://example.org/file.pdf&bw_bytes=1234&pf_net=1&pf_srv=2&pf_tfr=3&pf_dm1=4&pf_dm2=5&pf_onl=6",
    "link=https%3A%2F%2Felsewhere.test%2F%3Fa%3Db&url=https%3A%2F%2Felsewhere.test%2F",
    "c_n=Banner&c_p=%2Fimg%2Fone.png&c_t=http%3A%2F%2Fexample.org%2Ftarget&c_i=click&url=http://example.org/",
    "idgoal=0&revenue=19.99&ec_id=A-17&ec_st=15&ec_tx=3.2&ec_sh=1&ec_dt=0.5&ec_items=%5B%5B%22sku1%22%2C%22Name%22%2C%5B%22Cat%201%22%2C%22Cat%202%22%5D%2C8.5%2C2%5D%5D&url=http://example.org/cart",
    "idgoal=1&revenue=5&url=http://example.org/&_cvar=%7B%221%22%3A%5B%22name%22%2C%22value%22%5D%7D&cvar=%7B%225%22%3A%5B%22_pkc%22%2C%22%5B%5C%22a%5C%22%5D%22%5D%7D&dimension1=abc",
    "cdt=2023-11-14%2021%3A00%3A00&cip=2001:db8::1&token_auth=0123456789abcdef0123456789abcdef&country=de&region=BE&city=Berlin&lat=52.5&long=13.4&ua=Mozilla%2F5.0&uadata=%7B%22brands%22%3A%5B%7B%22brand%22%3A%22Chromium%22%2C%22version%22%3A%22120%22%7D%5D%2C%22platform%22%3A%22Linux%22%7D&url=http://example.org/&ping=1&new_visit=1&queuedtracking=0&send_image=0",
];

/// Parameters of the tracking API, and what has a meaning inside of values.
pub(crate) const QUERY_WORDS: &[&str] = &[
    "&",
    "=",
    "%",
    "%00",
    "%ff",
    "%e2%80",
    "+",
    "[",
    "]",
    "[]",
    "{",
    "}",
    "\"",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "http://",
    "https://[::1]:99999/",
    "//",
    "..",
    "#",
    "?",
    "url=",
    "action_name=",
    "urlref=",
    "_id=",
    "cid=",
    "uid=",
    "cdt=",
    "cdo=",
    "cip=",
    "idgoal=",
    "revenue=",
    "ec_items=",
    "ec_id=",
    "_cvar=",
    "cvar=",
    "dimension1=",
    "search=",
    "search_cat=",
    "search_count=",
    "e_c=",
    "e_v=",
    "c_n=",
    "c_i=",
    "link=",
    "download=",
    "res=",
    "lang=",
    "ua=",
    "uadata=",
    "cs=windows-1252",
    "cs=utf-16",
    "cs=shift_jis",
    "country=",
    "lat=",
    "long=",
    "gt_ms=",
    "pf_net=",
    "pv_id=",
    "ping=1",
    "ca=1",
    "bots=1",
    "new_visit=1",
    "rec=0",
    "idsite=",
    "h=25",
    "_idts=",
    "_viewts=",
    "_ects=",
    "secret=",
    "abc",
];

const AGENTS: [&str; 9] = [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36\n\"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\"\n\"Chromium\";v=\"131.0.6778.85\"\n\"\"\n\"Linux\"\n\"6.5.0\"\norg.example.app",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36\n\"Google Chrome\";v=\"124\"\n\n\"Pixel 7\"\n\"Android\"\n\"14.0.0\"",
    "Mozilla/5.0 (Linux; Android 13; SM-G991B Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/119.0.6045.163 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/440.0.0.30.110;]",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0",
    "Opera/9.80 (Windows NT 6.1; U; en) Presto/2.8.131 Version/11.11",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/538.1 (KHTML, like Gecko) Version/6.0 TV Safari/538.1",
    "Dalvik/2.1.0 (Linux; U; Android 12; Redmi Note 11 Build/SKQ1.211103.001)",
];

/// Parts of user agents that rules look for.
pub(crate) const AGENT_WORDS: &[&str] = &[
    "Mozilla/5.0",
    "(",
    ")",
    ";",
    "/",
    ".",
    "_",
    " ",
    "Android 14",
    "Linux",
    "Windows NT 11.0",
    "Mac OS X 10_15_7",
    "iPad",
    "Chrome/",
    "Version/",
    "Safari/",
    "Mobile",
    "Tablet",
    "TV",
    "Build/",
    "wv",
    "bot",
    "crawler",
    "compatible",
    "MSIE 6.0",
    "Trident/7.0",
    "Edg/",
    "OPR/",
    "SamsungBrowser/",
    "UCBrowser/",
    "Nokia",
    "HUAWEI",
    "LG-",
    "SM-T",
    "Touch",
    "KaiOS/2.5",
    "x64",
    "arm",
    "\n",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "0.0.0.0.0.0.0.0.0.0.0.0",
    "((((((((((((((((",
];

const SEGMENTS: [&str; 8] = [
    "browserCode==FF;visitCount>1",
    "countryCode==de,countryCode==at;actions>=3;actions<=10",
    "pageUrl=@%2Fshop%2F;pageTitle=^News",
    "visitorId==0123456789abcdef",
    "referrerName!=;referrerKeyword!@shoes%2Cboots",
    "visitIp>=10.0.0.0;visitIp<10.255.255.255",
    "eventCategory=$deo%3Bx,searches!=0",
    "visitServerHour==12;visitDuration>60,deviceType==smartphone",
];

pub(crate) const SEGMENT_WORDS: &[&str] = &[
    "==",
    "!=",
    ">=",
    "<=",
    "<",
    ">",
    "=@",
    "!@",
    "=^",
    "=$",
    ";",
    ",",
    "\\,",
    "\\;",
    "%2C",
    "%253B",
    "%25",
    "%",
    "browserCode",
    "actions",
    "pageUrl",
    "visitIp",
    "userId",
    "visitorType",
    "new",
    "10.0.0.0/8",
    "::1",
    "'",
    "\"",
    "--",
    "\\",
    "\u{e9}",
    "\u{202e}",
    "\0",
];

pub(crate) fn queries() -> Vec<Vec<u8>> {
    QUERIES.map(|query| query.as_bytes().to_vec()).into()
}

pub(crate) fn bulks() -> Vec<Vec<u8>> {
    let quoted = QUERIES.map(|query| format!("\"?idsite=1&rec=1&{query}\""));
    let object = "{\"idsite\":1,\"rec\":\"1\",\"url\":\"http:\\/\\/example.org\\/\\u00e9\",\"e_c\":\"a\",\"e_a\":\"b\",\"e_v\":1.5}";
    let whole = format!("{{\"requests\":[{},{object}],\"token_auth\":\"0123\",\"send_image\":0}}", quoted.join(","));
    quoted.into_iter().chain([object.into(), whole]).map(String::into_bytes).collect()
}

pub(crate) const CONSENT_WORDS: &[&str] = &[
    "choice=",
    "accepted",
    "rejected",
    "withdrawn",
    "shown",
    "receipt=",
    "purposes=",
    "version=",
    "language=",
    "text=",
    "signals=",
    "expires=",
    "time=",
    "%0A",
    "%0D",
    "=",
    "&",
    "+",
    "%00",
    "\u{2028}",
    "\u{85}",
];

pub(crate) fn consents() -> Vec<Vec<u8>> {
    let receipt = "00112233445566778899aabbccddeeff";
    let agreed = format!("choice=accepted&receipt={receipt}&purposes=statistics+media&version=2&language=de&how=key");
    let refused = "choice=rejected&how=signal&signals=gpc+dnt&version=1&time=1000&expires=90000&text=";
    vec![agreed.into_bytes(), refused.into(), format!("choice=withdrawn&receipt={receipt}&how=click").into_bytes()]
}

pub(crate) fn user_agents() -> Vec<Vec<u8>> {
    AGENTS.map(|agent| agent.as_bytes().to_vec()).into()
}

pub(crate) fn segments() -> Vec<Vec<u8>> {
    SEGMENTS.map(|segment| segment.as_bytes().to_vec()).into()
}

/// Records of the hit log, of [`QUERIES`].
pub(crate) fn records() -> Vec<Vec<u8>> {
    let hits = QUERIES.into_iter().flat_map(|query| {
        collect(Method::Get, format!("idsite=1&rec=1&{query}").as_bytes(), b"", Agent::default()).hits
    });
    let record = |hit: candor_collect::Hit| {
        let mut bytes = vec![];
        hit.encode(&mut bytes).map(|()| bytes).ok()
    };
    hits.filter_map(record).collect()
}
