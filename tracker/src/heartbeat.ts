// A ping when the visitor turns away from the page after some time, so that the time on it is known.
import { on, onLeave } from './page.ts';
import type { Tracker } from './tracker.ts';

const SECONDS_DEFAULT = 15;
const SECONDS_MIN = 5;

export function startHeartBeat(t: Tracker, seconds?: number): void {
  const delay = Math.max(seconds || SECONDS_DEFAULT, SECONDS_MIN) * 1000;
  // Before the first focus event we don't know since when: any turning away counts.
  let inViewSince = 0;
  const turnedTo = (): void => { inViewSince = Date.now(); };
  const turnedAway = (): void => {
    if (t.heartBeat_ === turnedAway && Math.max(inViewSince, t.lastSentAt_) + delay < Date.now()) t.api_.ping();
  };
  // Listeners of an earlier call have nothing to do any more.
  t.heartBeat_ = turnedAway;
  on(window, 'focus', turnedTo);
  on(window, 'blur', turnedAway);
  // When the page is hidden, `turnedAway` has been called before.
  on(document, 'visibilitychange', turnedTo);
  onLeave(turnedAway);
}
