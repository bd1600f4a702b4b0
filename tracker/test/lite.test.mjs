// matomo-lite.js in a real Chromium: exactly these requests, nothing stored, and nothing sent anywhere else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close, open, visit } from './browser.mjs';

before(open);
after(close);

/** Parameters of every request that no case is about. */
const USUAL = new Set('idsite rec r h m s url _id send_image pv_id cookie res'.split(' '));
const told = (requests) => requests.map(({ params }) =>
  Object.entries(params).filter(([name]) => !USUAL.has(name)).map(([name, value]) => `${name}=${value}`).join(' '));

/** One visit: the requests in short; keeps nothing but an opt-out and asks nobody else, whatever it does. */
async function sends(paq, expected, { cookies = [], ...options } = {}) {
  const visited = await visit({ lite: true, paq, ...options });
  assert.deepEqual(told(visited.requests), expected);
  assert.deepEqual([visited.bulks, visited.cookies.map(({ name }) => name), visited.stored, visited.others], [[], cookies, [], []]);
  return visited;
}

test('a page view carries these parameters and no others', async () => {
  const { requests: [request] } = await sends([['trackPageView']], ['action_name=Our shop']);
  assert.deepEqual(Object.keys(request.params).sort(), [...USUAL, 'action_name'].sort());
  const { idsite, rec, url, _id, h, res } = request.params;
  assert.deepEqual([idsite, rec, url, _id], ['1', '1', 'http://shop.example/page.html', '']);
  assert.match(`${h} ${res}`, /^\d+ \d+x\d+$/);
  assert.deepEqual([request.method, request.type, request.hasBody], ['POST', 'ping', false]);
});

test('it sends what the full script sends without cookies, but for what it does not measure', async () => {
  const paq = [['disableCookies'], ['setUserId', 'anna'], ['setCustomDimension', 3, 'blue'], ['trackEvent', 'Film', 'play', 'Intro', 3]];
  const [full, lite] = await Promise.all([false, true].map(async (lite) => (await visit({ lite, paq })).requests[0].params));
  const unmeasured = /^(uadata|pdf|qt|realp|wma|fla|java|ag|pf_.*|r|pv_id|_idn|_refts)$/;
  const kept = (params) => Object.entries(params).filter(([name]) => !unmeasured.test(name)).sort();
  assert.deepEqual(kept(lite), kept(full));
});

test('settings pushed later count for calls pushed before', () =>
  sends([['trackPageView'], ['setUserId', 'anna']], ['action_name=Our shop uid=anna']));
test('a single page application tells its pages', async () => {
  const { requests } = await sends([['trackPageView']], ['action_name=Our shop', 'action_name=Socks urlref=http://shop.example/page.html'], {
    then: [['setReferrerUrl', 'http://shop.example/page.html'], ['setCustomUrl', '/socks'], ['setDocumentTitle', 'Socks'], ['trackPageView']],
  });
  assert.equal(requests[1].params.url, 'http://shop.example/socks');
  assert.notEqual(requests[0].params.pv_id, requests[1].params.pv_id);
});
test('outlinks and downloads, nothing for hosts of the site', () => sends(
  [['setDomains', ['*.sister.example']], ['enableLinkTracking'], ['enableLinkTracking']],
  ['link=http://other.example/x', 'download=http://shop.example/z.zip'],
  {
    body: `<a id=out href="http://other.example/x">o</a> <a id=in href="/y">i</a> <a id=mail href="mailto:a@b.example">m</a>
      <a id=file href="/z.zip">f</a> <a id=own href="http://www.sister.example/">s</a>`,
    clicks: ['#out', '#in', '#mail', '#file', '#own'],
  }));

test('nothing is sent before consent', () => sends([['requireConsent'], ['trackPageView'], ['trackEvent', 'a', 'b']], []));
test('what waited is sent with consent, and so is what follows', () => sends(
  [['requireConsent'], ['trackPageView']], ['action_name=Our shop consent=1', 'e_c=a e_a=b ca=1 consent=1'],
  { then: [['rememberConsentGiven'], ['trackEvent', 'a', 'b']] }));
for (const way of ['optUserOut', 'forgetConsentGiven']) {
  test(`after ${way} nothing is sent any more, and the browser remembers it`, async () => {
    const { cookies: [{ expires, path, sameSite }] } = await sends([['trackPageView']], ['action_name=Our shop'],
      { then: [[way], ['trackPageView'], ['trackEvent', 'a', 'b']], cookies: ['mtm_consent_removed'] });
    assert.deepEqual([path, sameSite, expires * 1000 > Date.now() + 300 * 86400e3], ['/', 'Lax', true]);
  });
}
const OPTED_OUT = { had: { mtm_consent_removed: '2220000000000' } };
test('an opt-out that the browser remembers holds', () =>
  sends([['trackPageView'], ['trackEvent', 'a', 'b']], [], { ...OPTED_OUT, cookies: ['mtm_consent_removed'] }));
test('until a page hears a consent, which ends it', () =>
  sends([['trackPageView']], ['e_c=a e_a=b ca=1'], { ...OPTED_OUT, then: [['setConsentGiven'], ['trackEvent', 'a', 'b']] }));
test('a signal that the page respects is not remembered', () => sends([['setDoNotTrack', true], ['trackPageView']], [],
  { before: 'Object.defineProperty(navigator, "doNotTrack", { value: "1" })' }));

test('rules of the page see all that leaves, wherever they stand', async () => {
  const rule = `_paq.push(['setCustomRequestProcessing', (text) => text.replaceAll('secret', '-').replace(/&(res|cookie|title)=[^&]*/g, '')])`;
  const { requests } = await sends([['requireConsent'], ['setUserId', 'secret'], ['setCustomDimension', 1, 'secret'], ['trackPageView', 'secret']],
    ['action_name=- uid=- dimension1=- consent=1'], { script: `${rule}; _paq.push(['setConsentGiven'])`, search: '?q=secret' });
  assert.deepEqual([requests[0].params.url, requests[0].params.res, requests[0].params.cookie], ['http://shop.example/page.html?q=-', undefined, undefined]);
});
test('a rule that fails lets nothing out', () =>
  sends([], [], { script: `_paq.push(['setCustomRequestProcessing', () => { throw Error('broken rule'); }]); try { _paq.push(['trackPageView']); } catch {}` }));
test('a browser that takes no beacon gets an image', async () => {
  const { requests: [{ type }] } = await sends([['trackPageView']], ['action_name=Our shop'], { before: 'navigator.sendBeacon = () => false' });
  assert.equal(type, 'image');
});
test('what it can not do it refuses aloud and goes on', async () => {
  const { errors } = await sends([['trackGoal', 1], ['trackPageView']], ['action_name=Our shop']);
  assert.deepEqual(errors, ['matomo-lite: no trackGoal']);
});
