// One tracker: all that it knows. What it does is in the modules, one concern each; how it is called is in methods.ts.
//
// Properties of our own end with `_`: the build shortens exactly those. Names that a page, the browser or the protocol
// knows never do.
import { DOWNLOADS } from './downloads.ts';
import type { Api } from './methods.ts';
import { decode, type Params } from './text.ts';

export type SiteId = string | number;
export type Pair = [string, string];
export type Variables = Record<string, Pair>;
export type Callback = (answer: { request: string; trackerUrl: string; success: boolean; isSendBeacon?: true; xhr?: XMLHttpRequest }) => void;

const DAY_MS = 86400000;

/** Referrer of the outermost frame that may be asked. */
function pageReferrer(): string {
  for (const frame of [window.top, window.parent]) {
    try {
      if (frame!.document.referrer) return frame!.document.referrer;
    } catch { /* a frame of another site does not answer */ }
  }
  return document.referrer;
}

/** What has no value at first. */
interface Unset {
  APIUrl_?: string;

  // page
  customUrl_?: string;
  dropsHash_?: unknown;
  tracksFiles_?: boolean;
  countPreRendered_?: unknown;
  pageViewIdIsFixed_?: boolean;

  // visitor
  visitorId_?: string;
  respectsSignal_?: boolean;
  featuresOff_?: boolean;

  // cookies
  cookieDomain_?: string;
  cookiePath_?: string;
  cookieSecure_?: boolean;

  // attribution
  conversionAttributionFirstReferrer_?: unknown;
  campaignsOff_?: boolean;

  // transport
  method_?: string;
  beaconOff_?: boolean;
  appended_?: string;
  process_?: (request: string) => unknown;
  hasSent_?: boolean;
  queueOff_?: boolean;
  queueTimer_?: number;

  // links, custom variables, content, timings
  tracksLinks_?: boolean;
  storesVariables_?: boolean;
  tracksContent_?: boolean;
  onlyVisibleContent_?: boolean;
  timingsOff_?: boolean;
  timed_?: boolean;
  canTime_?: boolean;
  ownTimings_?: Params;
  stopHeartBeat_?: () => void;
}

const initial = (trackerUrl: string, siteId: SiteId) => ({
  /** The public object. */
  api_: {} as Api,
  trackerUrl_: trackerUrl,
  siteId_: siteId,

  // page
  pageUrl_: decode(location.href),
  host_: location.hostname,
  referrerUrl_: decode(pageReferrer()),
  documentTitle_: document.title as unknown,
  hosts_: [location.hostname],
  excludedReferrers_: ['.paypal.com'],
  excludedParameters_: [] as string[],
  pageViewId_: '',
  pageViews_: 0,

  // visitor
  userId_: '',

  // consent
  needsConsent_: false,
  consents_: true,
  waitingForConsent_: [] as Array<() => void>,

  // cookies
  cookiesOff_: false,
  cookieNamePrefix_: '_pk_',
  sameSite_: 'Lax',
  visitorCookieMs_: 393 * DAY_MS,
  sessionCookieMs_: 1800000,
  referralCookieMs_: 182.5 * DAY_MS,

  // attribution
  campaignNames_: ['pk_campaign', 'mtm_campaign', 'piwik_campaign', 'matomo_campaign', 'utm_campaign', 'utm_source', 'utm_medium'],
  campaignKeywords_: ['pk_kwd', 'mtm_kwd', 'piwik_kwd', 'matomo_kwd', 'utm_term'],

  // transport
  requestContentType_: 'application/x-www-form-urlencoded; charset=UTF-8',
  lastSentAt_: 0,
  nextSendAt_: 0,
  queued_: [] as string[],
  queueMs_: 2500,

  // links
  linkTrackingTimer_: 500,
  linkClasses_: [] as string[],
  downloadClasses_: [] as string[],
  ignoreClasses_: [] as string[],
  downloadExtensions_: DOWNLOADS,
  linksDomains_: false,
  crossDomainLinkingTimeout_: 180,

  // what the page adds
  data_: {} as unknown,
  dimensions_: {} as Record<number, string>,
  /** By scope; those of the visit come with the first use. */
  variables_: { page: {}, event: {} } as Record<string, Variables | undefined>,
  productView_: {} as Params,
  cart_: {} as Record<string, unknown[]>,

  // content, errors
  seenContent_: [] as string[],
  listening_: new WeakSet<Element>(),
  seenErrors_: [] as string[],
});

export interface Tracker extends Unset, ReturnType<typeof initial> {}

export const makeTracker: (trackerUrl: string, siteId: SiteId) => Tracker = initial;

/** The address that is sent: the page's, or the one it gave. */
export const currentUrl = (t: Tracker): string => t.customUrl_ ?? t.pageUrl_;
