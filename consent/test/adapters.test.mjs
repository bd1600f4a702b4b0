// Adapters on pages with the real consent manager where npm has it, else with one that keeps to its documentation.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ACCEPTED } from './banner.mjs';
import { close, open, strict, withVisitor } from './browser.mjs';

before(open);
after(close);

const VIEW = 'action_name=Our shop consent=1';
const follow = (call, names = call.split('(')[0]) => `<script type="module">import { ${names} } from '/dist/adapters.js'; ${call}; window.ready = true;</script>`;

/** A page with the strict loader; each act is followed by what was sent since. */
const follows = (name, { head, body = '', storage }, acts) => test(name, () => withVisitor({ storage }, async (me) => {
  await me.see({ head: strict() + head, body: `<p>text</p>${body}` });
  while (!await me.page.evaluate('window.ready'));
  if (storage) await me.wait();
  else assert.deepEqual([me.sent, (await me.kept()).filter((key) => /^(_pk|mtm)/.test(key))], [[], []]);
  for (const [act, expected] of acts) {
    me.sent.length = 0;
    if (act === 'again') await me.page.reload();
    else await me.page.evaluate(act);
    await me.wait();
    await me.wait();
    assert.deepEqual(me.sent, expected, act);
    if (!expected.length) assert.deepEqual((await me.kept()).filter((key) => /^(_pk|mtm_consent$)/.test(key)), [], act);
  }
  assert.deepEqual(me.errors, []);
}));
const TRACK = '_paq.push(["trackEvent", "a", "b"])';
/** Remembered is a yes from before the manager: it counts until the manager has a no. */
const endsYes = (head, no) => follows('its first no ends a yes that was remembered before', { head, storage: ACCEPTED },
  [[TRACK, ['e_c=a e_a=b ca=1 consent=1']], [no, []], [TRACK, []], ['again', []]]);
/** Somebody opts out whose yes the manager remembers: `replay` is how it tells it again. */
const yieldsToOptOut = (head, { yes, no, replay = 'again' }) => follows('a remembered yes yields to an opt-out, a new one lifts it', { head }, [
  [yes, ['matomo.js', VIEW]], ['_paq.push(["optUserOut"])', []], ['again', []], [replay, []],
  ['if (!/mtm_consent_removed/.test(document.cookie)) throw Error("lifted")', []],
  [no, []], [yes, ['matomo.js']], [TRACK, ['e_c=a e_a=b ca=1 consent=1']],
]);
const LEFT = ['_pk_id.1.e32e=a.1.', '_pk_ses.1.e32e=1', '_pk_ref.1.e32e=x', 'mtm_consent=1', 'own=1'];
/** A refusal loads no tracker that could remove what it once stored. */
const removesCookies = (head, no) => test('its no removes cookies of earlier visits', () => withVisitor({ cookies: LEFT }, async (me) => {
  await me.see({ head: strict() + head });
  while (!await me.page.evaluate('window.ready'));
  await me.page.evaluate(no);
  await me.wait();
  assert.deepEqual([me.sent, (await me.kept()).filter((key) => /^(_pk|mtm|own)/.test(key))], [[], ['own']]);
}));
const yesThenNo = (yes, no) => [[yes, ['matomo.js', VIEW]], [no, []], [TRACK, []]];

