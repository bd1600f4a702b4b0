// What the browser says about itself: old plugin flags, screen, client hints.
import { hasCookies } from './cookies.ts';
import { query, type Params } from './text.ts';
import type { Tracker } from './tracker.ts';

const PLUGINS: Record<string, string> = {
  pdf: 'application/pdf',
  qt: 'video/quicktime',
  realp: 'audio/x-pn-realaudio-plugin',
  wma: 'application/x-mplayer2',
  fla: 'application/x-shockwave-flash',
  java: 'application/x-java-vm',
  ag: 'application/x-silverlight',
};
const HINTS = ['brands', 'model', 'platform', 'platformVersion', 'uaFullVersion', 'fullVersionList', 'formFactors'];

type Hints = Record<string, unknown>;
type HintSource = { brands: unknown; platform: unknown; getHighEntropyValues(names: string[]): Promise<Hints> };

/** Plugin flags, cookies and screen, as they are sent. */
export function features(t: Tracker): Params {
  const found: Params = {};
  if (t.featuresOff) return found;
  for (const name in PLUGINS) {
    const type = navigator.mimeTypes && navigator.mimeTypes.namedItem(PLUGINS[name]);
    found[name] = type && type.enabledPlugin ? '1' : '0';
  }
  found.cookie = hasCookies() ? '1' : '0';
  found.res = `${screen.width}x${screen.height}`;
  return found;
}

let hints: Hints = {};
let isAsked = false;
let waiting: Array<() => void> | undefined;

/** Asks once a page; requests wait for the answer. */
export function askForHints(): void {
  const source = (navigator as unknown as { userAgentData?: HintSource }).userAgentData;
  if (isAsked || !source || typeof source.getHighEntropyValues !== 'function') return;
  isAsked = true;
  hints = { brands: source.brands, platform: source.platform };
  waiting = [];
  source.getHighEntropyValues(HINTS).then((values) => {
    if (values.fullVersionList) {
      delete values.brands;
      delete values.uaFullVersion;
    }
    hints = values;
    stopWaitingForHints();
  }, stopWaitingForHints);
}

export function stopWaitingForHints(): void {
  const ready = waiting;
  waiting = undefined;
  (ready || []).forEach((work) => work());
}

/** Runs when the hints are there, or no longer waited for. */
export function withHints(t: Tracker, work: () => void): void {
  if (waiting && !t.featuresOff) waiting.push(work);
  else work();
}

/** The part of a request that is added when it is sent. */
export const browserPart = (t: Tracker): string =>
  `&${query({ uadata: JSON.stringify(t.featuresOff ? {} : hints), ...features(t) })}`;
