// The guide's banner of MUI's parts, as it stands there: it passes the compiler, is bundled, and works.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { press } from './banner.mjs';
import { close, open, withVisitor } from './browser.mjs';
import { bundle, check, examples, withProgram } from './program.mjs';

const banner = examples.find((code) => code.includes('@mui/material'));
const app = `
  import { createRoot } from 'react-dom/client';
  import { TrackingProvider } from '@candor/react';
  import { MuiBanner } from './banner';
  createRoot(document.getElementById('root')!).render(
    <TrackingProvider url="http://stats.example" siteId={1}><h1>Shop</h1><MuiBanner /></TrackingProvider>);`;
let script;

before(async () => {
  await open();
  script = await withProgram({ 'banner.tsx': banner, 'app.tsx': app }, (folder) => {
    check(folder);
    return bundle(folder);
  });
});
after(close);

describe('the banner of MUI', () => {
  const answers = (name, act, choice, hits) => test(name, () => withVisitor({ files: { '/app.js': script } }, async (me) => {
    await me.see({ body: '<div id=root></div><script src=/app.js></script>' });
    await me.page.getByRole('dialog', { name: 'Cookie consent' }).waitFor();
    await me.wait();
    assert.deepEqual([me.sent, await me.kept()], [[], []]);
    // Sizes as laid out: it still moves in.
    const [reject, accept] = await me.page.getByRole('button').evaluateAll((all) => all.map((b) => [b.textContent, b.offsetWidth, b.offsetHeight, b.offsetTop]));
    assert.deepEqual([reject, accept], [['Reject', ...accept.slice(1)], ['Accept', ...reject.slice(1)]]);
    await act(me);
    await me.wait();
    await me.page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.deepEqual([await me.item('matomo-consent'), me.choices.map((sent) => sent.choice), me.sent.filter((sent) => !sent.includes('choice='))],
      [choice, [choice], hits]);
    await me.again();
    assert.equal(await me.page.getByRole('dialog').count(), 0);
    assert.deepEqual([me.others, me.errors], [[], []]);
  }));
  answers('Reject', (me) => press(me, 'Reject'), 'rejected', []);
  answers('Accept', (me) => press(me, 'Accept'), 'accepted', ['matomo.js', 'action_name=Our shop consent=1']);
  answers('Escape', (me) => me.page.keyboard.press('Escape'), 'rejected', []);
});
