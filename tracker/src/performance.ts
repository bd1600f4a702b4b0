// How long the page took to load: measured by the browser, or given by the page.
import { onLoad } from './page.ts';
import { logError, type Params } from './text.ts';
import type { Tracker } from './tracker.ts';

const NAMES = ['pf_net', 'pf_srv', 'pf_tfr', 'pf_dm1', 'pf_dm2', 'pf_onl'];

/** From and to, in the order of NAMES. */
const STEPS: Array<[string, string]> = [
  ['fetchStart', 'connectEnd'],
  ['requestStart', 'responseStart'],
  ['responseStart', 'responseEnd'],
  ['domLoading', 'domInteractive'],
  ['domInteractive', 'domComplete'],
  ['loadEventStart', 'loadEventEnd'],
];

function measure(): Params {
  const entry = performance.getEntriesByType && performance.getEntriesByType('navigation')[0];
  const times = (entry || performance.timing) as unknown as Record<string, number> | undefined;
  const params: Params = {};
  if (!times) return params;
  for (let i = 0; i < STEPS.length; i++) {
    // The newer interface has no `domLoading`.
    const from = times[STEPS[i][0]] || (i === 3 ? times.responseEnd : 0);
    const to = times[STEPS[i][1]];
    if (!from || !to) continue;
    // A clock that runs backwards can't be trusted at all.
    if (to < from) return {};
    params[NAMES[i]] = Math.round(to - from);
  }
  return params;
}

function available(t: Tracker): Params {
  const own = t.ownTimings;
  if (!own) return measure();
  t.ownTimings = undefined;
  t.timed = true;
  return own;
}

/** The full set, once, with the first request after loading. */
export function takeTimings(t: Tracker): Params {
  if (t.timingsOff || t.timed || !t.canTime) return {};
  const timings = available(t);
  t.timed = true;
  return timings;
}

/** What is known so far, for a page view that is sent while the page loads. */
export const peekTimings = (t: Tracker): Params => (t.timingsOff || t.timed ? {} : available(t));

export function setTimings(t: Tracker, values: unknown[]): void {
  const given = values.filter((value) => value !== undefined);
  if (!given.length || given.some((value) => !(Number(value) >= 0))) {
    logError('timings are numbers of milliseconds, not below 0');
    return;
  }
  t.ownTimings = {};
  for (let i = 0; i < NAMES.length; i++) t.ownTimings[NAMES[i]] = values[i] === undefined ? undefined : Math.round(Number(values[i]));
  t.timed = false;
}

export function watchLoading(t: Tracker): void {
  // After the load event's own end is known.
  onLoad(() => setTimeout(() => { t.canTime = true; }, 0));
}
