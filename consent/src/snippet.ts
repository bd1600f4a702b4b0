// `@candor/consent/snippet`: the strict loader as text to put inline at the top of a page's head.
import { BACKLOGS, type Backlog } from './loader.ts';

/** The minified loader with markers; the build fills it in. */
declare const SNIPPET: string;

export interface SnippetOptions {
  /** Address of Candor, with or without a slash at its end. */
  url: string;
  siteId: string | number;
  /** What the page tracked before consent and is sent after it; `current-page` unless told. */
  backlog?: Backlog;
  /** Version of the consent text, as the banner has it. */
  version?: string;
  /** Whether Global Privacy Control and Do Not Track say no; true unless told. */
  signals?: boolean;
  /** For a content security policy that allows inline scripts by nonce. */
  nonce?: string;
}

/** A value as JavaScript that can stand in a script element. */
const literal = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c');
const attribute = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** The script alone, for instance to compute the hash that a content security policy allows. */
export function strictScript({ url, siteId, backlog = 'current-page', version = '1', signals = true }: SnippetOptions): string {
  const place = BACKLOGS.indexOf(backlog);
  if (place < 0) throw new RangeError(`unknown backlog \`${backlog}\`, use ${BACKLOGS.join(', ')}`);
  const values: Record<string, unknown> = {
    URL_: url.replace(/\/?$/, '/'), SITE_: String(siteId), BACKLOG_: place, VERSION_: version, SIGNALS_: Number(signals),
  };
  return SNIPPET.replace(/\b(URL_|SITE_|BACKLOG_|VERSION_|SIGNALS_)\b/g, (name) => literal(values[name]));
}

/** The script element. */
export function strictSnippet(options: SnippetOptions): string {
  const nonce = options.nonce ? ` nonce="${attribute(options.nonce)}"` : '';
  return `<script${nonce}>${strictScript(options)}</script>`;
}
