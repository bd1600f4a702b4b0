// New routes of a single-page application as page views: address, referrer and title as a page of its own would have.
import { push } from '../../src/tracker.ts';

/** Frameworks set the title a moment after the address. */
const TITLE_MS = 100;

let watchers = 0;
let stop = (): void => undefined;

const place = (): string => location.pathname + location.search;

/** Follows the history until the returned function is called; many watchers share one hook. */
export function watchRoutes(): () => void {
  if (watchers++ === 0) stop = hook();
  return () => {
    if (--watchers === 0) stop();
  };
}

function hook(): () => void {
  const own = { pushState: history.pushState, replaceState: history.replaceState };
  let seen = place(), address = location.href, timer = 0;
  const tell = (): void => {
    clearTimeout(timer);
    timer = 0;
    push('setReferrerUrl', address);
    push('setCustomUrl', location.href);
    push('setDocumentTitle', document.title);
    push('trackPageView');
    address = location.href;
  };
  const moved = (): void => {
    if (place() === seen) return;
    seen = place();
    clearTimeout(timer);
    timer = window.setTimeout(tell, TITLE_MS);
  };
  for (const name of ['pushState', 'replaceState'] as const) {
    history[name] = function (this: History, ...args: Parameters<History['pushState']>) {
      // A route that is left before its title came was seen nevertheless; a redirect replaces it.
      if (timer && name === 'pushState') tell();
      own[name].apply(this, args);
      moved();
    };
  }
  addEventListener('popstate', moved);
  return () => {
    clearTimeout(timer);
    Object.assign(history, own);
    removeEventListener('popstate', moved);
  };
}
