// Receipts: what a choice tells the server, and what the visitor has of it. Stated are all requests, in their order.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { close, DNT, GPC, open, receipt, strict, withVisitor } from './browser.mjs';

before(open);
after(close);

const VIEW = 'action_name=Our shop consent=1';
const HOME = 'url=http://stats.example site=1';
const ID = '0123456789abcdef0123456789abcdef';
const ACCEPTED = { 'matomo-consent': 'accepted', 'matomo-consent-receipt': receipt({ receipt: ID }) };
const RECORD = ['matomo-consent', 'matomo-consent-receipt'];
/** What is sent of a choice; a bare word stands for what is another one each time. */
const told = (set) => Object.entries({
  consent: 1, idsite: 1, choice: 'accepted', purposes: 'statistics', version: '1', text: '', language: 'en', how: 'click', signals: '',
  time: '', expires: '', ...set,
}).filter(([, value]) => value !== null)
  .map(([name, value]) => (['text', 'time', 'expires', 'receipt'].includes(name) && value === '' ? name : `${name}=${value}`)).sort().join(' ');
const YES = told({ receipt: '' }), NO = told({ choice: 'rejected' });
const NO_TEXT = (sent) => sent.replace(' text ', ' text= ');

const press = (me, name) => me.page.getByRole('button', { name, exact: true }).click();
const kept = async (me) => JSON.parse(await me.item('matomo-consent-receipt'));

const shown = (name, { attributes = HOME, see = {}, script = 'en', noisy, ...visitor }, work) => test(name, () => withVisitor(visitor, async (me) => {
  await me.see({
    head: `${strict()}<script src="/dist/script/${script}.js"></script>`, body: `<candor-consent ${attributes}></candor-consent><p>text</p>`, ms: 700, ...see,
  });
  await work(me);
  assert.deepEqual([me.others, noisy ? [] : me.errors], [[], []]);
}));
const chosen = async (me, ...names) => {
  for (const name of names) {
    await press(me, name);
    await me.wait();
  }
};

