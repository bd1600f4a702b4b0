// The React package: rendered on a server, in StrictMode, with routes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build } from 'esbuild';
import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';
import { ConsentBanner, TrackingProvider, useConsent } from '../react/dist/index.js';
import { close, NO_STORAGE, open, receipt, withVisitor } from './browser.mjs';

/** What a choice tells the server; its form is stated in receipts.test.mjs. */
const told = (me) => me.choices.map(({ choice, how, idsite }) => `${choice} ${how} ${idsite}`);
const hits = (me) => me.sent.filter((sent) => !sent.includes('choice='));
const VIEW = 'action_name=Our shop consent=1';
const ACCEPTED = { 'matomo-consent': 'accepted', 'matomo-consent-receipt': receipt() };
const ROOT = '<div id=root></div><script src=/app.js></script>';
let app;

before(async () => {
  await open();
  const { outputFiles: [{ text }] } = await build({
    stdin: {
      contents: `
        import { createElement as h, Fragment, StrictMode } from 'react';
        import { createRoot, hydrateRoot } from 'react-dom/client';
        import { ConsentBanner, TrackingProvider, useConsent } from './react/dist/index.js';
        const Own = () => { const { choice, accept, reject } = useConsent({ text: 'May we?', language: 'en' }); return choice === null
          ? h('p', {}, h('button', { onClick: reject }, 'No'), h('button', { onClick: accept }, 'Yes')) : h('p', {}, String(choice)); };
        const tree = h(window.isPlain ? Fragment : StrictMode, {}, h(TrackingProvider, { url: 'http://stats.example', siteId: 1, ...window.props },
          h('h1', {}, 'Shop'), window.own ? h(Own) : h(ConsentBanner)));
        const root = document.getElementById('root');
        window.mount = () => { const made = createRoot(root); made.render(tree); return made; };
        if (root.firstChild) hydrateRoot(root, tree, { onRecoverableError: (e) => console.error(e) });
        else window.mounted = window.mount();`,
      resolveDir: new URL('..', import.meta.url).pathname,
    },
    bundle: true, write: false, format: 'iife', define: { 'process.env.NODE_ENV': '"development"' },
  });
  app = text;
});
after(close);

const shown = (name, { see = {}, ...options }, work) => test(name, () => withVisitor({ files: { '/app.js': app }, ...options }, async (me) => {
  await me.see({ body: ROOT, ...see });
  await me.page.getByRole('heading', { name: 'Shop' }).waitFor();
  await me.wait(1500);
  await work(me);
  assert.deepEqual([me.others, me.errors], [[], []]);
}));
const press = async (me, name) => {
  await me.page.getByRole('button', { name, exact: true }).click();
  await me.wait();
};
const tree = (...children) => h(TrackingProvider, { url: 'http://stats.example', siteId: 1 }, h('h1', {}, 'Shop'), ...children);

