// What the page adds to requests: custom data, dimensions, variables, the product in view.
import { cookieName, readCookie, writeCookie } from './cookies.ts';
import { fromJson, isObject, type Params } from './text.ts';
import type { Pair, Tracker, Variables } from './tracker.ts';

/** As text; nothing when there is nothing in it: `{}`. */
const json = (value: unknown): string | undefined => {
  const text = isObject(value) ? JSON.stringify(value) : '';
  return text.length > 2 ? text : undefined;
};

/** All of it as parameters. Dimensions given as custom data of one call are taken out of the object. */
export function customParams(t: Tracker, data: Params | undefined): Params {
  const { visit, page, event } = t.variables_;
  const params: Params = { ...t.productView_, ...t.dimensions_, cvar: json(page), e_cvar: json(event), _cvar: json(visit) };
  for (const name in data) {
    if (!/^dimension\d+$/.test(name)) continue;
    params[name] = data[name];
    delete data[name];
  }
  params.data = json(data) || json(t.data_);
  // A deleted variable of the visit is said once.
  for (const index in visit) {
    if (!visit[index].join('')) delete visit[index];
  }
  if (visit && t.storesVariables_) writeCookie(t, cookieName(t, 'cvar'), JSON.stringify(visit), t.sessionCookieLife_);
  return params;
}

/** `visit`, `page`, `event`; the first two also as 2 and 3. */
type Scope = string | number;
type Word = string | number;

const scopeName = (scope: Scope = 'visit'): string => ({ 2: 'visit', 3: 'page' } as Record<Scope, string>)[scope] || `${scope}`;

/** The variables of a scope; those of the visit are read from the cookie at first use. */
function variables(t: Tracker, scope?: Scope): Variables {
  const name = scopeName(scope);
  return t.variables_[name] ||= name === 'visit' ? fromJson(readCookie(t, cookieName(t, 'cvar')), {}) : {};
}

const cut = (value: unknown): string => String(value).slice(0, 200);

export function setCustomVariable(t: Tracker, index: number, name: Word, value: Word = '', scope?: Scope): void {
  if (name !== undefined) variables(t, scope)[index] = [cut(name), cut(value)];
}

export function getCustomVariable(t: Tracker, index: number, scope?: Scope): Pair | false {
  const found = variables(t, scope)[index];
  return !!found?.[0] && found;
}

export function deleteCustomVariable(t: Tracker, index: number, scope?: Scope): void {
  if (getCustomVariable(t, index, scope)) setCustomVariable(t, index, '', '', scope);
}

export function deleteCustomVariables(t: Tracker, scope?: Scope): void {
  t.variables_[scopeName(scope)] = {};
}

/** The parameter of a dimension. */
const dimension = (id: Word): string => `dimension${parseInt(id as string)}`;

export function setCustomDimension(t: Tracker, id: Word, value: Word | boolean = ''): void {
  if (parseInt(id as string) > 0) t.dimensions_[dimension(id)] = String(value);
}

export const getCustomDimension = (t: Tracker, id: Word): string | undefined => t.dimensions_[dimension(id)];

export function deleteCustomDimension(t: Tracker, id: Word): void { delete t.dimensions_[dimension(id)]; }

/** An object replaces the data, name and value add to it. */
export function setCustomData(t: Tracker, what: Params | string, value?: unknown): void {
  if (isObject(what)) t.data_ = what;
  else t.data_[what as string] = value;
}
