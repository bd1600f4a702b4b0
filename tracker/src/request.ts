// Builds the parameters of a request. Sending, and what is added then, is in transport.ts.
import { attributionParams, isExcludedReferrer, isUnwantedCampaign } from './attribution.ts';
import { cookieName, writeCookie } from './cookies.ts';
import { customParams } from './custom.ts';
import { takeTimings } from './performance.ts';
import { askPlugins } from './plugins.ts';
import { query, some, type Params } from './text.ts';
import type { Tracker } from './tracker.ts';
import { parameterOf, withoutParameters } from './url.ts';
import { LINK_PARAMETER, visitor, writeVisitor } from './visitor.ts';

/** An address as it may be sent: without what the page excluded. */
export function purify(t: Tracker, url: string): string {
  const clean = withoutParameters(url, (name) =>
    name === LINK_PARAMETER || t.excludedParameters.indexOf(name) >= 0 || isUnwantedCampaign(t, name));
  return t.dropsHash ? clean.split('#')[0] : clean;
}

/** The request for `what`; renews the cookies. `data` is custom data of this one call. */
export function buildRequest(t: Tracker, what: Params | string, data?: unknown, hook?: string): string {
  const now = new Date();
  const charset = document.characterSet;
  const who = visitor(t);
  const attribution = attributionParams(t);
  writeVisitor(t, who);
  writeCookie(t, cookieName(t, 'ses'), '1', t.sessionCookieMs);

  const said = typeof what === 'string' ? what : query(what);
  const request = `${said}&${query({
    idsite: t.siteId,
    rec: 1,
    r: String(Math.random()).slice(2, 8),
    h: now.getHours(),
    m: now.getMinutes(),
    s: now.getSeconds(),
    url: purify(t, t.currentUrl()),
    urlref: isExcludedReferrer(t, t.referrerUrl) ? undefined : some(purify(t, t.referrerUrl)),
    uid: some(t.userId),
    _id: who.id,
    _idn: who.isNew ? 1 : 0,
    cs: /^utf-8$/i.test(charset) ? undefined : charset,
    send_image: 0,
    ...attribution,
    ...customParams(t, data),
    ...takeTimings(t),
    pv_id: some(t.pageViewId),
    tracker_install_check: some(parameterOf(location.href, 'tracker_install_check')),
  })}${hook ? askPlugins(hook, { tracker: t.api, request: said }) : ''}${t.appended ? `&${t.appended}` : ''}`;
  return t.process ? String(t.process(request)) : request;
}

/** When the last request was made, for the heart beat. */
export const touch = (t: Tracker): void => {
  t.hasSent = true;
  t.lastSentAt = Date.now();
};

