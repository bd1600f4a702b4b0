// First-party cookies. Names and forms are those of the original: visitors keep their ids when a site changes over.
import { sha1 } from './sha1.ts';
import { logError } from './text.ts';
import type { Tracker } from './tracker.ts';
import { domainOf } from './url.ts';

export const CONSENT = 'mtm_consent';
export const CONSENT_REMOVED = 'mtm_consent_removed';
export const COOKIE_CONSENT = 'mtm_cookie_consent';

const OF_VISITORS = ['id', 'ses', 'cvar', 'ref'];

/** `_pk_id.1.e32e`: base name, site, hash of the place in which the cookie counts. */
export const cookieName = (t: Tracker, base: string): string =>
  `${t.cookieNamePrefix}${base}.${t.siteId}.${sha1((t.cookieDomain || t.host) + (t.cookiePath || '/')).slice(0, 4)}`;

/** All cookies. A sandboxed frame may not even ask. */
function jar(): string {
  try {
    return document.cookie;
  } catch {
    return '';
  }
}

/** Reads a cookie by its full name; empty when absent. While cookies are off only an opt-out is readable. */
export function readCookie(t: Tracker, name: string): string {
  if (t.cookiesOff && name !== CONSENT_REMOVED) return '';
  const found = jar().split('; ').find((pair) => pair.indexOf(`${name}=`) === 0);
  return found ? decodeURIComponent(found.slice(name.length + 1)) : '';
}

/** Writes a cookie for `ms` milliseconds (none: for the browser's session). */
export function writeCookie(t: Tracker, name: string, value: unknown, ms?: number, domain = t.cookieDomain): void {
  if (t.cookiesOff && name !== CONSENT_REMOVED) return;
  write(t, name, String(value), ms, domain);
  if (!(ms && ms < 0) && !readCookie(t, name)) {
    logError(`the cookie ${name} was not accepted; check its domain and path`);
  }
}

function write(t: Tracker, name: string, value: string, ms?: number, domain?: string): void {
  const expires = ms ? `;expires=${new Date(Date.now() + ms).toUTCString()}` : '';
  const secure = t.cookieSecure || t.sameSite === 'None';
  try {
    document.cookie = `${name}=${encodeURIComponent(value)}${expires};path=${t.cookiePath || '/'}` +
      `${domain ? `;domain=${domain}` : ''}${secure ? ';secure' : ''};SameSite=${t.sameSite}`;
  } catch { /* as above */ }
}

export const deleteCookie = (t: Tracker, name: string): void => write(t, name, '', -129600000, t.cookieDomain);

/** Removes what this site keeps about its visitor. */
export const deleteCookies = (t: Tracker): void => OF_VISITORS.forEach((base) => {
  if (jar().indexOf(`${cookieName(t, base)}=`) >= 0) deleteCookie(t, cookieName(t, base));
});

export function disableCookies(t: Tracker): void {
  t.cookiesOff = true;
  if (t.siteId) deleteCookies(t);
}

/** Whether the browser keeps cookies. */
export const hasCookies = (): boolean => navigator.cookieEnabled;

export function setCookieDomain(t: Tracker, text: string): void {
  const domain = domainOf(text);
  const probe = `${t.cookieNamePrefix}testcookie_domain`;
  const wasOff = t.cookiesOff;
  t.cookiesOff = false;
  write(t, probe, '1', 10000, domain);
  const works = readCookie(t, probe) === '1';
  write(t, probe, '', -129600000, domain);
  t.cookiesOff = wasOff;
  if (works) t.cookieDomain = domain;
  else logError(`cookies can't be set for ${domain}; give the domain of this page or one above it`);
}

export function setCookieSameSite(t: Tracker, text: string): void {
  const value = text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
  if (['None', 'Lax', 'Strict'].indexOf(value) < 0) {
    logError('SameSite must be Lax, None or Strict');
  } else if (value === 'None' && location.protocol !== 'https:') {
    logError('SameSite=None needs https');
    t.sameSite = 'Lax';
  } else {
    t.sameSite = value;
  }
}

export function setSecureCookie(t: Tracker, secure: unknown): void {
  if (secure && location.protocol !== 'https:') logError('secure cookies need https');
  else t.cookieSecure = Boolean(secure);
}
