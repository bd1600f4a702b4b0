// One Chromium for all tests. Every host is answered by us; nothing leaves the machine.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const script = (name) => readFileSync(new URL(`../dist/${name}`, import.meta.url), 'utf8');
const SCRIPT = script('matomo.js');
const LITE = script('matomo-lite.js');
const PAGE = 'http://shop.example/page.html';
/** The tracker leaves 800 ms after its first request and 50 ms between the next. */
const GAPS_MS = 1200;

let browser;

export async function open() {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
}

export const close = () => browser.close();

const params = (query) => Object.fromEntries(new URLSearchParams(query));

/** Names of a tracker's methods. */
export async function methods() {
  const page = await browser.newPage();
  try {
    await page.setContent('<title>none</title>');
    await page.addScriptTag({ content: SCRIPT });
    return await page.evaluate(() => Object.keys(window.Matomo.getTracker('', 1)).sort());
  } finally {
    await page.close();
  }
}

/** Things that somebody or the page does, for `steps`. */
export const wait = (ms) => (page) => page.clock.runFor(ms);
export const run = (script) => (page) => page.evaluate(script);
export const push = (...calls) => (page) => page.evaluate((calls) => window._paq.push(...calls), calls);

/**
 * Opens a page, in a browser that has the cookies `had`, that runs `before`, pushes `paq`, runs `script`, clicks on `clicks`, goes
 * through `steps`, pushes `then`, waits, and tells what was sent (to the tracker: `requests`, `bulks`; anywhere else:
 * `others`), stored and written to the console as an error. The tracker's server answers with `status`.
 * Time is the page's own and only moves as told, so nothing depends on the machine's speed. It lies ahead of any machine's
 * clock: cookies of the past would be gone at once.
 */
export async function visit({
  paq, before = '', then = [], clicks = [], steps = [], body = '', script = '', search = '', waitMs = GAPS_MS, lite = false, had = {}, status = 204,
}) {
  const context = await browser.newContext();
  try {
    await context.addCookies(Object.entries(had).map(([name, value]) => ({ name, value, url: PAGE })));
    const requests = [], bulks = [], others = [], errors = [];
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.clock.install({ time: new Date('2040-05-04T10:00:00Z') });
    await page.clock.pauseAt(new Date('2040-05-04T10:00:01Z'));
    await page.route('**', (route) => {
      const request = route.request(), url = new URL(request.url());
      if (url.pathname.endsWith('/matomo.js')) return route.fulfill({ contentType: 'text/javascript', body: lite ? LITE : SCRIPT });
      if (url.pathname.endsWith('/matomo.php')) {
        const text = request.postData() ?? '';
        if (text.startsWith('{')) bulks.push(JSON.parse(text).requests.map(params));
        else requests.push({ method: request.method(), type: request.resourceType(), contentType: request.headers()['content-type'], hasBody: text !== '', params: params(text || url.search) });
        return route.fulfill({ status, headers: { 'access-control-allow-origin': new URL(PAGE).origin, 'access-control-allow-credentials': 'true' } });
      }
      if (request.resourceType() !== 'document') others.push(request.url());
      const calls = [...paq, ['setTrackerUrl', 'http://stats.example/matomo.php'], ['setSiteId', 1]];
      return route.fulfill({ contentType: 'text/html', body: `<!doctype html><meta charset="utf-8"><title>Our shop</title>
        <script>${before}; _paq = ${JSON.stringify(calls)}; addEventListener('click', (e) => e.preventDefault());</script>
        <script src="http://stats.example/matomo.js"></script><body>${body || 'text'}</body>` });
    });
    await page.goto(PAGE + search);
    await page.clock.runFor(100);
    if (script) await page.evaluate(script);
    for (const selector of clicks) await page.click(selector);
    for (const step of steps) await step(page);
    await page.evaluate((calls) => calls.forEach((call) => window._paq.push(call)), then);
    await page.clock.runFor(waitMs);
    // Beacons are handed to the browser; requests of our own arrive behind them, and behind what an answer leads to.
    for (let i = 0; i < 2; i++) await page.evaluate(() => fetch('http://shop.example/settled'));
    const stored = await page.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage)));
    return { requests, bulks, errors, stored, others: others.filter((url) => !/settled|favicon/.test(url)), cookies: await context.cookies() };
  } finally {
    await context.close();
  }
}
