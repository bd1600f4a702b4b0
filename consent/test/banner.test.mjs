// <candor-consent> in pages: when it asks, what a choice sends and stores, how it looks and for whom it works.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { close, DNT, GPC, NO_STORAGE, open, receipt, strict, usual, withVisitor } from './browser.mjs';

before(open);
after(close);

const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const LANGUAGES = readdirSync(new URL('../src/languages', import.meta.url)).map((file) => file.replace('.ts', ''));
const VIEW = 'action_name=Our shop consent=1';
const HEAD = (options) => `${strict(options)}<script src="/dist/script/en.js"></script>`;
const ACCEPTED = { 'matomo-consent': 'accepted', 'matomo-consent-receipt': receipt() };
const REJECTED = { 'matomo-consent': 'rejected', 'matomo-consent-receipt': receipt({ choice: 'rejected' }) };
const RECEIPT = ['matomo-consent', 'matomo-consent-receipt'];

const isOpen = (me) => me.page.getByRole('dialog').isVisible();
const press = (me, name) => me.page.getByRole('button', { name, exact: true }).click();
const focused = (me) => me.page.evaluate(() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at.textContent && at.className !== 'close' ? at.textContent.slice(0, 20) : at.getAttribute('aria-label') ?? at.tagName;
});

/** A page with the banner, which has waited long enough; then `work`. */
const shown = (name, { attributes = '', body = '<p>text</p>', see = {}, options, ...visitor }, work) => test(name, () =>
  withVisitor(visitor, async (me) => {
    await me.see({ head: HEAD(options), body: `<candor-consent ${attributes}></candor-consent>${body}`, ms: 700, ...see });
    await work(me);
    assert.deepEqual([me.others, me.errors], [[], []]);
  }));

describe('asking', () => {
  test('not at 400 ms, but at 700', () => withVisitor({}, async (me) => {
    await me.see({ head: HEAD(), body: '<candor-consent></candor-consent>', ms: 400 });
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
    await me.see({ head: HEAD(), body: '<candor-consent show=idle></candor-consent>' });
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
    const { time, expires, ...rest } = JSON.parse(await me.item('matomo-consent-receipt'));
    assert.deepEqual([rest, (expires - time) / 86400000], [{ choice, version: '1', how, signals: '', language: 'en' }, 182]);
  });
  chosen('accept', (me) => press(me, 'Accept'), 'accepted', ['matomo.js', VIEW], ['_pk_id', '_pk_ses', ...RECEIPT, 'mtm_consent']);
  chosen('reject', (me) => press(me, 'Reject'), 'rejected', [], RECEIPT);
  chosen('the cross rejects', (me) => press(me, 'Close and reject'), 'rejected', [], RECEIPT);
  chosen('Escape rejects', (me) => me.page.keyboard.press('Escape'), 'rejected', [], RECEIPT, 'key');
  shown('pushes exactly one call each time', {}, async (me) => {
    await me.page.evaluate(() => { window.calls = []; _paq.push = (...all) => calls.push(...all); });
    await press(me, 'Accept');
    await press(me, 'Cookie settings');
    await press(me, 'Reject');
    assert.deepEqual(await me.page.evaluate('calls'), [['rememberConsentGiven', 4368], ['forgetConsentGiven', 4368]]);
  });
  shown('tells the page, and nobody else', {}, async (me) => {
    await me.page.evaluate(() => addEventListener('candor-consent', (e) => { window.told = e.detail.choice; }));
    await press(me, 'Reject');
    assert.deepEqual([await me.page.evaluate('told'), me.sent], ['rejected', []]);
  });
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
  shown('with a mirror survives a cleared storage', { attributes: 'mirror' }, async (me) => {
    await press(me, 'Reject');
    await me.page.evaluate(() => localStorage.clear());
    await me.again();
    assert.deepEqual([await isOpen(me), me.sent, await me.kept()], [false, [], RECEIPT]);
  });
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
  shown('may be a reason to ask', { init: GPC, attributes: 'signals=ask' }, async (me) => assert.equal(await isOpen(me), true));
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
    assert.deepEqual([me.sent, await me.kept()], [[], [...RECEIPT, 'mtm_consent_removed']]);
  });
  shown('and back again', { storage: REJECTED }, async (me) => {
    await press(me, 'Cookie settings');
    await press(me, 'Accept');
    await me.wait();
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
    assert.deepEqual([me.sent, await me.kept()], [[], [...RECEIPT, 'mtm_consent_removed']]);
  }));
});

