// Pages in a real Chromium: what they push and do, and exactly which requests they send.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { close, open, visit } from './browser.mjs';
import { told as inShort } from './exactly.mjs';

before(open);
after(close);

const told = (requests) => requests.map(({ params }) => inShort(params));

/** One visit: the requests in short. */
const sends = async (paq, expected, options) => assert.deepEqual(told((await visit({ paq, ...options })).requests), expected);

describe('tracking', () => {
  test('a page view has the title of the page', () => sends([['trackPageView']], ['action_name=Our shop']));
  test('settings pushed later count for calls pushed before', () =>
    sends([['trackPageView'], ['setUserId', 'anna']], ['action_name=Our shop uid=anna']));
  test('events, goals and searches', () => sends(
    [['trackEvent', 'Film', 'play', 'Intro', 3], ['trackGoal', 4, 9.5], ['trackSiteSearch', 'socks', 'wool', 12]],
    ['e_c=Film e_a=play e_n=Intro e_v=3 ca=1', 'idgoal=4 revenue=9.5', 'search=socks search_cat=wool search_count=12']));
  test('an event without an action is refused', () => sends([['trackEvent', 'Film']], []));
  test('an order lists its items and empties the cart', () => sends(
    [['addEcommerceItem', 'S1', 'Sock', 'Wool', 5, 2], ['trackEcommerceOrder', 'O-1', 10, 8, 2, '', ''], ['trackEcommerceCartUpdate', 0]],
    ['idgoal=0 ec_id=O-1 revenue=10 ec_st=8 ec_tx=2 ec_items=[["S1","Sock","Wool",5,2]]', 'idgoal=0 revenue=0 ec_items=[]']));
  test('dimensions stay, those of one call do not', () => sends(
    [['setCustomDimension', 1, 'blue'], ['trackPageView', 'A', { dimension2: 'once' }], ['trackEvent', 'a', 'b']],
    ['action_name=A dimension1=blue dimension2=once', 'e_c=a e_a=b ca=1 dimension1=blue']));
});

describe('links', () => {
  const body = '<a id=out href="http://other.example/x">o</a> <a id=in href="/y">i</a> <a id=file href="/z.zip">f</a>';
  test('outlinks and downloads, nothing for the site itself', () => sends(
    [['enableLinkTracking']], ['link=http://other.example/x', 'download=http://shop.example/z.zip'],
    { body, clicks: ['#out', '#in', '#file'] }));
});

describe('content', () => {
  const body = '<div data-track-content data-content-name="Banner" data-content-piece="Red">x</div><p data-track-content>y</p>';
  test('blocks are told together, the last one first', async () => {
    const { bulks } = await visit({ body, paq: [['trackAllContentImpressions']], waitMs: 3000 });
    assert.deepEqual(bulks.map((bulk) => bulk.map((p) => `${p.c_n}/${p.c_p}`)), [['Unknown/Unknown', 'Banner/Red']]);
  });
  test('a click on a block is an interaction', async () => {
    const { requests } = await visit({ body, paq: [['disableQueueRequest'], ['trackVisibleContentImpressions', false, 0]], clicks: ['div'] });
    assert.deepEqual(requests.map(({ params }) => [params.c_i, params.c_n]).slice(-1), [['click', 'Banner']]);
  });
});

describe('several trackers', () => {
  test('each call goes to all, each with its own visitor', async () => {
    const { requests } = await visit({ paq: [['addTracker', 'http://second.example/matomo.php', 7], ['trackEvent', 'a', 'b']] });
    assert.deepEqual(requests.map(({ params }) => params.idsite), ['1', '7']);
    assert.notEqual(requests[0].params._id, requests[1].params._id);
  });
  test('a call of a plugin that comes later is not lost', async () => {
    const { requests } = await visit({
      paq: [['Shop::start', 'x']],
      script: 'Matomo.Shop = { start: (x) => _paq.push(["trackEvent", "shop", x]) }; Matomo.retryMissedPluginCalls();',
    });
    assert.deepEqual(told(requests), ['e_c=shop e_a=x ca=1']);
  });
});

describe('consent', () => {
  test('nothing is sent and no cookie set before it is given', async () => {
    const { requests, cookies } = await visit({ paq: [['requireConsent'], ['trackPageView'], ['trackEvent', 'a', 'b']] });
    assert.deepEqual([requests, cookies], [[], []]);
  });
  test('what waited is sent once it is given', () => sends(
    [['requireConsent'], ['trackPageView']], ['action_name=Our shop consent=1', 'ping=1 consent=1'],
    { then: [['setConsentGiven']] }));
  test('an opt-out is remembered and removes the cookies', async () => {
    const { cookies } = await visit({ paq: [['trackPageView']], then: [['optUserOut']] });
    assert.deepEqual(cookies.map((c) => c.name), ['mtm_consent_removed']);
  });
  test('without cookies the visitor has no id', async () => {
    const { requests, cookies } = await visit({ paq: [['disableCookies'], ['trackPageView']] });
    assert.deepEqual([requests[0].params._id, cookies], ['', []]);
  });
});

describe('visitor', () => {
  test('the id cookie and the request agree', async () => {
    const { requests, cookies } = await visit({ paq: [['trackPageView']] });
    const id = cookies.find((c) => c.name.startsWith('_pk_id.1.')).value.split('.')[0];
    assert.match(id, /^[0-9a-f]{16}$/);
    assert.equal(requests[0].params._id, id);
  });
  test('a campaign is kept for conversions', async () => {
    const { requests } = await visit({ search: '?mtm_campaign=Spring&mtm_kwd=socks', paq: [['trackPageView'], ['trackGoal', 1]] });
    assert.deepEqual(requests.map(({ params }) => [params._rcn, params._rck]), [['Spring', 'socks'], ['Spring', 'socks']]);
  });
});

describe('transport', () => {
  test('a beacon by default, the body with POST, an image with GET', async () => {
    const ways = [];
    for (const method of [undefined, 'POST', 'GET']) {
      const { requests } = await visit({ paq: [...(method ? [['setRequestMethod', method]] : []), ['trackPageView']] });
      ways.push(requests.map((r) => `${r.method} ${r.hasBody ? 'body' : 'query'} ${r.type}`));
    }
    assert.deepEqual(ways, [['POST query ping'], ['POST body ping'], ['GET query image']]);
  });
  test('queued requests go together', async () => {
    const { bulks } = await visit({ paq: [['queueRequest', 'n=1'], ['queueRequest', 'n=2']], waitMs: 3000 });
    assert.deepEqual(bulks.map((bulk) => bulk.map((params) => params.n)), [['1', '2']]);
  });
});

test('the build shortens every property of our own', () =>
  assert.doesNotMatch(readFileSync(new URL('../dist/matomo.js', import.meta.url), 'utf8'), /\.\w*[a-z]_\b/));
