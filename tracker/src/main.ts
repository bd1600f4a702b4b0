// Start-up. A second copy of the script on a page keeps the first one's trackers.
import { callInits, flushOnLeave, makeMatomo } from './matomo.ts';
import { publishLegacy } from './legacy.ts';
import { watchPage } from './page.ts';
import { logError } from './text.ts';

type Matomo = { initialized: boolean; getAsyncTrackers(): unknown[]; addTracker(): unknown; trigger(event: string): void };

const page = window as unknown as { Matomo?: Matomo; Piwik: unknown; AnalyticsTracker: unknown; _paq: unknown };

if (!page.Matomo) {
  const made = makeMatomo();
  publishLegacy(made);
  page.Matomo = made as unknown as Matomo;
  flushOnLeave();
  watchPage();
}
const matomo = page.Matomo;
page.Piwik = page.AnalyticsTracker = matomo;

callInits();
if (!matomo.getAsyncTrackers().length) {
  if ((page._paq as unknown[] | undefined)?.length) matomo.addTracker();
  else page._paq = { push: () => logError('no _paq') };
}
matomo.trigger('MatomoInitialized');
matomo.initialized = true;
