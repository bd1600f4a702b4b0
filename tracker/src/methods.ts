// What a page may call on a tracker or push into `_paq`. What each method is for stands in reference.mjs.
import { storedAttribution } from './attribution.ts';
import * as consent from './consent.ts';
import * as content from './content.ts';
import * as cookies from './cookies.ts';
import * as custom from './custom.ts';
import { extensions, withoutExtensions } from './downloads.ts';
import { addItem, setProductView, trackCart, trackOrder } from './ecommerce.ts';
import { trackErrors } from './errors.ts';
import { startHeartBeat } from './heartbeat.ts';
import { listenForClicks, trackLink } from './links.ts';
import { addTrackerBeside } from './matomo.ts';
import { peekTimings, setTimings } from './performance.ts';
import { addPlugin, type Plugin } from './plugins.ts';
import { buildRequest } from './request.ts';
import { isFunction, isGiven, logError, query, sixDigits, some, toList, type Params } from './text.ts';
import { track, whenShown } from './track.ts';
import { enqueue, send } from './transport.ts';
import { currentUrl, type Callback, type SiteId, type Tracker } from './tracker.ts';
import { absolute, isWithin, resolve } from './url.ts';
import { ensureVisitor, LINK_PARAMETER, linkParameterValue, setVisitorId } from './visitor.ts';

/** What our own modules call; pages call any of the tables. */
export interface Api {
  ping(): void;
  trackEvent(category: unknown, action: unknown, name?: unknown): void;
  addTracker(url?: string, siteId?: SiteId): Api;
  getMatomoUrl(): string;
  getTrackerUrl(): string;
  getSiteId(): SiteId;
  [name: string]: unknown;
}

type Names = string | string[];
type Word = string | number;
type Title = string | { text: string };

/** A title may be text or an element with a `text`; anything else reads the page's. */
const titleText = (title?: Title): string =>
  (typeof title === 'string' ? title : title?.text ?? document.title);

function trackPageView(t: Tracker, title?: Title, data?: Params, callback?: Callback): void {
  t.seen_ = [];
  t.waitingForConsent_ &&= [];
  t.pageViews_++;
  if (!t.pageViewIdIsFixed_) t.pageViewId_ = sixDigits();
  whenShown(t, () => {
    const request = buildRequest(t, { action_name: titleText(title || t.documentTitle_) }, data, 'log');
    send(t, [request + query(peekTimings(t))], callback);
  });
}

function trackEvent(t: Tracker, category: Word, action: Word, name?: Word, value?: Word, data?: Params, callback?: Callback): void {
  if (isGiven(category) && isGiven(action)) track(t, { e_c: category, e_a: action, e_n: name, e_v: value, ca: 1 }, 'event', data, callback);
  else logError('no action');
}

const matomoUrl = (t: Tracker): string =>
  t.APIUrl_ || absolute(t.trackerUrl_).split('?')[0].replace(/(\/js)?\/([^/]*\.php)?$/, '/');

const withoutWww = (places: Names): string[] => toList(places).map((place) => place.replace(/^www\./, ''));

