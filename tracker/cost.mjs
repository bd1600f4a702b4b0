// What the tracker costs a page, measured in Chromium: bytes, requests, cookies, long tasks, time on the main thread while
// the page starts, shows a further view and is left.
// usage: npm run cost. Figures of a run stand in README.md.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const ROUNDS = 15;
/** 1 is this machine, 4 roughly a phone of the middle class. */
const SLOWDOWNS = [1, 4];
/** The page alone is what the others are compared with. */
const SCRIPTS = ['nothing', 'matomo.js', 'matomo-lite.js'];
const code = (script) => (script === 'nothing' ? '' : readFileSync(new URL(`dist/${script}`, import.meta.url), 'utf8'));

const page = (script) => `<!doctype html><title>Cost</title><script>
  window.long = 0; new PerformanceObserver((list) => { long += list.getEntries().length; }).observe({ type: 'longtask', buffered: true });
  _paq = [['setTrackerUrl', '/matomo.php'], ['setSiteId', 1], ['trackPageView'], ['enableLinkTracking']];
  </script><p>text</p><script>began = performance.now();</script><script>${script}</script><script>started = performance.now() - began;</script>`;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** One visit to a page with the script in it: what its start and a second page view took, and what it sent and kept. */
async function measure(browser, url, slowdown) {
  const context = await browser.newContext();
  try {
    const tab = await context.newPage();
    const requests = [];
    tab.on('request', (request) => request.url().includes('/matomo.php') && requests.push(request.url()));
    const protocol = await context.newCDPSession(tab);
    await protocol.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    await tab.goto(url);
    const start = await tab.evaluate(() => window.started);
    await tab.waitForTimeout(100);
    const view = await tab.evaluate(() => { const began = performance.now(); window._paq.push(['trackPageView']); return performance.now() - began; });
    await tab.waitForTimeout(1000);
    const sent = requests.length;
    const long = await tab.evaluate(() => window.long);
    const leave = await tab.evaluate(() => {
      window._paq.push(['trackEvent', 'a', 'b'], ['trackEvent', 'c', 'd']);
      const began = performance.now();
      dispatchEvent(new Event('beforeunload'));
      return performance.now() - began;
    });
    return {
      start, view, leave, requests: sent, bytes: requests[0]?.length ?? 0,
      cookies: (await context.cookies()).map(({ name }) => name.split('.')[0]).sort(), long,
    };
  } finally {
    await context.close();
  }
}

const server = createServer((request, response) => {
  const script = SCRIPTS.find((name) => request.url === `/${name}.html`);
  response.writeHead(script ? 200 : 204, { 'content-type': 'text/html' }).end(script && page(code(script)));
}).listen(0, '127.0.0.1');
await new Promise((ready) => server.once('listening', ready));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  console.log('| script | gzip | slowed by | start with first view | further view | leaving | requests a view | request | cookies | long tasks |\n|---|---|---|---|---|---|---|---|---|---|');
  for (const script of SCRIPTS) {
    const gzip = code(script) && gzipSync(code(script), { level: 9 }).length;
    for (const slowdown of SLOWDOWNS) {
      const rounds = [];
      for (let i = 0; i < ROUNDS; i++) rounds.push(await measure(browser, `http://127.0.0.1:${server.address().port}/${script}.html`, slowdown));
      const of = (name) => median(rounds.map((round) => round[name]));
      console.log(`| ${script} | ${gzip || 0} B | ${slowdown} | ${of('start').toFixed(1)} ms | ${of('view').toFixed(1)} ms | ${of('leave').toFixed(1)} ms | ${of('requests') / 2} | ${of('bytes')} B | ${
        rounds[0].cookies.join(', ') || 'none'} | ${of('long')} |`);
    }
  }
} finally {
  await browser.close();
  server.close();
}
