//! What the demo site is made of: pages, products, campaigns, referrers, devices, places.

/// Name of the demo site.
pub const SITE_NAME: &str = "Candor demo: Linden Outdoor";
/// Its address.
pub const SITE_URL: &str = "https://linden-outdoor.example";
/// Its goals: name, attribute, pattern, revenue.
pub const GOALS: [(&str, &str, &str, f64); 3] = [
    ("Newsletter subscribed", "url", "/newsletter/thanks", 2.0),
    ("Catalogue downloaded", "file", ".pdf", 0.0),
    ("Contact form sent", "event_action", "send", 5.0),
];

/// Sections of the site with their share and number of pages.
pub(super) const SECTIONS: [(u32, (&str, &str, u64)); 6] = [
    (40, ("shop", "Shop", 600)),
    (25, ("guides", "Guides", 150)),
    (15, ("blog", "Blog", 400)),
    (10, ("stores", "Our stores", 40)),
    (7, ("help", "Help", 80)),
    (3, ("jobs", "Jobs", 25)),
];

pub(super) const ADJECTIVES: [&str; 16] = [
    "light", "warm", "dry", "alpine", "northern", "classic", "trail", "summer", "winter", "compact", "family",
    "merino", "storm", "forest", "river", "summit",
];
pub(super) const NOUNS: [&str; 16] = [
    "tent",
    "jacket",
    "backpack",
    "boots",
    "stove",
    "lamp",
    "bottle",
    "sleeping-bag",
    "map",
    "knife",
    "poles",
    "gloves",
    "socks",
    "hammock",
    "compass",
    "mat",
];

pub(super) const SEARCHES: [&str; 14] = [
    "tent 2 persons",
    "rain jacket",
    "boots",
    "gift card",
    "returns",
    "merino",
    "stove gas",
    "sale",
    "backpack 40l",
    "kids",
    "sleeping bag winter",
    "opening hours",
    "repair",
    "blue lamp",
];

pub(super) const DOWNLOADS: [&str; 4] =
    ["/files/catalogue-autumn.pdf", "/files/size-chart.pdf", "/files/tent-manual.pdf", "/files/returns-form.pdf"];

pub(super) const OUTLINKS: [&str; 4] = [
    "https://www.instagram.com/lindenoutdoor",
    "https://maps.example.org/linden-berlin",
    "https://hiking-association.example/trails",
    "https://www.youtube.com/lindenoutdoor",
];

/// Where visits come from: weight, referrer URL (`{}` = a number).
pub(super) const REFERRERS: [(u32, &str); 20] = [
    (330, ""),
    (230, "https://www.google.com/"),
    (60, "https://www.google.de/"),
    (40, "https://www.bing.com/search?q=linden+outdoor"),
    (30, "https://duckduckgo.com/"),
    (15, "https://search.yahoo.com/search?p=hiking+boots"),
    (10, "https://www.ecosia.org/search?q=tent+two+persons"),
    (45, "https://www.facebook.com/"),
    (35, "https://www.instagram.com/"),
    (20, "https://www.reddit.com/r/hiking/comments/{}/"),
    (15, "https://t.co/{}"),
    (12, "https://www.linkedin.com/feed/"),
    (14, "https://chatgpt.com/"),
    (6, "https://www.perplexity.ai/"),
    (30, "https://hiking-association.example/trails/{}"),
    (22, "https://tent-review.example/best-{}"),
    (16, "https://news.mountains.example/articles/{}"),
    (12, "https://forum.outdoors.example/thread/{}"),
    (8, "https://coupons.example/linden"),
    (5, "https://blog.wanderer.example/"),
];

pub(super) const CAMPAIGNS: [&str; 6] = [
    "mtm_campaign=newsletter-weekly&mtm_kwd=top-story",
    "mtm_campaign=autumn-sale&mtm_source=newsletter&mtm_medium=email",
    "utm_campaign=brand&utm_source=google&utm_medium=cpc&utm_term=linden",
    "utm_campaign=retargeting&utm_source=facebook&utm_medium=social",
    "mtm_campaign=influencer-anna",
    "utm_campaign=affiliate&utm_source=tent-review&utm_medium=referral",
];

