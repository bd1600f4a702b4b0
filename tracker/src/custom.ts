// What the page adds to requests: custom data, dimensions, variables, the product in view.
import { cookieName, readCookie, writeCookie } from './cookies.ts';
import { encode, isEmpty, isObject } from './text.ts';
import type { Pair, Tracker, Variables } from './tracker.ts';

const TEXT_CHARS_MAX = 200;
const cut = (value: unknown): string => String(value).slice(0, TEXT_CHARS_MAX);
const isDimension = (name: string): boolean => /^dimension\d+$/.test(name);

/** All of it as parameters. Dimensions given as custom data of one call are taken out of the object. */
export function customPart(t: Tracker, data: unknown): string {
  let part = '';
  const own: Record<string, boolean> = {};
  if (isObject(data)) {
    for (const name of Object.keys(data).filter(isDimension)) {
      own[name] = true;
      part += `&${name}=${encode(data[name])}`;
      delete data[name];
    }
  }
  for (const id of Object.keys(t.dimensions)) {
    if (!own[`dimension${id}`]) part += `&dimension${id}=${encode(t.dimensions[Number(id)])}`;
  }
  const sent = isObject(data) && !isEmpty(data) ? data : t.data;
  if (isObject(sent) ? !isEmpty(sent) : sent) part += `&data=${encode(JSON.stringify(sent))}`;
  for (const name of Object.keys(t.productView)) part += `&${name}=${encode(t.productView[name])}`;
  return part + variablesPart(t);
}

const asParameter = (name: string, variables: Variables | undefined): string =>
  variables && !isEmpty(variables) ? `&${name}=${encode(JSON.stringify(variables))}` : '';

function variablesPart(t: Tracker): string {
  const part = asParameter('cvar', t.pageVariables) + asParameter('e_cvar', t.eventVariables) + asParameter('_cvar', t.visitVariables);
  if (t.visitVariables) {
    // A deleted variable is said once.
    for (const index of Object.keys(t.visitVariables)) {
      if (t.visitVariables[index].join('') === '') delete t.visitVariables[index];
    }
    if (t.storesVariables) writeCookie(t, cookieName(t, 'cvar'), JSON.stringify(t.visitVariables), t.sessionCookieMs);
  }
  return part;
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
