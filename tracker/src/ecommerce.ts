// Shop: product in view, cart and orders. The cart lives in memory; the page tells it anew on each page.
import { isGiven, some, type Params } from './text.ts';
import { track } from './track.ts';
import type { SiteId, Tracker } from './tracker.ts';

type Category = string | string[];
/** `false` and `""` where there is none. */
type Amount = number | string | false;

export function setProductView(t: Tracker, sku?: SiteId | false, name?: string | false, category?: Category | false, price?: Amount): void {
  const given = (value: unknown): unknown => (isGiven(value) ? value : undefined);
  t.productView_ = {
    _pkc: Array.isArray(category) ? JSON.stringify(category) : given(category) ?? '',
    _pkp: given(price),
    _pks: given(sku),
    _pkn: given(name) || given(sku) && '',
  };
}

export function addItem(t: Tracker, sku: SiteId, name?: string, category?: Category, price?: Amount, quantity?: Amount): void {
  if (isGiven(sku)) t.cart_[sku] = [`${sku}`, name, category, price, quantity];
}

/** What was left out, or is empty, as it is sent. */
const complete = (sku: unknown, name: unknown = '', category: unknown = '', price: unknown = 0, quantity: unknown = 1): unknown[] =>
  [sku, name, category, price === '' ? 0 : price, quantity === '' ? 1 : quantity];

function request(t: Tracker, what: Params): void {
  for (const sku in t.cart_) t.cart_[sku] = complete(...t.cart_[sku] as [unknown]);
  track(t, { idgoal: 0, ...what, ec_items: JSON.stringify(Object.values(t.cart_)) }, 'ecommerce');
}

/** What is left out is sent as the text `undefined`; only an empty text is not sent. */
const amount = (value?: Amount): string | undefined => (some(`${value}`));

export function trackOrder(t: Tracker, id: SiteId, total: Amount, subtotal?: Amount, tax?: Amount, shipping?: Amount, discount?: Amount): void {
  if (!isGiven(id) || total === undefined) return;
  request(t, { ec_id: id, revenue: total, ec_st: amount(subtotal), ec_tx: amount(tax), ec_sh: amount(shipping), ec_dt: amount(discount) });
  t.cart_ = {};
}

export function trackCart(t: Tracker, revenue: Amount): void {
  if (revenue !== undefined) request(t, { revenue });
}