describe('equal weight', () => {
  const LOOK = ['width', 'height', 'color', 'backgroundColor', 'borderTopWidth', 'borderTopColor', 'borderRadius', 'fontSize', 'fontWeight', 'fontFamily',
    'textDecorationLine', 'opacity', 'padding', 'outlineStyle', 'boxShadow', 'transform', 'filter'];
  const look = (me, name) => me.page.getByRole('button', { name, exact: true }).evaluate((button, names) => {
    const style = getComputedStyle(button);
    return names.map((name) => `${name} ${style[name]}`);
  }, LOOK);
  const themes = {
    plain: '',
    'of the site': 'candor-consent { --candor-background: #fce; --candor-accent: #ff6; --candor-radius: 0; --candor-font: serif; letter-spacing: 2px }',
    hostile: `button, .choice, candor-consent button, candor-consent::part(accept) { background: lime !important; font-size: 40px !important }
      candor-consent { --candor-accent: rgb(255 0 0 / .1); --candor-background: transparent; --candor-reject: white; --fill: white; color: white; opacity: 1 }`,
  };
  for (const [name, css] of Object.entries(themes)) {
    shown(`in every state, theme ${name}`, { body: `<style>${css}</style>` }, async (me) => {
      const away = () => me.page.mouse.move(0, 0);
      const states = { rest: away, hover: (b) => b.hover(), focus: (b) => away().then(() => b.focus()) };
      for (const [state, enter] of Object.entries(states)) {
        const seen = [];
        for (const label of ['Reject', 'Accept']) {
          await enter(me.page.getByRole('button', { name: label, exact: true }));
          seen.push(await look(me, label));
        }
        assert.deepEqual(seen[0], seen[1], state);
      }
    });
  }
  for (const accent of ['#fff', '#000', '#777', '#767676', '#f00', '#0a0', '#ff0', '#06c']) {
    shown(`text is readable on ${accent}`, { body: `<style>candor-consent { --candor-accent: ${accent}; --candor-background: ${accent} }</style>` }, async (me) => {
      const ratio = await me.page.getByRole('button', { name: 'Reject', exact: true }).evaluate((button) => {
        const pixel = (color) => {
          const context = document.createElement('canvas').getContext('2d');
          context.fillStyle = color;
          context.fillRect(0, 0, 1, 1);
          return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3)
            .map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        };
        const { color, backgroundColor } = getComputedStyle(button);
        const [low, high] = [pixel(color), pixel(backgroundColor)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
      });
      assert.ok(ratio >= 4.5, `contrast ${ratio}`);
    });
  }
  shown('Reject comes first, and to the left', {}, async (me) => {
    const [reject, accept] = await Promise.all(['Reject', 'Accept'].map((name) => me.page.getByRole('button', { name, exact: true }).boundingBox()));
    assert.ok(reject.x < accept.x && reject.y === accept.y);
  });
});

