// The names that pages rely on. Taking one away breaks a site: it has to be said in the changelog.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close, methods, open } from './browser.mjs';

before(open);
after(close);

const TRACKING = `trackPageView trackEvent trackSiteSearch trackGoal trackLink trackRequest queueRequest ping getRequest
  trackEcommerceOrder trackEcommerceCartUpdate setEcommerceView addEcommerceItem removeEcommerceItem clearEcommerceCart getEcommerceItems
  trackAllContentImpressions trackVisibleContentImpressions trackContentImpression trackContentImpressionsWithinNode
  trackContentInteraction trackContentInteractionNode logAllContentBlocksOnPage enableJSErrorTracking`;
const PAGE = `setTrackerUrl getTrackerUrl setSiteId getSiteId setAPIUrl getMatomoUrl getPiwikUrl addTracker addPlugin setDocumentTitle
  setCustomUrl getCurrentUrl setReferrerUrl setPageViewId getPageViewId getNumTrackedPageViews setDomains setExcludedReferrers
  setExcludedQueryParams discardHashTag enableFileTracking setCountPreRendered killFrame redirectFile`;
const VISITOR = `setUserId resetUserId getUserId setVisitorId getVisitorId getVisitorInfo setDoNotTrack disableBrowserFeatureDetection
  enableBrowserFeatureDetection setCustomData getCustomData setCustomDimension getCustomDimension deleteCustomDimension
  setCustomVariable getCustomVariable deleteCustomVariable deleteCustomVariables storeCustomVariablesInCookie
  setCampaignNameKey setCampaignKeywordKey setConversionAttributionFirstReferrer disableCampaignParameters getAttributionInfo
  getAttributionCampaignName getAttributionCampaignKeyword getAttributionReferrerTimestamp getAttributionReferrerUrl`;
const LINKS = `enableLinkTracking addListener setLinkTrackingTimer getLinkTrackingTimer setLinkClasses setDownloadClasses setIgnoreClasses
  setDownloadExtensions addDownloadExtensions removeDownloadExtensions enableCrossDomainLinking disableCrossDomainLinking
  isCrossDomainLinkingEnabled setCrossDomainLinkingTimeout getCrossDomainLinkingUrlParameter`;
const TRANSPORT = `setRequestMethod setRequestContentType alwaysUseSendBeacon disableAlwaysUseSendBeacon appendToTrackingUrl
  setCustomRequestProcessing disableQueueRequest setRequestQueueInterval disablePerformanceTracking setPagePerformanceTiming
  setGenerationTimeMs enableHeartBeatTimer disableHeartBeatTimer`;
const COOKIES = `setCookieNamePrefix setCookieDomain getCookieDomain setCookiePath getCookiePath setSecureCookie setCookieSameSite
  setVisitorCookieTimeout setSessionCookieTimeout getSessionCookieTimeout setReferralCookieTimeout disableCookies deleteCookies
  hasCookies areCookiesEnabled getCookie setSessionCookie`;
const CONSENT = `requireConsent setConsentGiven rememberConsentGiven forgetConsentGiven optUserOut forgetUserOptOut isUserOptedOut
  hasConsent isConsentRequired hasRememberedConsent getRememberedConsent requireCookieConsent setCookieConsentGiven
  rememberCookieConsentGiven forgetCookieConsentGiven getRememberedCookieConsent`;

test('a tracker has exactly the documented methods', async () => {
  const documented = [TRACKING, PAGE, VISITOR, LINKS, TRANSPORT, COOKIES, CONSENT].join(' ').split(/\s+/);
  assert.deepEqual(await methods(), documented.sort());
});
