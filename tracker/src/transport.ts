// Sends requests: beacon, else XHR or image. Keeps the gap after the first one, gathers queued ones in bulk,
// and holds everything back while consent is missing.
import { browserPart, withHints } from './browser.ts';
import { refreshConsent } from './consent.ts';
import { page } from './page.ts';
import { currentUrl, type Callback, type Tracker } from './tracker.ts';
import { withQuery } from './url.ts';

/** The server must know the visitor from the first request before it sees the second. */
const GAP_MS = 800;
const NEXT_GAP_MS = 50;
/** Longer requests are posted. */
const GET_CHARS_MAX = 2000;
const BULK_MAX = 50;
const XHR_DELAY_MS = 50;

/** Requests that wait for the gap; sent at once when the page is left. */
const inGap = new Set<() => void>();

export const sendWaiting = (): void => inGap.forEach((send) => send());

/** Pages opened from a file are somebody's copy. */
export const isUntrackedFile = (t: Tracker): boolean => !t.tracksFiles_ && /(^| )file:/.test(`${location.href} ${currentUrl(t)}`);

/** Runs now, or when consent is given, the hints are there and the gap is over. */
function whenAllowed(t: Tracker, send: () => void): void {
  if (t.respectsSignal_) return;
  refreshConsent(t);
  if (!t.consents_) {
    t.waitingForConsent_.push(() => whenAllowed(t, send));
    return;
  }
  t.hasSent_ = true;
  t.lastSentAt_ = Date.now();
  withHints(t, () => afterGap(t, send));
}

function afterGap(t: Tracker, send: () => void): void {
  const now = Date.now();
  if (page.isLeaving_ || now > t.nextSendAt_) {
    t.nextSendAt_ = t.nextSendAt_ || now + GAP_MS;
    send();
    return;
  }
  const once = (): void => { if (inGap.delete(once)) send(); };
  inGap.add(once);
  setTimeout(once, t.nextSendAt_ - now);
  t.nextSendAt_ += NEXT_GAP_MS;
}

export function send(t: Tracker, request: string, callback?: Callback): void {
  whenAllowed(t, () => {
    const full = request + (t.needsConsent_ ? '&consent=1' : '') + browserPart(t);
    const isPosted = t.method_ === 'POST' || full.length > GET_CHARS_MAX;
    const asImage = (): void => sendImage(t, full, callback);
    if (!t.beaconOff_ && sendBeacon(t, full, isPosted, callback)) return;
    if (isPosted) sendXhr(t, full, callback, asImage);
    else asImage();
  });
}

function sendBulk(t: Tracker, requests: string[]): void {
  whenAllowed(t, () => {
    const body = JSON.stringify({ requests: requests.map((request) => `?${request}${browserPart(t)}`), send_image: 0 });
    if (t.beaconOff_ || !sendBeacon(t, body, true)) sendXhr(t, body);
  });
}

/** Queues a request that may go with others. */
export function enqueue(t: Tracker, request: string): void {
  if (t.queueOff_ || page.isLeaving_) {
    send(t, request);
    return;
  }
  t.queued_.push(request);
  clearTimeout(t.queueTimer_);
  t.queueTimer_ = window.setTimeout(() => flushQueue(t), t.queueMs_);
}

/** Sends several requests as one, queued or not. */
export function enqueueAll(t: Tracker, requests: string[]): void {
  if (t.queueOff_) sendAll(t, requests);
  else requests.forEach((request) => enqueue(t, request));
}

export function flushQueue(t: Tracker): void {
  clearTimeout(t.queueTimer_);
  sendAll(t, t.queued_.splice(0));
}

function sendAll(t: Tracker, requests: string[]): void {
  if (requests.length === 1) send(t, requests[0]);
  else while (requests.length) sendBulk(t, requests.splice(0, BULK_MAX));
}

/** Whether the browser took the request over. */
function sendBeacon(t: Tracker, request: string, isPosted: boolean, callback?: Callback): boolean {
  const trackerUrl = t.trackerUrl_;
  try {
    if (!navigator.sendBeacon(
      isPosted ? trackerUrl : withQuery(trackerUrl, request),
      isPosted ? new Blob([request], { type: t.requestContentType_ }) : '',
    )) return false;
  } catch {
    return false;
  }
  callback?.({ request, trackerUrl, success: true, isSendBeacon: true });
  return true;
}

function sendXhr(t: Tracker, request: string, callback?: Callback, onFailure?: () => void): void {
  setTimeout(() => {
    if (page.isLeaving_ && sendBeacon(t, request, true, callback)) return;
    const trackerUrl = t.trackerUrl_;
    const xhr = new XMLHttpRequest();
    xhr.open('POST', trackerUrl);
    xhr.onloadend = () => {
      if (/^2/.test(`${xhr.status}`)) callback?.({ request, trackerUrl, success: true, xhr });
      else onFailure?.();
    };
    xhr.setRequestHeader('Content-Type', t.requestContentType_);
    xhr.withCredentials = true;
    xhr.send(request);
  }, XHR_DELAY_MS);
}

function sendImage(t: Tracker, request: string, callback?: Callback): void {
  const trackerUrl = t.trackerUrl_;
  const image = new Image(1, 1);
  image.onload = image.onerror = (event) => callback?.({ request, trackerUrl, success: (event as Event).type === 'load' });
  image.src = withQuery(trackerUrl, request.replace('send_image=0', 'send_image=1'));
}
