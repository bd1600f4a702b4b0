// What is published: the files, and the module for bundlers, which leaves the page's globals alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { close, open, run, visit } from './browser.mjs';

before(open);
after(close);

const FOLDER = new URL('..', import.meta.url);

test('the package holds scripts, module and description, and no sources', () => {
  const packed = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: FOLDER, stdio: ['ignore', 'pipe', 'ignore'] }));
  const files = packed[0].files.map(({ path }) => path).filter((path) => !path.startsWith('esm/types/') && path !== 'LICENSE');
  assert.deepEqual(files.sort(), ['README.md', 'dist/matomo-lite.js', 'dist/matomo.js', 'esm/index.js', 'package.json']);
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
