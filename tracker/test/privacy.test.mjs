// What must not leave the browser: before consent, after its withdrawal, from forms, and by rules.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { close, open, push, run, visit, wait } from './browser.mjs';
import { exactly } from './exactly.mjs';

before(open);
after(close);

const VIEW = 'action_name=Our shop';
const EVENT = ['trackEvent', 'a', 'b'];
const REQUIRED = [['requireConsent'], ['trackPageView']];

describe('consent', () => {
  test('remembered: what waited is sent, and later requests say so', () => exactly(
    { paq: REQUIRED, then: [['rememberConsentGiven'], EVENT], waitMs: 2000 },
    { requests: [`${VIEW} consent=1`, 'ping=1 consent=1', 'e_c=a e_a=b ca=1 consent=1'], cookies: ['id', 'mtm_consent', 'ses'] }));
  test('given without cookies stays without', () => exactly(
    { paq: REQUIRED, then: [['setConsentGiven', false]] }, { requests: [`${VIEW} consent=1`], cookies: [] }));
  test('never given: leaving the page sends and keeps nothing', () => exactly(
    { paq: REQUIRED, script: 'dispatchEvent(new Event("pagehide"))' }, { requests: [], cookies: [] }));
  test('only what was tracked since the last page view waits', () => exactly(
    { paq: [['requireConsent'], EVENT, ['trackPageView']], then: [['setConsentGiven', false]] }, { requests: [`${VIEW} consent=1`], cookies: [] }));
  test('what goes together says consent in each part', () => exactly(
    { paq: [['requireConsent'], ['queueRequest', 'n=1'], ['queueRequest', 'n=2']], then: [['setConsentGiven', false]], waitMs: 3000 },
    { requests: [], bulks: [['n=1 consent=1', 'n=2 consent=1']], cookies: [] }));
  test('that is not required is not said', () => exactly(
    { paq: [['queueRequest', 'n=1'], ['queueRequest', 'n=2']], waitMs: 3000 }, { bulks: [['n=1', 'n=2']] }));
  test('queued requests wait too', () => exactly(
    { paq: [['requireConsent'], ['queueRequest', 'n=1'], ['queueRequest', 'n=2']], waitMs: 9000 }, { requests: [], cookies: [] }));
});

