// Small helpers for texts and values. No page, no tracker.

/** A number, or a text that is not empty. */
export const isGiven = (value: unknown): value is string | number =>
  typeof value === 'number' || (typeof value === 'string' && !!value);

export const isFunction = (value: unknown): value is (...args: unknown[]) => unknown => typeof value === 'function';

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A list of its own: of one, of several, of none. */
export const toList = <T>(value: T | T[] | null | undefined): T[] => ([] as T[]).concat(value ?? []);

/** Parameters of a request; `undefined` = not sent. */
export type Params = Record<string, unknown>;

/** `&a=1&b=2`, to be put behind other parameters. */
export const query = (params: Params): string => Object.entries(params)
  .map(([name, value]) => (value === undefined ? '' : `&${name}=${encodeURIComponent(value as string)}`)).join('');

/** The value, or nothing when it is empty. */
export const some = <T>(value: T): T | undefined => value || undefined;

/** Decodes `%xx` once; what is no UTF-8 is read as Latin-1, what is broken stays. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return unescape(text);
  }
}

/** What a JSON text holds; `otherwise` when it is none. */
export function fromJson<T>(text: string, otherwise: T): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    return otherwise;
  }
}

export const seconds = (): number => Math.round(Date.now() / 1000);

/** A number of six digits. */
export const sixDigits = (): string => `${(Math.random() * 9e5 + 1e5) | 0}`;

export const logError = (what: unknown): void => console.error(what);

export const trim = (value: unknown): string => String(value ?? '').trim();
