// The one place from which a choice leaves this code: an event for the page, and, where the site keeps receipts, one
// request on the tracker's path that holds nothing of the visitor, the page or the browser.
import type { Choice, Settings } from './consent.ts';
import { hashOf, type Receipt } from './receipt.ts';

/** `withdrawn` ends the agreement whose id it carries; `shown`: nothing was chosen yet. */
export type Announced = Choice | 'withdrawn' | 'shown';

const seconds = (time: number): string => String(Math.floor(time / 1000));

export const trackerPath = (url: string): string => `${url.replace(/\/?$/, '/')}matomo.php`;

export const tellPage = (receipt: Receipt): void => void dispatchEvent(new CustomEvent('candor-consent', { detail: receipt }));

/** Returns the server's link in its chain; nothing when it can't be known. */
export async function tellServer({ url, site }: Settings, receipt: Receipt, choice: Announced, text = ''): Promise<string> {
  if (!url) return '';
  try {
    const body = new URLSearchParams({
      ...receipt, consent: '1', idsite: site, choice, purposes: 'statistics', text: await hashOf(text),
      time: seconds(receipt.time), expires: seconds(receipt.expires),
    });
    // It outlives the page and has no cookies with it.
    const answer = await fetch(trackerPath(url), { method: 'POST', body, keepalive: true, credentials: 'omit', referrerPolicy: 'no-referrer' });
    return (await answer.json()).chain;
  } catch {
    return '';
  }
}

/** Whether the visit began with this page; known without storing anything. */
export function isEntry(): boolean {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return (!entry || entry.type === 'navigate') && !document.referrer.startsWith(location.origin + '/');
}
