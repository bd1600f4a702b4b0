// Builds the parameters of a request. Sending, and what is added then, is in transport.ts.
import { attributionPart, isExcludedReferrer, isUnwantedCampaign } from './attribution.ts';
import { cookieName, writeCookie } from './cookies.ts';
import { customPart } from './custom.ts';
import { takeTimings } from './performance.ts';
import { askPlugins } from './plugins.ts';
import { encode } from './text.ts';
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
export function buildRequest(t: Tracker, what: string, data?: unknown, hook?: string): string {
  const now = new Date();
  const charset = document.characterSet;
  const who = visitor(t);
  const attribution = attributionPart(t);
  writeVisitor(t, who);
  writeCookie(t, cookieName(t, 'ses'), '1', t.sessionCookieMs);

  const random = String(Math.random()).slice(2, 8);
  let request = `${what}&idsite=${t.siteId}&rec=1&r=${random}` +
    `&h=${now.getHours()}&m=${now.getMinutes()}&s=${now.getSeconds()}&url=${encode(purify(t, t.currentUrl()))}` +
    (t.referrerUrl && !isExcludedReferrer(t, t.referrerUrl) ? `&urlref=${encode(purify(t, t.referrerUrl))}` : '') +
    (t.userId ? `&uid=${encode(t.userId)}` : '') +
    `&_id=${encode(who.id)}&_idn=${who.isNew ? 1 : 0}` +
    (charset && charset.toLowerCase() !== 'utf-8' ? `&cs=${encode(charset)}` : '') +
    `&send_image=0${attribution}${customPart(t, data)}${takeTimings(t)}` +
    (t.pageViewId ? `&pv_id=${t.pageViewId}` : '') +
    (hook ? askPlugins(hook, { tracker: t.api, request: what }) : '') +
    (t.appended ? `&${t.appended}` : '');
  const check = parameterOf(location.href, 'tracker_install_check');
  if (check) request += `&tracker_install_check=${check}`;
  if (t.process) request = String(t.process(request));
  return request;
}

/** When the last request was made, for the heart beat. */
export const touch = (t: Tracker): void => {
  t.hasSent = true;
  t.lastSentAt = Date.now();
};

