// The strict loader in pages: which requests leave, in which order, and what is stored.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { close, DNT, GPC, NO_STORAGE, open, receipt, strict, withVisitor } from './browser.mjs';
import { strictScript, strictSnippet } from '../dist/snippet.js';

before(open);
after(close);

const GIVE = ['setConsentGiven'], TAKE = ['forgetConsentGiven'], VIEW = 'action_name=Our shop consent=1';
const page = (calls) => `<script>${calls.map((call) => `_paq.push(${JSON.stringify(call)});`).join('')}</script>`;
const LATER = 'e_c=c e_a=d ca=1 consent=1', OPTED_OUT = ['mtm_consent_removed=1'];
const ACCEPTED = { 'matomo-consent': 'accepted', 'matomo-consent-receipt': receipt() };

/** One page with the loader and `calls`, then `pushed`: what is sent. */
const sends = (name, { options, calls = [], pushed = [], ...visitor }, expected, kept) => test(name, () =>
  withVisitor(visitor, async (me) => {
    await me.see({ head: strict(options), body: page(calls) });
    await me.push(...pushed);
    assert.deepEqual(me.sent, expected);
    if (kept) assert.deepEqual(await me.kept(), kept);
    assert.deepEqual([me.others, me.errors], [[], []]);
  }));

describe('before a choice', () => {
  sends('nothing is requested and nothing stored', { calls: [['trackEvent', 'a', 'b'], ['setUserId', 'anna']] }, [], []);
  sends('a refusal requests and stores nothing either', { pushed: [TAKE] }, [], []);
  sends('nor does an opt-out', { pushed: [['optUserOut']] }, [], []);
  sends('consent to cookies is not consent to tracking', { pushed: [['setCookieConsentGiven'], ['rememberCookieConsentGiven']] }, [], []);
  sends('requiring consent once more changes nothing', { pushed: [['requireConsent']] }, [], []);
});

describe('consent', () => {
  sends('loads the tracker once and tells the page view', { pushed: [GIVE] }, ['matomo.js', VIEW], ['_pk_id', '_pk_ses']);
  sends('given twice counts once', { pushed: [GIVE, GIVE] }, ['matomo.js', VIEW]);
  sends('that is remembered is kept in a cookie too', { pushed: [['rememberConsentGiven', 4368]] }, ['matomo.js', VIEW], ['_pk_id', '_pk_ses', 'mtm_consent']);
  sends('after a refusal on the same page: what was refused stays untold', { pushed: [TAKE, GIVE, ['trackEvent', 'a', 'b']] },
    ['matomo.js', 'e_c=a e_a=b ca=1 consent=1']);
  const hurried = (name, pushed, expected, kept) => test(name, () => withVisitor({}, async (me) => {
    await me.see({ head: strict(), body: page(pushed) });
    await me.wait();
    assert.deepEqual([me.sent, await me.kept()], [expected, kept]);
  }));
  hurried('taken back while the tracker is on its way: it comes and is silent', [GIVE, TAKE], ['matomo.js'], ['mtm_consent_removed']);
  hurried('and given again meanwhile: silent on this page, to be safe', [GIVE, TAKE, GIVE, ['trackEvent', 'a', 'b']], ['matomo.js'], ['mtm_consent_removed']);
  test('settings of the page count wherever they stand', () => withVisitor({}, async (me) => {
    await me.see({ head: `<script>_paq = [['setDocumentTitle', 'Early']];</script>${strict()}`, body: page([['setUserId', 'anna']]) });
    await me.push(GIVE);
    assert.deepEqual(me.sent, ['matomo.js', 'action_name=Early uid=anna consent=1']);
  }));
  test('what follows is tracked as usual', () => withVisitor({}, async (me) => {
    await me.see({ head: strict(), body: '<a href="http://other.example/x" onclick="event.preventDefault()">out</a>' });
    await me.push(GIVE);
    await me.page.click('a');
    await me.wait();
    assert.deepEqual(me.sent, ['matomo.js', VIEW, 'link=http://other.example/x consent=1']);
  }));
  test('a function in the queue runs once the tracker is there', () => withVisitor({}, async (me) => {
    await me.see({ head: strict(), body: '<script>_paq.push([function () { window.site = this.getSiteId(); }]);</script>' });
    assert.equal(await me.page.evaluate('window.site'), undefined);
    await me.push(GIVE);
    assert.equal(await me.page.evaluate('window.site'), '1');
  }));
});

