// A ping when the visitor turns away from the page after some time, so that the time on it is known.
import { on, onLeave, onVisibilityChange } from './page.ts';
import type { Tracker } from './tracker.ts';

const SECONDS_DEFAULT = 15;
const SECONDS_MIN = 5;

export function startHeartBeat(t: Tracker, seconds?: number): void {
  t.stopHeartBeat_?.();
  const delay = Math.max(seconds || SECONDS_DEFAULT, SECONDS_MIN) * 1000;
  let isOn = true;
  // Before the first focus event we don't know since when: any turning away counts.
  let inViewSince = 0;
  const turnedTo = (): void => { inViewSince = Date.now(); };
  const turnedAway = (): void => {
    if (isOn && Math.max(inViewSince, t.lastSentAt_) + delay < Date.now()) t.api_.ping();
  };
  on(window, 'focus', turnedTo);
  on(window, 'blur', turnedAway);
  onVisibilityChange((isHidden) => { if (!isHidden) turnedTo(); });
  onLeave(turnedAway);
  t.stopHeartBeat_ = () => { isOn = false; };
}
