//! One visit of the demo: who, from where, with what, and which pages in which order.

use super::{
    DemoHit,
    catalogue::{
        ADJECTIVES, CAMPAIGNS, DEVICES, DOWNLOADS, NOUNS, OUTLINKS, PLACES, REFERRERS, SEARCHES, SECTIONS, SITE_URL,
    },
    random::Random,
};
use candor_core::params::url_encode;
use std::fmt::Write;

/// Share of visits by somebody who was here before.
const RETURNING: f64 = 0.35;
/// Visitors that may come again are remembered up to this number; beyond it the oldest are forgotten.
const REGULARS_MAX: usize = 400_000;

/// Everybody who may visit.
pub(super) struct People {
    regulars: Vec<u64>,
    next: usize,
    limit: usize,
}

impl People {
    /// For about so many visits.
    pub(super) fn new(random: &mut Random, visits: f64) -> Self {
        let limit = (visits as usize / 4).clamp(16, REGULARS_MAX);
        Self { regulars: vec![random.next()], next: 0, limit }
    }

    /// A visitor id: somebody known, more likely somebody recent, or somebody new.
    fn who(&mut self, random: &mut Random) -> u64 {
        if random.chance(RETURNING) {
            let back = random.zipf_index(self.regulars.len() as u64) as usize;
            let at = (self.next + self.regulars.len() - 1 - back) % self.regulars.len();
            return self.regulars.get(at).copied().unwrap_or(1);
        }
        let new = random.next();
        if self.regulars.len() < self.limit {
            self.regulars.push(new);
            self.next = 0;
        } else if let Some(old) = self.regulars.get_mut(self.next) {
            *old = new;
            self.next = (self.next + 1) % self.limit;
        }
        new
    }

    /// The hits of a visit that begins at `at`.
    pub(super) fn visit(&mut self, random: &mut Random, at: i64) -> Vec<DemoHit> {
        let visitor = self.who(random);
        let mut visit = Visit::begin(visitor, random, at);
        // Most leave soon; those who stay look at several pages.
        let pages = if random.chance(0.5) { 1 } else { 2 + random.zipf_index(11) };
        for page in 0..pages {
            visit.page(random, page == 0);
            if random.chance(0.10) {
                visit.search(random);
            }
            if random.chance(0.12) {
                visit.event(random);
            }
            if random.chance(0.04) {
                visit.leave_or_download(random);
            }
        }
        if pages > 3 && random.chance(0.25) {
            visit.funnel(random);
        }
        visit.hits
    }
}

/// A visit being made.
struct Visit {
    at: i64,
    common: String,
    referrer: String,
    campaign: &'static str,
    hits: Vec<DemoHit>,
}

impl Visit {
    fn begin(visitor: u64, random: &mut Random, at: i64) -> Self {
        // Device and place belong to the person, so they are drawn from the visitor's own numbers.
        let mut own = Random::new(visitor);
        let (agent, first, versions, resolution) = own.weighted(&DEVICES).copied().unwrap_or_default();
        let version = (first + own.below(versions)).to_string();
        let (language, country, region, city, degrees) = own.weighted(&PLACES).copied().unwrap_or_default();
        let (latitude, longitude) = degrees.split_once(',').unwrap_or_default();
        // Elsewhere there are blocks of search engines' bots, whose hits are left out.
        let ip = format!("{}.{}.{}.{}", 76 + own.below(20), own.below(256), own.below(256), 1 + own.below(254));
        let common = format!(
            "rec=1&_id={visitor:016x}&ua={}&lang={}&country={country}&region={region}&city={}&lat={latitude}\
             &long={longitude}&cip={ip}&res={resolution}&cookie=1&pdf=1",
            url_encode(&agent.replace("{}", &version)),
            url_encode(language),
            url_encode(city),
        );
        let referrer = random.weighted(&REFERRERS).copied().unwrap_or_default();
        let referrer = referrer.replace("{}", &random.zipf_index(300).to_string());
        let campaign = if random.chance(0.12) { random.zipf(&CAMPAIGNS).copied().unwrap_or_default() } else { "" };
        Self { at, common, referrer, campaign, hits: vec![] }
    }

    fn add(&mut self, what: &str) {
        self.hits.push(DemoHit { at: self.at, query: format!("{}{what}", self.common) });
    }

    fn wait(&mut self, random: &mut Random, seconds_max: u64) {
        self.at += 2 + random.zipf_index(seconds_max).cast_signed();
    }

    fn page(&mut self, random: &mut Random, is_entry: bool) {
        let (path, title) = page(random);
        self.view(random, &path, &title, is_entry);
    }

