// What the page adds to requests: custom data, dimensions, variables, the product in view.
import { cookieName, readCookie, writeCookie } from './cookies.ts';
import { fromJson, isEmpty, isObject, type Params } from './text.ts';
import type { Pair, Tracker, Variables } from './tracker.ts';

/** As text; nothing when there is nothing in it. */
const json = (value: unknown): string | undefined =>
  (!value || (isObject(value) && isEmpty(value)) ? undefined : JSON.stringify(value));

/** All of it as parameters. Dimensions given as custom data of one call are taken out of the object. */
export function customParams(t: Tracker, data: unknown): Params {
  const { visit, page, event } = t.variables_;
  const params: Params = { ...t.productView_, cvar: json(page), e_cvar: json(event), _cvar: json(visit) };
  for (const id in t.dimensions_) params[`dimension${id}`] = t.dimensions_[id];
  if (isObject(data)) {
    for (const name in data) {
      if (!/^dimension\d+$/.test(name)) continue;
      params[name] = data[name];
      delete data[name];
    }
  }
  params.data = (isObject(data) && json(data)) || json(t.data_);
  // A deleted variable of the visit is said once.
  for (const index in visit) {
    if (!visit[index].join('')) delete visit[index];
  }
  if (visit && t.storesVariables_) writeCookie(t, cookieName(t, 'cvar'), JSON.stringify(visit), t.sessionCookieMs_);
  return params;
}

type Scope = string | number | undefined;

const scopeName = (scope: Scope): string => ({ 2: 'visit', 3: 'page' } as Record<Exclude<Scope, undefined>, string>)[scope!] || String(scope ?? 'visit');

/** The variables of a scope; those of the visit are read from the cookie at first use. */
function variables(t: Tracker, scope: Scope): Variables | undefined {
  const name = scopeName(scope);
  if (name === 'visit') t.variables_[name] = t.variables_[name] || fromJson(readCookie(t, cookieName(t, 'cvar')), {});
  return t.variables_[name];
}

const cut = (value: unknown): string => String(value).slice(0, 200);

export function setCustomVariable(t: Tracker, index: number, name: unknown, value: unknown = '', scope?: Scope): void {
  const all = variables(t, scope);
  if (all && name !== undefined) all[index] = [cut(name), cut(value)];
}

export function getCustomVariable(t: Tracker, index: number, scope?: Scope): Pair | false {
  const found = variables(t, scope)?.[index];
  return !!found && !!found[0] && found;
}

export function deleteCustomVariable(t: Tracker, index: number, scope?: Scope): void {
  if (getCustomVariable(t, index, scope)) setCustomVariable(t, index, '', '', scope);
}

export function deleteCustomVariables(t: Tracker, scope?: Scope): void {
  if (variables(t, scope)) t.variables_[scopeName(scope)] = {};
}

export function setCustomDimension(t: Tracker, id: string, value: unknown = ''): void {
  const number = parseInt(id, 10);
  if (number > 0) t.dimensions_[number] = String(value);
}

/** An object replaces the data, name and value add to it. */
export function setCustomData(t: Tracker, what: unknown, value?: unknown): void {
  if (isObject(what)) {
    t.data_ = what;
  } else {
    if (!isObject(t.data_)) t.data_ = {};
    (t.data_ as Record<string, unknown>)[what as string] = value;
  }
}