describe('a choice', () => {
  shown('before it nothing is sent or stored', {}, async (me) => assert.deepEqual([me.sent, await me.kept()], [[], []]));
  shown('accept: one receipt, with the exact words', {}, async (me) => {
    await chosen(me, 'Accept');
    assert.deepEqual(me.sent.sort(), [VIEW, YES, 'matomo.js'].sort());
    const [{ headers, address, ...form }] = me.choices, record = await kept(me);
    assert.deepEqual(form, {
      consent: '1', idsite: '1', receipt: record.receipt, choice: 'accepted', purposes: 'statistics', version: '1', language: 'en', how: 'click',
      signals: '', time: String(Math.floor(record.time / 1000)), expires: String(Math.floor(record.expires / 1000)),
      text: ['May we count your visit?',
        'With your consent, a cookie helps us to see how this site is used. You can change your mind at any time.',
        'Reject', 'Accept', 'Details',
        'If you accept, we count the pages you open, the links you follow, your downloads and how you got here.',
        'This is stored in your browser:', '_pk_id: 13 months', '_pk_ses: 30 minutes', '_pk_ref: 6 months', 'mtm_consent: 6 months',
        'mtm_consent_removed: 6 months', 'matomo-consent: 6 months', 'matomo-consent-receipt: 6 months',
        '×'].join('\n'),
    });
    assert.equal(address, 'http://stats.example/matomo.php');
  });
  shown('carries no cookie and no address of the page', { cookies: ['session=1'] }, async (me) => {
    await chosen(me, 'Accept');
    const [{ headers }] = me.choices;
    assert.deepEqual([headers.cookie, headers.referer, headers['content-type']], [undefined, undefined, 'application/x-www-form-urlencoded;charset=UTF-8']);
  });
  shown('reject: counted, without an id', {}, async (me) => {
    await chosen(me, 'Reject');
    assert.deepEqual([me.sent, await me.kept(), (await kept(me)).receipt], [[NO], RECORD, undefined]);
  });
  for (const [name, act, how] of [
    ['Escape', (me) => me.page.keyboard.press('Escape'), 'key'], ['the cross', (me) => press(me, 'Close and reject'), 'click'],
  ]) {
    shown(`${name} is a refusal like any other`, {}, async (me) => {
      await act(me);
      await me.wait();
      assert.deepEqual(me.sent, [told({ choice: 'rejected', how })]);
    });
  }
  shown('by keyboard says so', {}, async (me) => {
    await me.page.getByRole('button', { name: 'Accept', exact: true }).press('Enter');
    await me.wait();
    assert.deepEqual(me.choices.map(({ choice, how }) => [choice, how]), [['accepted', 'key']]);
  });
  shown('withdrawal names the agreement that ends, then forgets it', { storage: ACCEPTED }, async (me) => {
    await me.wait();
    me.sent.length = 0;
    await chosen(me, 'Cookie settings', 'Reject');
    assert.deepEqual([me.sent, me.choices[0].receipt, (await kept(me)).receipt], [[told({ choice: 'withdrawn', receipt: '' })], ID, undefined]);
  });
  shown('a second agreement is a new receipt', {}, async (me) => {
    await chosen(me, 'Accept', 'Cookie settings', 'Reject', 'Cookie settings', 'Accept');
    assert.deepEqual(me.choices.map(({ choice }) => choice), ['accepted', 'withdrawn', 'accepted']);
    assert.equal(me.choices[0].receipt, me.choices[1].receipt);
    assert.notEqual(me.choices[0].receipt, me.choices[2].receipt);
  });
  shown('the same again ends the first agreement, then makes a new one', { storage: ACCEPTED }, async (me) => {
    await chosen(me, 'Cookie settings', 'Accept');
    assert.deepEqual(me.choices.map(({ choice, receipt }) => [choice, receipt === ID]), [['withdrawn', true], ['accepted', false]]);
  });
  for (const [name, choice] of [['Accept', 'accepted'], ['Reject', 'rejected']]) {
    shown(`${name} of another text ends the agreement to the old one`, { storage: ACCEPTED, attributes: `${HOME} version=2` }, async (me) => {
      await chosen(me, name);
      assert.deepEqual(me.choices.map(({ choice, receipt, version }) => [choice, receipt === ID, version]), [['withdrawn', true, '2'], [choice, false, '2']]);
      await me.again();
      assert.equal(me.choices.length, 2);
    });
  }
  shown('tells version, language and text of what was shown', { attributes: `${HOME} version=2024-1`, script: 'de', see: { lang: 'de' } }, async (me) => {
    await chosen(me, 'Ablehnen');
    assert.deepEqual(me.sent, [told({ choice: 'rejected', version: '2024-1', language: 'de' })]);
    assert.deepEqual(me.choices[0].text.split('\n').filter((_, line) => line !== 1).slice(0, 3), ['Dürfen wir Ihren Besuch zählen?', 'Ablehnen', 'Zustimmen']);
  });
  shown('tells what was asked about', { attributes: `${HOME} purposes=statistics,maps` }, async (me) => {
    await chosen(me, 'Reject');
    assert.deepEqual(me.sent, [told({ choice: 'rejected', purposes: 'statistics,maps' })]);
  });
  shown('tells the signals that the browser sent', { init: DNT + GPC, attributes: `${HOME} signals=ask` }, async (me) => {
    await chosen(me, 'Reject');
    assert.deepEqual(me.sent, [told({ choice: 'rejected', signals: 'gpc dnt' })]);
  });
  shown('a page of its own control may choose too', { attributes: `${HOME} settings=none` }, async (me) => {
    await me.page.evaluate(() => document.querySelector('candor-consent').consent.choose('rejected', 'script', { text: 'No?', language: 'en' }));
    await me.wait();
    assert.deepEqual([me.sent, me.choices[0].text], [[told({ choice: 'rejected', how: 'script' })], 'No?']);
  });
  shown('the address may end with a slash', { attributes: 'url=http://stats.example/a/ site=7' }, async (me) => {
    await chosen(me, 'Reject');
    assert.deepEqual(me.choices.map(({ address, idsite }) => [address, idsite]), [['http://stats.example/a/matomo.php', '7']]);
  });
  shown('without an address nothing is sent', { attributes: '' }, async (me) => {
    await chosen(me, 'Reject');
    assert.deepEqual(me.sent, []);
  });
});