describe('in the browser', () => {
  shown('nothing is requested or stored before the choice', {}, async (me) => assert.deepEqual([me.sent, await me.kept()], [[], []]));
  shown('StrictMode: one script, one page view', {}, async (me) => {
    await press(me, 'Accept');
    assert.deepEqual([hits(me), told(me)], [['matomo.js', VIEW], ['accepted click 1']]);
    assert.equal(await me.page.locator('script[src$="matomo.js"]').count(), 1);
  });
  shown('without StrictMode, as in production: the banner has its provider', { init: 'isPlain = true' }, async (me) => {
    await press(me, 'Accept');
    assert.deepEqual([hits(me), told(me)], [['matomo.js', VIEW], ['accepted click 1']]);
  });
  shown('a remembered choice needs no banner', { storage: ACCEPTED }, async (me) =>
    assert.deepEqual([me.sent, await me.page.getByRole('dialog').count()], [['matomo.js', VIEW], 0]));
  shown('mounted again: still one script, one page view', { storage: ACCEPTED }, async (me) => {
    await me.page.evaluate(() => { mounted.unmount(); mount(); });
    await me.wait();
    assert.deepEqual(me.sent, ['matomo.js', VIEW]);
  });
  shown('receipts can be left out', { init: 'props = { receipts: false }' }, async (me) => {
    await press(me, 'Reject');
    assert.deepEqual([me.sent, await me.item('matomo-consent')], [[], 'rejected']);
  });
  shown('where storage is blocked it asks and obeys', { init: NO_STORAGE }, async (me) => {
    assert.deepEqual([me.sent, await me.kept()], [[], []]);
    await press(me, 'Accept');
    assert.deepEqual([hits(me), told(me)], [['matomo.js', VIEW], ['accepted click 1']]);
    me.sent.length = 0;
    await press(me, 'Cookie settings');
    await press(me, 'Reject');
    await me.push(['trackEvent', 'a', 'b']);
    assert.deepEqual([hits(me), (await me.kept()).filter((key) => /^(_pk|mtm_consent$)/.test(key))], [[], []]);
  });
  shown('the record names the purposes of the site', { init: 'props = { purposes: "statistics,maps" }' }, async (me) => {
    await press(me, 'Reject');
    assert.deepEqual(me.choices.map(({ purposes }) => purposes), ['statistics,maps']);
  });
  shown('withdrawal stops tracking', { storage: ACCEPTED }, async (me) => {
    me.sent.length = 0;
    await press(me, 'Cookie settings');
    await press(me, 'Reject');
    await me.push(['trackEvent', 'a', 'b']);
    assert.deepEqual([hits(me), told(me)], [[], ['rejected click 1']]);
  });
  for (const [name, choice, sent] of [['Yes', 'accepted', ['matomo.js', VIEW]], ['No', 'rejected', []]]) {
    shown(`a banner of one's own: ${name}`, { init: 'own = true' }, async (me) => {
      await press(me, name);
      assert.deepEqual([await me.page.getByText(choice).count(), await me.item('matomo-consent'), hits(me), told(me)],
        [1, choice, sent, [`${choice} script 1`]]);
      assert.equal(me.choices[0].text, 'May we?');
    });
  }
});

describe('routes', () => {
  const go = async (me, path, title) => {
    await me.page.evaluate(([path, title]) => { history.pushState({}, '', path); document.title = title; }, [path, title]);
    await me.wait();
  };
  const second = 'action_name=Two url=/two urlref=/ consent=1';
  shown('three routes are three page views of one visitor, with title and referrer', { storage: ACCEPTED }, async (me) => {
    await go(me, '/two', 'Two');
    await go(me, '/three?x=1', 'Three');
    assert.deepEqual(me.sent, ['matomo.js', VIEW, second, 'action_name=Three url=/three?x=1 urlref=/two consent=1']);
    const different = (name) => new Set(me.hits.map((hit) => hit[name])).size;
    assert.deepEqual([different('_id'), different('pv_id')], [1, 3]);
  });
  shown('so is the way back', { storage: ACCEPTED }, async (me) => {
    await go(me, '/two', 'Two');
    await me.page.evaluate(() => { history.back(); return new Promise((done) => addEventListener('popstate', done, { once: true })).then(() => { document.title = 'Our shop'; }); });
    await me.wait();
    assert.deepEqual(me.sent.slice(2), [second, 'action_name=Our shop urlref=/two consent=1']);
  });
  shown('a place on the same page is none', { storage: ACCEPTED }, async (me) => {
    await go(me, '/#below', 'Our shop');
    assert.deepEqual(me.sent, ['matomo.js', VIEW]);
  });
  shown('before the choice: only the route on which it is made', {}, async (me) => {
    await go(me, '/two', 'Two');
    await press(me, 'Accept');
    assert.deepEqual(hits(me), ['matomo.js', second]);
  });
  shown('left to the application on demand', { storage: ACCEPTED, init: 'props = { routes: false }' }, async (me) => {
    await go(me, '/two', 'Two');
    assert.deepEqual(me.sent, ['matomo.js', VIEW]);
  });
});

describe('on a server', () => {
  test('markup without a script', () =>
    assert.equal(renderToString(tree(h(ConsentBanner, { policy: '/privacy' }))), '<h1>Shop</h1><candor-consent policy="/privacy"></candor-consent>'));
  test('a choice is unknown there', () => {
    const Own = () => h('p', {}, String(useConsent().choice));
    assert.equal(renderToString(tree(h(Own))), '<h1>Shop</h1><p>undefined</p>');
  });
  test('a banner without its provider says what is missing', () => assert.throws(() => renderToString(h(ConsentBanner)), /TrackingProvider/));
  shown('its markup comes alive without a complaint', { see: { body: `<div id=root>${renderToString(tree(h(ConsentBanner)))}</div><script src=/app.js></script>` } }, async (me) => {
    await press(me, 'Accept');
    assert.deepEqual(hits(me), ['matomo.js', VIEW]);
  });
});
