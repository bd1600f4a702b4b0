// <candor-consent> in pages: when it asks, what a choice sends and stores, what withdrawal ends.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ACCEPTED, focused, head, isOpen, press, RECORD, REJECTED, shown, VIEW } from './banner.mjs';
import { close, DNT, GPC, NO_STORAGE, open, receipt, usual, withVisitor } from './browser.mjs';

before(open);
after(close);

describe('asking', () => {
  test('not at 400 ms, but at 700', () => withVisitor({}, async (me) => {
    await me.see({ head: head(), body: '<candor-consent></candor-consent>', ms: 400 });
    assert.equal(await me.page.getByRole('dialog').count(), 0);
    await me.wait(300);
    assert.equal(await isOpen(me), true);
    assert.deepEqual([me.sent, await me.kept()], [[], []]);
  }));
  shown('after a delay of its own', { attributes: 'delay=2000' }, async (me) => {
    assert.equal(await isOpen(me), false);
    await me.wait(1400);
    assert.equal(await isOpen(me), true);
  });
  for (const [show, act] of [
    ['scroll', (me) => me.page.mouse.wheel(0, 300)],
    ['interaction', (me) => me.page.mouse.click(5, 5)],
    ['interaction', (me) => me.page.keyboard.press('a')],
  ]) {
    shown(`on ${show}: ${act.toString().match(/page\.(.*)\(/)[1]}`, { attributes: `show=${show}`, body: '<p style="height:3000px">long</p>' }, async (me) => {
      await me.wait(5000);
      assert.equal(await isOpen(me), false);
      await act(me);
      await me.page.getByRole('dialog').waitFor();
    });
  }
  shown('a key that opens it does not answer it', { attributes: 'show=interaction' }, async (me) => {
    await me.page.keyboard.press('Escape');
    assert.deepEqual([await isOpen(me), await me.item('matomo-consent')], [true, null]);
  });
  test('when the browser is idle', () => withVisitor({}, async (me) => {
    await me.see({ head: head(), body: '<candor-consent show=idle></candor-consent>' });
    await me.page.getByRole('dialog').waitFor();
  }));
  shown('never moves the page', {
    init: 'shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((e) => { shift += e.value; })).observe({ type: "layout-shift", buffered: true });',
  }, async (me) => {
    await me.page.screenshot();
    await press(me, 'Reject');
    await me.page.screenshot();
    assert.equal(await me.page.evaluate('shift'), 0);
  });
  shown('never interrupts somebody who writes', { body: '<input autofocus>' }, async (me) => {
    assert.deepEqual([await isOpen(me), await focused(me)], [true, 'INPUT']);
  });
});

describe('choosing', () => {
  const chosen = (name, act, choice, sent, kept, how = 'click') => shown(name, {}, async (me) => {
    await act(me);
    await me.wait();
    assert.deepEqual([await isOpen(me), await me.item('matomo-consent'), me.sent, await me.kept()], [false, choice, sent, kept]);
    const { time, expires, receipt: id, ...rest } = JSON.parse(await me.item('matomo-consent-receipt'));
    assert.deepEqual([rest, (expires - time) / 86400000], [{ choice, version: '1', how, signals: '', language: 'en' }, 182]);
  });
  chosen('accept', (me) => press(me, 'Accept'), 'accepted', ['matomo.js', VIEW], ['_pk_id', '_pk_ses', ...RECORD, 'mtm_consent']);
  chosen('reject', (me) => press(me, 'Reject'), 'rejected', [], RECORD);
  chosen('the cross rejects', (me) => press(me, 'Close and reject'), 'rejected', [], RECORD);
  chosen('Escape rejects', (me) => me.page.keyboard.press('Escape'), 'rejected', [], RECORD, 'key');
  for (const [where, options, first] of [['behind the strict loader', {}, []], ['where nothing requires consent', { see: { head: '<script src="/dist/script/en.js"></script>' } }, [['requireConsent']]]]) {
    shown(`pushes exactly one call each time, ${where}`, options, async (me) => {
      await me.page.evaluate(() => { window.calls = []; (window._paq ||= []).push = (...all) => calls.push(...all); });
      await press(me, 'Accept');
      assert.deepEqual(await me.page.evaluate('calls.splice(0)'), [...first, ['rememberConsentGiven', 4368]]);
      await press(me, 'Cookie settings');
      await press(me, 'Reject');
      assert.deepEqual(await me.page.evaluate('calls'), [['forgetConsentGiven', 4368]]);
    });
  }
  shown('tells the page, and nobody else', {}, async (me) => {
    await me.page.evaluate(() => addEventListener('candor-consent', (e) => { window.told = e.detail.choice; }));
    await press(me, 'Reject');
    assert.deepEqual([await me.page.evaluate('told'), me.sent], ['rejected', []]);
  });
});

