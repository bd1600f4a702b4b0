// Consent and opt-out. Without consent nothing is sent and no cookie stays; what the page tracked meanwhile
// waits in memory.
import { CONSENT, CONSENT_REMOVED, COOKIE_CONSENT, deleteCookie, disableCookies, readCookie, writeCookie } from './cookies.ts';
import { on } from './page.ts';
import { isObject } from './text.ts';
import type { Tracker } from './tracker.ts';
import { hostOf, resolve } from './url.ts';
import { ensureVisitor } from './visitor.ts';

const THIRTY_YEARS_MS = 30 * 365 * 86400 * 1000;
const lifetime = (hours?: number): number => (hours ? hours * 3600 * 1000 : THIRTY_YEARS_MS);

/** The consent that this browser remembers: its time as text, or null. An opt-out outweighs it. */
export function rememberedConsent(t: Tracker): string | null {
  const given = readCookie(t, CONSENT);
  if (!readCookie(t, CONSENT_REMOVED)) return given || null;
  if (given) deleteCookie(t, CONSENT);
  return null;
}

/** Another tracker or the opt-out page may have changed the cookies. */
export function refreshConsent(t: Tracker): void {
  if (readCookie(t, CONSENT_REMOVED)) t.consents = false;
  else if (readCookie(t, CONSENT)) t.consents = true;
}

export function requireConsent(t: Tracker): void {
  t.needsConsent = true;
  t.consents = rememberedConsent(t) !== null;
  if (!t.consents) disableCookies(t);
}

export function setConsentGiven(t: Tracker, withCookies: boolean): void {
  t.consents = true;
  t.featuresOff = false;
  deleteCookie(t, CONSENT_REMOVED);
  const waiting = t.waitingForConsent;
  t.waitingForConsent = [];
  waiting.forEach((send) => send());
  if (withCookies) setCookieConsentGiven(t);
}

export function rememberConsentGiven(t: Tracker, hours?: number): void {
  setConsentGiven(t, true);
  writeCookie(t, CONSENT, Date.now(), lifetime(hours));
}

export function forgetConsentGiven(t: Tracker, hours?: number): void {
  deleteCookie(t, CONSENT);
  writeCookie(t, CONSENT_REMOVED, Date.now(), lifetime(hours));
  forgetCookieConsentGiven(t);
  requireConsent(t);
}

/** Whether consent for cookies is still needed. */
export function requireCookieConsent(t: Tracker): boolean {
  if (readCookie(t, COOKIE_CONSENT)) return false;
  disableCookies(t);
  return true;
}

export function setCookieConsentGiven(t: Tracker): void {
  if (!t.cookiesOff || t.respectsSignal) return;
  t.cookiesOff = false;
  if (!t.siteId || !t.hasSent) return;
  // The visit began without an id: this hit ties the new id to it.
  ensureVisitor(t);
  t.api.ping();
}

export function rememberCookieConsentGiven(t: Tracker, hours?: number): void {
  setCookieConsentGiven(t);
  writeCookie(t, COOKIE_CONSENT, Date.now(), lifetime(hours));
}

export function forgetCookieConsentGiven(t: Tracker): void {
  deleteCookie(t, COOKIE_CONSENT);
  disableCookies(t);
}

/** Talks with the opt-out page in a frame of our server. */
export function listenToOptOutFrame(t: Tracker): void {
  on(window, 'message', (event: MessageEvent) => {
    if (typeof event.data !== 'string' || hostOf(event.origin) !== hostOf(resolve(t.api.getMatomoUrl(), location.href))) return;
    let said: unknown;
    try { said = JSON.parse(event.data); } catch { return; }
    if (!isObject(said)) return;
    const answer = (name: string, value: boolean): void => (event.source as Window | null)?.postMessage(
      JSON.stringify({ [name]: value, maq_url: t.api.getMatomoUrl(), maq_optout_by_default: t.needsConsent }), event.origin);
    if ('maq_initial_value' in said) {
      answer('maq_opted_in', said.maq_initial_value ? t.consents : rememberedConsent(t) !== null);
    } else if ('maq_opted_in' in said) {
      if (said.maq_opted_in) rememberConsentGiven(t);
      else forgetConsentGiven(t);
      answer('maq_confirm_opted_in', Boolean(said.maq_opted_in));
    }
  });
}
