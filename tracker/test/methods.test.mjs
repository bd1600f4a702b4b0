// What each method of the table does, in a real Chromium: what it returns, sends, keeps and says in the console.
// reference.mjs has those whose effect is one request; here are all others.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NAMES, SENDS } from '../reference.mjs';
import { close, open, run, visit, wait } from './browser.mjs';
import { told } from './exactly.mjs';

before(open);
after(close);

/** Arguments that JSON has no word for. */
const element = (selector) => ({ selector });
const code = (text) => ({ code: text });

/** Calls methods of the tracker, one after the other; what the last one returns. */
const callAll = (calls) => (page) => page.evaluate((list) => {
  const argument = (arg) => (arg?.selector ? document.querySelector(arg.selector) : arg?.code ? (0, eval)(`(${arg.code})`) : arg);
  let result;
  for (const [name, ...args] of list) result = window.Matomo.getAsyncTracker()[name](...args.map(argument));
  return result;
}, calls);

const base = ({ name }) => name.replace(/^_pk_(\w+)\..*/, '$1');
const pressed = (page) => page.click('#a', { button: 'middle' });
const link = (href, attributes = '') => `<a id=a href="${href}" ${attributes}>link</a>`;
const OUT = 'http://other.example/x';
const BLOCK = '<div id=b data-track-content data-content-name=Banner data-content-piece=Red><i>x</i></div>';
const SEEN = 'c_n=Banner c_p=Red ca=1';
const NEWS = ['setReferrerUrl', 'http://news.example/long/path'];
const AT_S = Date.parse('2040-05-04T10:00:01Z') / 1000;
/** As if a link had brought the visitor, who is not known here yet. */
const LINKED = 'const t = Matomo.getAsyncTracker(); linked = t.getCrossDomainLinkingUrlParameter(); t.setCustomUrl(`?${linked}`); t.deleteCookies();';
const CAMPAIGN = { search: '?utm_campaign=Spring&utm_term=socks' };
const PING = ['ping'];
const EVENT = ['trackEvent', 'a', 'b'];
const SENT = 'e_c=a e_a=b ca=1';
const SHOWN = { cookies: ['id', 'ses'] };
/** Chromium keeps no cookie longer. */
const LONGEST_S = 400 * 86400;

/**
 * Calls, and what is seen of them. `returns`: of the last call, a value or a pattern. `requests`, `bulks`: in short;
 * `also`: usual parameters that count. `ways`: how they were sent. `cookies`: their names, `life`: seconds of the one named.
 * What is not said is nothing. Everything else is given to the page.
 */
