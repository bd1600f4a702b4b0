// A ping when the visitor turns away from the page after some time, so that the time on it is known.
import { on, onLeave } from './page.ts';
import type { Tracker } from './tracker.ts';

const SECONDS_DEFAULT = 15;
const SECONDS_MIN = 5;

export function startHeartBeat(t: Tracker, seconds?: number): void {
  if (t.stopHeartBeat) t.stopHeartBeat();
  const delay = Math.max(seconds || SECONDS_DEFAULT, SECONDS_MIN) * 1000;
  let isOn = true;
  // Before the first focus event we don't know since when: any turning away counts.
  let inViewSince = 0;
  const turnedTo = (): void => { inViewSince = Date.now(); };
  const turnedAway = (): void => {
    const now = Date.now();
    if (isOn && inViewSince + delay < now && t.lastSentAt + delay < now) t.api.ping();
  };
  on(window, 'focus', turnedTo);
  on(window, 'blur', turnedAway);
  on(document, 'visibilitychange', () => { if (document.visibilityState === 'visible') turnedTo(); });
  onLeave(turnedAway);
  t.stopHeartBeat = () => { isOn = false; };
}