/** Settings that must be known before anything is tracked: in this order, wherever they stand in `_paq`. */
export const SETTINGS = {
  addTracker: addTrackerBeside,
  enableFileTracking: (t: Tracker) => { t.tracksFiles_ = true; },
  forgetCookieConsentGiven: consent.forgetCookieConsentGiven,
  requireCookieConsent: consent.requireCookieConsent,
  disableBrowserFeatureDetection: (t: Tracker) => { t.featuresOff_ = true; },
  disableCampaignParameters: (t: Tracker) => { t.campaignsOff_ = true; },
  disableCookies: cookies.disableCookies,
  setTrackerUrl: (t: Tracker, url: string) => { t.trackerUrl_ = url; },
  setAPIUrl: (t: Tracker, url: string) => { t.APIUrl_ = url; },
  enableCrossDomainLinking: (t: Tracker) => { t.linksDomains_ = true; },
  setCrossDomainLinkingTimeout: (t: Tracker, seconds: number) => { t.crossDomainLinkingTimeout_ = seconds; },
  setSessionCookieTimeout: (t: Tracker, seconds: number) => { t.sessionCookieLife_ = seconds; },
  setVisitorCookieTimeout: (t: Tracker, seconds: number) => { t.visitorCookieLife_ = seconds; },
  setCookieNamePrefix: (t: Tracker, prefix: string) => { t.cookieNamePrefix_ = prefix; },
  setCookieSameSite: cookies.setCookieSameSite,
  setSecureCookie: cookies.setSecureCookie,
  setCookiePath: (t: Tracker, path: string) => { t.cookiePath_ = path; },
  setCookieDomain: cookies.setCookieDomain,
  setDomains: (t: Tracker, hosts: Names) => {
    const list = toList(hosts);
    const hasOwn = isWithin(location.href, list.map((place) => place.split('/')[0]));
    t.hosts_ = hasOwn ? list : [...list, t.host_];
  },
  // Before the site is known, for which cookies without consent are deleted: those of a consent that the page tells stay.
  setCookieConsentGiven: consent.setCookieConsentGiven,
  requireConsent: consent.requireConsent,
  setConsentGiven: consent.setConsentGiven,
  setUserId: (t: Tracker, id: Word) => { if (isGiven(id)) t.userId_ = `${id}`; },
  setVisitorId,
  setSiteId: (t: Tracker, id: SiteId) => {
    t.siteId_ = id;
    if (t.cookiesOff_) cookies.deleteCookies(t);
  },
  alwaysUseSendBeacon: (t: Tracker) => { t.beaconOff_ = false; },
  disableAlwaysUseSendBeacon: (t: Tracker) => { t.beaconOff_ = true; },
  enableLinkTracking: (t: Tracker, all?: boolean) => {
    if (!t.tracksLinks_) listenForClicks(t, document, all);
    t.tracksLinks_ = true;
  },
  disablePerformanceTracking: (t: Tracker) => { t.timingsOff_ = true; },
  setPagePerformanceTiming: setTimings,
  setExcludedQueryParams: (t: Tracker, names: Names) => { t.excludedParameters_ = toList(names); },
  setExcludedReferrers: (t: Tracker, places: Names) => { t.excludedReferrers_ = withoutWww(places); },
  setIgnoreCampaignsForReferrers: (t: Tracker, places: Names) => { t.campaignFreeReferrers_ = withoutWww(places); },
  setIgnoreCampaignAttributionForSources: (t: Tracker, sources: Names) => { t.campaignFreeSources_ = toList(sources); },
};