const CASES = [
  // track
  [[['getRequest', 'a=1', { b: 2 }]], { returns: /^a=1&idsite=1&rec=1&.*&data=%7B%22b%22%3A2%7D/, ...SHOWN }],
  [[['enableJSErrorTracking']], {
    steps: [run('dispatchEvent(new ErrorEvent("error", { message: "no", filename: "a.js", lineno: 3, colno: 4 }))')],
    requests: ['e_c=JavaScript Errors e_a=a.js:3:4 e_n=no ca=1'], ...SHOWN,
  }],
  [[['enableHeartBeatTimer', 9]], { steps: [wait(9500), run('dispatchEvent(new Event("blur"))')], requests: ['ping=1'], ...SHOWN }],
  [[['enableHeartBeatTimer', 9], ['disableHeartBeatTimer']], { steps: [wait(9500), run('dispatchEvent(new Event("blur"))')] }],
  // shop
  [[['addEcommerceItem', 'S1', 'Sock'], ['getEcommerceItems']], { returns: { S1: ['S1', 'Sock', null, null, null] } }],
  [[['addEcommerceItem', 'S1', 'Sock', '', '', ''], ['trackEcommerceCartUpdate', 1], ['getEcommerceItems']],
    { returns: { S1: ['S1', 'Sock', '', 0, 1] }, requests: ['idgoal=0 revenue=1 ec_items=[["S1","Sock","",0,1]]'], ...SHOWN }],
  [[['addEcommerceItem', 'S1'], ['addEcommerceItem', 'S2'], ['removeEcommerceItem', 'S1'], ['getEcommerceItems']], { returns: { S2: ['S2', null, null, null, null] } }],
  [[['addEcommerceItem', 'S1'], ['clearEcommerceCart'], ['getEcommerceItems']], { returns: {} }],
  // content
  [[['trackAllContentImpressions']], { body: BLOCK, waitMs: 3000, requests: [SEEN], ...SHOWN }],
  [[['trackVisibleContentImpressions', false, 0]],
    { body: `${BLOCK}<p style="display:none" data-track-content>y</p>`, waitMs: 3000, requests: [SEEN], ...SHOWN }],
  [[['trackContentImpressionsWithinNode', element('section')]], { body: `<section>${BLOCK}</section><p data-track-content>y</p>`, waitMs: 3000, requests: [SEEN], ...SHOWN }],
  [[['trackContentInteractionNode', element('i'), 'swipe']], { body: BLOCK, waitMs: 3000, requests: [`c_i=swipe ${SEEN}`], ...SHOWN }],
  [[['logAllContentBlocksOnPage']], {
    body: BLOCK, before: 'console.log = (blocks) => console.error(JSON.stringify(blocks))', errors: ['[{"name":"Banner","piece":"Red","target":""}]'],
  }],
  // where to
  [[['setTrackerUrl', 'http://else.example/matomo.php'], ['getTrackerUrl']], { returns: 'http://else.example/matomo.php' }],
  [[['setSiteId', 7], ['getSiteId']], { returns: 7 }],
  [[['addTracker', 'http://else.example/matomo.php', 7], PING], { returns: undefined, requests: ['ping=1 idsite=1'], also: ['idsite'], ...SHOWN }],
  [[['getMatomoUrl']], { returns: 'http://stats.example/' }],
  [[['setAPIUrl', 'http://else.example/app/'], ['getMatomoUrl']], { returns: 'http://else.example/app/' }],
  [[['getPiwikUrl']], { returns: 'http://stats.example/' }],
  [[['addPlugin', 'Shop', code('{ ping: ({ request }) => "&said=" + request, unload: () => "" }')], PING], { requests: ['ping=1 said=ping=1'], ...SHOWN }],
  // page
  [[['setCustomUrl', '/x'], ['getCurrentUrl']], { returns: 'http://shop.example/x' }],
  [[['setPageViewId', 'abcdef'], ['trackPageView'], ['getPageViewId']], { returns: 'abcdef', requests: ['action_name=Our shop'], ...SHOWN }],
  [[['trackPageView'], ['getPageViewId']], { returns: /^\d{6}$/, requests: ['action_name=Our shop'], ...SHOWN }],
  [[['trackPageView'], ['trackPageView'], ['getNumTrackedPageViews']], { returns: 2, requests: ['action_name=Our shop', 'action_name=Our shop'], ...SHOWN }],
  [[['setDomains', ['*.other.example']], ['enableLinkTracking']], { body: link(OUT), clicks: ['#a'] }],
  [[['setExcludedReferrers', 'news.example'], NEWS, PING], { requests: ['ping=1'], ...SHOWN }],
  [[['setExcludedQueryParams', ['sid']], PING], { search: '?sid=1&a=2#sid=3', requests: ['ping=1 url=http://shop.example/page.html?a=2'], also: ['url'], ...SHOWN }],
  [[['discardHashTag', true], PING], { search: '#top', requests: ['ping=1 url=http://shop.example/page.html'], also: ['url'], ...SHOWN }],
  [[['setCustomUrl', 'file:///a.html'], PING], {}],
  [[['enableFileTracking'], ['setCustomUrl', 'file:///a.html'], PING], { requests: ['ping=1 url=file:///a.html'], also: ['url'], ...SHOWN }],
  [[PING], { before: 'Object.defineProperty(document, "visibilityState", { value: "prerender" })' }],
  [[['setCountPreRendered', true], PING], { before: 'Object.defineProperty(document, "visibilityState", { value: "prerender" })', requests: ['ping=1'], ...SHOWN }],
  [[['killFrame'], ['getCurrentUrl']], { returns: 'http://shop.example/page.html' }],
  [[['redirectFile', 'http://other.example/'], ['getCurrentUrl']], { returns: 'http://shop.example/page.html' }],
  // visitor
  [[['setUserId', 'anna'], ['getUserId']], { returns: 'anna' }],
  [[['setUserId', 'anna'], ['resetUserId'], PING, ['getUserId']], { returns: '', requests: ['ping=1'], ...SHOWN }],
  [[['getVisitorId']], { returns: /^[0-9a-f]{16}$/, cookies: ['id'] }],
  [[['setVisitorId', '0123456789abcdef'], ['getVisitorInfo']], { returns: ['0', '0123456789abcdef', `${AT_S}`, ''], cookies: ['id'] }],
  [[['setVisitorId', 'nobody']], { errors: ['no 16 digits'] }],
  [[['setDoNotTrack', true], PING], { before: 'Object.defineProperty(navigator, "doNotTrack", { value: "1" })' }],
  [[['disableBrowserFeatureDetection'], PING], { requests: ['ping=1 uadata={}'], also: ['res', 'pdf', 'cookie', 'uadata'], ...SHOWN }],
  [[['disableBrowserFeatureDetection'], ['enableBrowserFeatureDetection'], PING], { requests: [/^ping=1 .*cookie=1 res=\d+x\d+/], also: ['cookie', 'res'], ...SHOWN }],
  // data of your own
  [[['setCustomDimension', 2, 'blue'], ['getCustomDimension', 2]], { returns: 'blue' }],
  [[['setCustomDimension', 2, 'blue'], ['deleteCustomDimension', 2], PING, ['getCustomDimension', 2]], { requests: ['ping=1'], ...SHOWN }],
  [[['setCustomVariable', 1, 'kind', 'a', 'page'], ['getCustomVariable', 1, 'page']], { returns: ['kind', 'a'] }],
  [[['getCustomVariable', 1]], { returns: false }],
  [[['setCustomVariable', 1, 'kind', 'a'], ['deleteCustomVariable', 1], PING, ['getCustomVariable', 1]], { returns: false, requests: ['ping=1 _cvar={"1":["",""]}'], ...SHOWN }],
  [[['setCustomVariable', 1, 'kind', 'a'], ['deleteCustomVariables', 'visit'], PING], { requests: ['ping=1'], ...SHOWN }],
  [[['storeCustomVariablesInCookie'], ['setCustomVariable', 1, 'kind', 'a'], PING], { requests: ['ping=1 _cvar={"1":["kind","a"]}'], cookies: ['cvar', 'id', 'ses'] }],
  [[['setCustomData', { a: 1 }], ['setCustomData', 'b', 2], ['getCustomData']], { returns: { a: 1, b: 2 } }],
  // where visitors come from
  [[['setCampaignNameKey', 'c'], PING], { search: '?c=Own&utm_campaign=Spring', requests: ['ping=1 _rcn=Own'], cookies: ['id', 'ref', 'ses'] }],
  [[['setCampaignKeywordKey', ['k']], PING], { search: '?utm_campaign=Spring&k=own', requests: ['ping=1 _rcn=Spring _rck=own'], cookies: ['id', 'ref', 'ses'] }],
  [[['setConversionAttributionFirstReferrer', true], PING, ['deleteCookies'], PING], { ...CAMPAIGN, requests: ['ping=1 _rcn=Spring _rck=socks', 'ping=1 _rcn=Spring _rck=socks'], cookies: ['id', 'ref', 'ses'] }],
  [[['disableCampaignParameters'], PING], { ...CAMPAIGN, requests: ['ping=1 url=http://shop.example/page.html'], also: ['url'], ...SHOWN }],
  [[PING, ['getAttributionInfo']], { ...CAMPAIGN, returns: ['Spring', 'socks', AT_S, ''], requests: ['ping=1 _rcn=Spring _rck=socks'], cookies: ['id', 'ref', 'ses'] }],
  ...Object.entries({ CampaignName: 'Spring', CampaignKeyword: 'socks', ReferrerTimestamp: AT_S, ReferrerUrl: 'http://news.example/long/path' })
    .map(([what, returns]) => [[NEWS, PING, [`getAttribution${what}`]], {
      ...CAMPAIGN, returns, requests: ['ping=1 urlref=http://news.example/long/path _rcn=Spring _rck=socks _ref=http://news.example/long/path'], cookies: ['id', 'ref', 'ses'],
    }]),
  [[['setReferralUrlMaxLength', 19], NEWS, PING], { requests: ['ping=1 urlref=http://news.example/long/path _ref=http://news.example'], cookies: ['id', 'ref', 'ses'] }],
  [[['setIgnoreCampaignsForReferrers', ['www.news.example']], NEWS, PING], {
    ...CAMPAIGN, requests: ['ping=1 url=http://shop.example/page.html urlref=http://news.example/long/path _ref=http://news.example/long/path'],
    also: ['url'], cookies: ['id', 'ref', 'ses'],
  }],
  [[['setIgnoreCampaignsForReferrers', 'chat.example'], NEWS, PING], {
    ...CAMPAIGN, requests: ['ping=1 urlref=http://news.example/long/path _rcn=Spring _rck=socks _ref=http://news.example/long/path'], cookies: ['id', 'ref', 'ses'],
  }],
  [[['setIgnoreCampaignsForReferrers', 'www.chat.example'], ['getIgnoreCampaignsForReferrers']], { returns: ['chat.example'] }],
  [[['setIgnoreCampaignAttributionForSources', ['chat.example']], PING],
    { search: '?utm_source=chat.example&a=1', requests: ['ping=1 url=http://shop.example/page.html?a=1'], also: ['url'], ...SHOWN }],
  [[['setIgnoreCampaignAttributionForSources', 'chat.example'], PING],
    { search: '?utm_source=mail&a=chat.example', requests: ['ping=1 _rcn=mail'], cookies: ['id', 'ref', 'ses'] }],
  [[['setIgnoreCampaignAttributionForSources', 'chat.example'], ['getIgnoreCampaignAttributionForSources']], { returns: ['chat.example'] }],
  // links
  [[['enableLinkTracking']], { body: link(OUT), steps: [pressed], requests: [`link=${OUT}`], ...SHOWN }],
  [[['enableLinkTracking', false]], { body: link(OUT), steps: [pressed] }],
  [[['addListener', element('p')]], { body: `<p>${link(OUT)}</p><a id=c href="${OUT}">c</a>`, clicks: ['#a', '#c'], requests: [`link=${OUT}`], ...SHOWN }],
  [[['setLinkTrackingTimer', 100], ['getLinkTrackingTimer']], { returns: 100 }],
  [[['setLinkClasses', 'go'], ['enableLinkTracking']], { body: link('/x', 'class="go"'), clicks: ['#a'], requests: ['link=http://shop.example/x'], ...SHOWN }],
  [[['setDownloadClasses', 'go'], ['enableLinkTracking']], { body: link('/x', 'class="go"'), clicks: ['#a'], requests: ['download=http://shop.example/x'], ...SHOWN }],
  [[['setIgnoreClasses', ['go']], ['enableLinkTracking']], { body: link(OUT, 'class="go"'), clicks: ['#a'] }],
  [[['setDownloadExtensions', 'cad|stl'], ['enableLinkTracking']], { body: `${link('/x.pdf')}<a id=c href=/x.stl>c</a>`, clicks: ['#a', '#c'], requests: ['download=http://shop.example/x.stl'], ...SHOWN }],
  [[['addDownloadExtensions', ['cad']], ['enableLinkTracking']], { body: link('/x.cad'), clicks: ['#a'], requests: ['download=http://shop.example/x.cad'], ...SHOWN }],
  [[['removeDownloadExtensions', ['pdf']], ['enableLinkTracking']], { body: link('/x.pdf'), clicks: ['#a'] }],
  [[['enableCrossDomainLinking'], ['isCrossDomainLinkingEnabled']], { returns: true }],
  [[['enableCrossDomainLinking'], ['disableCrossDomainLinking'], ['isCrossDomainLinkingEnabled']], { returns: false }],
  ...[[5, 'false'], [0, 'true']].map(([seconds, isSame]) => [[['enableCrossDomainLinking'], ['setCrossDomainLinkingTimeout', seconds]], {
    steps: [run(LINKED), wait(6000), run('_paq.push(["trackEvent", "same", String(linked.slice(7, 23) === Matomo.getAsyncTracker().getVisitorId())])')],
    requests: [`e_c=same e_a=${isSame} ca=1`], ...SHOWN,
  }]),
  [[['getCrossDomainLinkingUrlParameter']], { returns: new RegExp(`^pk_vid=[0-9a-f]{16}${AT_S}[0-9a-f]{6}$`), cookies: ['id'] }],
  // sending
  [[['setRequestMethod', 'post'], EVENT], { requests: [SENT], ways: ['POST body ping'], ...SHOWN }],
  [[['setRequestMethod', 'GET'], EVENT], { requests: [SENT], ways: ['GET query image'], ...SHOWN }],
  [[['setRequestMethod', 'POST'], ['setRequestContentType', 'text/plain'], EVENT], { requests: [SENT], ways: ['POST body ping'], type: 'text/plain', ...SHOWN }],
  [[['disableAlwaysUseSendBeacon'], EVENT], { requests: [SENT], ways: ['GET query image'], ...SHOWN }],
  [[['disableAlwaysUseSendBeacon'], ['alwaysUseSendBeacon'], EVENT], { requests: [SENT], ways: ['POST query ping'], ...SHOWN }],
  [[['setCustomRequestProcessing', code('(text) => text.replace("e_a=b", "e_a=c")')], EVENT], { requests: ['e_c=a e_a=c ca=1'], ...SHOWN }],
  [[['setRequestQueueInterval', 9000], ['queueRequest', 'n=1'], ['queueRequest', 'n=2']], { waitMs: 8000, ...SHOWN }],
  [[['setRequestQueueInterval', 5], ['queueRequest', 'n=1'], ['queueRequest', 'n=2']], { waitMs: 1100, bulks: [['n=1', 'n=2']], ...SHOWN }],
  [[['disablePerformanceTracking'], EVENT], { requests: [SENT], also: ['pf_net', 'pf_srv', 'pf_onl'], ...SHOWN }],
  [[['setGenerationTimeMs', 5]], { errors: ['gone'] }],
  // cookies
  [[PING, ['deleteCookies']], { requests: ['ping=1'] }],
  [[['hasCookies']], { returns: true }],
  [[['areCookiesEnabled']], { returns: true }],
  [[['disableCookies'], ['areCookiesEnabled']], { returns: false }],
  [[['setCookieNamePrefix', 'x_'], ['getVisitorId']], { returns: /^[0-9a-f]{16}$/, cookies: [/^x_id\.1\.[0-9a-f]{4}$/] }],
  [[['setCookieDomain', '*.shop.example'], ['getCookieDomain']], { returns: '.shop.example' }],
  [[['setCookieDomain', 'else.example'], ['getCookieDomain']], { errors: ['no cookie else.example'] }],
  [[['setCookiePath', '/page.html'], ['getCookiePath']], { returns: '/page.html' }],
  [[['setSecureCookie', true], ['getVisitorId']], { returns: /./, errors: ['no https'], cookies: ['id'] }],
  [[['setCookieSameSite', 'Strict'], ['setSessionCookie', 'a', 1]], { cookies: ['a'], sameSite: 'Strict' }],
  [[['setCookieSameSite', 'None'], ['setSessionCookie', 'a', 1]], { cookies: ['a'], sameSite: 'Lax', errors: ['no https'] }],
  [[['setVisitorCookieTimeout', 1000], ['getVisitorId']], { returns: /./, cookies: ['id'], life: 1000 }],
  [[['setSessionCookieTimeout', 60], ['setSessionCookie', 'a', 1]], { cookies: ['a'], life: 60 }],
  [[['setSessionCookieTimeout', 60], ['getSessionCookieTimeout']], { returns: 60000 }],
  [[['setReferralCookieTimeout', 90], NEWS, PING, ['setSessionCookieTimeout', 1], ['getCookie', 'ref']],
    { returns: JSON.stringify(['', '', AT_S, NEWS[1]]), requests: [/^ping=1 /], cookies: ['id', 'ref', 'ses'], life: 90, of: 'ref' }],
  [[['setSessionCookie', 'a', 'b c', 5000], ['getCookie', 'a']], { returns: 'b c', cookies: ['a'], life: 5 }],
  [[['getCookie', 'a']], { returns: null }],
  // consent
  [[['requireConsent'], EVENT, ['hasConsent']], { returns: false }],
  [[['requireConsent'], ['isConsentRequired']], { returns: true }],
  [[['isConsentRequired']], { returns: false }],
  [[['requireConsent'], EVENT, ['setConsentGiven'], ['hasConsent']], { returns: true, requests: [`${SENT} consent=1`, 'ping=1 consent=1'], ...SHOWN }],
  [[['requireConsent'], ['rememberConsentGiven', 2], ['getRememberedConsent']], { returns: `${AT_S}100`, cookies: ['mtm_consent'], life: 7200 }],
  [[['rememberConsentGiven'], ['hasRememberedConsent']], { returns: true, cookies: ['mtm_consent'], life: LONGEST_S }],
  [[['hasRememberedConsent']], { returns: false }],
  [[['getRememberedConsent']], { returns: null }],
  [[['forgetConsentGiven', 2], EVENT, ['isUserOptedOut']], { returns: true, cookies: ['mtm_consent_removed'], life: 7200 }],
  [[['optUserOut'], EVENT, ['isUserOptedOut']], { returns: true, cookies: ['mtm_consent_removed'], life: LONGEST_S }],
  [[['optUserOut'], ['forgetUserOptOut'], EVENT, ['isUserOptedOut']], { returns: false, requests: [`${SENT} consent=1`] }],
  [[['requireCookieConsent'], EVENT, ['areCookiesEnabled']], { returns: false, requests: [SENT] }],
  [[['requireCookieConsent'], EVENT, ['setCookieConsentGiven']], { requests: [SENT, 'ping=1'], ...SHOWN }],
  [[['requireCookieConsent'], ['rememberCookieConsentGiven', 2], ['getRememberedCookieConsent']], { returns: `${AT_S}100`, cookies: ['mtm_cookie_consent'], life: 7200 }],
  [[['rememberCookieConsentGiven'], EVENT, ['forgetCookieConsentGiven'], ['getRememberedCookieConsent']], { returns: 0, requests: [SENT] }],
];