describe('a choice that is there already', () => {
  shown('with its receipt is not told again', { storage: ACCEPTED }, async (me) => {
    await me.wait();
    assert.deepEqual(me.sent, ['matomo.js', VIEW]);
  });
  shown('of another banner is told once, as found', { storage: { 'matomo-consent': 'accepted' } }, async (me) => {
    await me.wait();
    const found = NO_TEXT(told({ receipt: '', how: 'found', language: '' }));
    assert.deepEqual([me.sent.sort(), (await kept(me)).receipt], [[VIEW, found, 'matomo.js'].sort(), me.choices[0].receipt]);
    await me.again();
    assert.deepEqual(me.sent.slice(3), ['matomo.js', VIEW]);
  });
  shown('of another banner does not outweigh a signal', { storage: { 'matomo-consent': 'accepted' }, init: GPC }, async (me) => {
    await me.wait();
    assert.deepEqual([me.sent, await me.kept()], [[], ['matomo-consent']]);
  });
  shown('is ended by a signal, which is told once and leaves nothing', { storage: ACCEPTED, init: GPC }, async (me) => {
    await me.again();
    assert.deepEqual([me.sent, me.choices[0].receipt, await me.kept()],
      [[NO_TEXT(told({ choice: 'withdrawn', how: 'signal', signals: 'gpc', receipt: '', language: '' }))], ID, []]);
  });
  shown("so it is by an opt-out on the tracker's own page", { storage: ACCEPTED, cookies: ['mtm_consent_removed=1'] }, async (me) => {
    await me.again();
    assert.deepEqual([me.choices.map(({ choice, how, receipt }) => [choice, how, receipt]), await me.kept()],
      [[['withdrawn', 'found', ID]], ['mtm_consent_removed']]);
  });
  shown('and by code that wrote a refusal beside it', { storage: { ...ACCEPTED, 'matomo-consent': 'rejected' } }, async (me) => {
    await me.wait();
    assert.deepEqual(me.choices.map(({ choice, receipt }) => [choice, receipt]), [['withdrawn', ID]]);
  });
  shown('in another tab is told by that tab only', {}, async (me) => {
    const tab = await me.newTab();
    await tab.goto('http://shop.example/');
    await tab.evaluate(() => document.querySelector('candor-consent').consent.choose('accepted'));
    await tab.evaluate(() => fetch('/settled'));
    await me.wait();
    assert.deepEqual(me.choices.map(({ choice, how }) => [choice, how]), [['accepted', 'script']]);
    assert.equal(await me.page.getByRole('dialog').count(), 0);
  });
});

describe('no choice', () => {
  const COUNTED = `${HOME} count-shown`;
  const SHOWN = told({ choice: 'shown', how: 'script' });
  shown('a signal answers silently: nothing is sent', { init: GPC }, async (me) => assert.deepEqual([me.sent, await me.kept()], [[], []]));
  shown('is counted where the site wants it: no id, nothing stored', { attributes: COUNTED }, async (me) => {
    await me.wait();
    assert.deepEqual([me.sent, await me.kept()], [[SHOWN], []]);
  });
  shown('so is a signal', { attributes: COUNTED, init: GPC }, async (me) => {
    await me.wait();
    assert.deepEqual([me.sent, await me.kept()], [[NO_TEXT(told({ choice: 'rejected', how: 'signal', signals: 'gpc', language: '' }))], []]);
  });
  shown('is counted on the first page of a visit only', { attributes: COUNTED }, async (me) => {
    await me.see({ path: '/second', head: '<script src="/dist/script/en.js"></script>', body: `<candor-consent ${COUNTED}></candor-consent>`, ms: 0 });
    await me.page.goto('http://shop.example/');
    me.sent.length = 0;
    await me.page.evaluate(() => { location.href = '/second'; });
    await me.page.waitForURL('**/second');
    await me.wait(700);
    await me.wait();
    assert.deepEqual([me.sent, await me.page.getByRole('dialog').count()], [[], 1]);
  });
  shown('not when the page is only loaded again', {
    attributes: COUNTED, see: { head: '<script>performance.getEntriesByType = () => [{ type: "reload" }];</script><script src="/dist/script/en.js"></script>' },
  }, async (me) => {
    await me.wait();
    assert.deepEqual([me.sent, await me.page.getByRole('dialog').count()], [[], 1]);
  });
  shown('not when the visitor opens the banner', { attributes: COUNTED, storage: { ...ACCEPTED } }, async (me) => {
    await me.wait();
    await press(me, 'Cookie settings');
    await me.wait();
    assert.deepEqual(me.choices, []);
  });
});