describe('vanilla-cookieconsent', () => {
  const run = `CookieConsent.run({ hideFromBots: false, categories: { necessary: { enabled: true, readOnly: true }, analytics: {} },
    language: { default: 'en', translations: { en: { consentModal: { title: 't', acceptAllBtn: 'a', acceptNecessaryBtn: 'r' }, preferencesModal: { sections: [] } } } } })`;
  const head = `<script src="/node_modules/vanilla-cookieconsent/dist/cookieconsent.umd.js"></script>${follow(`followCookieConsent(); ${run}`)}`;
  follows('accepts and rejects', { head }, yesThenNo('CookieConsent.acceptCategory("all")', 'CookieConsent.acceptCategory([])'));
  follows('remembers', { head }, [['CookieConsent.acceptCategory("all")', ['matomo.js', VIEW]], ['again', ['matomo.js', VIEW]]]);
  const late = `<script src="/node_modules/vanilla-cookieconsent/dist/cookieconsent.umd.js"></script>${follow(`await ${run}; followCookieConsent('analytics', CookieConsent)`, 'followCookieConsent')}`;
  follows('remembers, followed late', { head: late }, [['CookieConsent.acceptCategory("all")', ['matomo.js', VIEW]], ['again', ['matomo.js', VIEW]]]);
  follows('a refusal is no consent', { head }, [['CookieConsent.acceptCategory([])', []], ['again', []]]);
  endsYes(head, 'CookieConsent.acceptCategory([])');
  removesCookies(head, 'CookieConsent.acceptCategory([])');
  endsYes(late, 'CookieConsent.acceptCategory([])');
  for (const either of [head, late]) yieldsToOptOut(either, { yes: 'CookieConsent.acceptCategory("all")', no: 'CookieConsent.acceptCategory([])' });
});

describe('Klaro', () => {
  const head = `<script>klaroConfig = { services: [{ name: 'matomo', purposes: ['analytics'] }], translations: { en: { purposes: { analytics: 'x' } } } };</script>
    <script src="/node_modules/klaro/dist/klaro-no-css.js" data-klaro-config="none"></script>
    ${follow('followKlaro(window.manager = klaro.getManager(klaroConfig))')}`;
  const set = (value) => `manager.updateConsent("matomo", ${value}); manager.saveAndApplyConsents()`;
  follows('accepts and rejects', { head }, yesThenNo(set(true), set(false)));
  follows('a switch that is not saved is no consent', { head }, [['manager.updateConsent("matomo", true)', []]]);
  follows('remembers', { head }, [[set(true), ['matomo.js', VIEW]], ['again', ['matomo.js', VIEW]]]);
  endsYes(head, set(false));
  removesCookies(head, set(false));
  yieldsToOptOut(head, { yes: set(true), no: set(false) });
});

describe('tarteaucitron', () => {
  const head = `<script src="/node_modules/tarteaucitronjs/tarteaucitron.js"></script>
    <script>tarteaucitronForceLanguage = 'en'; tarteaucitron.init({ privacyUrl: '', hashtag: '#t', cookieName: 'tac', orientation: 'middle', useExternalCss: true, useExternalJs: false, mandatory: false, showIcon: false });
      tarteaucitron.services.own = { key: 'own', type: 'analytic', name: 'Own', uri: '', needConsent: true, cookies: [], js() {}, fallback() {} };
      (tarteaucitron.job = tarteaucitron.job || []).push('own');</script>${follow('followTarteaucitron("own")')}`;
  const ready = 'new Promise((done) => { const look = () => document.getElementById("ownAllowed") ? done() : queueMicrotask(() => fetch("/settled").then(look)); look(); })';
  const answer = (value) => `${ready}.then(() => tarteaucitron.userInterface.respond(document.getElementById("own${value}"), ${value === 'Allowed'}))`;
  follows('accepts and rejects', { head }, yesThenNo(answer('Allowed'), answer('Denied')));
  follows('remembers', { head }, [[answer('Allowed'), ['matomo.js', VIEW]], ['again', ['matomo.js', VIEW]]]);
  follows('a refusal is no consent', { head }, [[answer('Denied'), []], ['again', []]]);
  endsYes(head, answer('Denied'));
  removesCookies(head, answer('Denied'));
  yieldsToOptOut(head, { yes: answer('Allowed'), no: answer('Denied') });
});

