// The global object `Matomo`: makes trackers, carries events, knows plugins.
import { attribute } from './attribution.ts';
import { askForHints, stopWaitingForHints } from './browser.ts';
import { listenToOptOutFrame } from './consent.ts';
import { CONSENT_REMOVED, readCookie } from './cookies.ts';
import { publish, type Api } from './methods.ts';
import { on, onLeave, onLoad, onReady } from './page.ts';
import { watchLoading } from './performance.ts';
import { addPlugin, askPlugins } from './plugins.ts';
import { processQueue, retryMissedPluginCalls } from './queue.ts';
import { isFunction } from './text.ts';
import { flushQueue, isUntrackedFile, sendWaiting } from './transport.ts';
import { Tracker, type SiteId } from './tracker.ts';
import { isInView, isVisible } from './visible.ts';
import { visitor, writeVisitor } from './visitor.ts';

type Handler = (...args: unknown[]) => void;

const handlers: Record<string, Handler[]> = {};
const asyncTrackers: Api[] = [];

const trigger = (event: string, args: unknown[] = [], context: unknown = window): void =>
  (handlers[event] || []).forEach((handler) => handler.apply(context, args));

/** A tracker of its own; `_paq` does not reach it. */
function newTracker(url = '', siteId: SiteId = ''): Api {
  const t = new Tracker(url, siteId);
  t.consents = !readCookie(t, CONSENT_REMOVED);
  askForHints();
  watchLoading(t);
  listenToOptOutFrame(t);
  onLeave(() => {
    flushQueue(t);
    if (t.hasSent || t.cookiesOff || isUntrackedFile(t)) return;
    writeVisitor(t, visitor(t));
    attribute(t);
  });
  const api = publish(t);
  trigger('TrackerSetup', [api]);
  return api;
}

/** The first tracker takes what waits in `_paq`; later ones stand beside it. */
function addTracker(url?: string, siteId?: SiteId): Api {
  if (asyncTrackers.length) return (asyncTrackers[0].addTracker as (url?: string, siteId?: SiteId) => Api)(url, siteId);
  const api = newTracker(url, siteId);
  asyncTrackers.push(api);
  processQueue(asyncTrackers);
  trigger('TrackerAdded', [api]);
  return api;
}

/** The method `addTracker` of a tracker: what is left out is as on this one. */
export function addTrackerBeside(t: Tracker, url?: string, siteId?: SiteId): Api {
  if (!siteId && !t.siteId) throw new Error('a tracker needs a site id');
  const api = newTracker(url || t.trackerUrl, siteId || t.siteId);
  asyncTrackers.push(api);
  trigger('TrackerAdded', [t.api]);
  return api;
}

/** The tracker of this address and site; without them the first. */
function getAsyncTracker(url?: string, siteId?: SiteId): Api | undefined {
  const first = asyncTrackers[0];
  if (!first || (!url && !siteId)) return first;
  const get = (api: Api, name: string): unknown => (api[name] as () => unknown)();
  const wanted = [url || get(first, 'getTrackerUrl'), String(siteId || get(first, 'getSiteId'))];
  return asyncTrackers.find((api) => get(api, 'getTrackerUrl') === wanted[0] && String(get(api, 'getSiteId')) === wanted[1]);
}

export function makeMatomo(): Record<string, unknown> {
  onLeave(() => {
    askPlugins('unload', {});
    stopWaitingForHints();
  });
  return {
    initialized: false,
    JSON,
    DOM: {
      addEventListener: on,
      onLoad,
      onReady,
      isNodeVisible: isVisible,
      isOrWasNodeVisible: isInView,
    },
    on: (event: string, handler: Handler) => { (handlers[event] = handlers[event] || []).push(handler); },
    off: (event: string, handler: Handler) => { handlers[event] = (handlers[event] || []).filter((h) => h !== handler); },
    trigger,
    addPlugin,
    getTracker: newTracker,
    getAsyncTrackers: () => asyncTrackers,
    addTracker,
    getAsyncTracker,
    retryMissedPluginCalls: () => retryMissedPluginCalls(asyncTrackers),
  };
}

/** Registered last: by then the queues have been flushed into the gap. */
export const flushOnLeave = (): void => onLeave(sendWaiting);

/** Calls what the page prepared for the start. */
export function callInits(): void {
  const all = window as unknown as Record<string, unknown>;
  const plugins = all.matomoPluginAsyncInit;
  for (const init of [...(Array.isArray(plugins) ? plugins : []), all.piwikAsyncInit, all.matomoAsyncInit]) {
    if (isFunction(init)) (init as () => void)();
  }
}