// Within a group the order is the one that compresses best: 64 bytes.
export const METHODS = {
  ...SETTINGS,

  // visitor
  resetUserId: (t: Tracker) => { t.userId_ = ''; },
  setDoNotTrack: (t: Tracker, respect: boolean) => {
    t.respectsSignal_ = respect && /^(yes|1)$/.test(navigator.doNotTrack!);
    if (t.respectsSignal_) cookies.disableCookies(t);
  },
  getUserId: (t: Tracker) => t.userId_,
  getVisitorId: (t: Tracker) => ensureVisitor(t).id_,
  getVisitorInfo: (t: Tracker) => {
    const { isNew_, id_, createdAt_, rest_ } = ensureVisitor(t);
    return [`${+isNew_}`, id_, createdAt_, ...rest_];
  },
  enableBrowserFeatureDetection: (t: Tracker) => { t.featuresOff_ = false; },

  // custom data
  setCustomData: custom.setCustomData,
  getCustomData: (t: Tracker) => t.data_,
  getCustomDimension: custom.getCustomDimension,
  deleteCustomDimension: custom.deleteCustomDimension,
  setCustomDimension: custom.setCustomDimension,
  getCustomVariable: custom.getCustomVariable,
  storeCustomVariablesInCookie: (t: Tracker) => { t.storesVariables_ = true; },
  setCustomVariable: custom.setCustomVariable,
  deleteCustomVariable: custom.deleteCustomVariable,
  deleteCustomVariables: custom.deleteCustomVariables,

  // content
  trackContentImpressionsWithinNode: content.trackWithin,
  trackContentImpression: content.trackImpression,
  trackContentInteraction: content.trackInteraction,
  trackVisibleContentImpressions: content.trackVisible,
  trackAllContentImpressions: content.trackAll,
  trackContentInteractionNode: content.trackInteractionNode,
  logAllContentBlocksOnPage: content.logBlocks,

  // tracking
  trackLink,
  trackPageView,
  trackRequest: (t: Tracker, request: string, data?: Params, callback?: Callback, hook?: string) =>
    track(t, request, hook, data, callback),
  trackGoal: (t: Tracker, goal: Word, revenue?: Word, data?: Params, callback?: Callback) =>
    track(t, { idgoal: `${goal}`, revenue: some(revenue) }, 'goal', data, callback),
  trackSiteSearch: (t: Tracker, keyword: string, category?: string | false, count?: Word | false, data?: Params) => {
    t.seen_ = [];
    track(t, { search: `${keyword}`, search_cat: some(category), search_count: count }, 'sitesearch', data);
  },
  trackEvent,
  getRequest: buildRequest,
  queueRequest: (t: Tracker, request: string, isFull?: boolean) =>
    whenShown(t, () => enqueue(t, isFull ? request : buildRequest(t, request))),
  ping: (t: Tracker) => track(t, { ping: 1 }, 'ping'),

  // transport
  disableQueueRequest: (t: Tracker) => { t.queueOff_ = true; },
  setCustomRequestProcessing: (t: Tracker, process: Tracker['process_']) => { if (isFunction(process)) t.process_ = process; },
  setRequestContentType: (t: Tracker, type: string) => { t.requestContentType_ = type || t.requestContentType_; },
  setRequestQueueInterval: (t: Tracker, ms: number) => { t.queueMs_ = Math.max(1000, ms); },
  setRequestMethod: (t: Tracker, method?: string) => {
    t.method_ = `${method || 'get'}`;
    if (/^get$/i.test(t.method_)) t.beaconOff_ = true;
  },
  appendToTrackingUrl: (t: Tracker, text: string) => { t.appended_ = text; },

  // page
  setReferrerUrl: (t: Tracker, url: string) => { t.referrerUrl_ = url; },
  setPageViewId: (t: Tracker, id: string) => {
    t.pageViewId_ = id;
    t.pageViewIdIsFixed_ = true;
  },
  setCustomUrl: (t: Tracker, url: string) => { t.customUrl_ = resolve(url, t.pageUrl_); },
  getCurrentUrl: currentUrl,
  setCountPreRendered: (t: Tracker, count: boolean) => { t.countPreRendered_ = count; },
  getPageViewId: (t: Tracker) => t.pageViewId_,
  getNumTrackedPageViews: (t: Tracker) => t.pageViews_,
  redirectFile: (_: Tracker, url: string) => { if (location.protocol === 'file:') location.href = url; },
  discardHashTag: (t: Tracker, drop: boolean) => { t.dropsHash_ = drop; },
  setDocumentTitle: (t: Tracker, title: Title) => { t.documentTitle_ = title; },
  enableJSErrorTracking: trackErrors,
  killFrame: () => { if (window !== top) top!.location.href = location.href; },

  // shop
  setEcommerceView: setProductView,
  addEcommerceItem: addItem,
  getEcommerceItems: (t: Tracker): Record<string, unknown[]> => JSON.parse(JSON.stringify(t.cart_)),
  clearEcommerceCart: (t: Tracker) => { t.cart_ = {}; },
  trackEcommerceOrder: trackOrder,
  trackEcommerceCartUpdate: trackCart,
  removeEcommerceItem: (t: Tracker, sku: string) => { delete t.cart_[sku]; },

  // consent
  forgetConsentGiven: consent.forgetConsentGiven,
  rememberConsentGiven: consent.rememberConsentGiven,
  hasRememberedConsent: (t: Tracker) => !!consent.rememberedConsent(t),
  optUserOut: consent.forgetConsentGiven,
  rememberCookieConsentGiven: consent.rememberCookieConsentGiven,
  isUserOptedOut: (t: Tracker) => !t.consents_,
  getRememberedConsent: consent.rememberedConsent,
  forgetUserOptOut: (t: Tracker) => consent.setConsentGiven(t, false),
  hasConsent: (t: Tracker) => t.consents_,
  getRememberedCookieConsent: (t: Tracker) => cookies.readCookie(t, cookies.COOKIE_CONSENT) || 0,
  isConsentRequired: (t: Tracker) => t.needsConsent_,

  // cookies
  deleteCookies: cookies.deleteCookies,
  getCookiePath: (t: Tracker) => t.cookiePath_,
  getCookieDomain: (t: Tracker) => t.cookieDomain_,
  getCookie: (t: Tracker, base: string) => cookies.readCookie(t, cookies.cookieName(t, base)) || null,
  setReferralCookieTimeout: (t: Tracker, seconds: number) => { t.referralCookieLife_ = seconds; },
  setSessionCookie: (t: Tracker, base: string, value: Word, ms = 0) =>
    cookies.writeCookie(t, cookies.cookieName(t, base), value, ms / 1000 || t.sessionCookieLife_),
  hasCookies: cookies.hasCookies,
  areCookiesEnabled: (t: Tracker) => !t.cookiesOff_,
  getSessionCookieTimeout: (t: Tracker) => t.sessionCookieLife_ * 1000,

  // attribution
  getAttributionCampaignKeyword: (t: Tracker) => storedAttribution(t)[1],
  getAttributionCampaignName: (t: Tracker) => storedAttribution(t)[0],
  getAttributionReferrerUrl: (t: Tracker) => storedAttribution(t)[3],
  getAttributionReferrerTimestamp: (t: Tracker) => storedAttribution(t)[2],
  getAttributionInfo: storedAttribution,
  getIgnoreCampaignsForReferrers: (t: Tracker) => t.campaignFreeReferrers_,
  getIgnoreCampaignAttributionForSources: (t: Tracker) => t.campaignFreeSources_,
  setReferralUrlMaxLength: (t: Tracker, chars: number) => { t.referralUrlCharsMax_ = chars; },
  setConversionAttributionFirstReferrer: (t: Tracker, keep: boolean) => { t.conversionAttributionFirstReferrer_ = keep; },
  setCampaignNameKey: (t: Tracker, names: Names) => { t.campaignNames_ = toList(names); },
  setCampaignKeywordKey: (t: Tracker, names: Names) => { t.campaignKeywords_ = toList(names); },

  // links
  setLinkTrackingTimer: (t: Tracker, ms: number) => { t.linkTrackingTimer_ = ms; },
  setDownloadClasses: (t: Tracker, names: Names) => { t.downloadClasses_ = toList(names); },
  setLinkClasses: (t: Tracker, names: Names) => { t.linkClasses_ = toList(names); },
  setIgnoreClasses: (t: Tracker, names: Names) => { t.ignoreClasses_ = toList(names); },
  addListener: listenForClicks,
  setDownloadExtensions: (t: Tracker, names: Names) => { t.downloadExtensions_ = extensions(names); },
  addDownloadExtensions: (t: Tracker, names: Names) => { t.downloadExtensions_ += `|${extensions(names)}`; },
  getLinkTrackingTimer: (t: Tracker) => t.linkTrackingTimer_,
  removeDownloadExtensions: (t: Tracker, names: Names) => { t.downloadExtensions_ = withoutExtensions(t.downloadExtensions_, names); },
  disableCrossDomainLinking: (t: Tracker) => { t.linksDomains_ = false; },
  isCrossDomainLinkingEnabled: (t: Tracker) => !!t.linksDomains_,
  getCrossDomainLinkingUrlParameter: (t: Tracker) => `${LINK_PARAMETER}=${linkParameterValue(t)}`,

  // timings
  enableHeartBeatTimer: startHeartBeat,
  setGenerationTimeMs: () => logError('gone'),
  disableHeartBeatTimer: (t: Tracker) => { t.heartBeat_ = undefined; },

  // where to
  getMatomoUrl: matomoUrl,
  getPiwikUrl: matomoUrl,
  getSiteId: (t: Tracker) => t.siteId_,
  addPlugin: (_: Tracker, name: string, plugin: Plugin) => addPlugin(name, plugin),
  getTrackerUrl: (t: Tracker) => t.trackerUrl_,
};

type Method = (t: Tracker, ...args: unknown[]) => unknown;

/** Gives the public object of a tracker its methods. */
export function publish(t: Tracker): void {
  for (const [name, method] of Object.entries(METHODS)) {
    t.api_[name] = (...args: unknown[]) => (method as Method)(t, ...args);
  }
}
