// What a page sends and keeps, in short, and nothing beside it.
import assert from 'node:assert/strict';
import { visit } from './browser.mjs';

/** What every request of these pages carries and no case is about. */
const USUAL = new Set(('idsite rec r h m s url _id _idn send_image _refts pv_id uadata pdf qt realp wma fla java ag cookie res ' +
  'pf_net pf_srv pf_tfr pf_dm1 pf_dm2 pf_onl').split(' '));

/** The parameters that are not usual, or are in `wanted`, as `a=1 b=2`. */
export const told = (params, wanted = []) => Object.entries(params).filter(([name]) => wanted.includes(name) || !USUAL.has(name))
  .map(([name, value]) => `${name}=${value}`).join(' ');

const base = ({ name }) => name.replace(/^_pk_(\w+)\..*/, '$1');

/**
 * One visit sends exactly `requests` and `bulks` (in short; `also`: usual parameters that count too) and leaves exactly
 * `cookies` (`id` = `_pk_id…`), nothing in other storage, no request to anybody else and so many `errors` in the console.
 */
export async function exactly(options, { requests = [], bulks = [], cookies = ['id', 'ses'], errors = 0, also = [] }) {
  const seen = await visit(options);
  assert.deepEqual({
    requests: seen.requests.map(({ params }) => told(params, also)),
    bulks: seen.bulks.map((bulk) => bulk.map((params) => told(params, also))),
    cookies: seen.cookies.map(base).sort(),
    others: seen.others,
    stored: seen.stored,
    errors: seen.errors.length,
  }, { requests, bulks, cookies, others: [], stored: [], errors });
  return seen;
}
