// Builds the parameters of a request. Sending, and what is added then, is in transport.ts.
import { attribute, isExcludedReferrer, isUnwantedCampaign } from './attribution.ts';
import { cookieName, writeCookie } from './cookies.ts';
import { customParams } from './custom.ts';
import { takeTimings } from './performance.ts';
import { askPlugins } from './plugins.ts';
import { isObject, query, sixDigits, some, type Params } from './text.ts';
import { currentUrl, type Tracker } from './tracker.ts';
import { withoutParameters } from './url.ts';
import { LINK_PARAMETER, visitor, writeVisitor } from './visitor.ts';

/** An address as it may be sent: without what the page excluded. */
export function purify(t: Tracker, url: string): string {
  const clean = withoutParameters(url, (name) =>
    name === LINK_PARAMETER || t.excludedParameters_.includes(name) || isUnwantedCampaign(t, name));
  return t.dropsHash_ ? clean.split('#')[0] : clean;
}

/** The request for `what`; renews the cookies. `data` is custom data of this one call. */
export function buildRequest(t: Tracker, what: Params | string, data?: Params, hook?: string): string {
  const now = new Date();
  const charset = document.characterSet;
  const who = visitor(t);
  const [campaign, keyword, attributedAt, referrer] = attribute(t);
  writeVisitor(t, who);
  writeCookie(t, cookieName(t, 'ses'), '1', t.sessionCookieLife_);

  const usual: Params = {
    idsite: t.siteId_,
    rec: 1,
    r: sixDigits(),
    h: now.getHours(),
    m: now.getMinutes(),
    s: now.getSeconds(),
    url: purify(t, currentUrl(t)),
    urlref: isExcludedReferrer(t, t.referrerUrl_) ? undefined : some(purify(t, t.referrerUrl_)),
    uid: some(t.userId_),
    _id: who.id_,
    _idn: +who.isNew_,
    cs: charset === 'UTF-8' ? undefined : charset,
    send_image: 0,
    _rcn: some(campaign),
    _rck: some(keyword),
    _refts: attributedAt,
    _ref: some(referrer),
    ...customParams(t, data),
    ...takeTimings(t),
    pv_id: some(t.pageViewId_),
  };
  const said = isObject(what) ? query(what).slice(1) : what;
  const request = `${said}${query(usual)}${askPlugins(hook, { tracker: t.api_, request: said })}${t.appended_ ? `&${t.appended_}` : ''}`;
  return t.process_?.(request) ?? request;
}
