// The table of methods: complete, without inventions, and the page made from it is fresh.
// Taking a name away breaks a site: it has to be said in the changelog.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { PAGE, page } from '../generate.mjs';
import { LITE, NAMES } from '../reference.mjs';
import { close, methods, open, visit } from './browser.mjs';

before(open);
after(close);

test('a tracker has exactly the methods of the table', async () => assert.deepEqual(await methods(), [...NAMES].sort()));

test('nothing stands in the table twice, and the lite script has nothing of its own', () => {
  assert.equal(new Set(NAMES).size, NAMES.length);
  assert.deepEqual(LITE.filter((name) => !NAMES.includes(name)), []);
});

test('the lite script knows exactly its methods of the table', async () => {
  const { errors } = await visit({ lite: true, paq: [], then: NAMES.map((name) => [name]) });
  const refused = errors.map((text) => /has no (\w+)/.exec(text)?.[1]).filter(Boolean);
  assert.deepEqual(refused, NAMES.filter((name) => !LITE.includes(name)));
});

test('the reference page is fresh; if not, run make gen', () => assert.equal(readFileSync(PAGE, 'utf8'), page()));
