// `_paq`: calls that a page pushed before the script was there, and those it pushes later.
import { SETTINGS, type Api } from './methods.ts';
import { isFunction, logError } from './text.ts';

type Call = unknown[];

/** With several trackers these concern the first only. */
const OF_FIRST_TRACKER = /^(addTracker|setTrackerUrl|setSiteId)$/;
const MAY_REPEAT = /^(addTracker|enableLinkTracking)$/;

/** Calls of plugins that are not there yet. */
const missed: Call[] = [];

/** Calls a method of a plugin, an object on its owner; what has no such plugin yet is kept. */
function callPlugin(owner: Record<string, unknown>, [name, method]: string[], call: Call): void {
  const plugin = owner[name] as Record<string, unknown>;
  if (!plugin) {
    if (!missed.includes(call)) missed.push(call);
  } else if (isFunction(plugin[method])) {
    plugin[method](...call.slice(1));
  } else {
    logError(`no method ${name}.${method}`);
  }
}

/** Does one call on the trackers that it concerns. */
function apply(trackers: Api[], call: Call): void {
  const [what, ...args] = call;
  if (isFunction(what)) {
    trackers.forEach((tracker) => what.apply(tracker, args));
    return;
  }
  const name = `${what}`;
  const ofPlugin = name.split('::');
  if (ofPlugin[1]) {
    callPlugin((window as unknown as { Matomo: Record<string, unknown> }).Matomo, ofPlugin, call);
    return;
  }
  for (const tracker of trackers.slice(0, OF_FIRST_TRACKER.test(name) ? 1 : Infinity)) {
    const method = tracker[name];
    if (name.includes('.')) {
      callPlugin(tracker, name.split('.'), call);
    } else if (isFunction(method)) {
      method(...args);
    } else {
      const message = `no method ${name}`;
      logError(message);
      throw TypeError(message);
    }
  }
}

/** Works off the waiting `_paq`, settings first, and puts an object in its place that does calls at once. */
export function processQueue(trackers: Api[]): void {
  const page = window as unknown as { _paq: unknown };
  const waiting: Call[] = Array.isArray(page._paq) ? page._paq : [];
  for (const name in SETTINGS) {
    waiting.filter((call) => call[0] === name).forEach((call, i) => {
      if (i && !MAY_REPEAT.test(name)) logError(`${name} twice`);
      apply(trackers, call);
    });
  }
  waiting.forEach((call) => { if (!(call[0] as string in SETTINGS)) apply(trackers, call); });
  page._paq = { push: (...calls: Call[]) => calls.forEach((call) => apply(trackers, call)) };
}

export const retryMissedPluginCalls = (trackers: Api[]): void => missed.splice(0).forEach((call) => apply(trackers, call));
