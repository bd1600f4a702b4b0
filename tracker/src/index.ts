// For bundlers: trackers of a program's own, without `_paq` and without globals. Nothing is touched before the first one is
// made, so it can be imported on a server.
import { addHandler } from './events.ts';
import { flushOnLeave, makeMatomo } from './matomo.ts';
import type { Api, METHODS } from './methods.ts';
import { watchPage } from './page.ts';
import type { SiteId, Tracker } from './tracker.ts';

type Public<Method> = Method extends (t: Tracker, ...args: infer Args) => infer Result
  ? (...args: Args) => Result extends Api ? PageTracker : Result : never;

/** Every method of the reference. */
export type PageTracker = { [Name in keyof typeof METHODS]: Public<(typeof METHODS)[Name]> };

let matomo: { getTracker(url: string, siteId: SiteId): PageTracker } | undefined;

/** A tracker that sends to `url`, such as `https://stats.example.org/matomo.php`. */
export function createTracker(url: string, siteId: string | number): PageTracker {
  if (!matomo) {
    matomo = makeMatomo() as unknown as NonNullable<typeof matomo>;
    flushOnLeave();
    watchPage();
  }
  return matomo.getTracker(url, siteId);
}

/** A rule of privacy: changes or deletes parameters of each request just before it leaves. Nothing is sent if it throws. */
export type Rule = (parameters: URLSearchParams, tracker: PageTracker) => void;

/** Has every request of every tracker pass a rule. */
export const addRule = (rule: Rule): void => addHandler('TrackerRequest', rule as never);
