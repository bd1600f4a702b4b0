// The headless core: what a visitor chose, whether to ask, and what follows. It draws nothing and loads nothing; it
// speaks to the tracker and to the strict loader by pushing consent calls into `_paq`.
import { isEntry, tellPage, tellServer, type Announced } from './announce.ts';
import { deleteCookies, forgetChoice, hasOptedOut, KEY, OPT_OUT, readChoice, readReceipt, TRACKING, writeChoice } from './memory.ts';
import { randomId, type How, type Receipt, type Shown } from './receipt.ts';
import { giveConsent, push, requireConsent } from './tracker.ts';

export type Choice = 'accepted' | 'rejected';

export interface Settings {
  /** Version of the text that people agree to; after a change they are asked again. */
  version: string;
  /** Days for which a choice is kept, whichever it is. */
  days: number;
  /** Global Privacy Control and Do Not Track: a silent no, a reason to ask (again), or nothing. */
  signals: 'reject' | 'ask' | 'ignore';
  /** Whether the choice is also kept in first-party cookies, for browsers that clear only the other storage. */
  mirror: boolean;
  /** Address of Candor, which records each choice; empty: nothing is sent. */
  url: string;
  site: string;
  /** What the text asks about, for the record: words with a comma between them. */
  purposes: string;
  /** Whether it is also counted, once a visit, that the question was shown or a signal answered it: a request before any
   *  choice, so not for sites that promise to make none. */
  countShown: boolean;
}

export const DEFAULTS: Settings = { version: '1', days: 182, signals: 'reject', mirror: false, url: '', site: '', purposes: 'statistics', countShown: false };

const DAY_MS = 86400000;

/** Signals that the browser sends: `gpc`, `dnt`, both with a blank, or nothing. */
export function signalsSeen(): string {
  const n = navigator as Navigator & { globalPrivacyControl?: boolean };
  return [n.globalPrivacyControl && 'gpc', n.doNotTrack === '1' && 'dnt'].filter(Boolean).join(' ');
}

export class Consent {
  readonly settings: Settings;
  #listeners = new Set<() => void>();
  #hasStarted = false;
  /** What the tracker was told last. */
  #told: Choice | null = null;

  constructor(settings: Partial<Settings> = {}) {
    this.settings = { ...DEFAULTS, ...settings };
  }

  /** The choice that counts now; null: the visitor must be asked. */
  get choice(): Choice | null {
    const { signals } = this.settings;
    const found = readChoice();
    const receipt = found?.receipt;
    const chosen = found && !(receipt && this.#isStale(receipt)) ? found.choice : null;
    // A choice that was made in sight of the signal is the more specific one.
    const isAgainst = signals !== 'ignore' && signalsSeen() && !(chosen && receipt?.signals);
    // Somebody who opted out on the tracker's own page need not do it here again.
    const isOut = hasOptedOut() && found?.choice !== 'rejected';
    if (isOut || (isAgainst && signals === 'reject')) return 'rejected';
    return isAgainst && chosen === 'accepted' ? null : chosen;
  }

  /** Proof of the remembered choice, for the visitor to see. */
  get receipt(): Receipt | null {
    return readChoice()?.receipt || null;
  }

  /** Makes a remembered choice count on this page and follows other tabs. Repeating it does nothing. */
  start(): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    const found = readChoice(), { choice } = this;
    if (found && !found.receipt && choice === found.choice) {
      // A choice that others wrote, with no time to it, begins now; one that does not count is none of ours.
      this.#record(choice, 'found');
    } else if (choice === 'rejected' && this.#end(this.#make(choice, hasOptedOut() ? 'found' : 'signal'))) {
      // An opt-out or a signal has overruled an agreement: told once.
      forgetChoice();
    }
    if (choice === 'accepted') {
      this.#told = 'accepted';
      giveConsent('setConsentGiven');
    } else if (deleteCookies(TRACKING)) {
      // What agreed once does so no longer: a tracker that runs already must stop.
      push('requireConsent');
    } else if (choice) {
      requireConsent();
    }
    if (!found && choice === 'rejected' && signalsSeen()) this.#count('rejected', 'signal');
    addEventListener('storage', (event) => {
      if (event.key === KEY || event.key === null) this.#apply();
    });
  }

  /** The visitor's own choice. Tracking begins or ends with it. */
  choose(choice: Choice, how: How = 'script', shown?: Partial<Shown>): void {
    // It would outweigh the choice, here and in other tabs.
    if (choice === 'accepted') deleteCookies(OPT_OUT);
    const receipt = this.#record(choice, how, shown);
    this.#told = null;
    this.#apply();
    tellPage(receipt);
  }

  /** Tells, where the site wants it, that a visitor was asked. */
  asked(shown: Shown): void {
    this.#count('shown', 'script', shown);
  }

  /** Calls `listener` after each change; returns how to stop. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  #make(choice: Choice, how: How, language = ''): Receipt {
    const { version, days } = this.settings, time = Date.now();
    // What was chosen elsewhere was not chosen in sight of today's signals.
    const signals = how === 'found' ? '' : signalsSeen();
    return { choice, version, time, expires: time + days * DAY_MS, how, signals, language };
  }

  #isStale({ expires, version }: Receipt): boolean {
    return expires < Date.now() || version !== this.settings.version;
  }

  /** Remembers and tells a choice; the agreement that it replaces ends. */
  #record(choice: Choice, how: How, { text, language }: Partial<Shown> = {}): Receipt {
    const receipt = this.#make(choice, how, language);
    const ended = this.#end(receipt, text);
    if (choice === 'accepted') receipt.receipt = randomId();
    writeChoice(receipt, this.settings.mirror);
    // A no to what one has agreed to is its withdrawal; after a change of the text it also answers a new question.
    if (choice === 'accepted' || !ended || this.#isStale(ended)) {
      void tellServer(this.settings, receipt, choice, text).then((isRefused) => {
        // The choice stands, without the name of a record that is not there; by now the visitor may have chosen again.
        const { receipt: id, ...rest } = receipt;
        if (isRefused && id && readReceipt()?.receipt === id) writeChoice(rest, this.settings.mirror);
      });
    }
    return receipt;
  }

  /** Tells that the remembered agreement has ended; null when there is none. */
  #end(how: Receipt, text?: string): Receipt | null {
    const ended = readReceipt();
    if (!ended?.receipt) return null;
    void tellServer(this.settings, { ...how, receipt: ended.receipt }, 'withdrawn', text);
    return ended;
  }

  #count(choice: Announced, how: How, { text, language }: Partial<Shown> = {}): void {
    if (this.settings.countShown && isEntry()) void tellServer(this.settings, this.#make('rejected', how, language), choice, text);
  }

  /** Tells the tracker when the choice is another than it knows. */
  #apply(): void {
    const choice = this.choice;
    if (choice !== this.#told) {
      this.#told = choice;
      if (choice === 'accepted') {
        giveConsent('rememberConsentGiven', this.settings.days * 24);
      } else {
        push('forgetConsentGiven', this.settings.days * 24);
        deleteCookies(TRACKING);
      }
    }
    this.#listeners.forEach((listener) => listener());
  }
}
