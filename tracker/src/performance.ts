// How long the page took to load: measured by the browser, or given by the page.
import { onLoad } from './page.ts';
import { logError, type Params } from './text.ts';
import type { Tracker } from './tracker.ts';

/** Parameter, from and to. */
const STEPS = [
  ['net', 'fetchStart', 'connectEnd'],
  ['srv', 'requestStart', 'responseStart'],
  ['tfr', 'responseStart', 'responseEnd'],
  ['dm1', 'domLoading', 'domInteractive'],
  ['dm2', 'domInteractive', 'domComplete'],
  ['onl', 'loadEventStart', 'loadEventEnd'],
];

function measure(): Params {
  const times = (performance.getEntriesByType('navigation')[0] || performance.timing) as unknown as Record<string, number>;
  const params: Params = {};
  for (const [name, start, end] of STEPS) {
    // The newer interface has no `domLoading`.
    const from = times[start] || (name === 'dm1' && times.responseEnd);
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
  const timings = t.canTime_ ? peekTimings(t) : {};
  t.timed_ = t.timed_ || t.canTime_;
  return timings;
}

export function setTimings(t: Tracker, ...values: unknown[]): void {
  const given = values.filter((value) => value !== undefined);
  if (!given.length || !given.every((value) => (value as number) >= 0)) {
    logError('timings are milliseconds');
    return;
  }
  t.timed_ = false;
  t.ownTimings_ = {};
  STEPS.forEach(([name], i) => {
    if (values[i] !== undefined) t.ownTimings_![`pf_${name}`] = Math.round(values[i] as number);
  });
}

export function watchLoading(t: Tracker): void {
  // After the load event's own end is known.
  onLoad(() => setTimeout(() => { t.canTime_ = true; }, 0));
}
