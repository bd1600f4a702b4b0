// `<candor-consent>`: asks, and stays reachable for a change of mind. What a choice does is in the core.
import { trackerPath } from './announce.ts';
import { Consent, type Choice, type Settings } from './consent.ts';
import { KEY, RECEIPT_KEY } from './memory.ts';
import type { How, Shown } from './receipt.ts';
import STYLE from './style.css';
import type { Texts } from './texts.ts';

export type Languages = Record<string, Texts>;

/** What the tracker stores after an accept, with how many of which unit. */
const STORED: Array<[name: string, count: number, unit: string]> =
  [['_pk_id', 13, 'month'], ['_pk_ses', 30, 'minute'], ['_pk_ref', 6, 'month']];
/** What the tracker and this code remember of a choice, for as long as it counts. */
const REMEMBERED = ['mtm_consent', 'mtm_consent_removed', KEY, RECEIPT_KEY];
const DAYS_OF_MONTH = 30;
const DELAY_MS = 500;
/** What must happen before it asks. */
const SIGNS: Record<string, string[] | undefined> = { scroll: ['scroll'], interaction: ['scroll', 'pointerdown', 'keydown'] };
const RTL = /^(ar|fa|he|ur)\b/;

/** Outside browsers there is nothing to extend; importing this file must still work. */
const Base = (globalThis.HTMLElement || class {}) as typeof HTMLElement;

const languages: Languages = {};

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, set: Partial<HTMLElementTagNameMap[K]>, ...children: Array<Node | string>
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), set);
  element.append(...children);
  return element;
}

export class CandorConsent extends Base {
  /** Set it before the element starts (in the same task as its insertion) to share a core with other code. Declared only:
   *  a field would reset what was set before the element was known. */
  declare consent?: Consent;
  #root?: ShadowRoot;
  #dialog?: HTMLElement;
  #focusBefore: Element | null = null;
  #stops: Array<() => void> = [];

  connectedCallback(): void {
    // Later, so that whoever inserts the element can still give it a core and attributes.
    queueMicrotask(() => this.isConnected && !this.#stops.length && this.#begin());
  }

  disconnectedCallback(): void {
    this.#stops.splice(0).forEach((stop) => stop());
    this.#dialog = undefined;
  }

  /** Shows the banner, whatever was chosen before. */
  open(): void {
    this.#show(true);
  }

  /** The exact text of the banner while it is there, a line for each of its parts; it goes with the choice. */
  get shown(): Shown {
    const dialog = this.#dialog;
    const parts = dialog?.querySelectorAll('h2,p,button,summary,li,a:not(.receipt)') || [];
    return { text: Array.from(parts, (part) => part.textContent).join('\n'), language: dialog?.lang || '' };
  }

  #show(isWanted: boolean): void {
    if (this.#dialog || !this.#root) return;
    this.#focusBefore = (this.getRootNode() as Document | ShadowRoot).activeElement;
    if (this.#focusBefore === document.body) this.#focusBefore = null;
    this.#dialog = this.#draw(this.#texts());
    this.#root.replaceChildren(this.#dialog);
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) this.#choose('rejected', 'key');
    };
    this.#listen(window, 'keydown', onKey as EventListener);
    if (!isWanted) this.consent!.asked(this.shown);
    // Nobody who is writing somewhere is interrupted.
    if (isWanted || !this.#focusBefore) this.#dialog.focus({ preventScroll: true });
  }

  #begin(): void {
    const consent = this.consent ||= new Consent(this.#settings());
    consent.start();
    this.#root = this.shadowRoot || this.attachShadow({ mode: 'open' });
    // Style elements and attributes need a hole in a strict policy; these sheets do not.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
    this.#stops.push(consent.subscribe(() => this.#rest()));
    if (consent.choice) this.#rest();
    else this.#wait();
  }

  #settings(): Partial<Settings> {
    const settings: Record<string, unknown> = { mirror: this.hasAttribute('mirror'), countShown: this.hasAttribute('count-shown') };
    for (const name of ['version', 'signals', 'url', 'site', 'purposes']) {
      const value = this.getAttribute(name);
      if (value) settings[name] = value;
    }
    const days = Number(this.getAttribute('days'));
    if (days > 0) settings.days = days;
    return settings;
  }