describe('everybody can use it', () => {
  const audit = async (me) => {
    await me.page.evaluate(AXE);
    const { violations } = await me.page.evaluate(() => axe.run());
    return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`);
  };
  const body = '<main><h1>Shop</h1><p>text</p></main>';
  for (const [name, context] of Object.entries({
    light: {}, dark: { colorScheme: 'dark' }, 'forced colours': { forcedColors: 'active' }, 'a narrow screen': { viewport: { width: 320, height: 480 } },
  })) {
    shown(`axe finds nothing: ${name}`, { body, ...context }, async (me) => {
      await me.page.getByText('Details').click();
      assert.deepEqual(await audit(me), []);
      await press(me, 'Reject');
      assert.deepEqual(await audit(me), []);
    });
  }
  shown('by keyboard: Reject, Accept, details, close', {}, async (me) => {
    const path = [];
    for (let i = 0; i < 4; i++) {
      await me.page.keyboard.press('Tab');
      path.push(await focused(me));
    }
    assert.deepEqual(path, ['Reject', 'Accept', 'Details', 'Close and reject']);
    await me.page.keyboard.press('Shift+Tab');
    await me.page.keyboard.press('Enter');
    assert.equal(await me.page.getByText('_pk_id: 13 months').isVisible(), true);
    await me.page.keyboard.press('Shift+Tab');
    await me.page.keyboard.press('Space');
    await me.wait();
    assert.deepEqual([await me.item('matomo-consent'), JSON.parse(await me.item('matomo-consent-receipt')).how], ['accepted', 'key']);
  });
  shown('the way back is reached by keyboard and gets the focus again', { storage: REJECTED }, async (me) => {
    await me.page.keyboard.press('Tab');
    assert.equal(await focused(me), 'Cookie settings');
    await me.page.keyboard.press('Enter');
    await me.page.keyboard.press('Tab');
    assert.equal(await focused(me), 'Reject');
    await me.page.keyboard.press('Enter');
    assert.equal(await focused(me), 'Cookie settings');
  });
  shown('no movement for those who want none', { reducedMotion: 'reduce' }, async (me) =>
    assert.equal(await me.page.getByRole('dialog').evaluate((d) => getComputedStyle(d).animationName), 'none'));
  shown('the banner fits a small screen', { viewport: { width: 320, height: 256 } }, async (me) => {
    const box = await me.page.getByRole('dialog').boundingBox();
    assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= 320 && box.y + box.height <= 256);
  });
  shown('buttons are large enough to hit', {}, async (me) => {
    for (const button of await me.page.getByRole('button').all()) {
      const { width, height } = await button.boundingBox();
      assert.ok(width >= 44 && height >= 44, `${width} × ${height}`);
    }
  });
});

describe('languages', () => {
  const loaded = (codes) => `<script type="module">import { defineConsent } from '/dist/element.js';
    ${codes.map((code) => `import { ${code} } from '/dist/languages/${code}.js';`).join('')} defineConsent({ ${codes} });</script>`;
  test('each has all words, and no two the same', () => withVisitor({}, async (me) => {
    const seen = new Set();
    for (const lang of LANGUAGES) {
      const { [lang]: texts } = await import(`../dist/languages/${lang}.js`);
      assert.equal(Object.values(texts).filter(Boolean).length, 11, lang);
      seen.add(texts.text);
    }
    assert.equal(seen.size, LANGUAGES.length);
    assert.ok(seen.size >= 24);
  }));
  for (const lang of LANGUAGES) {
    test(`${lang}: its own script, both buttons alike, nothing cut off`, () => withVisitor({ viewport: { width: 320, height: 600 } }, async (me) => {
      await me.see({ lang, head: `<script src="/dist/script/${lang}.js"></script>`, body: '<candor-consent></candor-consent>', ms: 700 });
      const sizes = await me.page.locator('.choice').evaluateAll((all) => all.map((b) => [b.offsetWidth, b.offsetHeight, b.scrollWidth <= b.clientWidth + 1]));
      assert.deepEqual(sizes[0], sizes[1]);
      assert.equal(sizes[0][2], true);
      assert.equal(await me.page.getByRole('dialog').getAttribute('dir'), ['ar', 'he'].includes(lang) ? 'rtl' : 'ltr');
      assert.deepEqual(me.errors, []);
    }));
  }
  for (const [lang, title] of [['de-AT', 'Dürfen wir Ihren Besuch zählen?'], ['pt', 'May we count your visit?']]) {
    test(`the page's language, else the first: ${lang}`, () => withVisitor({}, async (me) => {
      await me.see({ lang, head: loaded(['en', 'de']), body: '<candor-consent></candor-consent>', ms: 700 });
      await me.wait(700);
      assert.equal(await me.page.getByRole('heading').textContent(), title);
    }));
  }
  test('right to left: Reject is first on the right', () => withVisitor({}, async (me) => {
    await me.see({ lang: 'ar', head: '<script src="/dist/script/ar.js"></script>', body: '<candor-consent></candor-consent>', ms: 700 });
    const [reject, accept] = await Promise.all((await me.page.locator('.choice').all()).map((b) => b.boundingBox()));
    assert.ok(reject.x > accept.x);
  }));
});

describe('a strict content security policy', () => {
  const csp = "default-src 'none'; script-src 'nonce-n' http://stats.example; connect-src 'self' http://stats.example; base-uri 'none'; require-trusted-types-for 'script'";
  test('needs no hole for styles and no eval', () => withVisitor({}, async (me) => {
    await me.see({
      csp: csp.replace("; require-trusted-types-for 'script'", ''),
      head: `${strict({ nonce: 'n' })}<script nonce="n" src="/dist/script/en.js"></script>`, body: '<candor-consent policy="/privacy"></candor-consent>', ms: 700,
    });
    assert.equal(await me.page.getByRole('dialog').evaluate((d) => getComputedStyle(d).position), 'fixed');
    await press(me, 'Accept');
    await me.wait();
    assert.deepEqual([me.sent, me.errors], [['matomo.js', VIEW], []]);
  }));
  test('the banner alone lives with trusted types', () => withVisitor({}, async (me) => {
    await me.see({ csp, head: '<script nonce="n" src="/dist/script/en.js"></script>', body: '<candor-consent></candor-consent>', ms: 700 });
    await press(me, 'Reject');
    assert.deepEqual([await me.item('matomo-consent'), me.errors], ['rejected', []]);
  }));
});
