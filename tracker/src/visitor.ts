// Who visits: the id cookie, and the id that a link from another domain of the site brought.
import { features } from './browser.ts';
import { cookieName, hasCookies, readCookie, writeCookie } from './cookies.ts';
import { sha1 } from './sha1.ts';
import { logError, seconds } from './text.ts';
import type { Tracker } from './tracker.ts';
import { parameterOf } from './url.ts';

/** Query parameter that carries a visitor from one domain of the site to another. */
export const LINK_PARAMETER = 'pk_vid';

export interface Visitor {
  isNew: boolean;
  id: string;
  /** When the cookie was made, seconds, as text. */
  createdAt: string;
  /** What older versions of the cookie held behind. */
  rest: string[];
}

/** Six hex digits that are the same on all domains in this browser. */
const deviceId = (t: Tracker): string =>
  sha1(navigator.userAgent + navigator.platform + JSON.stringify(features(t))).slice(0, 6);

const newId = (t: Tracker): string =>
  sha1(navigator.userAgent + navigator.platform + JSON.stringify(features(t)) + Date.now() + Math.random()).slice(0, 16);

/** The id that a link brought; only from this browser and within the time set. */
function linkedId(t: Tracker): string {
  if (!t.linksDomains) return '';
  const found = /^([0-9a-f]{16})(\d{10})([0-9a-f]{6})$/i.exec(parameterOf(t.currentUrl(), LINK_PARAMETER));
  if (!found) return '';
  const age = seconds() - Number(found[2]);
  const inTime = t.crossDomainLinkingTimeout <= 0 || (age >= 0 && age <= t.crossDomainLinkingTimeout);
  return inTime && found[3] === deviceId(t) ? found[1] : '';
}

export function visitor(t: Tracker): Visitor {
  const cookie = readCookie(t, cookieName(t, 'id'));
  if (cookie) {
    const [id, createdAt, ...rest] = cookie.split('.');
    return { isNew: false, id: t.visitorId || linkedId(t) || id, createdAt: String(createdAt), rest };
  }
  const id = t.cookiesOff || !hasCookies() ? '' : t.visitorId || linkedId(t) || newId(t);
  return { isNew: true, id, createdAt: String(seconds()), rest: [] };
}

/** Writes the id cookie; its end does not move with visits. */
export function writeVisitor(t: Tracker, who: Visitor): void {
  if (!t.siteId || !who.id) return;
  const left = t.visitorCookieMs - (seconds() - Number(who.createdAt)) * 1000;
  writeCookie(t, cookieName(t, 'id'), `${who.id}.${who.createdAt}.`, left);
}

/** As [`visitor`], with the cookie written when it was missing. */
export function ensureVisitor(t: Tracker): Visitor {
  const who = visitor(t);
  if (!who.isNew) return who;
  writeVisitor(t, who);
  return visitor(t);
}

export function setVisitorId(t: Tracker, id: unknown): void {
  if (typeof id === 'string' && /[0-9a-f]{16}/i.test(id)) t.visitorId = id;
  else logError('a visitor id has 16 hexadecimal digits');
}

/** `pk_vid=…` for links to other domains of the site. */
export const linkParameterValue = (t: Tracker): string => ensureVisitor(t).id + seconds() + deviceId(t);
