// One tracker: all that it knows. What it does is in the modules, one concern each; how it is called is in methods.ts.
import type { Api } from './methods.ts';
import { decode } from './text.ts';
import { hostOf } from './url.ts';

export type SiteId = string | number;
export type Pair = [string, string];
export type Variables = Record<string, Pair>;
export type Callback = (answer: { request: string; trackerUrl: string; success: boolean; isSendBeacon?: true; xhr?: XMLHttpRequest }) => void;

const DAY_S = 86400;

/** Referrer of the outermost frame that may be asked. */
function pageReferrer(): string {
  for (const frame of [window.top, window.parent]) {
    try {
      if (frame && frame.document.referrer) return frame.document.referrer;
    } catch { /* a frame of another site does not answer */ }
  }
  return document.referrer;
}

export class Tracker {
  /** The public object. */
  api = {} as Api;

  url: string;
  siteId: SiteId;
  apiUrl = '';

  // page
  pageUrl = decode(location.href);
  customUrl: string | undefined;
  host = hostOf(location.href);
  referrer = decode(pageReferrer());
  title: unknown = document.title;
  hosts: string[] = [this.host];
  excludedReferrers: string[] = ['.paypal.com'];
  excludedParameters: string[] = [];
  dropsHash = false;
  tracksFiles = false;
  countsPrerendered = false;
  pageViewId = '';
  pageViewIdIsFixed = false;
  pageViews = 0;

  // visitor
  userId = '';
  visitorId = '';
  doNotTrack = false;
  detectsFeatures = true;

  // consent
  needsConsent = false;
  hasConsent = true;
  waitingForConsent: Array<() => void> = [];

  // cookies
  cookiesOff = false;
  cookiePrefix = '_pk_';
  cookieDomain: string | undefined;
  cookiePath: string | undefined;
  cookieSecure = false;
  cookieSameSite = 'Lax';
  visitorCookieMs = 393 * DAY_S * 1000;
  sessionCookieMs = 1800 * 1000;
  referralCookieMs = 182.5 * DAY_S * 1000;

  // attribution
  campaignNames = ['pk_campaign', 'mtm_campaign', 'piwik_campaign', 'matomo_campaign', 'utm_campaign', 'utm_source', 'utm_medium'];
  campaignKeywords = ['pk_kwd', 'mtm_kwd', 'piwik_kwd', 'matomo_kwd', 'utm_term'];
  attributesFirst = false;
  campaignsOff = false;

  // transport
  method = 'GET';
  contentType = 'application/x-www-form-urlencoded; charset=UTF-8';
  usesBeacon = true;
  appended = '';
  process: ((request: string) => unknown) | undefined;
  hasSent = false;
  lastSentAt = 0;
  nextSendAt = 0;
  queued: string[] = [];
  queueMs = 2500;
  queueIsOn = true;
  queueTimer: number | undefined;

  // links
  linkTimerMs = 500;
  linkClasses: string[] = [];
  downloadClasses: string[] = [];
  ignoreClasses: string[] = [];
  downloadExtensions: string[] | undefined;
  tracksLinks = false;
  linksDomains = false;
  domainLinkTimeoutS = 180;

  // what the page adds
  data: unknown = {};
  dimensions: Record<number, string> = {};
  visitVariables: Variables | undefined;
  pageVariables: Variables = {};
  eventVariables: Variables = {};
  storesVariables = false;
  productView: Record<string, string> = {};
  cart: Record<string, unknown[]> = {};

  // content, errors, timings
  seenContent: string[] = [];
  seenErrors: string[] = [];
  tracksContent = false;
  onlyVisibleContent = false;
  measures = true;
  measured = false;
  canMeasure = false;
  ownTimings = '';

  constructor(url: string, siteId: SiteId) {
    this.url = url;
    this.siteId = siteId;
  }

  /** The address that is sent: the page's, or the one it gave. */
  currentUrl(): string {
    return this.customUrl === undefined ? this.pageUrl : this.customUrl;
  }
}
