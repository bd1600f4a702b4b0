// The page that all trackers share: its loading, its leaving, its visibility.

/** The page is being left, or hidden: nothing may wait any more. */
export const page = { isLeaving: false };

const leavers: Array<() => void> = [];

/** Runs when the page is left or hidden; possibly several times. */
export const onLeave = (work: () => void): void => { leavers.push(work); };

/** Someone who is asked "leave this page?" may stay. */
const STAYS_AFTER_MS = 5000;

function leave(): void {
  if (page.isLeaving) return;
  page.isLeaving = true;
  leavers.forEach((work) => work());
  setTimeout(() => { page.isLeaving = document.visibilityState === 'hidden'; }, STAYS_AFTER_MS);
}

export function on(target: EventTarget, type: string, handler: (event: never) => void, capture?: boolean): void {
  target.addEventListener(type, handler as EventListener, capture || false);
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
  if ((document.visibilityState as string) !== 'prerender') return work();
  const shown = (): void => {
    if ((document.visibilityState as string) === 'prerender') return;
    document.removeEventListener('visibilitychange', shown);
    work();
  };
  on(document, 'visibilitychange', shown);
}

export function watchPage(): void {
  on(window, 'beforeunload', leave);
  on(window, 'pagehide', leave);
  on(window, 'pageshow', () => { page.isLeaving = false; });
  on(document, 'visibilitychange', () => {
    if (document.visibilityState === 'hidden') leave();
    else page.isLeaving = false;
  });
}
