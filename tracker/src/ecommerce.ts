// Shop: product in view, cart and orders. The cart lives in memory; the page tells it anew on each page.
import { buildRequest } from './request.ts';
import { isGiven, type Params } from './text.ts';
import { send } from './transport.ts';
import type { Tracker } from './tracker.ts';

export function setProductView(t: Tracker, sku?: unknown, name?: unknown, category?: unknown, price?: unknown): void {
  const given = (value: unknown): unknown => (isGiven(value) ? value : undefined);
  t.productView_ = {
    _pkc: Array.isArray(category) ? JSON.stringify(category) : given(category) ?? '',
    _pkp: given(price),
    _pks: given(sku),
    _pkn: given(name) || (isGiven(sku) ? '' : undefined),
  };
}

export function addItem(t: Tracker, sku: unknown, name?: unknown, category?: unknown, price?: unknown, quantity?: unknown): void {
  if (isGiven(sku)) t.cart_[sku] = [`${sku}`, name, category, price, quantity];
}

/** What the page left out of an item: name, category, price, quantity. */
const ITEM_DEFAULTS = [, '', '', 0, 1];

function items(t: Tracker): string {
  const all = Object.values(t.cart_);
  for (const item of all) ITEM_DEFAULTS.forEach((value, i) => { if (item[i] === undefined || item[i] === '') item[i] = value; });
  return JSON.stringify(all);
}

const request = (t: Tracker, what: Params): void => send(t, buildRequest(t, {
  idgoal: 0,
  ...what,
  ec_items: items(t),
}, undefined, 'ecommerce'));

export function trackOrder(t: Tracker, id: unknown, revenue: unknown, ...amounts: unknown[]): void {
  if (!isGiven(id) || revenue === undefined) return;
  // What is left out is sent as the text `undefined`; only an empty text is not sent.
  const [ec_st, ec_tx, ec_sh, ec_dt] = [0, 1, 2, 3].map((i) => (amounts[i] === '' ? undefined : `${amounts[i]}`));
  request(t, { ec_id: id, revenue, ec_st, ec_tx, ec_sh, ec_dt });
  t.cart_ = {};
}

export function trackCart(t: Tracker, revenue: unknown): void {
  if (revenue !== undefined) request(t, { revenue });
}
