// What a page may call on a tracker or push into `_paq`: plain settings, then the table of all other methods.
// The documentation and the compatibility test read the names from here.
import { storedAttribution } from './attribution.ts';
import * as consent from './consent.ts';
import * as content from './content.ts';
import * as cookies from './cookies.ts';
import * as custom from './custom.ts';
import { addItem, setProductView, trackCart, trackOrder } from './ecommerce.ts';
import { trackErrors } from './errors.ts';
import { startHeartBeat } from './heartbeat.ts';
import { DOWNLOADS, listenForClicks, trackLink } from './links.ts';
import { addTrackerBeside } from './matomo.ts';
import { onReady, onceShown } from './page.ts';
import { peekTimings, setTimings } from './performance.ts';
import { addPlugin, type Plugin } from './plugins.ts';
import { buildRequest } from './request.ts';
import { isFunction, isGiven, logError, query, randomText, some, toList, type Params } from './text.ts';
import { enqueue, isUntrackedFile, send } from './transport.ts';
import type { Callback, SiteId, Tracker } from './tracker.ts';
import { isWithin, resolve } from './url.ts';
import { ensureVisitor, LINK_PARAMETER, linkParameterValue, setVisitorId } from './visitor.ts';

/** What our own modules call; pages call any of the table. */
export interface Api {
  ping(): void;
  trackEvent(category: unknown, action: unknown, name?: unknown): void;
  getMatomoUrl(): string;
  [name: string]: unknown;
}

/** Fields of a tracker that a page may set as they are: `cookiePath` by `setCookiePath`. */
const SETTERS: Array<keyof Tracker> = [
  'trackerUrl', 'APIUrl', 'documentTitle', 'referrerUrl', 'countPreRendered', 'conversionAttributionFirstReferrer',
  'linkTrackingTimer', 'crossDomainLinkingTimeout', 'cookieNamePrefix', 'cookiePath',
];
/** Likewise, and a text is a list of one. */
const LIST_SETTERS: Array<keyof Tracker> = ['linkClasses', 'downloadClasses', 'ignoreClasses'];
/** Fields that a page may read: `siteId` by `getSiteId`. */
const GETTERS: Array<keyof Tracker> = [
  'trackerUrl', 'siteId', 'pageViewId', 'userId', 'linkTrackingTimer', 'cookieDomain', 'cookiePath',
];

type Method = (t: Tracker, ...args: never[]) => unknown;
type Names = string | string[];

/** Runs when the page is shown: most hits of a page fetched ahead would be visits that never were. */
const whenShown = (t: Tracker, work: () => void): void => {
  if (isUntrackedFile(t)) return;
  if (t.countPreRendered) work();
  else onceShown(work);
};

const track = (t: Tracker, what: Params | string, hook: string, data?: unknown, callback?: Callback): void =>
  whenShown(t, () => send(t, buildRequest(t, what, data, hook), callback));

/** A title may be text or an element with a `text`; anything else reads the page's. */
function titleText(title: unknown): string {
  if (typeof title === 'string') return title;
  const text = title && (title as { text?: unknown }).text;
  if (typeof text === 'string') return text;
  const element = document.querySelector('title');
  return element ? element.text : '';
}

function trackPageView(t: Tracker, title?: unknown, data?: unknown, callback?: Callback): void {
  t.seenContent = [];
  t.seenErrors = [];
  t.waitingForConsent = [];
  t.pageViews++;
  if (!t.pageViewIdIsFixed) t.pageViewId = randomText(6);
  whenShown(t, () => {
    const request = buildRequest(t, { action_name: titleText(title || t.documentTitle) }, data, 'log');
    const timings = query(peekTimings(t));
    send(t, timings ? `${request}&${timings}` : request, callback);
    if (/[?&]tracker_install_check=/.test(location.href)) window.close();
  });
}

function trackEvent(t: Tracker, category: unknown, action: unknown, name?: unknown, value?: unknown, data?: unknown, callback?: Callback): void {
  if (!isGiven(category) || !isGiven(action)) {
    logError('an event has a category and an action');
    return;
  }
  track(t, { e_c: category, e_a: action, e_n: name, e_v: value, ca: 1 }, 'event', data, callback);
}

