// <candor-consent> in pages: how it looks, in which languages, and that everybody can use it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { focused, press, REJECTED, shown, VIEW } from './banner.mjs';
import { close, open, strict, withVisitor } from './browser.mjs';

before(open);
after(close);

const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const LANGUAGES = readdirSync(new URL('../src/languages', import.meta.url)).map((file) => file.replace('.ts', ''));

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
  shown('what is put into the element neither shows nor styles', {}, async (me) => {
    const before = [await look(me, 'Reject'), await look(me, 'Accept')];
    await me.page.evaluate(() => { document.querySelector('candor-consent').innerHTML = '<style>.choice, .choice + .choice { width: 90% }</style><b slot="choices">Take it</b>'; });
    assert.deepEqual([[await look(me, 'Reject'), await look(me, 'Accept')], await me.page.getByText('Take it').isVisible()], [before, false]);
  });
  const LONG = 'Yes, count this visit and all that come after it, until I change my mind';
  for (const [where, viewport] of [['a wide screen', { width: 1280, height: 800 }], ['a narrow one', { width: 320, height: 640 }]]) {
    for (const [long, short] of [['accept', 'reject'], ['reject', 'accept']]) {
      test(`with words of one's own, ${long} the longer, on ${where}`, () => withVisitor({ viewport }, async (me) => {
        await me.see({ head: `<script type="module">import { defineConsent } from '/dist/element.js'; import { en } from '/dist/languages/en.js';
          defineConsent({ en: { ...en, text: '${LONG.repeat(4)}', ${long}: '${LONG}', ${short}: 'OK' } });</script>`, body: '<candor-consent></candor-consent>', ms: 700 });
        await me.wait(700);
        assert.deepEqual(await look(me, long === 'accept' ? 'OK' : LONG), await look(me, long === 'accept' ? LONG : 'OK'));
        const boxes = await Promise.all((await me.page.locator('.choice').all()).map((button) => button.boundingBox()));
        assert.ok(boxes.every(({ width, x }) => width <= viewport.width / 2 && x >= 0) && boxes[0].x < boxes[1].x && boxes[0].y === boxes[1].y);
        assert.deepEqual(me.errors, []);
      }));
    }
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
    // It needs timers that move.
    await me.page.clock.resume();
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
      assert.equal(Object.values(texts).filter(Boolean).length, 12, lang);
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