describe('withdrawal', () => {
  test('ends everything at once and removes the cookies', () => exactly(
    { paq: [['trackPageView']], steps: [wait(900), push(['forgetConsentGiven'], EVENT, ['trackPageView'], ['ping'])], waitMs: 9000 },
    { requests: [VIEW], cookies: ['mtm_consent_removed'] }));
  const AGREED = { paq: REQUIRED, then: [['setConsentGiven', false]] };
  const REPLIED = `${VIEW} consent=1`;
  for (const way of ['forgetConsentGiven', 'optUserOut']) {
    test(`${way} drops what waits for the gap`, () => exactly(
      { ...AGREED, steps: [push(...AGREED.then, EVENT, EVENT, EVENT, [way])], then: [] , waitMs: 9000 }, { requests: [REPLIED], cookies: ['mtm_consent_removed'] }));
    test(`${way} drops what would leave with the page`, () => exactly(
      { ...AGREED, steps: [push(...AGREED.then, EVENT, ['queueRequest', 'n=1'], [way]), run('dispatchEvent(new Event("pagehide"))')], then: [] },
      { requests: [REPLIED], cookies: ['mtm_consent_removed'] }));
    test(`${way} drops what a new consent would find waiting`, () => exactly(
      { ...AGREED, steps: [push(...AGREED.then, EVENT, ['queueRequest', 'n=1'], [way])], waitMs: 9000 }, { requests: [REPLIED], cookies: [] }));
  }
  test('drops what waits for client hints', () => exactly({
    before: `Object.defineProperty(navigator, 'userAgentData', { value: { getHighEntropyValues: () => new Promise((done) => setTimeout(done, 500, {})) } })`,
    paq: [['trackPageView']], then: [['forgetConsentGiven']],
  }, { requests: [], cookies: ['mtm_consent_removed'] }));
  test('holds for a post that failed, too', () => exactly({
    paq: [['disableAlwaysUseSendBeacon'], ['setRequestMethod', 'POST'], EVENT], 
    before: 'let fail; const { fetch: usual } = window; fetch = () => { fetch = usual; return new Promise((_, no) => { fail = no; }); }',
    script: '_paq.push(["forgetConsentGiven"]); fail()',
  }, { requests: [], cookies: ['mtm_consent_removed'] }));
  test('by another page counts for what waits', () => exactly(
    { paq: [EVENT, EVENT], script: 'document.cookie = "mtm_consent_removed=1"', waitMs: 9000 },
    { requests: ['e_c=a e_a=b ca=1'], cookies: ['id', 'mtm_consent_removed', 'ses'] }));
  for (const way of ['forgetConsentGiven', 'optUserOut']) {
    test(`${way} keeps nothing of what is done before the next consent`, () => exactly({
      paq: REQUIRED, steps: [push(['setConsentGiven', false]), wait(900), push([way], EVENT, ['trackPageView'], ['queueRequest', 'n=1'])],
      then: [['setConsentGiven', false], EVENT], waitMs: 9000,
    }, { requests: [REPLIED, 'e_c=a e_a=b ca=1 consent=1'], cookies: [] }));
  }
  test('a refusal drops what waited for a choice', () => exactly(
    { paq: REQUIRED, then: [['forgetConsentGiven'], ['setConsentGiven', false]] }, { requests: [], cookies: [] }));
  test('holds on the next page', () => exactly(
    { paq: [['trackPageView'], EVENT], had: { mtm_consent_removed: '2220000000000' } }, { requests: [], cookies: ['mtm_consent_removed'] }));
  test('of cookies: requests go on without an id', async () => {
    const { requests } = await exactly({ paq: [['trackPageView']], steps: [wait(900), push(['forgetCookieConsentGiven'], EVENT)] },
      { requests: [VIEW, 'e_c=a e_a=b ca=1'], cookies: [] });
    assert.equal(requests[1].params._id, '');
  });
});

describe('an opt-out of an earlier page', () => {
  const had = { mtm_consent_removed: '2220000000000' };
  const BEFORE = [EVENT, ['queueRequest', 'n=1'], ['trackPageView'], EVENT];
  const LATER = 'e_c=c e_a=d ca=1';
  for (const [way, request, cookies, ...required] of [
    ['forgetUserOptOut', LATER, ['id', 'ses']],
    ['setConsentGiven', LATER, ['id', 'ses']],
    ['rememberConsentGiven', LATER, ['id', 'mtm_consent', 'ses']],
    ['forgetUserOptOut', `${LATER} consent=1`, [], ['requireConsent']],
    ['setConsentGiven', `${LATER} consent=1`, ['id', 'ses'], ['requireConsent']],
    ['rememberConsentGiven', `${LATER} consent=1`, ['id', 'mtm_consent', 'ses'], ['requireConsent']],
  ]) {
    test(`${required.length ? 'requireConsent, ' : ''}${way}: only what follows is sent`, () => exactly(
      { paq: [...required, ...BEFORE], had, steps: [push(['queueRequest', 'n=2'])], then: [[way], ['trackEvent', 'c', 'd']], waitMs: 9000 },
      { requests: [request], cookies }));
  }
  test('of another tab meanwhile: what waited for a choice is not sent with the next accept', () => exactly({
    paq: [...REQUIRED, EVENT], script: 'document.cookie = "mtm_consent_removed=1"', then: [['setConsentGiven', false], ['trackEvent', 'c', 'd']], waitMs: 9000,
  }, { requests: [`${LATER} consent=1`], cookies: [] }));
  test('taken back in another tab: only what follows is sent, queued or not', () => exactly({
    paq: BEFORE, had, script: 'document.cookie = "mtm_consent_removed=;max-age=-1"; document.cookie = "mtm_consent=1"',
    then: [['trackEvent', 'c', 'd'], ['queueRequest', 'n=3']], waitMs: 9000,
  }, { requests: [LATER, 'n=3'], cookies: ['id', 'mtm_consent', 'ses'] }));
  test('is obeyed by the lite build too', () => exactly(
    { lite: true, paq: [['requireConsent'], ['trackPageView'], EVENT], had, then: [['setConsentGiven'], ['trackEvent', 'c', 'd']] },
    { requests: [`${LATER} consent=1`], cookies: [] }));
});

