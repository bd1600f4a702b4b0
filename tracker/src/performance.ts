// How long the page took to load: measured by the browser, or given by the page.
import { isLoaded } from './page.ts';
import { logError, type Params } from './text.ts';
import type { Tracker } from './tracker.ts';

/** Parameter, from and to. */
const STEPS = [
  ['pf_net', 'fetchStart', 'connectEnd'],
  ['pf_srv', 'requestStart', 'responseStart'],
  ['pf_tfr', 'responseStart', 'responseEnd'],
  ['pf_dm1', 'responseEnd', 'domInteractive'],
  ['pf_dm2', 'domInteractive', 'domComplete'],
  ['pf_onl', 'loadEventStart', 'loadEventEnd'],
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
    params[name] = Math.round(to - from);
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
  if (!isLoaded) return {};
  const timings = peekTimings(t);
  t.timed_ = true;
  return timings;
}

export function setTimings(t: Tracker, ...values: Array<number | undefined>): void {
  const own: Record<string, number> = {};
  STEPS.forEach(([name], i) => { if (values[i] !== undefined) own[name] = Math.round(values[i] as number); });
  const given = Object.values(own);
  if (given.length && given.every((ms) => ms >= 0)) {
    t.timed_ = false;
    t.ownTimings_ = own;
  } else {
    logError('no milliseconds');
  }
}
