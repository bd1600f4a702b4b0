// matomo-lite.js: page views, events and clicks on links, for pages that need no more. The same `_paq` and the same
// parameters as matomo.js without cookies: it stores nothing in the browser but an opt-out. What it can't do it refuses
// aloud, and whatever asks for consent or an opt-out it obeys.
import { isDownloadUrl } from './downloads.ts';
import { decode, logError, query, toList, type Params } from './text.ts';

type Call = [string, ...never[]];

/** Browsers keep no cookie longer than 400 days. */
const LONG_S = 4e7;

let trackerUrl = '';
let siteId: unknown;
let userId: unknown;
/** Each behind a dot: subdomains count too. */
const hosts = [`.${location.hostname}`];
let url = decode(location.href);
let title = document.title;
let referrer = decode(document.referrer);
let pageViewId: string;
const dimensions: Params = {};

/** Requests that wait for consent; none when it is not needed. */
let waiting: Params[] | undefined;
let consent: 1 | undefined;
/** On this page, by whatever way. */
let isRefused: boolean | undefined;
/** Rules of the page: they get each request as text, whole, and return what is sent. */
let process = (request: string): string => request;

const sixDigits = (): string => `${Math.random()}`.slice(2, 8);

/** Whether this browser remembers an opt-out; with `life` it is first remembered for so many seconds, or forgotten. */
function isOptedOut(life?: number): boolean {
  try {
    if (life) document.cookie = `mtm_consent_removed=1;path=/;SameSite=Lax;max-age=${life}`;
    return document.cookie.includes('mtm_consent_removed=');
  } catch {
    return false; // A sandboxed frame may not even ask.
  }
}

function send(what: Params): void {
  if (isRefused || isOptedOut()) return;
  const now = new Date();
  const request: Params = {
    ...what,
    idsite: siteId,
    rec: 1,
    r: sixDigits(),
    h: now.getHours(),
    m: now.getMinutes(),
    s: now.getSeconds(),
    url,
    urlref: referrer || undefined,
    uid: userId,
    _id: '',
    send_image: 0,
    ...dimensions,
    pv_id: pageViewId,
    cookie: +navigator.cookieEnabled,
    res: `${screen.width}x${screen.height}`,
  };
  if (waiting) waiting.push(request);
  else transmit(request);
}

function transmit(request: Params): void {
  const target = `${trackerUrl}?${process(query({ ...request, consent }).slice(1))}`;
  if (!navigator.sendBeacon?.(target)) new Image().src = target;
}

function refuse(): void {
  isRefused = true;
  waiting = undefined;
}

function optOut(): void {
  refuse();
  isOptedOut(LONG_S);
}

function clicked({ target, button }: MouseEvent): void {
  const link = (target as Element).closest<HTMLAnchorElement>('[href]');
  if (!link || button > 1 || !/^http/.test(link.protocol)) return;
  const address = decode(link.href);
  if (link.hasAttribute('download') || isDownloadUrl(address)) send({ download: address });
  else if (!hosts.some((own) => `.${link.hostname}`.endsWith(own))) send({ link: address });
}

const consented = (): void => {
  const requests = waiting;
  if (waiting) consent = 1;
  waiting = undefined;
  isRefused = isOptedOut(-1);
  requests?.forEach(transmit);
};

/** These count for everything that waits in `_paq`, wherever they stand. */
const SETTINGS = {
  setTrackerUrl: (to: string) => { trackerUrl = to; },
  setSiteId: (id: unknown) => { siteId = id; },
  setUserId: (id: string) => { userId = id; },
  setDomains: (own: string | string[]) => { hosts.push(...toList(own).map((host) => host.replace(/^(\*?\.)?/, '.'))); },
  disableCookies: () => { /* there are none */ },
  enableLinkTracking: () => ['click', 'auxclick'].forEach((type) => document.addEventListener(type, clicked as EventListener, true)),
  setDoNotTrack: (respect: boolean) => { if (respect && /yes|1/.test(navigator.doNotTrack!)) refuse(); },
  requireConsent: () => { waiting ||= []; },
  forgetConsentGiven: optOut,
  optUserOut: optOut,
  setCustomRequestProcessing: (own: typeof process) => { process = own; },
};

const METHODS: Record<string, (...args: never[]) => void> = {
  ...SETTINGS,
  setConsentGiven: consented,
  rememberConsentGiven: consented,
  setCustomUrl: (address: string) => { url = new URL(address, location.href).href; },
  setDocumentTitle: (text: string) => { title = text; },
  setReferrerUrl: (address: string) => { referrer = address; },
  setCustomDimension: (id: number, value: unknown) => { dimensions[`dimension${id}`] = value; },
  trackPageView: (text?: string) => {
    pageViewId = sixDigits();
    send({ action_name: text || title });
  },
  trackEvent: (category: unknown, action: unknown, name?: unknown, value?: unknown) =>
    send({ e_c: category, e_a: action, e_n: name, e_v: value, ca: 1 }),
  trackLink: (address: unknown, kind: string) => send({ [kind]: address }),
};

const push = (...calls: Call[]): void => calls.forEach(([name, ...args]) => {
  if (METHODS[name]) METHODS[name](...args);
  else logError(`matomo-lite: no ${name}`);
});

const page = window as unknown as { _paq?: Call[] | { push: typeof push } };
const calls = toList(page._paq as Call[]);
page._paq = { push };
push(...calls.filter(([name]) => name in SETTINGS), ...calls.filter(([name]) => !(name in SETTINGS)));
