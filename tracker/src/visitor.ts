// Who visits: the id cookie, and the id that a link from another domain of the site brought.
import { features } from './browser.ts';
import { cookieName, hasCookies, readCookie, writeCookie } from './cookies.ts';
import { sha1 } from './sha1.ts';
import { logError, seconds } from './text.ts';
import { currentUrl, type Tracker } from './tracker.ts';
import { parameterOf } from './url.ts';

/** Query parameter that carries a visitor from one domain of the site to another. */
export const LINK_PARAMETER = 'pk_vid';

export interface Visitor {
  isNew_: boolean;
  id_: string;
  /** When the cookie was made, seconds; as text when it stands in one. Behind it what older versions of the cookie held. */
  createdAt_: string | number;
  rest_: string[];
}

/** Hash of what this browser is, and of more. */
const browserHash = (t: Tracker, more: unknown): string =>
  sha1(navigator.userAgent + navigator.platform + JSON.stringify(features(t)) + more);

/** Six hex digits that are the same on all domains in this browser. */
const deviceId = (t: Tracker): string => browserHash(t, '').slice(0, 6);

/** The id that a link brought; only from this browser and within the time set. */
function linkedId(t: Tracker): string | false {
  const found = t.linksDomains_ && /^([0-9a-f]{16})(\d{10})([0-9a-f]{6})$/i.exec(parameterOf(currentUrl(t), LINK_PARAMETER));
  if (!found) return false;
  const age = seconds() - (found[2] as unknown as number);
  const inTime = t.crossDomainLinkingTimeout_ <= 0 || (age >= 0 && age <= t.crossDomainLinkingTimeout_);
  return inTime && found[3] === deviceId(t) && found[1];
}

export function visitor(t: Tracker): Visitor {
  const cookie = readCookie(t, cookieName(t, 'id'));
  const [id, createdAt, ...rest] = cookie ? cookie.split('.') : ['', seconds()];
  return {
    isNew_: !cookie,
    id_: !cookie && (t.cookiesOff_ || !hasCookies()) ? ''
      : t.visitorId_ || linkedId(t) || id as string || browserHash(t, Date.now() + Math.random()).slice(0, 16),
    createdAt_: createdAt,
    rest_: rest as string[],
  };
}

/** Writes the id cookie; its end does not move with visits. */
export function writeVisitor(t: Tracker, who: Visitor): void {
  if (!t.siteId_ || !who.id_) return;
  writeCookie(t, cookieName(t, 'id'), `${who.id_}.${who.createdAt_}.`, t.visitorCookieLife_ - (seconds() - (who.createdAt_ as number)));
}

/** As [`visitor`], with the cookie written when it was missing. */
export function ensureVisitor(t: Tracker): Visitor {
  const who = visitor(t);
  if (!who.isNew_) return who;
  writeVisitor(t, who);
  return visitor(t);
}

export function setVisitorId(t: Tracker, id: string): void {
  if (typeof id === 'string' && /[0-9a-f]{16}/i.test(id)) t.visitorId_ = id;
  else logError('no 16 digits');
}

/** `pk_vid=…` for links to other domains of the site. */
export const linkParameterValue = (t: Tracker): string => ensureVisitor(t).id_ + seconds() + deviceId(t);