describe('the details', () => {
  const listed = (me) => me.page.locator('li').allTextContents().then((lines) => lines.map((line) => line.split(':')[0]));
  shown('name all that is stored, after a withdrawal too', {}, async (me) => {
    const names = await listed(me);
    for (const name of ['Accept', 'Cookie settings', 'Reject']) {
      await press(me, name);
      await me.wait();
      assert.deepEqual((await me.kept()).filter((key) => !names.includes(key)), []);
    }
  });
  shown('and the mirror when it is on', { attributes: 'mirror' }, async (me) =>
    assert.deepEqual((await listed(me)).slice(-2), ['matomo-consent (cookie)', 'matomo-consent-receipt (cookie)']));
});

describe('remembering', () => {
  const asks = (name, options, expected, sent = []) => shown(name, options, async (me) => {
    await me.wait();
    assert.deepEqual([await isOpen(me), me.sent], [expected, sent]);
  });
  asks('accepted: no banner, hits flow', { storage: ACCEPTED }, false, ['matomo.js', VIEW]);
  asks('rejected: no banner, no hit', { storage: REJECTED }, false);
  asks('a choice that other code wrote counts', { storage: { 'matomo-consent': 'accepted' } }, false, ['matomo.js', VIEW]);
  asks('a choice that has ended is asked for again', { storage: { ...ACCEPTED, 'matomo-consent-receipt': receipt({ expires: 1 }) } }, true);
  asks('so is a refusal', { storage: { ...REJECTED, 'matomo-consent-receipt': receipt({ choice: 'rejected', expires: 1 }) } }, true);
  asks('and one for another text', { storage: ACCEPTED, attributes: 'version=2', options: { version: '2' } }, true);
  asks('a value nobody knows is none', { storage: { 'matomo-consent': 'maybe' } }, true);
  shown('what agreed once and does so no longer loses its cookies',
    { storage: { ...ACCEPTED, 'matomo-consent-receipt': receipt({ expires: 1 }) }, cookies: ['_pk_id.1.e32e=a.1.', 'mtm_consent=1', 'own=1'] },
    async (me) => assert.deepEqual(await me.kept(), ['matomo-consent', 'matomo-consent-receipt', 'own']));
  shown('a choice without a date begins now', { storage: { 'matomo-consent': 'rejected' } }, async (me) =>
    assert.equal(JSON.parse(await me.item('matomo-consent-receipt')).how, 'found'));
  shown('is on the next page as it was', {}, async (me) => {
    await press(me, 'Accept');
    await me.wait();
    await me.again();
    assert.deepEqual([await isOpen(me), me.sent], [false, ['matomo.js', VIEW, 'matomo.js', VIEW]]);
  });
  for (const [name, sent] of [['Reject', []], ['Accept', ['matomo.js', VIEW]]]) {
    shown(`with a mirror survives a cleared storage: ${name}`, { attributes: 'mirror days=30' }, async (me) => {
      await press(me, name);
      await me.wait();
      const { expires } = JSON.parse(await me.item('matomo-consent-receipt'));
      const mirror = (await me.page.context().cookies()).filter((cookie) => RECORD.includes(cookie.name));
      // In days: cookies end by the browser's clock, which is not the page's.
      assert.deepEqual(mirror.map((cookie) => Math.round((cookie.expires - expires / 1000) / 86400)), [0, 0]);
      await me.page.evaluate(() => localStorage.clear());
      me.sent.length = 0;
      await me.again();
      assert.equal(await isOpen(me), false);
      assert.deepEqual([me.sent, (await me.kept()).filter((key) => RECORD.includes(key))], [sent, RECORD]);
    });
  }
  for (const broken of ['matomo-consent=%E0%A4%A', 'matomo-consent-receipt=%']) {
    asks(`a cookie that can not be read is none: ${broken}`, { cookies: [broken], attributes: 'mirror' }, true);
  }
  shown('without storage it asks and obeys', { init: NO_STORAGE }, async (me) => {
    await press(me, 'Accept');
    await me.wait();
    assert.deepEqual([await isOpen(me), me.sent], [false, ['matomo.js', VIEW]]);
  });
});

