// The global object `Matomo`: makes trackers, carries events, knows plugins.
import { attribute } from './attribution.ts';
import { askForHints, stopWaitingForHints } from './browser.ts';
import { listenToOptOutFrame, refreshConsent } from './consent.ts';
import { addHandler, removeHandler, trigger } from './events.ts';
import { publish, type Api } from './methods.ts';
import { on, onLeave, onLoad, onReady } from './page.ts';
import { addPlugin, askPlugins } from './plugins.ts';
import { asyncTrackers, processQueue, retryMissedPluginCalls } from './queue.ts';
import { isFunction, toList } from './text.ts';
import { flushQueue, isUntrackedFile, sendWaiting } from './transport.ts';
import { makeTracker, type SiteId, type Tracker } from './tracker.ts';
import { isInView, isVisible } from './visible.ts';
import { ensureVisitor } from './visitor.ts';

/** A tracker of its own; `_paq` does not reach it. */
function newTracker(url = '', siteId: SiteId = ''): Api {
  const t = makeTracker(url, siteId);
  refreshConsent(t);
  listenToOptOutFrame(t);
  onLeave(() => {
    flushQueue(t);
    if (t.lastSentAt_ || t.cookiesOff_ || isUntrackedFile(t)) return;
    ensureVisitor(t);
    attribute(t);
  });
  publish(t);
  trigger('TrackerSetup', [t.api_]);
  return t.api_;
}

/** The first tracker takes what waits in `_paq`; later ones stand beside it. */
function addTracker(url?: string, siteId?: SiteId): Api {
  const [first] = asyncTrackers;
  if (first) return first.addTracker(url, siteId);
  const api = newTracker(url, siteId);
  asyncTrackers.push(api);
  processQueue();
  trigger('TrackerAdded', [api]);
  return api;
}

/** The method `addTracker` of a tracker: what is left out is as on this one. */
export function addTrackerBeside(t: Tracker, url?: string, siteId?: SiteId): Api {
  if (!siteId && !t.siteId_) throw new Error('no site id');
  const api = newTracker(url || t.trackerUrl_, siteId || t.siteId_);
  asyncTrackers.push(api);
  trigger('TrackerAdded', [t.api_]);
  return api;
}

/** The first tracker of this address and site, where they are given. */
const getAsyncTracker = (url?: string, siteId?: SiteId): Api | undefined => asyncTrackers.find((api) =>
  (!url || api.getTrackerUrl() === url) && (!siteId || `${api.getSiteId()}` === `${siteId}`));

export function makeMatomo(): Record<string, unknown> {
  askForHints();
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
    on: addHandler,
    off: removeHandler,
    trigger,
    addPlugin,
    getTracker: newTracker,
    getAsyncTrackers: () => asyncTrackers,
    addTracker,
    getAsyncTracker,
    retryMissedPluginCalls,
  };
}

/** Registered last: by then the queues have been flushed into the gap. */
export const flushOnLeave = (): void => onLeave(sendWaiting);

/** Calls what the page prepared for the start. */
export function callInits(): void {
  const all = window as unknown as Record<string, unknown>;
  for (const init of toList(all.matomoPluginAsyncInit).concat(all.piwikAsyncInit, all.matomoAsyncInit)) {
    if (isFunction(init)) init();
  }
}