describe('backlog', () => {
  const calls = [['trackEvent', 'first', 'page'], ['setCustomUrl', '/second'], ['setDocumentTitle', 'Second'], ['trackPageView'], ['trackEvent', 'second', 'page']];
  const event = 'e_c=second e_a=page ca=1 url=/second consent=1';
  sends('current-page: what belongs to the last page view', { calls, pushed: [GIVE] }, ['matomo.js', 'action_name=Second url=/second consent=1', event]);
  sends('none: nothing of it', { options: { backlog: 'none' }, calls, pushed: [GIVE] }, ['matomo.js']);
  sends('none: what follows is tracked', { options: { backlog: 'none' }, calls, pushed: [GIVE, ['trackEvent', 'later', 'x']] },
    ['matomo.js', 'e_c=later e_a=x ca=1 url=/second consent=1']);
  sends('none: with a remembered consent there is no backlog', { options: { backlog: 'none' }, storage: ACCEPTED }, ['matomo.js', VIEW]);
  test('all: everything, in order', () => withVisitor({}, async (me) => {
    await me.see({ head: strict({ backlog: 'all' }), body: page(calls) });
    await me.push(['rememberConsentGiven']);
    assert.deepEqual(me.sent, ['matomo.js', VIEW, 'e_c=first e_a=page ca=1 consent=1', 'action_name=Second url=/second consent=1', event]);
  }));
  for (const refuse of [TAKE, ['optUserOut']]) {
    sends(`${refuse}: what was tracked before it and until the next consent is gone`, {
      options: { backlog: 'all' }, calls: [['trackEvent', 'a', 'b']], pushed: [refuse, ['trackEvent', 'a', 'b'], ['trackPageView'], GIVE, ['trackEvent', 'c', 'd']],
    }, ['matomo.js', LATER]);
  }
  for (const backlog of ['current-page', 'all']) {
    for (const give of [GIVE, ['rememberConsentGiven']]) {
      sends(`${backlog}, after an opt-out on an earlier page, ${give}: only what follows it is sent`, {
        options: { backlog }, cookies: OPTED_OUT, calls, pushed: [['trackEvent', 'a', 'b'], give, ['trackEvent', 'c', 'd']],
      }, ['matomo.js', 'e_c=c e_a=d ca=1 url=/second consent=1'], ['_pk_id', '_pk_ses', ...(give === GIVE ? [] : ['mtm_consent'])]);
    }
  }
  sends('an opt-out is seen where storage is blocked, too', {
    init: NO_STORAGE, cookies: OPTED_OUT, pushed: [GIVE, ['trackEvent', 'c', 'd']],
  }, ['matomo.js', LATER]);
});

describe('withdrawal', () => {
  test('stops tracking at once and removes the cookies', () => withVisitor({ storage: ACCEPTED }, async (me) => {
    await me.see({ head: strict() });
    await me.wait();
    assert.deepEqual([me.sent.splice(0), await me.kept()], [['matomo.js', VIEW], ['_pk_id', '_pk_ses', 'matomo-consent', 'matomo-consent-receipt']]);
    await me.push(TAKE, ['trackEvent', 'a', 'b'], ['trackPageView']);
    assert.deepEqual([me.sent, await me.kept()], [[], ['matomo-consent', 'matomo-consent-receipt', 'mtm_consent_removed']]);
  }));
  sends("an opt-out on the tracker's own page outweighs a remembered consent", { storage: ACCEPTED, cookies: OPTED_OUT }, []);
});

describe('a remembered choice', () => {
  sends('accepted: hits flow without a banner', { storage: ACCEPTED }, ['matomo.js', VIEW]);
  sends('accepted without a receipt, as others write it', { storage: { 'matomo-consent': 'accepted' } }, ['matomo.js', VIEW]);
  sends('rejected: none', { storage: { 'matomo-consent': 'rejected' } }, [], ['matomo-consent']);
  sends('expired: none', { storage: { ...ACCEPTED, 'matomo-consent-receipt': receipt({ expires: 1 }) } }, []);
  sends('of another text: none', { options: { version: '2' }, storage: ACCEPTED }, []);
  sends('with a receipt that is broken: none', { storage: { ...ACCEPTED, 'matomo-consent-receipt': '{' } }, []);
  sends('with the receipt of a refusal: as without one', { storage: { ...ACCEPTED, 'matomo-consent-receipt': receipt({ choice: 'rejected', expires: 1 }) } }, ['matomo.js', VIEW]);
  sends('storage that is blocked does no harm', { init: NO_STORAGE, pushed: [GIVE] }, ['matomo.js', VIEW]);
});