describe('signals', () => {
  for (const [name, init] of [['Global Privacy Control', GPC], ['Do Not Track', DNT]]) {
    shown(`${name} is a silent no`, { init }, async (me) =>
      assert.deepEqual([await isOpen(me), me.sent, await me.kept()], [false, [], []]));
  }
  const obeys = (name, signals, { storage, options }, expected) => shown(name, { init: GPC, attributes: `signals=${signals}`, storage, options }, async (me) => {
    await me.wait();
    assert.deepEqual([await isOpen(me), me.sent], expected);
  });
  obeys('may be a reason to ask', 'ask', {}, [true, []]);
  obeys('to ask again who agreed before', 'ask', { storage: ACCEPTED }, [true, []]);
  obeys('but not who refused', 'ask', { storage: REJECTED }, [false, []]);
  obeys('may be ignored: the question comes', 'ignore', {}, [true, []]);
  obeys('and an older consent counts', 'ignore', { storage: ACCEPTED, options: { signals: false } }, [false, ['matomo.js', VIEW]]);
  shown('do not forbid a change of mind, which the receipt tells', { init: GPC }, async (me) => {
    await press(me, 'Cookie settings');
    await press(me, 'Accept');
    await me.wait();
    assert.deepEqual([JSON.parse(await me.item('matomo-consent-receipt')).signals, me.sent], ['gpc', ['matomo.js', VIEW]]);
    await me.again();
    assert.deepEqual([await isOpen(me), me.sent.length], [false, 4]);
  });
});

describe('withdrawal', () => {
  shown('one press after the button that is always there', { storage: ACCEPTED }, async (me) => {
    await me.wait();
    me.sent.length = 0;
    await press(me, 'Cookie settings');
    await press(me, 'Reject');
    await me.push(['trackPageView'], ['trackEvent', 'a', 'b']);
    assert.deepEqual([me.sent, await me.kept()], [[], [...RECORD, 'mtm_consent_removed']]);
  });
  shown('and back again', { storage: REJECTED }, async (me) => {
    await press(me, 'Cookie settings');
    await press(me, 'Accept');
    await me.wait();
    assert.deepEqual(me.sent, ['matomo.js', VIEW]);
  });
  shown('an agreement after it tracks again, on the next page too', { storage: ACCEPTED }, async (me) => {
    for (const name of ['Cookie settings', 'Reject', 'Cookie settings', 'Accept']) {
      await me.wait();
      await press(me, name);
    }
    me.sent.length = 0;
    await me.push(['trackEvent', 'a', 'b']);
    await me.again();
    assert.deepEqual(me.sent, ['e_c=a e_a=b ca=1 consent=1', 'matomo.js', VIEW]);
  });
  shown("so does one after an opt-out on the tracker's own page, which keeps what came before it untold", {
    storage: REJECTED, cookies: ['mtm_consent_removed=1'],
  }, async (me) => {
    await press(me, 'Cookie settings');
    await press(me, 'Accept');
    await me.push(['trackEvent', 'a', 'b']);
    assert.deepEqual([me.sent, await me.kept()], [['matomo.js', 'e_c=a e_a=b ca=1 consent=1'], ['_pk_id', '_pk_ses', ...RECORD, 'mtm_consent']]);
    me.sent.length = 0;
    await me.again();
    assert.deepEqual(me.sent, ['matomo.js', VIEW]);
  });
  shown('from a control of the site', { storage: ACCEPTED, attributes: 'settings=none', body: '<button onclick="document.querySelector(\'candor-consent\').open()">Choices</button>' }, async (me) => {
    assert.equal(await me.page.getByRole('button').count(), 1);
    await press(me, 'Choices');
    assert.equal(await isOpen(me), true);
    await me.page.keyboard.press('Escape');
    assert.deepEqual([await focused(me), await me.item('matomo-consent')], ['Choices', 'rejected']);
  });
  shown('in another tab stops this one', { storage: ACCEPTED }, async (me) => {
    await me.wait();
    me.sent.length = 0;
    const tab = await me.newTab();
    await tab.goto('http://shop.example/seed');
    await tab.evaluate(() => localStorage.setItem('matomo-consent', 'rejected'));
    await tab.close();
    await me.push(['trackEvent', 'a', 'b']);
    assert.deepEqual(me.sent, []);
  });
  shown('an agreement in another tab counts in this one too', {}, async (me) => {
    const tab = await me.newTab();
    await tab.goto('http://shop.example/');
    await tab.evaluate(() => localStorage.setItem('matomo-consent', 'accepted'));
    await tab.close();
    await me.page.getByRole('dialog').waitFor({ state: 'detached' });
    await me.wait();
    assert.deepEqual(me.sent, ['matomo.js', VIEW]);
  });
  test('with the usual snippet as well', () => withVisitor({}, async (me) => {
    await me.see({ head: `${usual}<script src="/dist/script/en.js"></script>`, body: '<candor-consent></candor-consent>', ms: 700 });
    assert.deepEqual([me.sent, await me.kept()], [['matomo.js'], []]);
    await press(me, 'Accept');
    await me.wait();
    assert.deepEqual(me.sent.slice(1, 2), [VIEW]);
    me.sent.length = 0;
    await press(me, 'Cookie settings');
    await press(me, 'Reject');
    await me.push(['trackEvent', 'a', 'b']);
    assert.deepEqual([me.sent, await me.kept()], [[], [...RECORD, 'mtm_consent_removed']]);
  }));
});
