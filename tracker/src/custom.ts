// What the page adds to requests: custom data, dimensions, variables, the product in view.
import { cookieName, readCookie, writeCookie } from './cookies.ts';
import { isEmpty, isObject, type Params } from './text.ts';
import type { Pair, Tracker, Variables } from './tracker.ts';

const TEXT_CHARS_MAX = 200;
const cut = (value: unknown): string => String(value).slice(0, TEXT_CHARS_MAX);
const isDimension = (name: string): boolean => /^dimension\d+$/.test(name);

/** All of it as parameters. Dimensions given as custom data of one call are taken out of the object. */
export function customParams(t: Tracker, data: unknown): Params {
  const params: Params = { ...t.productView, ...variableParams(t) };
  for (const id in t.dimensions) params[`dimension${id}`] = t.dimensions[id];
  if (isObject(data)) {
    for (const name of Object.keys(data).filter(isDimension)) {
      params[name] = data[name];
      delete data[name];
    }
  }
  params.data = json(isObject(data) && !isEmpty(data) ? data : t.data);
  return params;
}

/** As text; nothing when there is nothing in it. */
const json = (value: unknown): string | undefined =>
  (isObject(value) && isEmpty(value)) || !value ? undefined : JSON.stringify(value);

function variableParams(t: Tracker): Params {
  const params = { cvar: json(t.pageVariables), e_cvar: json(t.eventVariables), _cvar: json(t.visitVariables) };
  if (t.visitVariables) {
    // A deleted variable is said once.
    for (const index in t.visitVariables) {
      if (t.visitVariables[index].join('') === '') delete t.visitVariables[index];
    }
    if (t.storesVariables) writeCookie(t, cookieName(t, 'cvar'), JSON.stringify(t.visitVariables), t.sessionCookieMs);
  }
  return params;
}

/** The variables of a scope; those of the visit are read from the cookie at first use. */
function variables(t: Tracker, scope: unknown): Variables | undefined {
  if (scope === 'page' || scope === 3) return t.pageVariables;
  if (scope === 'event') return t.eventVariables;
  if (scope !== undefined && scope !== 'visit' && scope !== 2) return undefined;
  if (!t.visitVariables) {
    try {
      t.visitVariables = JSON.parse(readCookie(t, cookieName(t, 'cvar'))) as Variables;
    } catch {
      t.visitVariables = {};
    }
  }
  return t.visitVariables;
}

export function setCustomVariable(t: Tracker, index: number, name: unknown, value: unknown, scope?: unknown): void {
  const all = variables(t, scope);
  if (all && name !== undefined) all[index] = [cut(name), value === undefined ? '' : cut(value)];
}

export function getCustomVariable(t: Tracker, index: number, scope?: unknown): Pair | false {
  const all = variables(t, scope);
  const found = all && all[index];
  return found && found[0] ? found : false;
}

export function deleteCustomVariable(t: Tracker, index: number, scope?: unknown): void {
  if (getCustomVariable(t, index, scope)) setCustomVariable(t, index, '', '', scope);
}

export function deleteCustomVariables(t: Tracker, scope?: unknown): void {
  if (scope === 'page' || scope === 3) t.pageVariables = {};
  else if (scope === 'event') t.eventVariables = {};
  else if (variables(t, scope)) t.visitVariables = {};
}

export function setCustomDimension(t: Tracker, id: unknown, value: unknown): void {
  const number = parseInt(String(id), 10);
  if (number > 0) t.dimensions[number] = value === undefined ? '' : String(value);
}

/** An object replaces the data, name and value add to it. */
export function setCustomData(t: Tracker, what: unknown, value?: unknown): void {
  if (isObject(what)) {
    t.data = what;
  } else {
    if (!isObject(t.data)) t.data = {};
    (t.data as Record<string, unknown>)[String(what)] = value;
  }
}
