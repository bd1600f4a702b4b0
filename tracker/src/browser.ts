// What the browser says about itself: plugin flags, screen, client hints.
import { hasCookies } from './cookies.ts';
import { query, some, type Params } from './text.ts';
import type { Tracker } from './tracker.ts';

type Hints = Record<string, unknown>;
type HintSource = { brands: unknown; platform: unknown; getHighEntropyValues?(names: string[]): Promise<Hints> };

/** Plugin flags, cookies and screen, as they are sent. Of most plugins no browser is left; they stay part of the protocol. */
export const features = (t: Tracker): Params => (t.featuresOff_ ? {} : {
  pdf: +('application/pdf' in navigator.mimeTypes),
  qt: 0, realp: 0, wma: 0, fla: 0, java: 0, ag: 0,
  cookie: +hasCookies(),
  res: `${screen.width}x${screen.height}`,
});

let hints: Hints = {};
let waiting: Array<() => void> | undefined;

/** Called once a page; requests wait for the answer. */
export function askForHints(): void {
  const source = (navigator as unknown as { userAgentData?: HintSource }).userAgentData;
  if (!source?.getHighEntropyValues) return;
  const { brands, platform } = source;
  hints = { brands, platform };
  waiting = [];
  source.getHighEntropyValues(['brands', 'model', 'platform', 'platformVersion', 'uaFullVersion', 'fullVersionList', 'formFactors'])
    .then((values) => {
      if (values.fullVersionList) values.brands = values.uaFullVersion = undefined;
      hints = values;
    }, () => { /* what is known without asking is enough */ }).then(stopWaitingForHints);
}

export function stopWaitingForHints(): void {
  const ready = waiting;
  waiting = undefined;
  ready?.forEach((work) => work());
}

/** Runs when the hints are there, or no longer waited for. */
export function withHints(t: Tracker, work: () => void): void {
  if (waiting && !t.featuresOff_) waiting.push(work);
  else work();
}

/** The part of a request that is added when it is sent: by then there are hints, and consent where it is required. */
export const finalPart = (t: Tracker): string =>
  query({ consent: some(+t.needsConsent_), uadata: JSON.stringify(t.featuresOff_ ? {} : hints), ...features(t) });
