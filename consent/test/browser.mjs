// One Chromium for all tests of a file. Every host is answered by us; nothing leaves the machine. Time is the page's own
// and only moves as told.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { strictSnippet } from '../dist/snippet.js';

const SITE = 'http://shop.example';
const HERE = new URL('..', import.meta.url);
const TRACKER = readFileSync(new URL('../tracker/dist/matomo.js', HERE), 'utf8');
/** Cookies end by the browser's clock, so the page's begins there. No test depends on the date. */
const START = new Date();
/** The tracker leaves 800 ms after its first request and 50 ms between the next. */
const GAPS_MS = 1500;
/** What every hit of these pages carries and no case is about. */
const USUAL = new Set(('idsite rec r h m s _id _idn send_image _refts pv_id uadata pdf qt realp wma fla java ag cookie res ' +
  'pf_net pf_srv pf_tfr pf_dm1 pf_dm2 pf_onl').split(' '));
const TYPES = { js: 'text/javascript', css: 'text/css', html: 'text/html' };

let browser;

export async function open() {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Pages of most sites have https; these have its rights without its certificates.
    args: ['--no-sandbox', `--unsafely-treat-insecure-origin-as-secure=${SITE}`],
  });
}

export const close = () => browser.close();

/** The strict loader in a page's head. */
export const strict = (options) => strictSnippet({ url: 'http://stats.example', siteId: 1, ...options });

/** The usual snippet, which loads the tracker at once and lets it wait for consent. */
export const usual = `<script>_paq = [['requireConsent'], ['trackPageView'],
  ['setTrackerUrl', 'http://stats.example/matomo.php'], ['setSiteId', 1]];</script>
  <script async src="http://stats.example/matomo.js"></script>`;

const CHANGING = { receipt: /^[0-9a-f]{32}$/, text: /./, time: /^\d{10}$/, expires: /^\d{10}$/ };

/** A choice as it was sent; what is different each time in general terms. */
const shortChoice = (form) => [...form].map(([name, value]) => (CHANGING[name]?.test(value) ? name : `${name}=${value}`)).sort().join(' ');

/** A hit in short; the address only when it is not the first page's. */
function short(hit) {
  return [...hit]
    .filter(([name, value]) => !USUAL.has(name) && !(name === 'url' && value === `${SITE}/`))
    .map(([name, value]) => `${name}=${value.replace(SITE, '')}`).join(' ');
}

/**
 * A visitor with a browser of their own: `see` opens a page, `sent` tells what their browser asked of the statistics
 * host, `kept` what it stores, `wait` lets time pass.
 */
export async function visitor({ files = {}, cookies = [], storage = {}, init = '', noTracker = false, answer: reply, ...context } = {}) {
  const jar = await browser.newContext(context);
  jar.setDefaultTimeout(20_000);
  const page = await jar.newPage();
  const sent = [], hits = [], choices = [], others = [], errors = [], pages = new Map();
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await jar.addCookies(cookies.map((text) => ({ name: text.split('=')[0], value: text.split('=')[1], url: SITE })));
  if (init) await jar.addInitScript(init);
  await jar.clock.install({ time: START });
  await jar.clock.pauseAt(new Date(+START + 1000));
  await jar.route('**', async (route) => {
    const request = route.request(), url = new URL(request.url());
    const answer = (body, type = 'js', headers = {}) => route.fulfill({ contentType: `${TYPES[type] ?? 'text/plain'}; charset=utf-8`, body, headers });
    if (url.host === 'stats.example') {
      if (url.pathname === '/matomo.js') {
        sent.push('matomo.js');
        return noTracker ? route.abort() : answer(TRACKER);
      }
      const form = new URLSearchParams(request.postData() || url.search);
      if (form.has('choice')) {
        sent.push(shortChoice(form));
        choices.push({ ...Object.fromEntries(form), headers: await request.allHeaders(), address: url.href });
        if (reply) return reply(route, form);
        return route.fulfill({ json: { receipt: form.get('receipt') ?? '' }, headers: { 'Access-Control-Allow-Origin': '*' } });
      }
      hits.push(Object.fromEntries(form));
      sent.push(short(form));
      return route.fulfill({ status: 204 });
    }
    if (url.pathname in files) return answer(files[url.pathname], url.pathname.split('.').pop());
    const file = /^\/(dist|node_modules|react)\//.test(url.pathname) && url.pathname;
    if (file) return answer(readFileSync(new URL(`.${file}`, HERE), 'utf8'), file.split('.').pop());
    const seen = pages.get(url.pathname);
    if (seen) return answer(seen.html, 'html', seen.headers);
    others.push(url.href);
    return route.fulfill({ status: 204 });
  });

  const me = {
    page, sent, hits, choices, others, errors,
    async see({ path = '/', head = '', body = '<p>text</p>', lang = 'en', csp, ms = 100 } = {}) {
      pages.set(path, {
        html: `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Our shop</title>${head}</head><body>${body}</body></html>`,
        headers: csp ? { 'Content-Security-Policy': csp } : {},
      });
      await page.goto(SITE + path);
      await me.wait(ms);
    },
    /** Reloads arrive as a second visit of the same page. */
    async again(ms = GAPS_MS) {
      await page.reload();
      await me.wait(ms);
    },
    async wait(ms = GAPS_MS) {
      // Scripts come in real time: wait for the tracker of this page before moving the clock.
      await page.evaluate(() => fetch('/settled'));
      while (!noTracker && !await page.evaluate(() => Boolean(window.Matomo) || !document.querySelector('script[src$="matomo.js"]')));
      await page.clock.runFor(ms);
      // Beacons are handed to the browser; a request of our own arrives behind them.
      await page.evaluate(() => fetch('/settled'));
      others.splice(0, Infinity, ...others.filter((url) => !/\/(settled|favicon\.ico)$/.test(url)));
    },
    async push(...calls) {
      await page.evaluate((calls) => calls.forEach((call) => window._paq.push(call)), calls);
      await me.wait();
    },
    /** Names of cookies and entries of the two storages. */
    async kept() {
      const stored = await page.evaluate(() => {
        try {
          return [...Object.keys(localStorage), ...Object.keys(sessionStorage)];
        } catch {
          return [];
        }
      });
      return [...(await jar.cookies()).map((cookie) => cookie.name.replace(/\.1\..*/, '')), ...stored].sort();
    },
    item: (key) => page.evaluate((key) => localStorage.getItem(key), key),
    newTab: () => jar.newPage(),
    leave: () => jar.close(),
  };
  if (Object.keys(storage).length) {
    await me.see({ path: '/seed', ms: 0 });
    await page.evaluate((all) => Object.entries(all).forEach(([key, value]) => localStorage.setItem(key, value)), storage);
  }
  return me;
}

/** Runs `work` with a visitor and lets them go. */
export async function withVisitor(options, work) {
  const me = await visitor(options);
  try {
    return await work(me);
  } finally {
    await me.leave();
  }
}

/** A receipt as the banner writes it at the start of these tests. */
export const receipt = (set = {}) => JSON.stringify({
  choice: 'accepted', version: '1', time: +START - 1000, expires: +START + 86400000, how: 'click', signals: '', language: 'en', ...set,
});

export const GPC = 'Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true });';
export const DNT = 'Object.defineProperty(Navigator.prototype, "doNotTrack", { get: () => "1" });';
export const NO_STORAGE = 'Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });';
