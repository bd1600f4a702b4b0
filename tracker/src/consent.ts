// Consent and opt-out. Without consent nothing is sent and no cookie stays; what the page tracks before a choice
// waits in memory, what it tracks after a refusal is forgotten.
import { CONSENT, CONSENT_REMOVED, COOKIE_CONSENT, deleteCookie, disableCookies, readCookie, writeCookie } from './cookies.ts';
import { on } from './page.ts';
import { fromJson } from './text.ts';
import type { Tracker } from './tracker.ts';
import { ensureVisitor } from './visitor.ts';

const HOUR = 3600;

/** Remembers that something was decided now: for so many hours, or 30 years. */
const remember = (t: Tracker, name: string, hours?: number): void =>
  writeCookie(t, name, Date.now(), (hours || 30 * 365 * 24) * HOUR);

/** The consent that this browser remembers: its time as text, or null. An opt-out outweighs it. */
export function rememberedConsent(t: Tracker): string | null {
  const given = readCookie(t, CONSENT);
  if (!readCookie(t, CONSENT_REMOVED)) return given || null;
  deleteCookie(t, CONSENT);
  return null;
}

/** What waits is dropped, wherever it waits, and nothing is kept until consent returns. */
function refuse(t: Tracker): void {
  t.consents_ = false;
  t.queued_ = [];
  t.waitingForConsent_ = undefined;
}

/** Another tracker or the opt-out page may have changed the cookies. */
export function refreshConsent(t: Tracker): void {
  if (readCookie(t, CONSENT_REMOVED)) refuse(t);
  else t.consents_ ||= !!rememberedConsent(t);
}

export function requireConsent(t: Tracker): void {
  t.needsConsent_ = true;
  t.consents_ = !!rememberedConsent(t);
  if (!t.consents_) disableCookies(t);
}

export function setConsentGiven(t: Tracker, withCookies = true): void {
  refreshConsent(t);
  t.consents_ = true;
  t.featuresOff_ = false;
  deleteCookie(t, CONSENT_REMOVED);
  (t.waitingForConsent_ ||= []).splice(0).forEach((send) => send());
  if (withCookies) setCookieConsentGiven(t);
}

export function rememberConsentGiven(t: Tracker, hours?: number): void {
  setConsentGiven(t);
  remember(t, CONSENT, hours);
}

export function forgetConsentGiven(t: Tracker, hours?: number): void {
  refuse(t);
  deleteCookie(t, CONSENT);
  remember(t, CONSENT_REMOVED, hours);
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
  if (!t.cookiesOff_ || t.respectsSignal_) return;
  t.cookiesOff_ = false;
  if (!t.siteId_ || !t.lastSentAt_) return;
  // The visit began without an id: this hit ties the new id to it.
  ensureVisitor(t);
  t.api_.ping();
}

export function rememberCookieConsentGiven(t: Tracker, hours?: number): void {
  setCookieConsentGiven(t);
  remember(t, COOKIE_CONSENT, hours);
}

export function forgetCookieConsentGiven(t: Tracker): void {
  deleteCookie(t, COOKIE_CONSENT);
  disableCookies(t);
}

/** Talks with the opt-out page in a frame of our server. */
export function listenToOptOutFrame(t: Tracker): void {
  on(window, 'message', ({ data, origin, source }: MessageEvent) => {
    const url = t.api_.getMatomoUrl();
    if (!url.startsWith(`${origin}/`)) return;
    const { maq_initial_value: initial, maq_opted_in: choice } = fromJson<Record<string, unknown> | null>(data as string, null) || {};
    const answer = (what: object): void => (source as Window).postMessage(
      JSON.stringify({ ...what, maq_url: url, maq_optout_by_default: t.needsConsent_ }), origin);
    if (initial != null) answer({ maq_opted_in: initial ? t.consents_ : !!rememberedConsent(t) });
    else if (choice != null) {
      (choice ? rememberConsentGiven : forgetConsentGiven)(t);
      answer({ maq_confirm_opted_in: !!choice });
    }
  });
}
