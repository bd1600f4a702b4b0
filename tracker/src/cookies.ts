// First-party cookies. Names and forms are those of the original: visitors keep their ids when a site changes over.
import { sha1 } from './sha1.ts';
import { logError } from './text.ts';
import type { Tracker } from './tracker.ts';

export const CONSENT = 'mtm_consent';
export const CONSENT_REMOVED = 'mtm_consent_removed';
export const COOKIE_CONSENT = 'mtm_cookie_consent';

/** `_pk_id.1.e32e`: base name, site, hash of the place in which the cookie counts. */
export const cookieName = (t: Tracker, base: string): string =>
  `${t.cookieNamePrefix_ + base}.${t.siteId_}.${sha1((t.cookieDomain_ || t.host_) + (t.cookiePath_ || '/')).slice(0, 4)}`;

/** Value of a cookie in the browser; empty when absent. A sandboxed frame may not even ask. */
function value(name: string): string {
  try {
    return decodeURIComponent(`; ${document.cookie}`.split(`; ${name}=`)[1].split(';')[0]);
  } catch {
    return '';
  }
}

const isBarred = (t: Tracker, name: string): boolean => t.cookiesOff_ && name !== CONSENT_REMOVED;

/** Reads a cookie by its full name. While cookies are off only an opt-out is readable. */
export const readCookie = (t: Tracker, name: string): string => (isBarred(t, name) ? '' : value(name));

/** Writes a cookie for `ms` milliseconds (none: for the browser's session). */
export function writeCookie(t: Tracker, name: string, text: unknown, ms?: number): void {
  if (isBarred(t, name)) return;
  write(t, name, text, ms);
  if (!(ms! < 0) && !value(name)) logError(`the cookie ${name} was refused`);
}

function write(t: Tracker, name: string, text: unknown, ms?: number): void {
  try {
    document.cookie = `${name}=${encodeURIComponent(text as string)}${ms ? `;expires=${new Date(Date.now() + ms).toUTCString()}` : ''
    };path=${t.cookiePath_ || '/'}${t.cookieDomain_ ? `;domain=${t.cookieDomain_}` : ''
    }${t.cookieSecure_ || t.sameSite_ === 'None' ? ';secure' : ''};SameSite=${t.sameSite_}`;
  } catch { /* as above */ }
}

/** Its end is 1970: behind the clock of any browser. */
export const deleteCookie = (t: Tracker, name: string): void => write(t, name, '', -Date.now());

/** Removes what this site keeps about its visitor. */
export const deleteCookies = (t: Tracker): void =>
  ['id', 'ses', 'cvar', 'ref'].forEach((base) => deleteCookie(t, cookieName(t, base)));

export function disableCookies(t: Tracker): void {
  t.cookiesOff_ = true;
  if (t.siteId_) deleteCookies(t);
}

/** Whether the browser keeps cookies. */
export const hasCookies = (): boolean => navigator.cookieEnabled;

/** `*.x/path` is the domain `.x`. */
export function setCookieDomain(t: Tracker, text: string): void {
  const before = t.cookieDomain_;
  const probe = `${t.cookieNamePrefix_}testcookie_domain`;
  t.cookieDomain_ = text.split('/')[0].replace(/\.$|^\*(?=\.)/g, '');
  write(t, probe, 1, 10000);
  const works = value(probe);
  deleteCookie(t, probe);
  if (works) return;
  logError(`${text} takes no cookies`);
  t.cookieDomain_ = before;
}

const isSecurePage = (): boolean => location.protocol === 'https:' || (logError('this needs https'), false);

export function setCookieSameSite(t: Tracker, text: string): void {
  const value = ['None', 'Lax', 'Strict'].find((known) => new RegExp(`^${known}$`, 'i').test(text));
  if (!value) logError('SameSite is Lax, None or Strict');
  else t.sameSite_ = value === 'None' && !isSecurePage() ? 'Lax' : value;
}

export function setSecureCookie(t: Tracker, secure: unknown): void {
  if (!secure || isSecurePage()) t.cookieSecure_ = !!secure;
}
