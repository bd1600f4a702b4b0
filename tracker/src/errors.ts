// Errors of the page's scripts as events, each once a page view.
import type { Tracker } from './tracker.ts';

export function trackErrors(t: Tracker): void {
  const before = window.onerror;
  window.onerror = (message, url, line, column, error) => {
    const place = `${url || ''}:${line}${column ? `:${column}` : ''}`;
    const what = place + message;
    if (!t.seenErrors_.includes(what)) {
      t.seenErrors_.push(what);
      t.api_.trackEvent('JavaScript Errors', place, message);
    }
    return before ? before.call(window, message, url, line, column, error) : false;
  };
}
