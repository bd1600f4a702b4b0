// Shop: product in view, cart and orders. The cart lives in memory; the page tells it anew on each page.
import { buildRequest } from './request.ts';
import { encode, isGiven } from './text.ts';
import { send } from './transport.ts';
import type { Tracker } from './tracker.ts';

/** Values of an item that the page left out: name, category, price, quantity. */
const ITEM_DEFAULTS = [undefined, '', '', 0, 1];

export function setProductView(t: Tracker, sku?: unknown, name?: unknown, category?: unknown, price?: unknown): void {
  const view: Record<string, string> = {};
  view._pkc = Array.isArray(category) ? JSON.stringify(category) : isGiven(category) ? String(category) : '';
  if (isGiven(price)) view._pkp = String(price);
  if (isGiven(sku) || isGiven(name)) {
    if (isGiven(sku)) view._pks = String(sku);
    view._pkn = isGiven(name) ? String(name) : '';
  }
  t.productView = view;
}

export function addItem(t: Tracker, item: unknown[]): void {
  if (isGiven(item[0])) t.cart[item[0]] = [String(item[0]), ...item.slice(1)];
}

function items(t: Tracker): string {
  const all = Object.keys(t.cart).map((sku) => {
    const item = t.cart[sku];
    for (let i = 1; i < ITEM_DEFAULTS.length; i++) {
      if (item[i] === undefined || item[i] === '') item[i] = ITEM_DEFAULTS[i];
    }
    return item;
  });
  return `&ec_items=${encode(JSON.stringify(all))}`;
}

const request = (t: Tracker, what: string): void => send(t, buildRequest(t, `idgoal=0${what}${items(t)}`, undefined, 'ecommerce'));

export function trackOrder(t: Tracker, id: unknown, total: unknown, amounts: unknown[]): void {
  if (!isGiven(id) || total === undefined) return;
  const part = ['ec_st', 'ec_tx', 'ec_sh', 'ec_dt'].map((name, i) =>
    (String(amounts[i]) === '' ? '' : `&${name}=${encode(amounts[i])}`));
  request(t, `&ec_id=${encode(id)}&revenue=${encode(total)}${part.join('')}`);
  t.cart = {};
}

export function trackCart(t: Tracker, total: unknown): void {
  if (total !== undefined) request(t, `&revenue=${encode(total)}`);
}
