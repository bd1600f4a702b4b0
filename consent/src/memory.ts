// Where a choice is kept: two entries of localStorage, on demand the same two as cookies, and the page's own memory
// where the browser allows neither. Also removes what tracking has stored.
import type { Choice } from './consent.ts';
import type { Receipt } from './receipt.ts';

/** `accepted` or `rejected`; other code may read and write it too. */
export const KEY = 'matomo-consent';
export const RECEIPT_KEY = 'matomo-consent-receipt';

/** Cookies of the tracker. */
export const TRACKING = /^(_pk_(id|ses|ref|cvar)\.|mtm_(cookie_)?consent$)/;
/** The tracker's own memory of an opt-out. */
export const OPT_OUT = /^mtm_consent_removed$/;

const ofPage: Record<string, string> = {};

/** What storage answers; undefined when it is blocked or full, or holds what nobody here wrote. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Frames in a sandbox may not even ask for them. */
const cookies = (): string[][] => (attempt(() => document.cookie) || '').split('; ').map((pair) => pair.split(/=(.*)/));

const read = (key: string): string => attempt(() => localStorage.getItem(key))
  || attempt(() => decodeURIComponent(cookies().find(([name]) => name === key)?.[1] || '')) || ofPage[key] || '';

const setCookie = (name: string, value: string, seconds: number, domain = ''): unknown => attempt(() => {
  document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=${seconds};samesite=lax` +
    (location.protocol === 'https:' ? ';secure' : '') + (domain && `;domain=${domain}`);
});

function write(key: string, value: string, cookieSeconds: number): void {
  ofPage[key] = value;
  attempt(() => {
    if (value) localStorage[key] = value;
    else delete localStorage[key];
  });
  if (cookieSeconds) setCookie(key, value, cookieSeconds);
}

/** The remembered receipt, whatever stands beside it; null when it can't be read. */
export const readReceipt = (): Receipt | null => attempt(() => JSON.parse(read(RECEIPT_KEY))) || null;

/** The remembered choice; its receipt is null when somebody else wrote it or it can't be read. */
export function readChoice(): { choice: Choice; receipt: Receipt | null } | null {
  const choice = read(KEY);
  if (choice !== 'accepted' && choice !== 'rejected') return null;
  const receipt = readReceipt();
  // The two disagree when somebody else has changed the choice since.
  return { choice, receipt: receipt?.choice === choice ? receipt : null };
}

export function writeChoice(receipt: Receipt, mirror: boolean): void {
  const seconds = mirror ? Math.round((receipt.expires - receipt.time) / 1000) : 0;
  write(KEY, receipt.choice, seconds);
  write(RECEIPT_KEY, JSON.stringify(receipt), seconds);
}

export const forgetChoice = (): void => [KEY, RECEIPT_KEY].forEach((key) => write(key, '', -1));

export const hasOptedOut = (): boolean => cookies().some(([name]) => OPT_OUT.test(name));

/** Deletes cookies of the page's host and the domains above it; tells whether there were any. */
export function deleteCookies(names: RegExp): boolean {
  const found = cookies().filter(([name]) => names.test(name));
  const labels = location.hostname.split('.');
  for (const [name] of found) {
    setCookie(name, '', -1);
    labels.forEach((_, i) => setCookie(name, '', -1, labels.slice(i).join('.')));
  }
  return found.length > 0;
}
