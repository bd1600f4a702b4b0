// Sends requests: beacon, else XHR or image. Keeps the gap after the first one, gathers queued ones in bulk,
// and holds everything back while consent is missing.
import { browserPart, withHints } from './browser.ts';
import { refreshConsent } from './consent.ts';
import { page } from './page.ts';
import { touch } from './request.ts';
import type { Callback, Tracker } from './tracker.ts';

/** The server must know the visitor from the first request before it sees the second. */
const GAP_MS = 800;
const NEXT_GAP_MS = 50;
/** Longer requests are posted. */
const GET_CHARS_MAX = 2000;
const BULK_MAX = 50;
const XHR_DELAY_MS = 50;

/** Requests that wait for the gap; sent at once when the page is left. */
const inGap = new Set<() => void>();

export function sendWaiting(): void {
  inGap.forEach((send) => send());
}

/** Pages opened from a file are somebody's copy. */
export const isUntrackedFile = (t: Tracker): boolean =>
  !t.tracksFiles && [location.protocol, t.currentUrl()].some((text) => text.indexOf('file:') === 0);

/** Runs now, or when consent is given, the hints are there and the gap is over. */
function whenAllowed(t: Tracker, send: () => void): void {
  if (t.respectsSignal) return;
  refreshConsent(t);
  if (!t.consents) {
    t.waitingForConsent.push(() => whenAllowed(t, send));
    return;
  }
  touch(t);
  withHints(t, () => afterGap(t, send));
}

function afterGap(t: Tracker, send: () => void): void {
  const now = Date.now();
  if (page.isLeaving || now > t.nextSendAt) {
    if (!t.nextSendAt) t.nextSendAt = now + GAP_MS;
    send();
    return;
  }
  let timer = 0;
  const once = (): void => {
    clearTimeout(timer);
    if (inGap.delete(once)) send();
  };
  inGap.add(once);
  timer = window.setTimeout(once, t.nextSendAt - now);
  t.nextSendAt += NEXT_GAP_MS;
}

export function send(t: Tracker, request: string, callback?: Callback): void {
  whenAllowed(t, () => {
    const full = request + (t.needsConsent ? '&consent=1' : '') + browserPart(t);
    const isPosted = t.method === 'POST' || full.length > GET_CHARS_MAX;
    if (!t.beaconOff && sendBeacon(t, full, isPosted, callback)) return;
    if (isPosted) sendXhr(t, full, callback, () => sendImage(t, full, callback));
    else sendImage(t, full, callback);
  });
}

function sendBulk(t: Tracker, requests: string[]): void {
  whenAllowed(t, () => {
    const body = JSON.stringify({ requests: requests.map((request) => `?${request}${browserPart(t)}`), send_image: 0 });
    if (!(!t.beaconOff && sendBeacon(t, body, true))) sendXhr(t, body);
  });
}

/** Queues a request that may go with others. */
export function enqueue(t: Tracker, request: string): void {
  if (t.queueOff || page.isLeaving) {
    send(t, request);
    return;
  }
  t.queued.push(request);
  clearTimeout(t.queueTimer);
  t.queueTimer = window.setTimeout(() => flushQueue(t), t.queueMs);
}

/** Sends several requests as one, queued or not. */
export function enqueueAll(t: Tracker, requests: string[]): void {
  if (!t.queueOff) requests.forEach((request) => enqueue(t, request));
  else if (requests.length) sendAll(t, requests);
}

export function flushQueue(t: Tracker): void {
  clearTimeout(t.queueTimer);
  sendAll(t, t.queued.splice(0));
}

function sendAll(t: Tracker, requests: string[]): void {
  if (requests.length === 1) send(t, requests[0]);
  else for (let at = 0; at < requests.length; at += BULK_MAX) sendBulk(t, requests.slice(at, at + BULK_MAX));
}

const withQuery = (url: string, query: string): string => url + (url.indexOf('?') < 0 ? '?' : '&') + query;

function sendBeacon(t: Tracker, request: string, isPosted: boolean, callback?: Callback): boolean {
  if (!navigator.sendBeacon) return false;
  let success = false;
  try {
    success = isPosted
      ? navigator.sendBeacon(t.trackerUrl, new Blob([request], { type: t.requestContentType }))
      : navigator.sendBeacon(withQuery(t.trackerUrl, request), '');
  } catch { /* a browser that knows no blobs here */ }
  if (success && callback) callback({ request, trackerUrl: t.trackerUrl, success, isSendBeacon: true });
  return success;
}

function sendXhr(t: Tracker, request: string, callback?: Callback, onFailure?: () => void): void {
  setTimeout(() => {
    if (page.isLeaving && sendBeacon(t, request, true, callback)) return;
    const xhr = new XMLHttpRequest();
    xhr.open('POST', t.trackerUrl, true);
    xhr.onreadystatechange = () => {
      if (xhr.readyState !== 4) return;
      if (xhr.status >= 200 && xhr.status < 300) {
        if (callback) callback({ request, trackerUrl: t.trackerUrl, success: true, xhr });
      } else if (onFailure) {
        onFailure();
      }
    };
    xhr.setRequestHeader('Content-Type', t.requestContentType);
    xhr.withCredentials = true;
    xhr.send(request);
  }, XHR_DELAY_MS);
}

function sendImage(t: Tracker, request: string, callback?: Callback): void {
  const image = new Image(1, 1);
  const answer = (success: boolean) => (): void => {
    if (callback) callback({ request, trackerUrl: t.trackerUrl, success });
  };
  image.onload = answer(true);
  image.onerror = answer(false);
  image.src = withQuery(t.trackerUrl, request.replace('send_image=0', 'send_image=1'));
}
