// What the browser says about itself: plugin flags, screen, client hints.
import { hasCookies } from './cookies.ts';
import { query, type Params } from './text.ts';
import type { Tracker } from './tracker.ts';

/** Plugins of which no browser is left that has them; they stay part of the protocol. */
const GONE = { qt: 0, realp: 0, wma: 0, fla: 0, java: 0, ag: 0 };
const HINTS = ['brands', 'model', 'platform', 'platformVersion', 'uaFullVersion', 'fullVersionList', 'formFactors'];

type Hints = Record<string, unknown>;
type HintSource = { brands: unknown; platform: unknown; getHighEntropyValues(names: string[]): Promise<Hints> };

/** Plugin flags, cookies and screen, as they are sent. */
export function features(t: Tracker): Params {
  if (t.featuresOff) return {};
  const pdf = (navigator.mimeTypes as unknown as Record<string, MimeType | undefined>)['application/pdf'];
  return { pdf: pdf ? 1 : 0, ...GONE, cookie: hasCookies() ? 1 : 0, res: `${screen.width}x${screen.height}` };
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