    fn view(&mut self, random: &mut Random, path: &str, title: &str, is_entry: bool) {
        let mut url = format!("{SITE_URL}{path}");
        let mut query = String::new();
        if is_entry {
            if !self.campaign.is_empty() {
                let _ = write!(url, "?{}", self.campaign);
            }
            if !self.referrer.is_empty() {
                let _ = write!(query, "&urlref={}", url_encode(&self.referrer));
            }
        }
        let (network, server, transfer) = (20 + random.below(80), 40 + random.below(300), 10 + random.below(120));
        let (processing, completion, load) = (100 + random.below(900), 50 + random.below(500), 5 + random.below(60));
        let _ = write!(
            query,
            "&url={}&action_name={}&pv_id={:06x}&pf_net={network}&pf_srv={server}&pf_tfr={transfer}\
             &pf_dm1={processing}&pf_dm2={completion}&pf_onl={load}",
            url_encode(&url),
            url_encode(title),
            random.below(1 << 24),
        );
        self.add(&query);
        self.wait(random, 240);
    }

    fn search(&mut self, random: &mut Random) {
        let words = random.zipf(&SEARCHES).copied().unwrap_or_default();
        let url = format!("{SITE_URL}/search?q={}", url_encode(words));
        let count = if random.chance(0.1) { 0 } else { 1 + random.below(60) };
        self.add(&format!("&url={}&search={}&search_count={count}", url_encode(&url), url_encode(words)));
        self.wait(random, 60);
    }

    fn event(&mut self, random: &mut Random) {
        let (category, action, name) = match random.below(5) {
            0 => ("Video", "play", "How to pitch a tent"),
            1 => ("Video", "finish", "How to pitch a tent"),
            2 => ("Filter", "select", "Price"),
            3 => ("Form", if random.chance(0.3) { "send" } else { "open" }, "Contact"),
            _ => ("Gallery", "swipe", "Product pictures"),
        };
        let url = format!("{SITE_URL}/shop");
        let value = random.below(60);
        self.add(&format!(
            "&url={}&e_c={category}&e_a={action}&e_n={}&e_v={value}",
            url_encode(&url),
            url_encode(name)
        ));
        self.wait(random, 40);
    }

    fn leave_or_download(&mut self, random: &mut Random) {
        let what = if random.chance(0.5) {
            let file = random.zipf(&DOWNLOADS).copied().unwrap_or_default();
            format!("&download={0}&url={0}", url_encode(&format!("{SITE_URL}{file}")))
        } else {
            format!("&link={0}&url={0}", url_encode(random.zipf(&OUTLINKS).copied().unwrap_or_default()))
        };
        self.add(&what);
        self.wait(random, 30);
    }

    /// Cart, checkout, order or newsletter: each step loses people.
    fn funnel(&mut self, random: &mut Random) {
        if random.chance(0.4) {
            self.view(random, "/newsletter", "Newsletter", false);
            if random.chance(0.6) {
                self.view(random, "/newsletter/thanks", "Newsletter: thank you", false);
            }
            return;
        }
        let (adjective, noun) = words(random.zipf_index(256));
        let (price, quantity) = (10 + random.below(240), 1 + random.below(3));
        let total = price * quantity;
        let items = format!("[[\"{adjective}-{noun}\",\"{adjective} {noun}\",[\"{noun}\"],{price},{quantity}]]");
        let items = url_encode(&items);
        self.view(random, "/cart", "Your cart", false);
        self.add(&format!("&idgoal=0&revenue={total}&ec_items={items}"));
        if random.chance(0.6) {
            self.view(random, "/checkout", "Checkout", false);
            if random.chance(0.7) {
                let order = random.next();
                self.add(&format!(
                    "&idgoal=0&ec_id={order:016x}&revenue={total}&ec_st={total}&ec_tx=0&ec_sh=5&ec_items={items}"
                ));
                self.view(random, "/checkout/thanks", "Thank you for your order", false);
            }
        }
    }
}

/// A page: its path and title.
fn page(random: &mut Random) -> (String, String) {
    if random.chance(0.18) {
        return ("/".into(), "Linden Outdoor".into());
    }
    let (section, title, pages) = random.weighted(&SECTIONS).copied().unwrap_or_default();
    let number = random.zipf_index(pages + 1);
    if number == 0 {
        return (format!("/{section}/"), title.into());
    }
    let (adjective, noun) = words(number * 37);
    (format!("/{section}/{noun}/{adjective}-{noun}-{number}"), format!("{adjective} {noun} {number} – {title}"))
}

fn words(number: u64) -> (&'static str, &'static str) {
    let pick = |list: &'static [&'static str], at: u64| list.get((at % list.len() as u64) as usize).copied();
    (pick(&ADJECTIVES, number / 16).unwrap_or_default(), pick(&NOUNS, number).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_are_as_long_as_the_model_says() {
        let mut random = Random::new(3);
        let mut people = People::new(&mut random, 20_000.0);
        let hits: usize = (0..20_000).map(|n| people.visit(&mut random, n * 60).len()).sum();
        let mean = hits as f64 / 20_000.0;
        assert!((mean - super::super::HITS_A_VISIT).abs() < 0.25, "{mean} hits a visit");
    }
}