function matomoUrl(t: Tracker): string {
  if (t.APIUrl) return t.APIUrl;
  const url = resolve(t.trackerUrl.indexOf('//') === 0 ? location.protocol + t.trackerUrl : t.trackerUrl, location.href).split('?')[0];
  return url.replace(/(\/js)?\/[^/]*\.php$/, '/').replace(/\/js\/$/, '/');
}

function setDomains(t: Tracker, hosts: Names): void {
  const list = toList(hosts);
  const hasOwn = list.some((place) => isWithin(t.host, '', [place.split('/')[0]]));
  t.hosts = hasOwn ? list : list.concat(t.host);
}

const extensions = (names: Names): string[] => toList(names).join('|').split('|');

const setMethod = (t: Tracker, method: unknown): void => {
  const name = String(method || 'GET').toUpperCase();
  t.method = name;
  if (name === 'GET') t.beaconOff = true;
};

export const METHODS: Record<string, Method> = {
  // tracking
  trackPageView,
  trackEvent,
  trackSiteSearch: (t, keyword: unknown, category?: unknown, count?: unknown, data?: unknown) => {
    t.seenContent = [];
    track(t, { search: String(keyword), search_cat: some(category), search_count: count }, 'sitesearch', data);
  },
  trackGoal: (t, goal: unknown, revenue?: unknown, data?: unknown, callback?: Callback) =>
    track(t, { idgoal: String(goal), revenue: some(revenue) }, 'goal', data, callback),
  trackLink: (t, url: unknown, kind: unknown, data?: unknown, callback?: Callback) =>
    whenShown(t, () => trackLink(t, url, kind, data, callback)),
  trackRequest: (t, request: string, data?: unknown, callback?: Callback, hook?: string) =>
    track(t, request, hook || '', data, callback),
  queueRequest: (t, request: string, isFull?: boolean) =>
    whenShown(t, () => enqueue(t, isFull ? request : buildRequest(t, request))),
  ping: (t) => track(t, { ping: 1 }, 'ping'),
  getRequest: (t, request: string, data?: unknown, hook?: string) => buildRequest(t, request, data, hook),

  // shop
  setEcommerceView: setProductView,
  addEcommerceItem: (t, ...item: unknown[]) => addItem(t, [0, 1, 2, 3, 4].map((i) => item[i])),
  removeEcommerceItem: (t, sku: string) => { delete t.cart[sku]; },
  clearEcommerceCart: (t) => { t.cart = {}; },
  getEcommerceItems: (t): unknown => JSON.parse(JSON.stringify(t.cart)),
  trackEcommerceOrder: trackOrder,
  trackEcommerceCartUpdate: trackCart,

  // content
  trackAllContentImpressions: content.trackAll,
  trackVisibleContentImpressions: (t, onScroll = true as unknown, intervalMs = 750) =>
    content.trackVisible(t, Boolean(onScroll), Number(intervalMs)),
  trackContentImpression: content.trackImpression,
  trackContentImpressionsWithinNode: content.trackWithin,
  trackContentInteraction: content.trackInteraction,
  trackContentInteractionNode: content.trackInteractionNode,
  logAllContentBlocksOnPage: () => console.log(content.listBlocks()),

  // where to
  setSiteId: (t, id: SiteId) => {
    t.siteId = id;
    if (t.cookiesOff) cookies.deleteCookies(t);
  },
  getMatomoUrl: matomoUrl,
  getPiwikUrl: matomoUrl,
  addTracker: addTrackerBeside,
  addPlugin: (_, name: string, plugin: Plugin) => addPlugin(name, plugin),

  // page
  setCustomUrl: (t, url: string) => { t.customUrl = resolve(url, t.pageUrl); },
  getCurrentUrl: (t) => t.currentUrl(),
  setPageViewId: (t, id: string) => { t.pageViewId = id; t.pageViewIdIsFixed = true; },
  getNumTrackedPageViews: (t) => t.pageViews,
  setDomains,
  setExcludedReferrers: (t, places: Names) => { t.excludedReferrers = toList(places).map((p) => p.replace(/^www\./, '')); },
  setExcludedQueryParams: (t, names: Names) => { t.excludedParameters = toList(names); },
  discardHashTag: (t, drop: unknown) => { t.dropsHash = Boolean(drop); },
  enableFileTracking: (t) => { t.tracksFiles = true; },
  killFrame: () => { if (window.location !== window.top!.location) window.top!.location.href = location.href; },
  redirectFile: (_, url: string) => { if (location.protocol === 'file:') window.location.href = url; },
  enableJSErrorTracking: trackErrors,

  // visitor
  setUserId: (t, id: unknown) => { if (isGiven(id)) t.userId = String(id); },
  resetUserId: (t) => { t.userId = ''; },
  setVisitorId,
  getVisitorId: (t) => ensureVisitor(t).id,
  getVisitorInfo: (t) => {
    const { isNew, id, createdAt, rest } = ensureVisitor(t);
    return [isNew ? '1' : '0', id, isNew ? Number(createdAt) : createdAt, ...rest];
  },
  disableBrowserFeatureDetection: (t) => { t.featuresOff = true; },
  enableBrowserFeatureDetection: (t) => { t.featuresOff = false; },
  setDoNotTrack: (t, respect: unknown) => {
    const signal = navigator.doNotTrack;
    t.respectsSignal = Boolean(respect) && (signal === 'yes' || signal === '1');
    if (t.respectsSignal) cookies.disableCookies(t);
  },

  // custom data
  setCustomData: custom.setCustomData,
  getCustomData: (t) => t.data,
  setCustomDimension: custom.setCustomDimension,
  getCustomDimension: (t, id: unknown) => t.dimensions[parseInt(String(id), 10)],
  deleteCustomDimension: (t, id: unknown) => { delete t.dimensions[parseInt(String(id), 10)]; },
  setCustomVariable: custom.setCustomVariable,
  getCustomVariable: custom.getCustomVariable,
  deleteCustomVariable: custom.deleteCustomVariable,
  deleteCustomVariables: custom.deleteCustomVariables,
  storeCustomVariablesInCookie: (t) => { t.storesVariables = true; },

  // attribution
  setCampaignNameKey: (t, names: Names) => { t.campaignNames = toList(names); },
  setCampaignKeywordKey: (t, names: Names) => { t.campaignKeywords = toList(names); },
  disableCampaignParameters: (t) => { t.campaignsOff = true; },
  getAttributionInfo: storedAttribution,
  getAttributionCampaignName: (t) => storedAttribution(t)[0],
  getAttributionCampaignKeyword: (t) => storedAttribution(t)[1],
  getAttributionReferrerTimestamp: (t) => storedAttribution(t)[2],
  getAttributionReferrerUrl: (t) => storedAttribution(t)[3],

  // links
  enableLinkTracking: (t, all: unknown = true) => {
    if (t.tracksLinks) return;
    t.tracksLinks = true;
    onReady(() => listenForClicks(t, document.body, Boolean(all)));
  },
  addListener: (t, element: EventTarget, all: unknown = true) => listenForClicks(t, element, Boolean(all)),
  setDownloadExtensions: (t, names: Names) => { t.downloadExtensions = extensions(names); },
  addDownloadExtensions: (t, names: Names) => { t.downloadExtensions = (t.downloadExtensions || DOWNLOADS).concat(extensions(names)); },
  removeDownloadExtensions: (t, names: Names) => {
    t.downloadExtensions = (t.downloadExtensions || DOWNLOADS).filter((name) => extensions(names).indexOf(name) < 0);
  },
  enableCrossDomainLinking: (t) => { t.linksDomains = true; },
  disableCrossDomainLinking: (t) => { t.linksDomains = false; },
  isCrossDomainLinkingEnabled: (t) => t.linksDomains,
  getCrossDomainLinkingUrlParameter: (t) => `${LINK_PARAMETER}=${linkParameterValue(t)}`,

  // transport
  setRequestMethod: setMethod,
  setRequestContentType: (t, type: string) => { if (type) t.requestContentType = type; },
  alwaysUseSendBeacon: (t) => { t.beaconOff = false; },
  disableAlwaysUseSendBeacon: (t) => { t.beaconOff = true; },
  appendToTrackingUrl: (t, text: string) => { t.appended = text; },
  setCustomRequestProcessing: (t, process: unknown) => {
    if (isFunction(process)) t.process = process as (request: string) => unknown;
  },
  disableQueueRequest: (t) => { t.queueOff = true; },
  setRequestQueueInterval: (t, ms: number) => { t.queueMs = Math.max(1000, ms); },

  // timings
  disablePerformanceTracking: (t) => { t.timingsOff = true; },
  setPagePerformanceTiming: (t, ...values: unknown[]) => setTimings(t, values),
  setGenerationTimeMs: () => logError('setGenerationTimeMs is gone; use setPagePerformanceTiming'),
  enableHeartBeatTimer: startHeartBeat,
  disableHeartBeatTimer: (t) => t.stopHeartBeat && t.stopHeartBeat(),

  // cookies
  setCookieDomain: cookies.setCookieDomain,
  setSecureCookie: cookies.setSecureCookie,
  setCookieSameSite: cookies.setCookieSameSite,
  setVisitorCookieTimeout: (t, seconds: number) => { t.visitorCookieMs = seconds * 1000; },
  setSessionCookieTimeout: (t, seconds: number) => { t.sessionCookieMs = seconds * 1000; },
  getSessionCookieTimeout: (t) => t.sessionCookieMs,
  setReferralCookieTimeout: (t, seconds: number) => { t.referralCookieMs = seconds * 1000; },
  disableCookies: cookies.disableCookies,
  deleteCookies: cookies.deleteCookies,
  hasCookies: cookies.hasCookies,
  areCookiesEnabled: (t) => !t.cookiesOff,
  getCookie: (t, base: string) => cookies.readCookie(t, cookies.cookieName(t, base)) || null,
  setSessionCookie: (t, base: string, value: unknown, ms?: number) =>
    cookies.writeCookie(t, cookies.cookieName(t, base), value, ms || t.sessionCookieMs),

  // consent
  requireConsent: consent.requireConsent,
  setConsentGiven: (t, withCookies: unknown = true) => consent.setConsentGiven(t, Boolean(withCookies)),
  rememberConsentGiven: consent.rememberConsentGiven,
  forgetConsentGiven: consent.forgetConsentGiven,
  optUserOut: consent.forgetConsentGiven,
  forgetUserOptOut: (t) => consent.setConsentGiven(t, false),
  isUserOptedOut: (t) => !t.consents,
  hasConsent: (t) => t.consents,
  isConsentRequired: (t) => t.needsConsent,
  hasRememberedConsent: (t) => consent.rememberedConsent(t) !== null,
  getRememberedConsent: consent.rememberedConsent,
  requireCookieConsent: consent.requireCookieConsent,
  setCookieConsentGiven: consent.setCookieConsentGiven,
  rememberCookieConsentGiven: consent.rememberCookieConsentGiven,
  forgetCookieConsentGiven: consent.forgetCookieConsentGiven,
  getRememberedCookieConsent: (t) => cookies.readCookie(t, cookies.COOKIE_CONSENT) || 0,
};

/** `set` and `cookiePath` → `setCookiePath`. */
const named = (verb: string, field: string): string => verb + field.charAt(0).toUpperCase() + field.slice(1);

/** The public object of a tracker. */
export function publish(t: Tracker): Api {
  const fields = t as unknown as Record<string, unknown>;
  SETTERS.forEach((field) => { t.api[named('set', field)] = (value: unknown) => { fields[field] = value; }; });
  LIST_SETTERS.forEach((field) => { t.api[named('set', field)] = (value: Names) => { fields[field] = toList(value); }; });
  GETTERS.forEach((field) => { t.api[named('get', field)] = () => fields[field]; });
  for (const name in METHODS) {
    t.api[name] = (...args: unknown[]) => (METHODS[name] as (t: Tracker, ...args: unknown[]) => unknown)(t, ...args);
  }
  return t.api;
}
