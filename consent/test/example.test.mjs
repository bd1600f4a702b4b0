// The live example as it is served, with its own policy.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { serve } from '../example/serve.mjs';
import { close, open, withVisitor } from './browser.mjs';

const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let server;

before(async () => {
  await open();
  server = await serve({ port: 0, stats: 'http://stats.example', site: '1' });
});
after(async () => {
  await close();
  server.close();
});

const page = (name, path, work) => test(name, () => withVisitor({}, async (me) => {
  const home = `http://127.0.0.1:${server.address().port}`;
  await me.page.route(`${home}/**`, (route) => (route.request().url().endsWith('/settled') ? route.fulfill({ status: 204 }) : route.continue()));
  await me.page.goto(home + path);
  await me.page.clock.resume();
  await me.page.getByRole('dialog').waitFor();
  assert.deepEqual([me.sent, await me.kept()], [[], []]);
  await work(me, home);
  assert.deepEqual([me.others, me.errors], [[], []]);
}));
const press = (me, name) => me.page.getByRole('button', { name, exact: true }).click();
const arrives = async (me, text) => {
  while (!me.sent.some((sent) => sent.includes(text))) await me.page.evaluate(() => new Promise(requestAnimationFrame));
};

describe('the example', () => {
  page('tells and stores nothing before the choice, and says so', '/', async (me) => {
    assert.deepEqual([await me.page.locator('#stored').textContent(), await me.page.locator('#asked').textContent()], ['nothing', 'nothing']);
  });
  page('accept loads the tracker', '/', async (me) => {
    await press(me, 'Accept');
    await arrives(me, 'choice=accepted');
    await arrives(me, 'action_name=Consent, live');
    assert.deepEqual((await me.kept()).sort(), ['_pk_id', '_pk_ses', 'matomo-consent', 'matomo-consent', 'matomo-consent-receipt', 'matomo-consent-receipt', 'mtm_consent']);
  });
  page('has nothing that axe minds', '/', async (me) => {
    // Its policy allows no inline script, and the audit is one.
    const { violations } = await me.page.evaluate(`${AXE}; axe.run()`);
    assert.deepEqual(violations.map(({ id }) => id), []);
  });
  page('with React: a route after an accept is a page view', '/react', async (me, home) => {
    await press(me, 'Accept');
    await arrives(me, 'action_name=Home');
    await press(me, 'Products');
    await arrives(me, `action_name=Products`);
    const hits = me.sent.filter((sent) => /action_name/.test(sent));
    assert.deepEqual(hits, [`action_name=Home url=${home}/react consent=1`, `action_name=Products url=${home}/react?route=Products urlref=${home}/react consent=1`]);
  });
});
