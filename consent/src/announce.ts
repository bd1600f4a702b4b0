// The one place from which a choice leaves this code: an event for the page, and, where the site keeps receipts, one
// request on the tracker's path that holds nothing of the visitor, the page or the browser.
import type { Choice, Settings } from './consent.ts';
import type { Receipt } from './receipt.ts';

/** `withdrawn` ends the agreement whose id it carries; `shown`: nothing was chosen yet. */
export type Announced = Choice | 'withdrawn' | 'shown';

const seconds = (time: number): string => String(Math.floor(time / 1000));

export const trackerPath = (url: string): string => url.replace(/\/?$/, '/matomo.php');

export const tellPage = (receipt: Receipt): void => void dispatchEvent(new CustomEvent('candor-consent', { detail: receipt }));

/** Tells a choice with the words that were shown; answers whether the server has refused the record, so that there is
 *  none. Without an answer only the server can tell. The choice counts nevertheless. */
export async function tellServer({ url, site, purposes }: Settings, receipt: Receipt, choice: Announced, text = ''): Promise<unknown> {
  if (!url) return;
  const body = new URLSearchParams({
    ...receipt, consent: '1', idsite: site, choice, purposes, text,
    time: seconds(receipt.time), expires: seconds(receipt.expires),
  });
  // It outlives the page and has no cookies with it.
  const answer = await fetch(trackerPath(url), { method: 'POST', body, keepalive: true, credentials: 'omit', referrerPolicy: 'no-referrer' })
    .catch(() => {});
  return answer && Math.floor(answer.status / 100) === 4;
}

/** Whether the visit began with this page; known without storing anything. */
export function isEntry(): boolean {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return (!entry || entry.type === 'navigate') && !document.referrer.startsWith(location.origin + '/');
}
