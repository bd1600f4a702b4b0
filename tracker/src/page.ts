// The page that all trackers share: its loading, its leaving, its visibility.

/** The page is being left, or hidden: nothing may wait any more. */
export let isLeaving = false;
/** Loading is over, and how long it took is known. */
export let isLoaded = false;

const leavers: Array<() => void> = [];

/** Runs when the page is left or hidden; possibly several times. */
export const onLeave = (work: () => void): void => { leavers.push(work); };

/** Someone who is asked "leave this page?" may stay. */
const STAYS_AFTER_MS = 5000;

function leave(): void {
  if (isLeaving) return;
  isLeaving = true;
  leavers.forEach((work) => work());
  setTimeout(() => { isLeaving = document.hidden; }, STAYS_AFTER_MS);
}

export function on(target: EventTarget, type: string, handler: (event: never) => void, how?: AddEventListenerOptions | boolean): void {
  target.addEventListener(type, handler as EventListener, how);
}

/** Runs when the document can be read. */
export function onReady(work: () => void): void {
  if (document.readyState === 'loading') on(document, 'DOMContentLoaded', work);
  else work();
}

/** Runs when everything is loaded. */
export function onLoad(work: () => void): void {
  if (document.readyState === 'complete') work();
  else on(window, 'load', work);
}

/** Runs when a page that was fetched ahead is really shown; at once on any other. */
export function onceShown(work: () => void): void {
  if ((document.visibilityState as string) !== 'prerender') work();
  else on(document, 'visibilitychange', () => onceShown(work), { once: true });
}

export function watchPage(): void {
  const stay = (): void => { isLeaving = false; };
  on(window, 'beforeunload', leave);
  on(window, 'pagehide', leave);
  on(window, 'pageshow', stay);
  on(document, 'visibilitychange', () => (document.hidden ? leave : stay)());
  // The end of the load event itself is known after it.
  onLoad(() => setTimeout(() => { isLoaded = true; }));
}