/// Language, country, region, city, degrees.
type Place = (&'static str, &'static str, &'static str, &'static str, &'static str);
/// User agent (`{}` = a browser's major version), first version, versions, resolution.
type Device = (&'static str, u64, u64, &'static str);

/// Places by weight.
pub(super) const PLACES: [(u32, Place); 16] = [
    (230, ("de-de,de;q=0.9,en;q=0.7", "de", "BE", "Berlin", "52.52,13.4")),
    (110, ("de-de,de;q=0.9", "de", "BY", "Munich", "48.14,11.58")),
    (90, ("de-de,de;q=0.9", "de", "HH", "Hamburg", "53.55,9.99")),
    (80, ("de-at,de;q=0.9", "at", "9", "Vienna", "48.21,16.37")),
    (60, ("de-ch,de;q=0.9,fr;q=0.5", "ch", "ZH", "Zurich", "47.37,8.54")),
    (80, ("fr-fr,fr;q=0.9", "fr", "IDF", "Paris", "48.86,2.35")),
    (40, ("fr-fr,fr;q=0.9", "fr", "ARA", "Lyon", "45.76,4.84")),
    (60, ("nl-nl,nl;q=0.9,en;q=0.8", "nl", "NH", "Amsterdam", "52.37,4.9")),
    (50, ("en-gb,en;q=0.9", "gb", "ENG", "London", "51.51,-0.13")),
    (50, ("en-us,en;q=0.9", "us", "NY", "New York", "40.71,-74.01")),
    (40, ("pl-pl,pl;q=0.9", "pl", "14", "Warsaw", "52.23,21.01")),
    (35, ("it-it,it;q=0.9", "it", "25", "Milan", "45.46,9.19")),
    (30, ("es-es,es;q=0.9", "es", "MD", "Madrid", "40.42,-3.7")),
    (20, ("sv-se,sv;q=0.9", "se", "AB", "Stockholm", "59.33,18.07")),
    (15, ("cs-cz,cs;q=0.9", "cz", "10", "Prague", "50.08,14.44")),
    (10, ("ja-jp,ja;q=0.9", "jp", "13", "Tokyo", "35.69,139.69")),
];

/// Devices by weight.
pub(super) const DEVICES: [(u32, Device); 16] = [
    (
        190,
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36",
            120,
            20,
            "1920x1080",
        ),
    ),
    (
        60,
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36 Edg/{}.0.0.0",
            118,
            20,
            "1536x864",
        ),
    ),
    (60, ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{}.0) Gecko/20100101 Firefox/{}.0", 115, 20, "1920x1080")),
    (
        70,
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36",
            120,
            20,
            "1440x900",
        ),
    ),
    (
        60,
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{}.3 Safari/605.1.15",
            15,
            4,
            "1512x982",
        ),
    ),
    (25, ("Mozilla/5.0 (X11; Linux x86_64; rv:{}.0) Gecko/20100101 Firefox/{}.0", 115, 20, "1920x1200")),
    (
        15,
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36",
            118,
            20,
            "2560x1440",
        ),
    ),
    (
        180,
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{}.4 Mobile/15E148 Safari/604.1",
            15,
            4,
            "390x844",
        ),
    ),
    (
        70,
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{}.6 Mobile/15E148 Safari/604.1",
            14,
            3,
            "375x812",
        ),
    ),
    (
        80,
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Mobile Safari/537.36",
            118,
            20,
            "360x780",
        ),
    ),
    (
        50,
        (
            "Mozilla/5.0 (Linux; Android 13; SM-A536B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Mobile Safari/537.36",
            115,
            20,
            "412x915",
        ),
    ),
    (
        40,
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Mobile Safari/537.36",
            118,
            20,
            "412x915",
        ),
    ),
    (
        20,
        (
            "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S901B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/{}.0 Chrome/115.0.0.0 Mobile Safari/537.36",
            20,
            5,
            "360x780",
        ),
    ),
    (
        40,
        (
            "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{}.6 Mobile/15E148 Safari/604.1",
            14,
            3,
            "820x1180",
        ),
    ),
    (
        10,
        (
            "Mozilla/5.0 (Linux; Android 12; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36",
            115,
            20,
            "800x1280",
        ),
    ),
    (5, ("Mozilla/5.0 (Android 14; Mobile; rv:{}.0) Gecko/{}.0 Firefox/{}.0", 118, 15, "412x915")),
];
