// Sends requests: beacon, else post or image. Keeps the gap after the first one, gathers queued ones in bulk,
// and holds everything back while consent is missing.
import { browserPart, withHints } from './browser.ts';
import { refreshConsent } from './consent.ts';
import { page } from './page.ts';
import { currentUrl, type Answer, type Callback, type Tracker } from './tracker.ts';
import { withQuery } from './url.ts';

/** The server must know the visitor from the first request before it sees the second. */
const GAP_MS = 800;
const NEXT_GAP_MS = 50;
/** Longer requests are posted. */
const GET_CHARS_MAX = 2000;
const BULK_MAX = 50;

type Tell = (how: Partial<Answer>) => void;

/** Requests that wait for the gap; sent at once when the page is left. */
const inGap = new Set<() => void>();

export const sendWaiting = (): void => inGap.forEach((send) => send());

/** Pages opened from a file are somebody's copy. */
export const isUntrackedFile = (t: Tracker): boolean => !t.tracksFiles_ && /^(\w+:)?file:/.test(location.protocol + currentUrl(t));

/** Runs now, or when consent is given; never when it was refused. */
function whenAllowed(t: Tracker, work: () => void): void {
  refreshConsent(t);
  if (t.consents_) work();
  else t.waitingForConsent_?.push(() => whenAllowed(t, work));
}

/** For work that waits: consent may be withdrawn meanwhile, which begins a new queue. */
function unlessRefused(t: Tracker, work: () => void): () => void {
  const queue = t.queued_;
  return () => { if (queue === t.queued_) whenAllowed(t, work); };
}

/** Runs when it is allowed, the hints are there and the gap is over. */
function whenReady(t: Tracker, send: () => void): void {
  if (!t.respectsSignal_) whenAllowed(t, () => {
    t.lastSentAt_ = Date.now();
    withHints(t, unlessRefused(t, () => afterGap(t, unlessRefused(t, send))));
  });
}

function afterGap(t: Tracker, send: () => void): void {
  const now = Date.now();
  if (page.isLeaving_ || now > t.nextSendAt_) {
    t.nextSendAt_ ||= now + GAP_MS;
    return send();
  }
  const once = (): void => { if (inGap.delete(once)) send(); };
  inGap.add(once);
  setTimeout(once, t.nextSendAt_ - now);
  t.nextSendAt_ += NEXT_GAP_MS;
}

export function send(t: Tracker, request: string, callback?: Callback): void {
  whenReady(t, () => {
    const full = request + (t.needsConsent_ ? '&consent=1' : '') + browserPart(t);
    const isPosted = t.method_ === 'POST' || full.length > GET_CHARS_MAX;
    const tell = (how: Partial<Answer>): void => callback?.({ request: full, trackerUrl: t.trackerUrl_, success: true, ...how });
    const asImage = (): void => {
      const image = new Image();
      image.onload = image.onerror = (event) => tell({ success: (event as Event).type === 'load' });
      image.src = withQuery(t.trackerUrl_, full.replace('send_image=0', 'send_image=1'));
    };
    if (sendBeacon(t, full, isPosted, tell)) return;
    if (isPosted) post(t, full, tell, unlessRefused(t, asImage));
    else asImage();
  });
}

function sendBulk(t: Tracker, requests: string[]): void {
  whenReady(t, () => {
    const body = JSON.stringify({ requests: requests.map((request) => `?${request}${browserPart(t)}`), send_image: 0 });
    if (!sendBeacon(t, body, true)) post(t, body);
  });
}

/** Queues requests that may go with others; where nothing may wait, these go together. */
export function enqueue(t: Tracker, ...requests: string[]): void {
  refreshConsent(t);
  if (t.consents_ || t.waitingForConsent_) t.queued_.push(...requests);
  clearTimeout(t.queueTimer_);
  if (t.queueOff_ || page.isLeaving_) flushQueue(t);
  else t.queueTimer_ = setTimeout(() => flushQueue(t), t.queueMs_);
}

export function flushQueue(t: Tracker): void {
  const requests = t.queued_.splice(0);
  if (requests.length === 1) send(t, requests[0]);
  else while (requests.length) sendBulk(t, requests.splice(0, BULK_MAX));
}

/** Whether the browser took the request over. */
function sendBeacon(t: Tracker, request: string, isPosted: boolean, tell?: Tell): unknown {
  let isTaken;
  try {
    isTaken = !t.beaconOff_ && navigator.sendBeacon(
      isPosted ? t.trackerUrl_ : withQuery(t.trackerUrl_, request),
      isPosted ? new Blob([request], { type: t.requestContentType_ }) : '',
    );
  } catch { /* there are none here */ }
  if (isTaken) tell?.({ isSendBeacon: true });
  return isTaken;
}

function post(t: Tracker, body: string, tell?: Tell, onFailure = (): void => {}): void {
  fetch(t.trackerUrl_, {
    method: 'POST',
    body,
    headers: { 'Content-Type': t.requestContentType_ },
    credentials: 'include',
    keepalive: page.isLeaving_,
  }).then((xhr) => (xhr.ok ? tell?.({ xhr }) : onFailure()), onFailure);
}
