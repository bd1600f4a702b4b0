// matomo-lite.js in a real Chromium: exactly these requests, nothing stored, and nothing sent anywhere else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close, open, visit } from './browser.mjs';

before(open);
after(close);

/** Parameters of every request that no case is about. */
const USUAL = new Set('idsite rec r h m s url _id _idn send_image _refts pv_id cookie res'.split(' '));
const told = (requests) => requests.map(({ params }) =>
  Object.entries(params).filter(([name]) => !USUAL.has(name)).map(([name, value]) => `${name}=${value}`).join(' '));

/** One visit: the requests in short; stores nothing and asks nobody else, whatever it does. */
async function sends(paq, expected, options) {
  const visited = await visit({ lite: true, paq, ...options });
  assert.deepEqual(told(visited.requests), expected);
  assert.deepEqual([visited.bulks, visited.cookies, visited.stored, visited.others], [[], [], [], []]);
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
  const unmeasured = /^(uadata|pdf|qt|realp|wma|fla|java|ag|pf_.*|r|pv_id)$/;
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
test('after an opt-out nothing is sent any more', () =>
  sends([['trackPageView']], ['action_name=Our shop'], { then: [['optUserOut'], ['trackPageView'], ['trackEvent', 'a', 'b']] }));
test('an opt-out that the browser remembers holds until this page hears a consent', async () => {
  const visited = await visit({ lite: true, had: { mtm_consent_removed: '2220000000000' }, paq: [['trackPageView']], then: [['setConsentGiven'], ['trackEvent', 'a', 'b']] });
  assert.deepEqual(told(visited.requests), ['e_c=a e_a=b ca=1']);
  assert.deepEqual(visited.cookies.map(({ name }) => name), ['mtm_consent_removed']);
});
test('what it can not do it refuses aloud and goes on', async () => {
  const { errors } = await sends([['trackGoal', 1], ['trackPageView']], ['action_name=Our shop']);
  assert.deepEqual(errors, ['matomo-lite.js has no trackGoal; use matomo.js']);
});
