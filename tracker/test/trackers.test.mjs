// What a page may build on: events, plugins, several trackers, calls in any order, pages that change without loading.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { close, open, push, run, visit, wait } from './browser.mjs';
import { exactly } from './exactly.mjs';

before(open);
after(close);

const EVENT = ['trackEvent', 'a', 'b'];
const SENT = 'e_c=a e_a=b ca=1';
/** Tells what a script of the page found, as an event. */
const tell = (expression) => run(`_paq.push(["trackEvent", "told", String(${expression})])`);
const toldEvent = (text) => `e_c=told e_a=${text} ca=1`;

describe('start', () => {
  test('prepared functions run in their order, then the events', () => exactly({
    before: `var log = []; matomoPluginAsyncInit = [() => log.push('plugin')]; piwikAsyncInit = () => log.push('piwik');
      matomoAsyncInit = () => { log.push('init'); for (const name of ['TrackerSetup', 'TrackerAdded', 'MatomoInitialized']) Matomo.on(name, () => log.push(name)); }`,
    paq: [EVENT], steps: [tell('log.join("-")')],
  }, { requests: [SENT, toldEvent('plugin-piwik-init-TrackerSetup-TrackerAdded-MatomoInitialized')] }));
  test('the old names are the same object', () => exactly(
    { paq: [], steps: [tell('[Matomo === Piwik, Matomo === AnalyticsTracker, Matomo.initialized]')] }, { requests: [toldEvent('true,true,true')] }));
  test('a handler can leave', () => exactly({
    paq: [], steps: [tell('(() => { let n = 0; const h = () => n++; Matomo.on("x", h); Matomo.trigger("x"); Matomo.off("x", h); Matomo.trigger("x"); return n; })()')],
  }, { requests: [toldEvent('1')] }));
  test('a tracker without _paq', () => exactly({
    paq: [], steps: [run('Matomo.getTracker("http://stats.example/matomo.php", 5).trackEvent("a", "b")')],
  }, { requests: [`${SENT} idsite=5`], also: ['idsite'] }));
  test('the order in _paq does not matter for settings', async () => {
    const settings = [['setUserId', 'anna'], ['disablePerformanceTracking'], ['setExcludedQueryParams', ['sid']], ['requireCookieConsent'],
      ['setDomains', ['*.shop.example']], ['setVisitorCookieTimeout', 86400]];
    const calls = [...settings, ['trackPageView'], EVENT];
    for (const turn of [0, 1, 3, 5, 7]) {
      const paq = [...calls.slice(turn), ...calls.slice(0, turn)].reverse();
      const { requests } = await visit({ paq, search: '?sid=1' });
      assert.deepEqual(requests.map(({ params: { uid, url, _id } }) => [uid, url, _id]).slice(0, 2), [1, 2].map(() => ['anna', 'http://shop.example/page.html', '']));
    }
  });
  test('functions in _paq get the tracker', () => exactly(
    { paq: [], steps: [run('_paq.push([function () { this.trackEvent("a", "b"); }])')] }, { requests: [SENT] }));
  test('one push may carry several calls', () => exactly({ paq: [], steps: [push(EVENT, ['ping'])] }, { requests: [SENT, 'ping=1'] }));
  test('the script loaded twice keeps the first trackers', () => exactly({
    paq: [EVENT], steps: [(page) => page.addScriptTag({ url: 'http://stats.example/matomo.js' }), tell('Matomo.getAsyncTrackers().length')],
  }, { requests: [SENT, toldEvent('1')] }));
});

describe('several trackers', () => {
  const SECOND = ['addTracker', 'http://second.example/matomo.php', 7];
  test('each has cookies of its own site', () => exactly(
    { paq: [SECOND, EVENT] }, { requests: [SENT, SENT], cookies: ['id', 'id', 'ses', 'ses'] }));
  test('are found by address and site', () => exactly({
    paq: [SECOND], steps: [wait(100), run(`Matomo.getAsyncTracker('http://second.example/matomo.php', 7).trackEvent('only', 'second')`)],
  }, { requests: ['e_c=only e_a=second ca=1 idsite=7'], also: ['idsite'] }));
  test('one that is not there is not found', () => exactly(
    { paq: [], steps: [tell('Matomo.getAsyncTracker("http://nowhere.example/", 3)')] }, { requests: [toldEvent('undefined')] }));
});

describe('plugins', () => {
  test('add to requests of their kind and hear of the end', () => exactly({
    before: `matomoAsyncInit = () => Matomo.addPlugin('Shop', { event: ({ request }) => '&shop=' + request.length, ping: () => '', unload: () => _paq.push(['ping']) })`,
    paq: [EVENT], script: 'dispatchEvent(new Event("pagehide"))',
  }, { requests: [`${SENT} shop=16`, 'ping=1'] }));
  test('of a tracker are called by name', () => exactly({
    before: `matomoAsyncInit = () => Matomo.on('TrackerSetup', (t) => { t.Shop = { show: (x) => t.trackEvent('shop', x) }; })`, paq: [['Shop.show', 'x']],
  }, { requests: ['e_c=shop e_a=x ca=1'] }));
  test('without such a method are told in the console', () => exactly(
    { before: 'matomoAsyncInit = () => { Matomo.Shop = {}; }', paq: [['Shop::show'], EVENT] }, { requests: [SENT], errors: 1 }));
});

