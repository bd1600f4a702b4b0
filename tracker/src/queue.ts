// `_paq`: calls that a page pushed before the script was there, and those it pushes later.
import type { Api } from './methods.ts';
import { isFunction, isObject, logError } from './text.ts';

type Call = unknown[];

/** Settings that must be known before anything is tracked, in this order. */
const FIRST = (
  'addTracker enableFileTracking forgetCookieConsentGiven requireCookieConsent disableBrowserFeatureDetection ' +
  'disableCampaignParameters disableCookies setTrackerUrl setAPIUrl enableCrossDomainLinking setCrossDomainLinkingTimeout ' +
  'setSessionCookieTimeout setVisitorCookieTimeout setCookieNamePrefix setCookieSameSite setSecureCookie setCookiePath ' +
  'setCookieDomain setDomains setUserId setVisitorId setSiteId alwaysUseSendBeacon disableAlwaysUseSendBeacon ' +
  'enableLinkTracking setCookieConsentGiven requireConsent setConsentGiven disablePerformanceTracking ' +
  'setPagePerformanceTiming setExcludedQueryParams setExcludedReferrers'
).split(' ');
const MAY_REPEAT = ['addTracker', 'enableLinkTracking'];
/** With several trackers these concern the first only. */
const OF_FIRST_TRACKER = ['addTracker', 'setTrackerUrl', 'setSiteId'];

/** Calls of plugins that are not there yet. */
let missed: Call[] = [];

/** Calls a method of a plugin, an object on its owner; what has no such plugin yet is kept. */
function callPlugin(owner: Record<string, unknown>, [name, method]: string[], args: unknown[], call: Call): void {
  const plugin = owner[name];
  if (!isObject(plugin) && !isFunction(plugin)) {
    if (missed.indexOf(call) < 0) missed.push(call);
    return;
  }
  const work = (plugin as Record<string, unknown>)[method];
  if (isFunction(work)) (work as (...args: unknown[]) => void).apply(plugin, args);
  else logError(`the plugin ${name} has no method ${method}`);
}

/** Does one call on the trackers that it concerns. */
function apply(trackers: Api[], call: Call): void {
  const [what, ...args] = call;
  if (typeof what === 'string' && what.indexOf('::') > 0) {
    callPlugin((window as unknown as { Matomo: Record<string, unknown> }).Matomo, what.split('::'), args, call);
    return;
  }
  const concerned = OF_FIRST_TRACKER.indexOf(String(what)) >= 0 ? trackers.slice(0, 1) : trackers.slice();
  for (const tracker of concerned) {
    if (isFunction(what)) {
      (what as (...args: unknown[]) => void).apply(tracker, args);
    } else if (typeof what === 'string' && what.indexOf('.') > 0) {
      callPlugin(tracker, what.split('.'), args, call);
    } else {
      const method = tracker[String(what)];
      if (!isFunction(method)) {
        const message = `the tracker has no method ${String(what)}`;
        logError(message);
        throw new TypeError(message);
      }
      (method as (...args: unknown[]) => void)(...args);
    }
  }
}

/** Works off the waiting `_paq` and puts an object in its place that does calls at once. */
export function processQueue(trackers: Api[]): void {
  const page = window as unknown as { _paq: unknown };
  const waiting: Call[] = Array.isArray(page._paq) ? page._paq.slice() : [];
  for (const name of FIRST) {
    const calls = waiting.filter((call) => call[0] === name);
    calls.forEach((call, i) => {
      waiting.splice(waiting.indexOf(call), 1);
      if (i > 0 && MAY_REPEAT.indexOf(name) < 0) logError(`${name} is called more than once; the last call counts`);
      apply(trackers, call);
    });
  }
  waiting.forEach((call) => apply(trackers, call));
  page._paq = { push: (...calls: Call[]) => calls.forEach((call) => apply(trackers, call)) };
}

export function retryMissedPluginCalls(trackers: Api[]): void {
  const calls = missed;
  missed = [];
  calls.forEach((call) => apply(trackers, call));
}
