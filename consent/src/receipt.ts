// What is known about one choice: enough to prove it, nothing about who made it. Sending it is in `announce.ts`.
import type { Choice } from './consent.ts';

/** `signal`: the browser said no; `found`: made before this banner was there; `script`: by a control of the page. */
export type How = 'click' | 'key' | 'signal' | 'found' | 'script';

/** What the visitor saw when they chose. */
export interface Shown {
  /** The exact text, of which the server keeps the hash with the receipt and the words once. */
  text: string;
  language: string;
}

export interface Receipt extends Pick<Shown, 'language'> {
  /** 32 random hex digits that name an agreement; a refusal has none, it is only counted. */
  receipt?: string;
  choice: Choice;
  /** Of the text that was shown. */
  version: string;
  /** Milliseconds since 1970. */
  time: number;
  expires: number;
  how: How;
  /** Signals that the browser sent: `gpc`, `dnt`, both with a blank, or nothing. */
  signals: string;
}

export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
