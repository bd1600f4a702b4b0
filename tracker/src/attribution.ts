// Where the visitor came from, kept for conversions: campaign, keyword, time and referrer, set when a session begins.
import { cookieName, readCookie, writeCookie } from './cookies.ts';
import { purify } from './request.ts';
import { fromJson, seconds } from './text.ts';
import { currentUrl, type Tracker } from './tracker.ts';
import { isWithin, parameterOf } from './url.ts';

/** Campaign name, keyword, seconds, referrer. */
export type Attribution = [string, string, number, string];

/** Every parameter that may say something of a campaign: removed when the site does not want them. */
const CAMPAIGN_PARAMETER = /^(mtm|matomo|pk|piwik|utm)_\w*=?/;

/** The site wants no campaigns, or none of where this visit comes from. */
const campaignsAreOff = (t: Tracker): unknown => (t.campaignsOff_ && !t.needsConsent_) ||
  isOneOf(t.referrerUrl_, t.campaignFreeReferrers_) ||
  currentUrl(t).split(/[?&#]/).some((pair) => t.campaignFreeSources_.includes(pair.replace(CAMPAIGN_PARAMETER, '')));

export const isUnwantedCampaign = (t: Tracker, name: string): boolean => !!campaignsAreOff(t) && CAMPAIGN_PARAMETER.test(name);

export const isOwnHost = (t: Tracker, url: string): boolean => isWithin(url, t.hosts_);

const isOneOf = (url: string, places: string[]): boolean => isWithin(url.replace('//www.', '//'), places);

export const isExcludedReferrer = (t: Tracker, url: string): boolean => isOneOf(url, t.excludedReferrers_);

export function storedAttribution(t: Tracker): Attribution {
  const stored = fromJson<unknown>(readCookie(t, cookieName(t, 'ref')), 0);
  return Array.isArray(stored) ? stored as Attribution : ['', '', 0, ''];
}

/** The attribution of a request that is made now. */
export function attribute(t: Tracker): Attribution {
  let [name, keyword, at, referrer] = storedAttribution(t);
  const url = currentUrl(t);
  const isNew = !readCookie(t, cookieName(t, 'ses')) && parameterOf(url, 'ignore_referrer') !== '1';
  if (isNew) {
    const first = (names: string[]): string =>
      campaignsAreOff(t) ? '' : names.reduce((value, name) => value || parameterOf(url, name), '');
    const counts = (address: string): unknown => address && !isOwnHost(t, address) && !isExcludedReferrer(t, address);
    const keepsFirst = t.conversionAttributionFirstReferrer_;
    if (!keepsFirst || !name) [name, keyword] = [first(t.campaignNames_), first(t.campaignKeywords_)];
    if (counts(t.referrerUrl_) && !(keepsFirst && counts(referrer))) referrer = t.referrerUrl_;
  }
  referrer = purify(t, referrer.slice(0, t.referralUrlCharsMax_));
  if (isNew && (name || referrer)) {
    at = seconds();
    writeCookie(t, cookieName(t, 'ref'), JSON.stringify([name, keyword, at, referrer]), t.referralCookieLife_);
  }
  return [name, keyword, at, referrer];
}
