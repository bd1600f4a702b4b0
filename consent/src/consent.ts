// The headless core: what a visitor chose, whether to ask, and what follows. It draws nothing and loads nothing; it
// speaks to the tracker and to the strict loader by pushing consent calls into `_paq`.
import { announce, type How, type Receipt } from './receipt.ts';
import { deleteCookies, hasOptedOut, OPT_OUT, readChoice, TRACKING, writeChoice, KEY } from './memory.ts';

export type Choice = 'accepted' | 'rejected';

export interface Settings {
  /** Version of the text that people agree to; after a change they are asked again. */
  version: string;
  /** Days for which a choice is kept, whichever it is. */
  days: number;
  /** Global Privacy Control and Do Not Track: a silent no, a reason to ask, or nothing. */
  signals: 'reject' | 'ask' | 'ignore';
  /** Whether the choice is also kept in first-party cookies, for browsers that clear only the other storage. */
  mirror: boolean;
}

export const DEFAULTS: Settings = { version: '1', days: 182, signals: 'reject', mirror: false };

const DAY_MS = 86400000;

/** Signals that the browser sends: `gpc`, `dnt`, both with a blank, or nothing. */
export function signalsSeen(): string {
  const n = navigator as Navigator & { globalPrivacyControl?: boolean };
  return [n.globalPrivacyControl && 'gpc', n.doNotTrack === '1' && 'dnt'].filter(Boolean).join(' ');
}

function push(...call: unknown[]): void {
  const page = window as unknown as { _paq?: Pick<unknown[][], 'push'> };
  (page._paq = page._paq || []).push(call);
}

export class Consent {
  readonly settings: Settings;
  private listeners = new Set<() => void>();
  private hasStarted = false;
  /** What the tracker was told last. */
  private told: Choice | null = null;

  constructor(settings: Partial<Settings> = {}) {
    this.settings = { ...DEFAULTS, ...settings };
  }

  /** The choice that counts now; null: the visitor must be asked. */
  get choice(): Choice | null {
    const { version, signals } = this.settings;
    const found = readChoice();
    const receipt = found && found.receipt;
    const isStale = receipt && (receipt.expires < Date.now() || receipt.version !== version);
    const chosen = found && !isStale ? found.choice : null;
    // A choice that was made in sight of the signal is the more specific one.
    if (signals === 'reject' && signalsSeen() && !(chosen && receipt && receipt.signals)) return 'rejected';
    // Somebody who opted out on the tracker's own page need not do it here again.
    if (hasOptedOut() && !(found && found.choice === 'rejected')) return 'rejected';
    return chosen;
  }

  /** Proof of the remembered choice, for the visitor to see. */
  get receipt(): Receipt | null {
    const found = readChoice();
    return found && found.receipt;
  }

  /** Makes a remembered choice count on this page and follows other tabs. Repeating it does nothing. */
  start(): void {
    if (this.hasStarted) return;
    this.hasStarted = true;
    const found = readChoice();
    // A choice that others wrote, with no time to it, begins now.
    if (found && !found.receipt) this.remember(found.choice, 'found', '');
    if (this.choice === 'accepted') {
      this.told = 'accepted';
      push('setConsentGiven');
    } else if (deleteCookies(TRACKING)) {
      // What agreed once does so no longer: a tracker that runs already must stop.
      push('requireConsent');
    }
    addEventListener('storage', (event) => {
      if (event.key === KEY || event.key === null) this.apply();
    });
  }

  /** The visitor's own choice. Tracking begins or ends with it. */
  choose(choice: Choice, how: How, language = ''): void {
    const receipt = this.remember(choice, how, language);
    this.told = null;
    this.apply();
    announce(receipt);
  }

  /** Calls `listener` after each change; returns how to stop. */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  private remember(choice: Choice, how: How, language: string): Receipt {
    const { version, days, mirror } = this.settings;
    const time = Date.now();
    const receipt = { choice, version, time, expires: time + days * DAY_MS, how, signals: signalsSeen(), language };
    writeChoice(receipt, mirror);
    return receipt;
  }

  /** Tells the tracker when the choice is another than it knows. */
  private apply(): void {
    const choice = this.choice;
    if (choice !== this.told) {
      this.told = choice;
      if (choice === 'accepted') {
        deleteCookies(OPT_OUT);
        push('rememberConsentGiven', this.settings.days * 24);
      } else {
        push('forgetConsentGiven', this.settings.days * 24);
        deleteCookies(TRACKING);
      }
    }
    this.listeners.forEach((listener) => listener());
  }
}