describe('Cookiebot', () => {
  const fire = (name, statistics, hasResponse = true) =>
    `window.Cookiebot = { hasResponse: ${hasResponse}, consent: { necessary: true, statistics: ${statistics} } }; dispatchEvent(new Event('CookiebotOn${name}'))`;
  follows('accepts and declines', { head: follow('followCookiebot()') }, yesThenNo(fire('Accept', true), fire('Decline', false)));
  follows('ready without an answer is no consent', { head: follow('followCookiebot()') }, [[fire('ConsentReady', true, false), []]]);
  endsYes(follow('followCookiebot()'), fire('Decline', false));
  removesCookies(follow('followCookiebot()'), fire('Decline', false));
  yieldsToOptOut(follow('followCookiebot()'), {
    yes: `dispatchEvent(new Event('CookiebotOnDialogDisplay')); ${fire('Accept', true)}`, no: fire('Decline', false), replay: fire('Accept', true),
  });
  follows('a selection without statistics is none', { head: follow('followCookiebot()') }, [[fire('Accept', false), []]]);
});

describe('OneTrust', () => {
  const fire = (groups) => `window.OnetrustActiveGroups = ',${groups},'; dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail: ${JSON.stringify(groups.split(','))} }))`;
  follows('accepts and rejects', { head: follow('followOneTrust()') }, yesThenNo(fire('C0001,C0002'), fire('C0001')));
  const closed = 'window.OneTrust = { IsAlertBoxClosed: () => true }; ';
  endsYes(follow('followOneTrust()'), closed + fire('C0001'));
  removesCookies(follow('followOneTrust()'), closed + fire('C0001'));
  yieldsToOptOut(follow('followOneTrust()'), { yes: fire('C0001,C0002'), no: closed + fire('C0001'), replay: fire('C0001,C0002') });
  test('a new yes lifts an opt-out although the page is loaded anew before the tracker is there', () =>
    withVisitor({ cookies: ['mtm_consent_removed=1'], noTracker: true }, async (me) => {
      await me.see({ head: strict() + follow('followOneTrust()') });
      while (!await me.page.evaluate('window.ready'));
      await me.page.evaluate(fire('C0001'));
      await me.page.evaluate(fire('C0001,C0002'));
      assert.deepEqual(await me.kept(), []);
    }));
  follows('groups before an answer are no refusal', { head: follow('followOneTrust()') }, [[fire('C0001'), []], [fire('C0001,C0002'), ['matomo.js', VIEW]]]);
  follows('other groups are not ours', { head: follow('followOneTrust()') }, [[fire('C0001,C0003,C0004'), []]]);
});

describe('Osano', () => {
  const head = `<script>listeners = {}; Osano = { cm: { addEventListener(name, work) { (listeners[name] ||= []).push(work); if (name === 'osano-cm-initialized') work(undefined); },
    removeEventListener() {} } }; say = (name, state) => listeners[name].forEach((work) => work(state));</script>${follow('followOsano()')}`;
  const say = (name, state) => `say('osano-cm-${name}', { ESSENTIAL: 'ACCEPT', ANALYTICS: '${state}' })`;
  follows('accepts and denies', { head }, yesThenNo(say('consent-saved', 'ACCEPT'), say('consent-saved', 'DENY')));
  endsYes(head, say('initialized', 'DENY'));
  removesCookies(head, say('initialized', 'DENY'));
  yieldsToOptOut(head, { yes: say('consent-saved', 'ACCEPT'), no: say('consent-saved', 'DENY'), replay: say('initialized', 'ACCEPT') });
  follows('a remembered consent is told when it starts', { head }, [[say('initialized', 'ACCEPT'), ['matomo.js', VIEW]]]);
});

test('an adapter that is stopped follows no longer', () => withVisitor({}, async (me) => {
  await me.see({ head: strict() + follow('window.stop = followOneTrust()', 'followOneTrust') });
  while (!await me.page.evaluate('window.ready'));
  await me.page.evaluate(() => { window.stop(); dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail: ['C0002'] })); });
  await me.wait();
  assert.deepEqual(me.sent, []);
}));