describe('signals', () => {
  sends('Global Privacy Control outweighs an older consent', { init: GPC, storage: ACCEPTED }, []);
  sends('so does Do Not Track', { init: DNT, storage: ACCEPTED }, []);
  sends('a consent in sight of the signal counts', { init: GPC, storage: { ...ACCEPTED, 'matomo-consent-receipt': receipt({ signals: 'gpc' }) } }, ['matomo.js', VIEW]);
  sends('but not a refusal in sight of it', { init: GPC, storage: { ...ACCEPTED, 'matomo-consent-receipt': receipt({ choice: 'rejected', signals: 'gpc' }) } }, []);
  sends('they can be left to the banner', { init: GPC, options: { signals: false }, storage: ACCEPTED }, ['matomo.js', VIEW]);
});

describe('the snippet', () => {
  test('runs under a policy with a nonce', () => withVisitor({}, async (me) => {
    await me.see({ head: strict({ nonce: 'abc' }), csp: "script-src 'nonce-abc' http://stats.example; connect-src 'self' http://stats.example" });
    await me.push(GIVE);
    assert.deepEqual([me.sent, me.errors], [['matomo.js', VIEW], []]);
  }));
  test('a host that is down does no harm', () => withVisitor({ noTracker: true }, async (me) => {
    await me.see({ head: strict() });
    await me.push(GIVE, ['trackEvent', 'a', 'b'], TAKE);
    assert.deepEqual([me.sent, await me.kept()], [['matomo.js'], []]);
  }));
  test('values can not leave the script element', () => {
    const html = strictSnippet({ url: 'https://x/', siteId: '</script><b>', version: '$&', nonce: '"><b>' });
    assert.equal(html.match(/<\/script>/g).length, 1);
    assert.match(html, /nonce="&quot;>&lt;b>"/);
    assert.match(html, /"\$&"/);
  });
  test('an unknown backlog is refused', () => assert.throws(() => strictScript({ url: '/', siteId: 1, backlog: 'some' }), /current-page/));
});

describe('the loader in a bundle, without the snippet', () => {
  const head = `<script type="module">import { BACKLOGS, Consent, strictLoader } from '/dist/index.js';
    strictLoader('http://stats.example/', '1', BACKLOGS.indexOf('current-page'), '1', 1); window.consent = new Consent(); consent.start();</script>`;
  const page = (name, visitor, work) => test(name, () => withVisitor(visitor, async (me) => {
    await me.see({ head });
    await work(me);
    assert.deepEqual([me.others, me.errors], [[], []]);
  }));
  page('nothing is requested or stored before a choice', {}, async (me) => {
    await me.push(['trackEvent', 'a', 'b'], ['setUserId', 'anna']);
    assert.deepEqual([me.sent, await me.kept()], [[], []]);
  });
  page('after an accept it tracks, after a reject no more', {}, async (me) => {
    await me.page.evaluate(() => consent.choose('accepted'));
    await me.wait();
    assert.deepEqual(me.sent.splice(0), ['matomo.js', VIEW]);
    await me.page.evaluate(() => consent.choose('rejected'));
    await me.push(['trackEvent', 'a', 'b']);
    assert.deepEqual([me.sent, await me.kept()], [[], ['matomo-consent', 'matomo-consent-receipt', 'mtm_consent_removed']]);
  });
  page('a remembered choice counts', { storage: ACCEPTED }, async (me) => assert.deepEqual(me.sent, ['matomo.js', VIEW]));
  page('a refusal and a signal send and store nothing', { init: GPC, storage: { 'matomo-consent': 'rejected' } }, async (me) =>
    assert.deepEqual([me.sent, (await me.kept()).filter((key) => !/^matomo-/.test(key))], [[], []]));
});
