// Two tiers: the usual snippet counts without cookies until somebody agrees; the banner raises or ends it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ACCEPTED, isOpen, press, RECORD, REJECTED } from './banner.mjs';
import { close, GPC, open, receipt, withVisitor } from './browser.mjs';

before(open);
after(close);

const HEAD = '<script src="/dist/script/en.js"></script>';
const SNIPPET = `<script>var _paq = window._paq = window._paq || [];
  _paq.push(['requireCookieConsent'], ['trackPageView'], ['setTrackerUrl', 'http://stats.example/matomo.php'], ['setSiteId', 1]);</script>
  <script async src="http://stats.example/matomo.js"></script>`;
/** As the guide has it: the banner speaks before the tracker is there. */
const BODY = `<candor-consent></candor-consent>${SNIPPET}`;
const TRACK = ['trackEvent', 'a', 'b'];

const page = (name, options, work) => test(name, () => withVisitor(options, async (me) => {
  await me.see({ head: HEAD, body: BODY, ms: 700, ...options.see });
  await work(me);
  assert.deepEqual([me.others, me.errors], [[], []]);
}));
/** Of each hit since: what it is, whether it tells consent, whether it has an id. */
const told = (me) => me.hits.splice(0).map((hit) => [hit.action_name ?? hit.e_c ?? `ping ${hit.ping}`, hit.consent, hit._id !== '']);
const EXEMPT = ['Our shop', undefined, false], CONSENTED = ['Our shop', '1', true], EVENT = ['a', '1', true];

describe('two tiers', () => {
  page('before a choice: one hit without consent and id, no cookie', {}, async (me) =>
    assert.deepEqual([told(me), await me.kept(), await isOpen(me)], [[EXEMPT], [], true]));
  page('accept: what follows is consented, on the next page from its first hit', {}, async (me) => {
    me.hits.length = 0;
    await press(me, 'Accept');
    await me.push(TRACK);
    assert.deepEqual([told(me), await me.kept()], [[['ping 1', '1', true], EVENT], ['_pk_id', '_pk_ses', ...RECORD, 'mtm_consent']]);
    await me.again();
    assert.deepEqual([told(me), await isOpen(me)], [[CONSENTED], false]);
  });
  page('who agreed keeps one id on all pages', { storage: ACCEPTED }, async (me) => {
    await me.again();
    await me.again();
    const ids = new Set(me.hits.splice(0).map((hit) => hit._id));
    assert.deepEqual([ids.size, ids.has('')], [1, false]);
  });
  page('reject: nothing more, here and on the next page', {}, async (me) => {
    me.hits.length = 0;
    await press(me, 'Reject');
    await me.push(TRACK, ['trackPageView']);
    await me.again();
    assert.deepEqual([told(me), await me.kept()], [[], [...RECORD, 'mtm_consent_removed']]);
  });
  page('withdrawal: nothing more, and the cookies are gone', { storage: ACCEPTED }, async (me) => {
    assert.deepEqual(told(me), [CONSENTED]);
    await press(me, 'Cookie settings');
    await press(me, 'Reject');
    await me.push(TRACK);
    await me.again();
    assert.deepEqual([told(me), await me.kept()], [[], [...RECORD, 'mtm_consent_removed']]);
  });
  page('and back again', { storage: REJECTED }, async (me) => {
    assert.deepEqual(told(me), []);
    await press(me, 'Cookie settings');
    await press(me, 'Accept');
    await me.again();
    assert.deepEqual(told(me).at(-1), CONSENTED);
  });
  page('a refusal counts when only the storage remembers it', { storage: REJECTED }, async (me) => assert.deepEqual([told(me), await me.kept()], [[], RECORD]));
  page('a signal is a refusal', { init: GPC }, async (me) => assert.deepEqual([told(me), await me.kept()], [[], []]));
  page('an agreement that has ended is none: exempt until the answer', { storage: { ...ACCEPTED, 'matomo-consent-receipt': receipt({ expires: 1 }) } },
    async (me) => assert.deepEqual([told(me), await isOpen(me)], [[EXEMPT], true]));
  page('an agreement of another banner has no cookie beside it: consented all the same', { storage: { 'matomo-consent': 'accepted' } }, async (me) => {
    await me.push(TRACK);
    assert.deepEqual(told(me), [CONSENTED, EVENT]);
  });
  page('a banner that comes after the tracker: consented from then on', { storage: ACCEPTED, see: { head: SNIPPET, body: '<p>text</p>' } }, async (me) => {
    assert.deepEqual(told(me), [EXEMPT]);
    await me.page.addScriptTag({ url: '/dist/script/en.js' });
    await me.page.evaluate(() => document.body.append(document.createElement('candor-consent')));
    await me.push(TRACK);
    assert.deepEqual(told(me), [['ping 1', '1', true], EVENT]);
  });
  page("a consent manager's yes and no do the same", {
    see: { head: '<script src="/dist/script/adapters.js"></script><script>CandorAdapters.followOneTrust()</script>', body: SNIPPET },
  }, async (me) => {
    const say = (groups) => me.page.evaluate((detail) => dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail })), groups);
    await me.page.evaluate(() => { window.OneTrust = { IsAlertBoxClosed: () => true }; });
    assert.deepEqual(told(me), [EXEMPT]);
    await say(['C0002']);
    await me.push(TRACK);
    assert.deepEqual(told(me), [['ping 1', '1', true], EVENT]);
    await say(['C0001']);
    await me.push(TRACK);
    assert.deepEqual([told(me), await me.kept()], [[], ['mtm_consent_removed']]);
  });
  page('accepted twice is the same as once', { storage: ACCEPTED }, async (me) => {
    const { _id } = me.hits[0];
    await press(me, 'Cookie settings');
    await press(me, 'Accept');
    await me.push(TRACK);
    assert.deepEqual([new Set(me.hits.map((hit) => hit._id)), told(me)], [new Set([_id]), [CONSENTED, EVENT]]);
  });
});
