// The table of methods: complete, without inventions, and the page made from it is fresh.
// Taking a name away breaks a site: it has to be said in the changelog.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { PAGE, page } from '../generate.mjs';
import { LITE, NAMES, SENDS } from '../reference.mjs';
import { close, methods, open, visit } from './browser.mjs';
import { told } from './exactly.mjs';

before(open);
after(close);

test('a tracker has exactly the methods of the table', async () => assert.deepEqual(await methods(), [...NAMES].sort()));

test('nothing stands in the table twice, and the lite script has nothing of its own', () => {
  assert.equal(new Set(NAMES).size, NAMES.length);
  assert.deepEqual(LITE.filter((name) => !NAMES.includes(name)), []);
});

test('the lite script knows exactly its methods of the table', async () => {
  const { errors } = await visit({ lite: true, paq: [], then: NAMES.map((name) => [name]) });
  const refused = errors.map((text) => /lite: no (\w+)/.exec(text)?.[1]).filter(Boolean);
  assert.deepEqual(refused, NAMES.filter((name) => !LITE.includes(name)));
});

test('the reference page is fresh; if not, run make gen', () => assert.equal(readFileSync(PAGE, 'utf8'), page()));

describe('calls send what the reference says', () => {
  for (const [calls, parameters] of SENDS) {
    test(JSON.stringify(calls), async () => {
      const wanted = parameters.split(/ (?=\w+=)/);
      const { requests, bulks, others } = await visit({ paq: calls });
      const names = wanted.map((parameter) => parameter.split('=')[0]);
      assert.deepEqual(requests.map(({ params }) => told(params, names).split(/ (?=\w+=)/).sort()), [wanted.sort()]);
      assert.deepEqual([bulks, others], [[], []]);
    });
  }
});
