// What is published: the files, and the module for bundlers, which leaves the page's globals alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { close, open, run, visit } from './browser.mjs';

before(open);
after(close);

const FOLDER = new URL('..', import.meta.url);
const ROOT = fileURLToPath(FOLDER);

const packed = () => JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: FOLDER, stdio: ['ignore', 'pipe', 'ignore'] }))[0]
  .files.map(({ path }) => path);

test('the package holds scripts, module, types, licence and description, and no sources', () => {
  const types = readdirSync(new URL('src', FOLDER)).map((file) => `esm/types/${file.replace(/ts$/, 'd.ts')}`);
  assert.deepEqual(packed().sort(), ['LICENSE', 'README.md', 'dist/matomo-lite.js', 'dist/matomo.js', 'esm/index.js', 'package.json', ...types].sort());
});

test('it holds all that it exports', () => {
  const { main, types, unpkg, exports } = JSON.parse(readFileSync(new URL('package.json', FOLDER), 'utf8'));
  const targets = [main, types, unpkg, ...Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)))];
  const files = packed();
  assert.deepEqual(targets.filter((target) => !files.includes(target.slice(2))), []);
});

test('its types fit programs in TypeScript, with bundlers and without', () => {
  const work = mkdtempSync(join(tmpdir(), 'candor-types-'));
  try {
    mkdirSync(join(work, 'node_modules/@candor'), { recursive: true });
    symlinkSync(ROOT, join(work, 'node_modules/@candor/tracker'));
    writeFileSync(join(work, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(work, 'app.ts'), `
      import { addRule, createTracker, type PageTracker } from '@candor/tracker';
      addRule((parameters, tracker) => { if (tracker.getSiteId() === 3) parameters.delete('res'); });
      const tracker: PageTracker = createTracker('/matomo.php', 3);
      tracker.trackPageView();
      tracker.trackPageView('Title', { dimension1: 'a' }, ({ success }) => { const sent: boolean = success; return sent; });
      tracker.trackEvent('Film', 'play');
      tracker.trackEvent('Film', 'play', 'Intro', 3);
      tracker.trackSiteSearch('socks'); tracker.trackSiteSearch('socks', false, 0);
      tracker.trackGoal(4); tracker.trackGoal('4', 9.5);
      tracker.trackLink('http://other.example/', 'link');
      tracker.addEcommerceItem('S1'); tracker.addEcommerceItem('S1', 'Sock', ['Wool', 'Red'], 5, 2);
      tracker.trackEcommerceOrder('O-1', 10); tracker.trackEcommerceOrder('O-1', 10, 8, 2, '', false);
      tracker.setEcommerceView('S1', 'Sock', 'Wool', 5); tracker.setEcommerceView(false, false, 'Wool');
      tracker.trackContentImpression('Banner'); tracker.trackContentInteraction('click', 'Banner', 'Red', '/x');
      tracker.trackVisibleContentImpressions(); tracker.trackContentInteractionNode(document.body);
      tracker.setCustomDimension(1, 'a'); tracker.setCustomVariable(1, 'kind', 'a', 'page'); tracker.setCustomData({ a: 1 });
      tracker.enableLinkTracking(); tracker.enableHeartBeatTimer(); tracker.rememberConsentGiven(); tracker.setConsentGiven();
      tracker.setPagePerformanceTiming(1, 2, 3); tracker.setDomains('*.example.org'); tracker.setDomains(['a.example']);
      const second: PageTracker = tracker.addTracker('/other.php', 4);
      const id: string = second.getVisitorId();
      const variable: [string, string] | false = tracker.getCustomVariable(1);
      // @ts-expect-error: an order has a total
      tracker.trackEcommerceOrder('O-1');
      // @ts-expect-error: no such method
      tracker.trackNothing();
      // @ts-expect-error: an event has an action
      tracker.trackEvent('Film');
      // @ts-expect-error: names are texts
      tracker.setDomains(5);
      export { id, variable };`);
    for (const [module, moduleResolution] of [['ESNext', 'Bundler'], ['NodeNext', 'NodeNext']]) {
      writeFileSync(join(work, 'tsconfig.json'), JSON.stringify({
        compilerOptions: { module, moduleResolution, target: 'ES2022', lib: ['ES2022', 'DOM'], strict: true, noEmit: true, types: [], preserveSymlinks: true },
        files: ['app.ts'],
      }));
      execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', work], { stdio: 'pipe' });
    }
  } catch (error) {
    assert.fail(String(error.stdout ?? error));
  } finally {
    rmSync(work, { recursive: true });
  }
});

test('the module can be imported where there is no page', async () => {
  const { createTracker } = await import(new URL('esm/index.js', FOLDER));
  assert.equal(typeof createTracker, 'function');
});

test('a tracker of the module sends, without globals', async () => {
  const module = `data:text/javascript;base64,${readFileSync(new URL('esm/index.js', FOLDER)).toString('base64')}`;
  const { requests } = await visit({
    lite: true, paq: [],
    steps: [run(`import(${JSON.stringify(module)}).then(({ createTracker }) => {
      const tracker = createTracker('http://stats.example/matomo.php', 3);
      tracker.setUserId('anna');
      tracker.trackEvent('globals', typeof Matomo + typeof piwik_log);
    })`)],
  });
  assert.deepEqual(requests.map(({ params }) => [params.idsite, params.uid, params.e_a]), [['3', 'anna', 'undefinedundefined']]);
});

test('its rules see every request', async () => {
  const module = `data:text/javascript;base64,${readFileSync(new URL('esm/index.js', FOLDER)).toString('base64')}`;
  const { requests } = await visit({
    lite: true, paq: [],
    steps: [run(`import(${JSON.stringify(module)}).then(({ addRule, createTracker }) => {
      addRule((parameters, tracker) => { parameters.set('url', tracker.getSiteId()); parameters.delete('res'); });
      createTracker('http://stats.example/matomo.php', 3).ping();
    })`)],
  });
  assert.deepEqual(requests.map(({ params }) => [params.url, params.res]), [['3', undefined]]);
});
