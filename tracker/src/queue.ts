// `_paq`: calls that a page pushed before the script was there, and those it pushes later.
import { SETTINGS, type Api } from './methods.ts';
import { isFunction, logError } from './text.ts';

type Call = unknown[];

/** With several trackers these concern the first only. */
const OF_FIRST_TRACKER = /^(addTracker|setTrackerUrl|setSiteId)$/;
const MAY_REPEAT = /^(addTracker|enableLinkTracking)$/;

/** The trackers that `_paq` reaches. */
export const asyncTrackers: Api[] = [];

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
function apply(call: Call): void {
  const [what, ...args] = call;
  if (isFunction(what)) {
    asyncTrackers.forEach((tracker) => what.apply(tracker, args));
    return;
  }
  const name = `${what}`;
  const ofPlugin = name.split('::');
  if (ofPlugin[1]) {
    callPlugin((window as unknown as { Matomo: Record<string, unknown> }).Matomo, ofPlugin, call);
    return;
  }
  for (const tracker of asyncTrackers.slice(0, OF_FIRST_TRACKER.test(name) ? 1 : Infinity)) {
    const method = tracker[name];
    if (name.includes('.')) {
      callPlugin(tracker, name.split('.'), call);
    } else if (isFunction(method)) {
      method(...args);
    } else {
      throw TypeError(`no method ${name}`);
    }
  }
}

/** Does all calls, whatever becomes of one of them. What failed last is returned, and every failure told in the console. */
function applyAll(calls: Call[]): unknown {
  let failure;
  for (const call of calls) {
    try {
      apply(call);
    } catch (error) {
      logError(failure = error);
    }
  }
  return failure;
}

/** Works off the waiting `_paq`, settings first, and puts an object in its place that does calls at once. */
export function processQueue(): void {
  const page = window as unknown as { _paq: unknown };
  const waiting: Call[] = Array.isArray(page._paq) ? page._paq : [];
  for (const name in SETTINGS) {
    const calls = waiting.filter((call) => call[0] === name);
    if (calls[1] && !MAY_REPEAT.test(name)) logError(`${name} twice`);
    applyAll(calls);
  }
  applyAll(waiting.filter((call) => !(call[0] as string in SETTINGS)));
  page._paq = {
    push: (...calls: Call[]) => {
      const failure = applyAll(calls);
      if (failure) throw failure;
    },
  };
}

export const retryMissedPluginCalls = (): unknown => applyAll(missed.splice(0));
