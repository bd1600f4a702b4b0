// Tracks something: builds its request and sends it, as soon as the page is shown.
import { onceShown } from './page.ts';
import { buildRequest } from './request.ts';
import type { Params } from './text.ts';
import type { Callback, Tracker } from './tracker.ts';
import { isUntrackedFile, send } from './transport.ts';

/** Runs when the page is shown: most hits of a page fetched ahead would be visits that never were. */
export function whenShown(t: Tracker, work: () => void): void {
  if (isUntrackedFile(t)) return;
  if (t.countPreRendered_) work();
  else onceShown(work);
}

export const track = (t: Tracker, what: Params | string, hook?: string, data?: Params, callback?: Callback): void =>
  whenShown(t, () => send(t, [buildRequest(t, what, data, hook)], callback));
