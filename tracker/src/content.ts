// Content blocks: parts of a page marked by attribute or class, seen (impression) and clicked (interaction).
import { linkAround, linkToTrack } from './links.ts';
import { on, onReady } from './page.ts';
import { buildRequest } from './request.ts';
import { some, trim, type Params } from './text.ts';
import { enqueue, enqueueAll } from './transport.ts';
import type { Tracker } from './tracker.ts';
import { resolve } from './url.ts';
import { isInView } from './visible.ts';

interface Block { name: string; piece: string; target: string }

const UNKNOWN = 'Unknown';
const SCROLL_CHECK_MS = 100;

const marked = (attribute: string, suffix: string): string =>
  `[${attribute}],.matomo${suffix},.piwik${suffix}`;
const BLOCK = marked('data-track-content', 'TrackContent');
const PIECE = marked('data-content-piece', 'ContentPiece');
const TARGET = marked('data-content-target', 'ContentTarget');
const IGNORE = marked('data-content-ignoreinteraction', 'ContentIgnoreInteraction');

/** The element itself or the first one inside. */
const within = (block: Element, selector: string): Element | null =>
  (block.matches(selector) ? block : block.querySelector(selector));

const absolute = (url: string): string => {
  if (url.indexOf('//') === 0) return location.protocol + url;
  if (url.charAt(0) === '?') return location.href.split(/[?#]/)[0] + url;
  return url ? resolve(url, location.href) : '';
};

/** Address of the picture, film, sound or object that an element is. */
function media(element: Element): string {
  const from = (node: Element | null, attribute: string): string => (node && node.getAttribute(attribute)) || '';
  switch (element.nodeName) {
    case 'IMG': case 'EMBED': return absolute(from(element, 'src'));
    case 'VIDEO': case 'AUDIO': return absolute(from(element, 'src') || from(element.querySelector('source[src]'), 'src'));
    case 'OBJECT': return absolute(from(element, 'data') || from(element.querySelector('param[name=movie]'), 'value') ||
      from(element.querySelector('embed'), 'src'));
    default: return '';
  }
}

function pieceOf(block: Element): string {
  const piece = within(block, PIECE);
  const given = within(block, '[data-content-piece]');
  return trim(given && given.getAttribute('data-content-piece')) || media(piece || block) || UNKNOWN;
}

function nameOf(block: Element, piece: string): string {
  const named = [block, ...Array.from(block.querySelectorAll('[data-content-name]'))]
    .map((element) => trim(element.getAttribute('data-content-name'))).find(Boolean);
  if (named) return named;
  if (piece !== UNKNOWN) {
    const path = piece.replace(/^https?:\/\//, '');
    return piece !== path && path.indexOf(location.host) === 0 ? path.slice(location.host.length) || '/' : piece;
  }
  const titled = [block, within(block, PIECE), within(block, TARGET)]
    .map((element) => trim(element && element.getAttribute('title'))).find(Boolean);
  return titled || UNKNOWN;
}

function targetOf(block: Element): string {
  const given = within(block, '[data-content-target]');
  const value = trim(given && given.getAttribute('data-content-target'));
  if (value) return absolute(value);
  const element = within(block, TARGET) || block;
  const href = trim(element.getAttribute('href'));
  return href ? absolute(href) : '';
}

function read(block: Element): Block {
  const piece = pieceOf(block);
  return { name: nameOf(block, piece), piece, target: targetOf(block) };
}

/** Blocks in reverse order of the document, as the original lists them; the node itself included. */
function blocks(root: Document | Element): Element[] {
  const found = Array.from(root.querySelectorAll(BLOCK));
  if (root instanceof Element && root.matches(BLOCK)) found.unshift(root);
  return found.reverse();
}

export const listBlocks = (): Block[] => blocks(document).map(read);

const params = (interaction: string, { name, piece, target }: Block): Params =>
  ({ c_i: some(interaction), c_n: name, c_p: piece, c_t: some(target), ca: 1 });

const request = (t: Tracker, interaction: string, block: Block): string =>
  buildRequest(t, params(interaction, block), undefined, interaction ? 'contentInteraction' : 'contentImpression');

const manual = (name: unknown, piece: unknown, target: unknown): Block =>
  ({ name: trim(name), piece: trim(piece) || UNKNOWN, target: trim(target) });

export function trackImpression(t: Tracker, name: unknown, piece: unknown, target: unknown): void {
  const block = manual(name, piece, target);
  if (block.name) enqueue(t, request(t, '', block));
}

export function trackInteraction(t: Tracker, interaction: unknown, name: unknown, piece: unknown, target: unknown): void {
  const block = manual(name, piece, target);
  if (trim(interaction) && block.name) enqueue(t, request(t, trim(interaction), block));
}

export function trackInteractionNode(t: Tracker, node: unknown, interaction: unknown): void {
  const block = node instanceof Element && node.closest(BLOCK);
  if (block) enqueue(t, request(t, trim(interaction) || UNKNOWN, read(block)));
}

/** Tracks the blocks that were not seen on this page view yet. */
function trackBlocks(t: Tracker, found: Element[]): void {
  const fresh = found.filter((element) => {
    const key = JSON.stringify(read(element));
    if (t.seenContent.indexOf(key) >= 0) return false;
    t.seenContent.push(key);
    return true;
  });
  found.forEach((element) => listenToBlock(t, element));
  enqueueAll(t, fresh.map((element) => buildRequest(t, params('', read(element)), undefined, 'contentImpressions')));
}

const listening = new WeakMap<Element, Tracker[]>();

/** A click on the target of a block, or on the block when it has none. */
function listenToBlock(t: Tracker, block: Element): void {
  const trackers = listening.get(block) || [];
  if (trackers.indexOf(t) >= 0) return;
  listening.set(block, trackers.concat(t));
  on(within(block, TARGET) || block, 'click', (event: MouseEvent) => {
    const link = linkAround(event.target);
    // With link tracking on, the link's request carries the interaction.
    if (block.matches(IGNORE) || block.querySelector(IGNORE) || (link && t.tracksLinks && linkToTrack(t, link))) return;
    trackInteractionNode(t, block, 'click');
  });
}

/** The interaction that a click on a tracked link inside a block is. */
export function clickInContent(t: Tracker, element: Element): Params | undefined {
  const block = t.tracksContent && element.closest(BLOCK);
  if (!block || block.matches(IGNORE) || block.querySelector(IGNORE)) return undefined;
  const target = within(block, TARGET);
  return target && !target.contains(element) ? undefined : params('click', read(block));
}

export function trackAll(t: Tracker): void {
  t.tracksContent = true;
  onReady(() => onReadyAndLoaded(() => trackBlocks(t, blocks(document))));
}

export function trackWithin(t: Tracker, node: unknown): void {
  if (!(node instanceof Element)) return;
  t.tracksContent = true;
  trackBlocks(t, blocks(node).filter((element) => !t.onlyVisibleContent || isInView(element)));
}

/** Tracks what is in view now, and looks again after scrolling and at intervals. */
export function trackVisible(t: Tracker, onScroll: boolean, intervalMs: number): void {
  t.tracksContent = true;
  t.onlyVisibleContent = true;
  const look = (): void => trackBlocks(t, blocks(document).filter(isInView));
  onReady(() => onReadyAndLoaded(() => {
    look();
    if (onScroll) watchScrolling(look);
    if (intervalMs > 0) setInterval(look, intervalMs);
  }));
}

function watchScrolling(look: () => void): void {
  let hasScrolled = false;
  for (const type of ['scroll', 'resize']) on(window, type, () => { hasScrolled = true; });
  setInterval(() => {
    if (!hasScrolled) return;
    hasScrolled = false;
    look();
  }, SCROLL_CHECK_MS);
}

/** Pictures and styles decide what is visible: wait for them. */
function onReadyAndLoaded(work: () => void): void {
  if (document.readyState === 'complete') work();
  else on(window, 'load', work);
}
