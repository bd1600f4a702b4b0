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
export interface Answer { request: string; trackerUrl: string; success: boolean; isSendBeacon?: true; xhr?: Response }
export type Callback = (answer: Answer) => void;

const DAY = 86400;

/** Referrer of the outermost frame that may be asked. */
function pageReferrer(): string {
  return [top, parent, window].reduce((found, frame) => {
    try {
      return found || frame!.document.referrer;
    } catch {
      return ''; // A frame of another site does not answer.
    }
  }, '');
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
  respectsSignal_?: unknown;
  featuresOff_?: boolean;

  // cookies
  cookiesOff_?: boolean;
  cookieDomain_?: string;
  cookiePath_?: string;
  cookieSecure_?: unknown;

  // attribution
  conversionAttributionFirstReferrer_?: unknown;
  campaignsOff_?: boolean;

  // transport
  beaconOff_?: boolean;
  appended_?: string;
  process_?: (request: string) => string | undefined;
  queueOff_?: boolean;
  queueTimer_?: ReturnType<typeof setTimeout>;

  // links, custom variables, content, timings
  linksDomains_?: boolean;
  tracksLinks_?: boolean;
  storesVariables_?: boolean;
  tracksContent_?: boolean;
  onlyVisibleContent_?: boolean;
  timingsOff_?: boolean;
  timed_?: boolean;
  ownTimings_?: Params;
  heartBeat_?: () => void;
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
  documentTitle_: document.title as string | { text: string },
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
  /** None is kept after a refusal. */
  waitingForConsent_: [] as Array<() => void> | undefined,

  // cookies: lives in seconds
  cookieNamePrefix_: '_pk_',
  sameSite_: 'Lax',
  visitorCookieLife_: 393 * DAY,
  sessionCookieLife_: 1800,
  referralCookieLife_: 182.5 * DAY,

  // attribution
  campaignNames_: ['pk_campaign', 'mtm_campaign', 'piwik_campaign', 'matomo_campaign', 'utm_campaign', 'utm_source', 'utm_medium'],
  campaignFreeReferrers_: [] as string[],
  campaignFreeSources_: [] as string[],
  referralUrlCharsMax_: 1024,
  campaignKeywords_: ['pk_kwd', 'mtm_kwd', 'piwik_kwd', 'matomo_kwd', 'utm_term'],

  // transport
  method_: '',
  requestContentType_: 'application/x-www-form-urlencoded; charset=UTF-8',
  /** 0 before the first request. */
  lastSentAt_: 0,
  nextSendAt_: 0,
  /** Another one after each refusal. */
  queued_: [] as string[],
  queueMs_: 2500,

  // links
  linkTrackingTimer_: 500,
  linkClasses_: [] as string[],
  downloadClasses_: [] as string[],
  ignoreClasses_: [] as string[],
  downloadExtensions_: DOWNLOADS,
  crossDomainLinkingTimeout_: 180,

  // what the page adds
  data_: {} as Params,
  /** By parameter: `dimension1`. */
  dimensions_: {} as Record<string, string>,
  /** By scope, from the first use on. */
  variables_: {} as Record<string, Variables | undefined>,
  productView_: {} as Params,
  cart_: {} as Record<string, unknown[]>,

  // content, errors
  seen_: [] as string[],
  listening_: new WeakSet<Element>(),
});

export interface Tracker extends Unset, ReturnType<typeof initial> {}

export const makeTracker: (trackerUrl: string, siteId: SiteId) => Tracker = initial;

/** Whether a content block or an error is seen for the first time on this page view. */
export const isFirst = (t: Tracker, what: string): unknown => !t.seen_.includes(what) && t.seen_.push(what);

/** The address that is sent: the page's, or the one it gave. */
export const currentUrl = (t: Tracker): string => t.customUrl_ ?? t.pageUrl_;
