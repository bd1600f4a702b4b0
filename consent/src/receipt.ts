// What is known about one choice: enough to prove it, nothing about who made it.
import type { Choice } from './consent.ts';

/** `found`: written by somebody else before this banner was there. */
export type How = 'click' | 'key' | 'api' | 'found';

export interface Receipt {
  choice: Choice;
  /** Of the text that was shown. */
  version: string;
  /** Milliseconds since 1970. */
  time: number;
  expires: number;
  how: How;
  /** Signals that the browser sent: `gpc`, `dnt`, both with a blank, or nothing. */
  signals: string;
  language: string;
}

/** The one place from which a choice leaves this code. The page hears of it; nothing is sent to any host. */
export function announce(receipt: Receipt): void {
  dispatchEvent(new CustomEvent('candor-consent', { detail: receipt }));
}
