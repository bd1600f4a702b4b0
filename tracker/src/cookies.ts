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

const isBarred = (t: Tracker, name: string): boolean => !!t.cookiesOff_ && name !== CONSENT_REMOVED;

/** Reads a cookie by its full name. While cookies are off only an opt-out is readable. */
export const readCookie = (t: Tracker, name: string): string => (isBarred(t, name) ? '' : value(name));

/** Writes a cookie that lives for so many seconds, 0 for the browser's session. `max-age` does not depend on the browser's clock. */
export function writeCookie(t: Tracker, name: string, text: unknown, life: number): void {
  // Without consent nothing is kept but what was decided about it.
  if (isBarred(t, name) || (!t.consents_ && !/^mtm/.test(name))) return;
  write(t, name, text, life);
  if (!(life < 0) && !value(name)) logError(`no cookie ${name}`);
}

function write(t: Tracker, name: string, text: unknown, life: number): void {
  try {
    document.cookie = `${name}=${encodeURIComponent(text as string)}${life ? `;max-age=${Math.round(life)}` : ''};path=${t.cookiePath_ || '/'}${t.cookieDomain_ ? `;domain=${t.cookieDomain_}` : ''
    }${t.cookieSecure_ ? ';secure' : ''};SameSite=${t.sameSite_}`;
  } catch { /* as above */ }
}

export const deleteCookie = (t: Tracker, name: string): void => write(t, name, '', -1);

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
  const domain = text.split('/')[0].replace(/\.$|^\*(?=\.)/g, '');
  if (`.${t.host_}`.endsWith(domain.replace(/^\.?/, '.'))) t.cookieDomain_ = domain;
  else logError(`no cookie ${text}`);
}

const isSecurePage = (): unknown => location.protocol === 'https:' || logError('no https');

export function setCookieSameSite(t: Tracker, text: string): void {
  if (!/^(none|lax|strict)$/i.test(text)) logError('no SameSite');
  // Browsers take `None` from secure pages only, and for secure cookies.
  else t.sameSite_ = !/n/i.test(text) ? text : isSecurePage() ? 'None;secure' : 'Lax';
}

export function setSecureCookie(t: Tracker, secure: boolean): void { t.cookieSecure_ = secure && isSecurePage(); }
