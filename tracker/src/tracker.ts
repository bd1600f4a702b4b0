// One tracker: all that it knows. What it does is in the modules, one concern each; how it is called is in methods.ts.
import type { Api } from './methods.ts';
import { decode, type Params } from './text.ts';
import { hostOf } from './url.ts';

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

export class Tracker {
  /** The public object. */
  api = {} as Api;
  APIUrl?: string;

  // page
  pageUrl = decode(location.href);
  customUrl?: string;
  host = hostOf(location.href);
  referrerUrl = decode(pageReferrer());
  documentTitle: unknown = document.title;
  hosts = [this.host];
  excludedReferrers = ['.paypal.com'];
  excludedParameters: string[] = [];
  dropsHash?: boolean;
  tracksFiles?: boolean;
  countPreRendered?: unknown;
  pageViewId = '';
  pageViewIdIsFixed?: boolean;
  pageViews = 0;

  // visitor
  userId = '';
  visitorId?: string;
  respectsSignal?: boolean;
  featuresOff?: boolean;

  // consent
  needsConsent = false;
  consents = true;
  waitingForConsent: Array<() => void> = [];

  // cookies
  cookiesOff = false;
  cookieNamePrefix = '_pk_';
  cookieDomain?: string;
  cookiePath?: string;
  cookieSecure?: boolean;
  sameSite = 'Lax';
  visitorCookieMs = 393 * DAY_MS;
  sessionCookieMs = 1800000;
  referralCookieMs = 182.5 * DAY_MS;

  // attribution
  campaignNames = ['pk_campaign', 'mtm_campaign', 'piwik_campaign', 'matomo_campaign', 'utm_campaign', 'utm_source', 'utm_medium'];
  campaignKeywords = ['pk_kwd', 'mtm_kwd', 'piwik_kwd', 'matomo_kwd', 'utm_term'];
  conversionAttributionFirstReferrer?: unknown;
  campaignsOff?: boolean;

  // transport
  method?: string;
  requestContentType = 'application/x-www-form-urlencoded; charset=UTF-8';
  beaconOff?: boolean;
  appended?: string;
  process?: (request: string) => unknown;
  hasSent?: boolean;
  lastSentAt = 0;
  nextSendAt = 0;
  queued: string[] = [];
  queueMs = 2500;
  queueOff?: boolean;
  queueTimer?: number;

  // links
  linkTrackingTimer = 500;
  linkClasses: string[] = [];
  downloadClasses: string[] = [];
  ignoreClasses: string[] = [];
  downloadExtensions?: string[];
  tracksLinks?: boolean;
  linksDomains = false;
  crossDomainLinkingTimeout = 180;

  // what the page adds
  data: unknown = {};
  dimensions: Record<number, string> = {};
  visitVariables?: Variables;
  pageVariables: Variables = {};
  eventVariables: Variables = {};
  storesVariables?: boolean;
  productView: Params = {};
  cart: Record<string, unknown[]> = {};

  // content, errors, timings
  seenContent: string[] = [];
  seenErrors: string[] = [];
  tracksContent?: boolean;
  onlyVisibleContent?: boolean;
  timingsOff?: boolean;
  timed?: boolean;
  canTime?: boolean;
  ownTimings?: Params;
  stopHeartBeat?: () => void;

  constructor(public trackerUrl: string, public siteId: SiteId) {}

  /** The address that is sent: the page's, or the one it gave. */
  currentUrl(): string {
    return this.customUrl === undefined ? this.pageUrl : this.customUrl;
  }
}