  /** Asks when the page has been painted, or when its visitor has begun to use it. */
  #wait(): void {
    // It may come late or twice: it asks once, and only who has not chosen.
    const ask = (): void => {
      if (this.isConnected && !this.consent!.choice) this.#show(false);
    };
    const show = this.getAttribute('show') || '', signs = SIGNS[show];
    if (signs) {
      signs.forEach((sign) => this.#listen(window, sign, ask, { once: true, capture: sign === 'scroll' }));
    } else if (show === 'idle' && 'requestIdleCallback' in window) {
      requestIdleCallback(ask);
    } else {
      setTimeout(ask, Number(this.getAttribute('delay') || DELAY_MS));
    }
  }

  #listen(target: EventTarget, name: string, work: EventListener, options?: AddEventListenerOptions): void {
    target.addEventListener(name, work, options);
    this.#stops.push(() => target.removeEventListener(name, work, options));
  }

  #choose(choice: Choice, how: How): void {
    if (this.#dialog) this.consent!.choose(choice, how, this.shown);
  }

  /** The choice is made: only the way back to it stays. */
  #rest(): void {
    const hadFocus = this.#dialog && this.#root!.activeElement;
    this.#dialog = undefined;
    this.#stops.splice(1).forEach((stop) => stop());
    const texts = this.#texts(), lang = this.#language();
    const button = make('button', { className: 'box settings', lang, dir: RTL.test(lang) ? 'rtl' : 'ltr' }, texts.settings);
    button.setAttribute('aria-haspopup', 'dialog');
    button.onclick = () => this.open();
    this.#root!.replaceChildren(...(this.getAttribute('settings') === 'none' ? [] : [button]));
    if (!hadFocus) return;
    const back = this.#focusBefore;
    if (back) (back !== this && back.isConnected ? back as HTMLElement : button).focus();
  }

  /** Of the element, else of the page; a language that is not there gives way to the first. */
  #language(): string {
    const wanted = ((this.closest('[lang]') as HTMLElement | null)?.lang || navigator.language).toLowerCase();
    const known = Object.keys(languages);
    return known.find((code) => code === wanted || code === wanted.split('-')[0]) || known[0];
  }

  #texts = (): Texts => languages[this.#language()];

  #draw(texts: Texts): HTMLElement {
    const choice = (text: string, made: Choice): HTMLElement =>
      make('button', { className: 'choice', onclick: (e) => this.#choose(made, e.detail ? 'click' : 'key') }, text);
    const close = make('button', { className: 'close', onclick: () => this.#choose('rejected', 'click') }, '×');
    close.setAttribute('aria-label', texts.close);
    const lang = this.#language();
    const dialog = make('div', { className: 'box dialog', lang, dir: RTL.test(lang) ? 'rtl' : 'ltr', tabIndex: -1 },
      make('h2', {}, texts.title),
      make('p', {}, texts.text),
      make('div', { className: 'choices' }, choice(texts.reject, 'rejected'), choice(texts.accept, 'accepted')),
      make('details', {}, make('summary', {}, texts.details), ...this.#details(texts, lang)),
      close);
    dialog.setAttribute('role', 'dialog');
    dialog.setAttribute('aria-label', texts.label);
    return dialog;
  }

  #details(texts: Texts, lang: string): HTMLElement[] {
    const { days, mirror, url } = this.consent!.settings, { receipt } = this.consent!.receipt || {};
    const remembered = [...REMEMBERED, ...(mirror ? [`${KEY} (cookie)`, `${RECEIPT_KEY} (cookie)`] : [])];
    const months = Math.round(days / DAYS_OF_MONTH);
    const stored = [...STORED, ...remembered.map((name) => [name, months, 'month'] as const)].map(([name, count, unit]) =>
      make('li', {}, `${name}: ${count.toLocaleString(lang, { style: 'unit', unit, unitDisplay: 'long' })}`));
    const policy = this.getAttribute('policy');
    return [
      make('p', {}, texts.counted),
      make('p', {}, texts.stored),
      make('ul', {}, ...stored),
      ...(policy ? [make('a', { href: policy }, texts.policy)] : []),
      // To see it and, as browsers heed no `download` where the host is another one, to save it.
      ...(url && receipt ? [[texts.receipt, ''], [`${texts.receipt} (JSON ↓)`, '&download=1']] : []).map(([text, more]) => make('a', {
        className: 'receipt', href: `${trackerPath(url)}?consent=receipt&receipt=${receipt}${more}`, target: '_blank', rel: 'noreferrer',
      }, text)),
    ];
  }
}

/** Makes `<candor-consent>` known with these languages; the first one stands in for those that are missing. */
export function defineConsent(texts: Languages): void {
  Object.assign(languages, texts);
  const { customElements } = globalThis;
  if (customElements && !customElements.get('candor-consent')) customElements.define('candor-consent', CandorConsent);
}