describe('pages that change without loading', () => {
  test('each view has its own address, title and id', async () => {
    const view = (path, title) => [['setReferrerUrl', 'http://shop.example/page.html'], ['setCustomUrl', path], ['setDocumentTitle', title], ['trackPageView']];
    const { requests } = await visit({ paq: [['trackPageView']], steps: [run('history.pushState(0, "", "/a")'), push(...view('/a', 'A')), push(...view('/b', 'B'))] });
    assert.deepEqual(requests.map(({ params }) => [params.url, params.action_name]),
      [['http://shop.example/page.html', 'Our shop'], ['http://shop.example/a', 'A'], ['http://shop.example/b', 'B']]);
    assert.equal(new Set(requests.map(({ params }) => params.pv_id)).size, 3);
    assert.equal(new Set(requests.map(({ params }) => params._id)).size, 1);
  });
  test('content is seen again on the next view', async () => {
    const { requests } = await visit({
      body: '<p data-track-content data-content-name=A>x</p>', paq: [['disableQueueRequest'], ['trackAllContentImpressions']],
      steps: [wait(900), push(['trackAllContentImpressions'], ['trackPageView'], ['trackAllContentImpressions'])],
    });
    assert.deepEqual(requests.map(({ params }) => params.c_n ?? params.action_name), ['A', 'Our shop', 'A']);
  });
  test('an error is told once a view', () => exactly({
    paq: [['enableJSErrorTracking']], steps: [1, 2].map(() => run('dispatchEvent(new ErrorEvent("error", { message: "no", filename: "a.js", lineno: 3, colno: 4 }))')),
  }, { requests: ['e_c=JavaScript Errors e_a=a.js:3:4 e_n=no ca=1'] }));
});

describe('from one domain of the site to another', () => {
  const paq = [['enableCrossDomainLinking'], ['setDomains', ['shop.example', 'sister.example']]];
  const linked = async () => {
    const { requests } = await visit({ paq: [...paq, ['enableLinkTracking']], body: '<a id=a href="http://sister.example/x#y">s</a>', clicks: ['#a'], steps: [tell('document.querySelector("a").href')] });
    return [requests[0].params.e_a, requests[0].params._id];
  };
  test('a link carries the visitor, who stays the same there', async () => {
    const [href, id] = await linked();
    const [, carried] = /^http:\/\/sister\.example\/x\?pk_vid=([0-9a-f]{32})#y$/.exec(href);
    assert.equal(carried.slice(0, 16), id);
    const { requests: [{ params }] } = await visit({ paq: [...paq, ['trackPageView']], search: `?a=1&pk_vid=${carried}` });
    assert.deepEqual([params._id, params.url], [id, 'http://shop.example/page.html?a=1']);
  });
  test('an old link, or one of another browser, carries nobody', async () => {
    const [href, id] = await linked();
    const carried = href.slice(-34, -2);
    for (const other of [`${carried.slice(0, 16)}2200000000${carried.slice(26)}`, `${carried.slice(0, 26)}ffffff`]) {
      assert.notEqual((await visit({ paq: [...paq, ['trackPageView']], search: `?pk_vid=${other}` })).requests[0].params._id, id);
    }
  });
  test('without it links stay as they are', () => exactly({
    paq: [['setDomains', ['shop.example', 'sister.example']], ['enableLinkTracking']], body: '<a id=a href="http://sister.example/x">s</a>', clicks: ['#a'],
    steps: [tell('document.querySelector("a").href')],
  }, { requests: [toldEvent('http://sister.example/x')] }));
});

describe('shop', () => {
  const cart = [['addEcommerceItem', 'S1', 'Sock', 'Wool', 5, 2], ['addEcommerceItem', 'S2', 'Hat', 'Wool', 9]];
  test('an item put in again is replaced, one taken out is gone', () => exactly(
    { paq: [...cart, ['addEcommerceItem', 'S1', 'Sock', 'Wool', 4, 1], ['removeEcommerceItem', 'S2'], ['trackEcommerceCartUpdate', 4]] },
    { requests: ['idgoal=0 revenue=4 ec_items=[["S1","Sock","Wool",4,1]]'] }));
  test('a cart update keeps the cart, clearing empties it', () => exactly(
    { paq: [cart[1], ['trackEcommerceCartUpdate', 9], ['clearEcommerceCart'], ['trackEcommerceCartUpdate', 0]] },
    { requests: ['idgoal=0 revenue=9 ec_items=[["S2","Hat","Wool",9,1]]', 'idgoal=0 revenue=0 ec_items=[]'] }));
  test('an order without a number or a total is none', () => exactly({ paq: [['trackEcommerceOrder', '', 5], ['trackEcommerceOrder', 'O']] }, { cookies: [] }));
});