describe('signals', () => {
  const DNT = 'Object.defineProperty(navigator, "doNotTrack", { value: "1" })';
  test('Do Not Track, when the page respects it', () => exactly({ before: DNT, paq: [['setDoNotTrack', true], ['trackPageView']] }, { cookies: [] }));
  test('not when it does not', () => exactly({ before: DNT, paq: [['trackPageView']] }, { requests: [VIEW] }));
});

describe('forms', () => {
  const body = `<form action="/pay"><input id=name name=name><input id=card type=password><textarea id=note></textarea>
    <select id=kind><option>a<option>b</select><input id=yes type=checkbox><button id=pay type=button>pay</button></form>`;
  test('typing, choosing and pressing a button send nothing', () => exactly({
    body, paq: [['trackPageView'], ['enableLinkTracking'], ['enableJSErrorTracking'], ['trackVisibleContentImpressions']],
    steps: [async (page) => {
      await page.fill('#name', 'Anna Secret');
      await page.fill('#card', '4111111111111111');
      await page.fill('#note', 'private');
      await page.selectOption('#kind', 'b');
      await page.click('#yes');
      await page.click('#pay');
    }],
    waitMs: 9000,
  }, { requests: [VIEW] }));
});

describe('rules before a request leaves', () => {
  const rules = (body) => `matomoAsyncInit = () => Matomo.on('TrackerRequest', (parameters, tracker) => { ${body} })`;
  const HIDE = rules('for (const [name, value] of [...parameters]) if (/secret/i.test(value)) parameters.set(name, "-")');
  /** What was said to whom, as one text. */
  const wire = ({ requests, bulks, others }) => JSON.stringify([requests, bulks, others]);
  test('change the address and drop title and referrer', async () => {
    const { requests } = await exactly({
      before: rules(`parameters.set('url', parameters.get('url').replace(/page/, '*'));
        for (const name of ['urlref', '_ref', 'action_name']) parameters.delete(name);`),
      paq: [['setReferrerUrl', 'http://news.example/secret'], ['trackPageView', 'Secret']],
    }, { requests: [''], cookies: ['id', 'ref', 'ses'] });
    assert.equal(requests[0].params.url, 'http://shop.example/*.html');
  });
  for (const [what, paq, options] of [
    ['titles and referrers', [['setReferrerUrl', 'http://news.example/secret'], ['trackPageView', 'Secret']]],
    ['addresses', [['setCustomUrl', '/secret'], ['ping']]],
    ['searches', [['trackSiteSearch', 'secret', 'secret']]],
    ['events and custom data', [['setCustomData', 'a', 'secret'], ['trackEvent', 'a', 'secret', 'secret']]],
    ['dimensions and variables', [['setCustomDimension', 1, 'secret'], ['setCustomVariable', 1, 'a', 'secret'], ['setCustomVariable', 1, 'a', 'secret', 'page'], ['ping']]],
    ['users', [['setUserId', 'secret'], ['ping']]],
    ['the cart', [['addEcommerceItem', 'S1', 'secret'], ['setEcommerceView', 'S1', 'secret'], ['trackEcommerceCartUpdate', 1]]],
    ['texts of trackRequest', [['trackRequest', 'a=secret&b=2']]],
    ['whole queued requests', [['queueRequest', 'idsite=1&rec=1&a=secret', true]], { waitMs: 3000 }],
    ['each request of a list', [['queueRequest', 'a=secret'], ['queueRequest', 'idsite=1&rec=1&a=secret', true]], { waitMs: 3000 }],
    ['what is put behind every request', [['appendToTrackingUrl', 'a=secret'], ['ping']]],
    ['links', [['trackLink', 'http://other.example/secret', 'link']]],
    ['clicks', [['enableLinkTracking']], { body: '<a id=a href="/secret.zip">f</a>', clicks: ['#a'] }],
    ['content', [['trackContentImpression', 'secret', 'secret', '/secret'], ['trackContentInteraction', 'secret', 'secret']], { waitMs: 3000 }],
    ['blocks of the page', [['trackAllContentImpressions']], { waitMs: 3000, body: '<a data-track-content data-content-name=secret href="/secret">x</a>' }],
    ['client hints', [['ping']], { before: `Object.defineProperty(navigator, 'userAgentData', { value: { getHighEntropyValues: async () => ({ model: 'secret' }) } }); ${HIDE}` }],
    ['plugins', [['ping']], { before: HIDE.replace('() =>', '() => Matomo.addPlugin("P", { ping: () => "&p=secret" }) ||') }],
    ['posts', [['setRequestMethod', 'POST'], ['trackEvent', 'a', 'secret']]],
    ['images', [['setRequestMethod', 'GET'], ['trackEvent', 'a', 'secret']]],
    ['posts that fail and the image after them', [['disableAlwaysUseSendBeacon'], ['setRequestMethod', 'POST'], ['trackEvent', 'a', 'secret']], { status: 500 }],
    ['what the page made of a request', [['trackEvent', 'a', 'b']], { script: 'Matomo.getAsyncTracker().setCustomRequestProcessing((text) => text + "&a=secret"); _paq.push(["ping"])' }],
  ]) {
    test(`reach ${what}`, async () => {
      const seen = await visit({ before: HIDE, paq, ...options });
      assert.doesNotMatch(wire(seen), /secret/i);
      assert.match(wire(seen), /:"-"/);
    });
  }
  test('take away what the browser says of itself', async () => {
    const { requests: [{ params }] } = await visit({ before: rules('for (const name of ["res", "uadata", "cookie", "pdf"]) parameters.delete(name)'), paq: [['ping']] });
    assert.deepEqual([params.ping, params.res, params.uadata, params.cookie, params.pdf], ['1', undefined, undefined, undefined, undefined]);
  });
  test('reach what waited before they were there', () => exactly(
    { paq: [['requireConsent'], ['trackPageView', 'Secret']], script: `${HIDE}; matomoAsyncInit(); _paq.push(['setConsentGiven', false])` },
    { requests: ['action_name=- consent=1'], cookies: [] }));
  test('know which tracker sends', () => exactly({
    before: rules('parameters.set("by", tracker.getSiteId())'), paq: [['addTracker', 'http://second.example/matomo.php', 7], ['ping']],
  }, { requests: ['ping=1 by=1', 'ping=1 by=7'], cookies: ['id', 'id', 'ses', 'ses'] }));
  test('that fail let nothing out', () => exactly(
    { before: rules('throw Error("broken rule")'), paq: [['trackPageView']] }, { requests: [], errors: 1 }));
  test('setCustomRequestProcessing comes before them', () => exactly(
    { before: 'matomoAsyncInit = () => Matomo.on("TrackerSetup", (t) => t.setCustomRequestProcessing((text) => text.replace("e_a=b", "e_a=c")))', paq: [EVENT] },
    { requests: ['e_c=a e_a=c ca=1'] }));
});

test('a page opened from a file is not tracked', () => exactly({ paq: [['setCustomUrl', 'file:///home/anna/page.html'], ['trackPageView']] }, { cookies: [] }));
test('what runs in the console stays there', () => exactly(
  { paq: [], steps: [run('Matomo.getAsyncTracker().getVisitorId()')] }, { requests: [], cookies: ['id'] }));
test('nothing is asked of anybody else, whatever is on', () => exactly(
  { paq: [['enableHeartBeatTimer'], ['enableJSErrorTracking'], ['trackAllContentImpressions'], ['trackPageView']] }, { requests: [VIEW] }));
test('no cookie is tried out', async () => {
  const written = 'const all = []; const d = Object.getOwnPropertyDescriptor(Document.prototype, "cookie"); ' +
    'Object.defineProperty(document, "cookie", { get: () => d.get.call(document), set: (v) => { all.push(v.split("=")[0]); d.set.call(document, v); } })';
  const { requests } = await visit({ before: written, paq: [['setCookieDomain', '*.shop.example'], ['trackPageView']], script: '_paq.push(["trackEvent", "cookies", [...new Set(all)].map((n) => n.slice(0, 7)).join()])' });
  assert.equal(requests[1].params.e_a, '_pk_id.,_pk_ses');
});
