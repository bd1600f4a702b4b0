// Errors of the page's scripts as events, each once a page view.
import { on } from './page.ts';
import { isFirst, type Tracker } from './tracker.ts';

export const trackErrors = (t: Tracker): void => on(window, 'error', ({ message, filename, lineno, colno }: ErrorEvent) => {
  const place = `${filename}:${lineno}${colno ? `:${colno}` : ''}`;
  if (isFirst(t, place + message)) t.api_.trackEvent('JavaScript Errors', place, message);
});
