// Shop: product in view, cart and orders. The cart lives in memory; the page tells it anew on each page.
import { buildRequest } from './request.ts';
import { isGiven, type Params } from './text.ts';
import { send } from './transport.ts';
import type { Tracker } from './tracker.ts';

/** Values of an item that the page left out: name, category, price, quantity. */
const ITEM_DEFAULTS = [undefined, '', '', 0, 1];

export function setProductView(t: Tracker, sku?: unknown, name?: unknown, category?: unknown, price?: unknown): void {
  const given = (value: unknown): unknown => (isGiven(value) ? value : undefined);
  t.productView = {
    _pkc: Array.isArray(category) ? JSON.stringify(category) : isGiven(category) ? category : '',
    _pkp: given(price),
    _pks: given(sku),
    _pkn: given(name) || (isGiven(sku) ? '' : undefined),
  };
}

export function addItem(t: Tracker, item: unknown[]): void {
  if (isGiven(item[0])) t.cart[item[0]] = [String(item[0]), ...item.slice(1)];
}

function items(t: Tracker): string {
  const all = Object.values(t.cart);
  for (const item of all) {
    for (let i = 1; i < ITEM_DEFAULTS.length; i++) {
      if (item[i] === undefined || item[i] === '') item[i] = ITEM_DEFAULTS[i];
    }
  }
  return JSON.stringify(all);
}

const request = (t: Tracker, what: Params): void =>
  send(t, buildRequest(t, { idgoal: 0, ...what, ec_items: items(t) }, undefined, 'ecommerce'));

export function trackOrder(t: Tracker, id: unknown, total: unknown, ...amounts: unknown[]): void {
  if (!isGiven(id) || total === undefined) return;
  // What is left out is sent as the text `undefined`; only an empty text is not sent.
  const [ec_st, ec_tx, ec_sh, ec_dt] = [0, 1, 2, 3].map((i) => (amounts[i] === '' ? undefined : String(amounts[i])));
  request(t, { ec_id: id, revenue: total, ec_st, ec_tx, ec_sh, ec_dt });
  t.cart = {};
}

export function trackCart(t: Tracker, total: unknown): void {
  if (total !== undefined) request(t, { revenue: total });
}
