// Small helpers for texts and values. No page, no tracker.

/** A number, or a text that is not empty. */
export const isGiven = (value: unknown): value is string | number =>
  typeof value === 'number' || (typeof value === 'string' && value.length > 0);

export const isFunction = (value: unknown): value is (...args: never[]) => unknown => typeof value === 'function';

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export const toList = <T>(value: T | T[] | null | undefined): T[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/** Parameters of a request; `undefined` = not sent. */
export type Params = Record<string, unknown>;

export const query = (params: Params): string =>
  Object.keys(params).filter((name) => params[name] !== undefined)
    .map((name) => `${name}=${encodeURIComponent(String(params[name]))}`).join('&');

/** The value, or nothing when it is empty. */
export const some = <T>(value: T): T | undefined => value || undefined;

/** Decodes `%xx` once; what is no UTF-8 is read as Latin-1, what is broken stays. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
}

export const seconds = (): number => Math.round(Date.now() / 1000);

export const logError = (...what: unknown[]): void => console.error(...what);

/** `count` random letters and digits. */
export function randomText(count: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  return Array.from({ length: count }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
}

/** `{}` and arrays of no length have nothing to say. */
export const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

export const trim = (value: unknown): string => String(value === undefined || value === null ? '' : value).trim();
