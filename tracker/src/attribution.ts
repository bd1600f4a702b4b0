// Where the visitor came from, kept for conversions: campaign, keyword, time and referrer, set when a session begins.
import { cookieName, readCookie, writeCookie } from './cookies.ts';
import { purify } from './request.ts';
import { seconds, some, type Params } from './text.ts';
import type { Tracker } from './tracker.ts';
import { hostOf, isWithin, parameterOf, pathOf } from './url.ts';

/** Campaign name, keyword, seconds, referrer. */
export type Attribution = [string, string, number, string];

const URL_CHARS_MAX = 1024;

/** Every parameter that says something of a campaign: removed when the site does not want them. */
const CAMPAIGN_PARAMETERS = /^(mtm|matomo|pk|piwik|utm)_(campaign|cpn|kwd|keyword|term|source|medium|content|c?id|clid|group|placement)$/;

const campaignsAreOff = (t: Tracker): boolean => Boolean(t.campaignsOff) && !t.needsConsent;

export const isUnwantedCampaign = (t: Tracker, name: string): boolean => campaignsAreOff(t) && CAMPAIGN_PARAMETERS.test(name);

export const isOwnHost = (t: Tracker, url: string): boolean => isWithin(hostOf(url), pathOf(url).toLowerCase(), t.hosts);

export const isExcludedReferrer = (t: Tracker, url: string): boolean =>
  isWithin(hostOf(url).replace(/^www\./, ''), pathOf(url).toLowerCase(), t.excludedReferrers);

export function storedAttribution(t: Tracker): Attribution {
  try {
    const stored: unknown = JSON.parse(readCookie(t, cookieName(t, 'ref')));
    if (Array.isArray(stored)) return stored as Attribution;
  } catch { /* none, or not ours */ }
  return ['', '', 0, ''];
}

/** The attribution of a request that is made now. */
export function attribute(t: Tracker): Attribution {
  let [name, keyword, at, referrer] = storedAttribution(t);
  const url = t.currentUrl();
  const first = (names: string[]): string => names.reduce((found, key) => found || parameterOf(url, key), '');
  const isRunning = readCookie(t, cookieName(t, 'ses')) !== '';
  if (isRunning || parameterOf(url, 'ignore_referrer') === '1') return [name, keyword, at, referrer];

  if (!(t.conversionAttributionFirstReferrer && name)) {
    [name, keyword] = campaignsAreOff(t) ? ['', ''] : [first(t.campaignNames), first(t.campaignKeywords)];
  }
  const counts = (address: string): boolean => address !== '' && !isOwnHost(t, address) && !isExcludedReferrer(t, address);
  if (counts(t.referrerUrl) && !(t.conversionAttributionFirstReferrer && counts(referrer))) referrer = t.referrerUrl;
  if (name || referrer) {
    at = seconds();
    referrer = purify(t, referrer.slice(0, URL_CHARS_MAX));
    writeCookie(t, cookieName(t, 'ref'), JSON.stringify([name, keyword, at, referrer]), t.referralCookieMs);
  }
  return [name, keyword, at, referrer];
}

/** The attribution as parameters. */
export function attributionParams(t: Tracker): Params {
  const [name, keyword, at, referrer] = attribute(t);
  return { _rcn: some(name), _rck: some(keyword), _refts: at, _ref: some(purify(t, referrer.slice(0, URL_CHARS_MAX))) };
}