/** A pattern, or the same. */
function matches(actual, wanted) {
  if (wanted instanceof RegExp) assert.match(`${actual}`, wanted);
  else assert.deepEqual(actual, wanted);
}

const allMatch = (actual, wanted) => {
  assert.equal(actual.length, wanted.length, JSON.stringify(actual));
  actual.forEach((one, i) => matches(one, wanted[i]));
};

describe('methods', () => {
  for (const [calls, { returns, requests = [], bulks = [], cookies = [], errors = [], also = [], ways, type, life, of = '', sameSite, steps = [], ...page }] of CASES) {
    test(calls.map(([name, ...args]) => `${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`).join('; '), async () => {
      let result;
      const seen = await visit({ paq: [], ...page, steps: [async (tab) => { result = await callAll(calls)(tab); }, ...(page.clicks ?? []).map((selector) => (tab) => tab.click(selector)), ...steps], clicks: [] });
      matches(result, returns);
      allMatch(seen.requests.map(({ params }) => told(params, also)), requests);
      assert.deepEqual(seen.bulks.map((bulk) => bulk.map((params) => told(params, also))), bulks);
      allMatch(seen.cookies.map(base).sort(), cookies);
      assert.deepEqual([seen.errors, seen.others, seen.stored], [errors, [], []]);
      if (ways) assert.deepEqual(seen.requests.map((r) => `${r.method} ${r.hasBody ? 'body' : 'query'} ${r.type}`), ways);
      if (type) assert.equal(seen.requests[0].contentType, type);
      const cookie = seen.cookies.find((one) => one.name.includes(of));
      if (life) assert.ok(Math.abs(cookie.expires - Date.now() / 1000 - life) < 60, `lives for ${cookie.expires - Date.now() / 1000}`);
      if (sameSite) assert.equal(cookie.sameSite, sameSite);
    });
  }
  test('killFrame leaves a frame', async () => {
    let address;
    await visit({ paq: [], body: '<p>x</p>', steps: [async (page) => {
      await page.evaluate(() => { document.body.append(Object.assign(document.createElement('iframe'), { src: '/inner.html' })); });
      await page.waitForFunction(() => frames[0]?.Matomo);
      await page.frames()[1].evaluate(() => window.Matomo.getAsyncTracker().killFrame()).catch(() => { /* it is gone */ });
      await page.waitForURL('**/inner.html');
      address = page.url();
    }] });
    assert.equal(address, 'http://shop.example/inner.html');
  });
  test('every method of the table is in a case', () => {
    const tested = new Set([...CASES, ...SENDS].flatMap(([calls]) => calls.map(([name]) => name)));
    assert.deepEqual(NAMES.filter((name) => !tested.has(name)), []);
  });
});