describe('a server in trouble', () => {
  const holds = (name, answer, noisy) => shown(name, { answer, noisy }, async (me) => {
    await chosen(me, 'Accept');
    const { receipt: id } = await kept(me);
    assert.deepEqual([await me.item('matomo-consent'), id], ['accepted', me.choices[0].receipt]);
    assert.ok(me.sent.includes(VIEW));
  });
  holds('that is not there does not undo the choice', (route) => route.abort(), true);
  holds('nor one that answers nothing', (route) => route.fulfill({ status: 204, headers: { 'Access-Control-Allow-Origin': '*' } }));
  holds('nor one that may not be read', (route) => route.fulfill({ json: {}, headers: { 'Access-Control-Allow-Origin': 'http://other.example' } }), true);
  const CORS = { 'Access-Control-Allow-Origin': '*' };
  const refuses = (status) => (route) => route.fulfill({ status, headers: CORS });
  holds('nor one that is busy, which may have kept the record', refuses(503), true);
  for (const status of [400, 413, 429]) {
    shown(`that refuses the record with ${status}: the choice stands, and no receipt is shown`, { answer: refuses(status), noisy: true }, async (me) => {
      await chosen(me, 'Accept');
      assert.deepEqual([await me.item('matomo-consent'), (await kept(me)).choice, (await kept(me)).receipt], ['accepted', 'accepted', undefined]);
      assert.deepEqual(me.sent.sort(), [VIEW, YES, 'matomo.js'].sort());
      await chosen(me, 'Cookie settings');
      assert.equal(await me.page.getByRole('link', { name: 'Your consent receipt' }).count(), 0);
      me.sent.length = 0;
      await me.again();
      assert.deepEqual(me.sent, ['matomo.js', VIEW]);
    });
  }
  shown('what was never recorded is not withdrawn, but refused', { answer: refuses(400), noisy: true }, async (me) => {
    await chosen(me, 'Accept', 'Cookie settings', 'Reject');
    assert.deepEqual(me.choices.map(({ choice, receipt }) => [choice, !receipt]), [['accepted', false], ['rejected', true]]);
  });
  shown('a record that was refused is in no cookie either', { answer: refuses(400), noisy: true, attributes: `${HOME} mirror` }, async (me) => {
    await chosen(me, 'Accept');
    const mirrored = await me.page.evaluate(() => decodeURIComponent(document.cookie.split('matomo-consent-receipt=')[1].split(';')[0]));
    assert.deepEqual(JSON.parse(mirrored), await kept(me));
  });
  test('a refusal of the record that comes after another choice changes nothing', async () => {
    const late = [];
    const answer = (route) => {
      if (late.length) return route.fulfill({ json: {}, headers: CORS });
      late.push(() => refuses(400)(route));
    };
    await withVisitor({ answer }, async (me) => {
      await me.see({ head: `${strict()}<script src="/dist/script/en.js"></script>`, body: `<candor-consent ${HOME}></candor-consent>`, ms: 700 });
      await chosen(me, 'Accept', 'Cookie settings', 'Reject', 'Cookie settings', 'Accept');
      const before = await kept(me);
      await late[0]();
      await me.wait();
      assert.deepEqual([await kept(me), before.receipt], [before, me.choices.at(-1).receipt]);
    });
  });
  test('an answer that comes after a withdrawal changes nothing', async () => {
    const late = [];
    const answer = (route, form) => {
      const send = () => route.fulfill({ json: { receipt: '' }, headers: { 'Access-Control-Allow-Origin': '*' } });
      return form.get('choice') === 'accepted' ? void late.push(send) : send();
    };
    await withVisitor({ answer }, async (me) => {
      await me.see({ head: `${strict()}<script src="/dist/script/en.js"></script>`, body: `<candor-consent ${HOME}></candor-consent>`, ms: 700 });
      await chosen(me, 'Accept', 'Cookie settings', 'Reject');
      await late[0]();
      await me.wait();
      assert.equal((await kept(me)).choice, 'rejected');
    });
  });
  shown('without https, where browsers lack most of their cryptography, nothing is missing', { init: 'Object.defineProperty(Crypto.prototype, "subtle", { get() {} });' }, async (me) => {
    await chosen(me, 'Accept');
    assert.deepEqual(me.choices.map(({ choice, text }) => [choice, text.split('\n').length]), [['accepted', 15]]);
  });
});

describe('the visitor', () => {
  const link = (me, name = 'Your consent receipt') => me.page.getByRole('link', { name, exact: true });
  shown('finds the receipt behind the settings', {}, async (me) => {
    assert.equal(await link(me).count(), 0);
    await chosen(me, 'Accept', 'Cookie settings');
    await me.page.getByText('Details').click();
    assert.equal(await link(me).getAttribute('href'), `http://stats.example/matomo.php?consent=receipt&receipt=${me.choices[0].receipt}`);
    assert.equal(await link(me).isVisible(), true);
    assert.equal(await link(me, 'Your consent receipt (JSON ↓)').getAttribute('href'), `${await link(me).getAttribute('href')}&download=1`);
  });
  shown('has none after a refusal', {}, async (me) => {
    await chosen(me, 'Reject', 'Cookie settings');
    assert.equal(await link(me).count(), 0);
  });
  shown('has none where none is kept', { attributes: '', storage: ACCEPTED }, async (me) => {
    await chosen(me, 'Cookie settings');
    assert.equal(await link(me).count(), 0);
  });
  shown('looking at the receipt does not change the text of the next one', { storage: ACCEPTED }, async (me) => {
    await chosen(me, 'Cookie settings');
    const text = await me.page.evaluate(() => document.querySelector('candor-consent').shown.text);
    assert.deepEqual([text.split('\n').length, text.includes('Your consent receipt')], [15, false]);
  });
});
