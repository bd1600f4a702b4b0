// The two packages as they would be published.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { close, open, receipt, withVisitor } from './browser.mjs';
import { bundle, check, examples, FOLDERS, ROOT, withProgram } from './program.mjs';

const manifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const packed = (folder) => JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))[0]
  .files.map((file) => file.path);
const targets = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry).flatMap(targets));

before(open);
after(close);

for (const [name, folder] of Object.entries(FOLDERS)) {
  describe(name, () => {
    const files = packed(folder), about = manifest(folder);
    test('holds what was built, a licence and a readme, and nothing else', () => {
      assert.deepEqual(files.filter((file) => !file.startsWith('dist/')).sort(), ['LICENSE', 'README.md', 'package.json']);
      assert.deepEqual(files.filter((file) => /^dist\/(inline\/|(?!.*\.(js|d\.ts)$))/.test(file)), []);
    });
    test('holds all that it exports', () => {
      for (const target of targets(about.exports)) {
        const pattern = new RegExp(`^${target.slice(2).replace(/[.]/g, '\\.').replace('*', '[^/]+')}$`);
        assert.ok(files.some((file) => pattern.test(file)), target);
      }
    });
    test('says who may use it, where it comes from, and depends on nothing', () => {
      assert.equal(about.license, 'Apache-2.0');
      assert.match(about.repository.url, /^git\+https:/);
      assert.deepEqual([about.dependencies, about.publishConfig], [undefined, { access: 'public', provenance: true }]);
      assert.deepEqual(about.peerDependencies, name === '@candor/react' ? { react: '>=18' } : undefined);
    });
  });
}

test('code that is imported knows React and nothing else', () => {
  const imported = readFileSync(join(ROOT, 'react/dist/index.js'), 'utf8').matchAll(/\bfrom"([^"]+)"/g);
  assert.deepEqual([...new Set([...imported].map(([, from]) => from))], ['react']);
});

test('importing a package on a server does nothing', async () => {
  const { Consent } = await import('@candor/consent');
  const { defineConsent } = await import('@candor/consent/element');
  const { de } = await import('@candor/consent/languages/de');
  const { followKlaro } = await import('@candor/consent/adapters');
  defineConsent({ de });
  assert.deepEqual([typeof Consent, typeof followKlaro, 'document' in globalThis], ['function', 'function', false]);
});

test('types fit programs in TypeScript, with bundlers and without', () => withProgram({
  'app.tsx': `
      import { Consent, type Receipt } from '@candor/consent';
      import { defineConsent } from '@candor/consent/element';
      import { strictSnippet } from '@candor/consent/snippet';
      import { followCookiebot } from '@candor/consent/adapters';
      import { de } from '@candor/consent/languages/de';
      import { ConsentBanner, TrackingProvider, useConsent } from '@candor/react';
      defineConsent({ de });
      const stop: () => void = followCookiebot('statistics');
      const proof: Receipt | null = new Consent({ version: '2' }).receipt;
      const html: string = strictSnippet({ url: '/', siteId: 1, backlog: 'none' });
      // @ts-expect-error: no such backlog
      strictSnippet({ url: '/', siteId: 1, backlog: 'some' });
      const Own = () => <button onClick={useConsent({ text: 'x', language: 'en' }).accept}>yes</button>;
      export const app = <TrackingProvider url="/" siteId="1" signals="ask"><Own /><ConsentBanner show="idle" languages={{ de }} /></TrackingProvider>;
      export { stop, proof, html };`,
}, (folder) => {
  check(folder, 'ESNext', 'Bundler');
  check(folder, 'NodeNext', 'NodeNext');
}));

test('the examples of the guide are code', async () => {
  const { transform } = await import('esbuild');
  assert.ok(examples.length >= 5);
  for (const code of examples) await transform(code, { loader: 'tsx' });
});

test('two texts of the guide: who has chosen is not asked about the other one', async () => {
  const code = examples.find((text) => text.includes('Math.random'));
  const script = await withProgram({ 'app.tsx': code }, bundle);
  await withVisitor({ files: { '/app.js': script }, init: 'Math.random = () => Number(localStorage.dice ?? 0.9)' }, async (me) => {
    await me.see({ body: '<candor-consent></candor-consent><script src=/app.js></script>', ms: 700 });
    await me.page.getByRole('button', { name: 'Leave it out' }).click();
    await me.page.evaluate(() => { localStorage.dice = 0.1; });
    await me.again();
    assert.deepEqual([await me.page.getByRole('dialog').count(), JSON.parse(await me.item('matomo-consent-receipt')).version, me.errors], [0, '2b', []]);
    await me.page.evaluate(() => localStorage.removeItem('matomo-consent'));
    await me.page.evaluate(() => localStorage.removeItem('matomo-consent-receipt'));
    await me.again();
    await me.page.getByRole('button', { name: 'Reject', exact: true }).waitFor();
  });
});

describe('scripts for pages without a bundler', () => {
  const react = `import * as React from 'react'; import { createRoot } from 'react-dom/client'; Object.assign(window, { React, createRoot });`;
  test('React', async () => {
    const { build } = await import('esbuild');
    const { outputFiles: [{ text }] } = await build({ stdin: { contents: react, resolveDir: ROOT }, bundle: true, write: false, format: 'iife', define: { 'process.env.NODE_ENV': '"production"' } });
    const storage = { 'matomo-consent': 'accepted', 'matomo-consent-receipt': receipt() };
    await withVisitor({ files: { '/react.js': text }, storage }, async (me) => {
      await me.see({ head: '<script src="/react.js"></script><script src="/react/dist/script/react.js"></script>', body: `<div id=root></div><script>
        const { TrackingProvider, ConsentBanner } = CandorReact, h = React.createElement;
        createRoot(document.getElementById('root')).render(h(TrackingProvider, { url: 'http://stats.example', siteId: 1 }, h(ConsentBanner)));</script>` });
      await me.page.getByRole('button', { name: 'Cookie settings' }).waitFor();
      await me.wait();
      assert.deepEqual([me.sent, me.errors], [['matomo.js', 'action_name=Our shop consent=1'], []]);
    });
  });
  test('adapters', () => withVisitor({}, async (me) => {
    await me.see({ head: '<script src="/dist/script/adapters.js"></script>', body: '<script>CandorAdapters.followOneTrust(); dispatchEvent(new CustomEvent("OneTrustGroupsUpdated", { detail: ["C0002"] }));</script>' });
    assert.deepEqual([await me.page.evaluate('_paq'), me.errors], [[['requireConsent'], ['setConsentGiven']], []]);
  }));
});
