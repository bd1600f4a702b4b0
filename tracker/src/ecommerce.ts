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

export function addItem(t: Tracker, sku: unknown, name: unknown = '', category: unknown = '', price: unknown = 0, quantity: unknown = 1): void {
  if (isGiven(sku)) t.cart_[sku] = [`${sku}`, name, category, price === '' ? 0 : price, quantity === '' ? 1 : quantity];
}

const request = (t: Tracker, what: Params): void => send(t, buildRequest(t, {
  idgoal: 0,
  ...what,
  ec_items: JSON.stringify(Object.values(t.cart_)),
}, undefined, 'ecommerce'));

/** What is left out is sent as the text `undefined`; only an empty text is not sent. */
const amount = (value: unknown): string | undefined => (value === '' ? undefined : `${value}`);

export function trackOrder(t: Tracker, id: unknown, revenue: unknown, subtotal: unknown, tax: unknown, shipping: unknown, discount: unknown): void {
  if (!isGiven(id) || revenue === undefined) return;
  request(t, { ec_id: id, revenue, ec_st: amount(subtotal), ec_tx: amount(tax), ec_sh: amount(shipping), ec_dt: amount(discount) });
  t.cart_ = {};
}

export function trackCart(t: Tracker, revenue: unknown): void {
  if (revenue !== undefined) request(t, { revenue });
}
