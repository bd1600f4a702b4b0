// How long the page took to load: measured by the browser, or given by the page.
import { page } from './page.ts';
import { logError, type Params } from './text.ts';
import type { Tracker } from './tracker.ts';

/** Parameter, from and to. */
const STEPS = [
  ['net', 'fetchStart', 'connectEnd'],
  ['srv', 'requestStart', 'responseStart'],
  ['tfr', 'responseStart', 'responseEnd'],
  ['dm1', 'responseEnd', 'domInteractive'],
  ['dm2', 'domInteractive', 'domComplete'],
  ['onl', 'loadEventStart', 'loadEventEnd'],
];

function measure(): Params {
  const times = (performance.getEntriesByType('navigation')[0] || {}) as unknown as Record<string, number>;
  const params: Params = {};
  for (const [name, start, end] of STEPS) {
    const from = times[start];
    const to = times[end];
    if (!from || !to) continue;
    // A clock that runs backwards can't be trusted at all.
    if (to < from) return {};
    params[`pf_${name}`] = Math.round(to - from);
  }
  return params;
}

/** What is known so far, for a page view that is sent while the page loads. */
export function peekTimings(t: Tracker): Params {
  if (t.timingsOff_ || t.timed_) return {};
  const own = t.ownTimings_;
  t.ownTimings_ = undefined;
  t.timed_ = !!own;
  return own || measure();
}

/** The full set, once, with the first request after loading. */
export function takeTimings(t: Tracker): Params {
  if (!page.isLoaded_) return {};
  const timings = peekTimings(t);
  t.timed_ = true;
  return timings;
}

export function setTimings(t: Tracker, ...values: unknown[]): void {
  const given = STEPS.flatMap(([name], i) => (values[i] === undefined ? [] : [[`pf_${name}`, Math.round(values[i] as number)]]));
  if (given.length && given.every(([, ms]) => (ms as number) >= 0)) {
    t.timed_ = false;
    t.ownTimings_ = Object.fromEntries(given);
  } else {
    logError('no milliseconds');
  }
}
