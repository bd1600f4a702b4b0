// Sends requests: beacon, else post or image. Keeps the gap after the first one, gathers queued ones in bulk,
// and holds everything back while consent is missing.
import { finalPart, withHints } from './browser.ts';
import { refreshConsent } from './consent.ts';
import { trigger } from './events.ts';
import { isLeaving } from './page.ts';
import { currentUrl, type Answer, type Callback, type Tracker } from './tracker.ts';
import { withQuery } from './url.ts';

/** The server must know the visitor from the first request before it sees the second. */
const GAP_MS = 800;
const NEXT_GAP_MS = 50;
/** Longer requests are posted. */
const GET_CHARS_MAX = 2000;
const BULK_MAX = 50;

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
  if (isLeaving || now > t.nextSendAt_) {
    t.nextSendAt_ ||= now + GAP_MS;
    return send();
  }
  const once = (): void => { if (inGap.delete(once)) send(); };
  inGap.add(once);
  setTimeout(once, t.nextSendAt_ - now);
  t.nextSendAt_ += NEXT_GAP_MS;
}

/**
 * All that a request says, just before it leaves. Rules of privacy change or delete parameters here; what they can't work
 * off is not sent.
 */
function complete(t: Tracker, request: string): string {
  const params = new URLSearchParams(request + finalPart(t));
  trigger('TrackerRequest', [params, t.api_]);
  return `${params}`;
}

/** Sends requests: one as itself, several as a list. */
export function send(t: Tracker, requests: string[], callback?: Callback): void {
  whenReady(t, () => {
    const all = requests.map((request) => complete(t, request));
    const isBulk = all.length > 1;
    const text = isBulk ? JSON.stringify({ requests: all.map((one) => `?${one}`), send_image: 0 }) : all[0];
    const isPosted = isBulk || /^post$/i.test(t.method_) || text.length > GET_CHARS_MAX;
    const address = isPosted ? t.trackerUrl_ : withQuery(t.trackerUrl_, text);
    const body = isPosted ? new Blob([text], { type: t.requestContentType_ }) : '';
    const tell = (how: Partial<Answer>): void => callback?.({ request: text, trackerUrl: t.trackerUrl_, success: true, ...how });
    const asImage = (): void => {
      if (isBulk) return;
      const image = new Image();
      image.onload = image.onerror = (event) => tell({ success: (event as Event).type === 'load' });
      image.src = withQuery(t.trackerUrl_, text.replace('send_image=0', 'send_image=1'));
    };
    const tryAgain = unlessRefused(t, asImage);
    if (!t.beaconOff_ && navigator.sendBeacon?.(address, body)) tell({ isSendBeacon: true });
    else if (!isPosted) asImage();
    else fetch(address, { method: 'POST', body, credentials: 'include', keepalive: isLeaving }).then((xhr) => (xhr.ok ? tell({ xhr }) : tryAgain()), tryAgain);
  });
}

/** Queues requests that may go with others; where nothing may wait, these go together. */
export function enqueue(t: Tracker, ...requests: string[]): void {
  refreshConsent(t);
  if (t.consents_ || t.waitingForConsent_) t.queued_.push(...requests);
  clearTimeout(t.queueTimer_);
  if (t.queueOff_ || isLeaving) flushQueue(t);
  else t.queueTimer_ = setTimeout(() => flushQueue(t), t.queueMs_);
}

export function flushQueue(t: Tracker): void {
  while (t.queued_.length) send(t, t.queued_.splice(0, BULK_MAX));
}
