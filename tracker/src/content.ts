// Content blocks: parts of a page marked by attribute or class, seen (impression) and clicked (interaction).
import { linkAround, linkToTrack } from './links.ts';
import { on, onLoad } from './page.ts';
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
  `[data-${attribute}],.matomo${suffix},.piwik${suffix}`;
const BLOCK = marked('track-content', 'TrackContent');
const PIECE = marked('content-piece', 'ContentPiece');
const TARGET = marked('content-target', 'ContentTarget');
const IGNORE = marked('content-ignoreinteraction', 'ContentIgnoreInteraction');

/** The element itself or the first one inside. */
const within = (block: Element, selector: string): Element | null =>
  (block.matches(selector) ? block : block.querySelector(selector));

/** An attribute without blanks around it; empty when absent. */
const attribute = (element: Element | null, name: string): string => trim(element?.getAttribute(name));

/** An attribute of the block or of the first element inside that has it. */
const attributeWithin = (block: Element, name: string, which = ''): string => attribute(within(block, `[${name}]${which}`), name);

const absolute = (url: string): string =>
  (url.startsWith('//') ? location.protocol + url : url.startsWith('?') ? location.href.split(/[?#]/)[0] + url : url && resolve(url));

/** Address of the picture, film, sound or object that an element is. */
function media(element: Element): string {
  const inside = (selector: string, name: string): string => attribute(element.querySelector(selector), name);
  if (element.nodeName === 'OBJECT') {
    return absolute(attribute(element, 'data') || inside('param[name=movie]', 'value') || inside('embed', 'src'));
  }
  return /^(IMG|EMBED|VIDEO|AUDIO)$/.test(element.nodeName) ? absolute(attribute(element, 'src') || inside('source[src]', 'src')) : '';
}

function nameOf(block: Element, piece: string): string {
  const named = attributeWithin(block, 'data-content-name', ':not([data-content-name=""])');
  if (named) return named;
  if (piece !== UNKNOWN) {
    const path = piece.replace(/^https?:\/\//, '');
    return path !== piece && path.startsWith(location.host) ? path.slice(location.host.length) || '/' : piece;
  }
  return [block, within(block, PIECE), within(block, TARGET)].map((element) => attribute(element, 'title')).find(Boolean) || UNKNOWN;
}

function read(block: Element): Block {
  const piece = attributeWithin(block, 'data-content-piece') || media(within(block, PIECE) || block) || UNKNOWN;
  const target = attributeWithin(block, 'data-content-target') || attribute(within(block, TARGET) || block, 'href');
  return { name: nameOf(block, piece), piece, target: absolute(target) };
}

/** Blocks in reverse order of the document, as the original lists them; the node itself included. */
const blocks = (root: Document | Element): Element[] =>
  [...(root instanceof Element && root.matches(BLOCK) ? [root] : []), ...root.querySelectorAll(BLOCK)].reverse();

export const listBlocks = (): Block[] => blocks(document).map(read);

const params = (interaction: string, { name, piece, target }: Block): Params =>
  ({ c_i: some(interaction), c_n: name, c_p: piece, c_t: some(target), ca: 1 });

const track = (t: Tracker, interaction: string, block: Block): void =>
  enqueue(t, buildRequest(t, params(interaction, block), undefined, interaction ? 'contentInteraction' : 'contentImpression'));

/** A block that the page describes; not tracked without a name. */
function trackDescribed(t: Tracker, interaction: string, name: unknown, piece: unknown, target: unknown): void {
  if (trim(name)) track(t, interaction, { name: trim(name), piece: trim(piece) || UNKNOWN, target: trim(target) });
}

export const trackImpression = (t: Tracker, name: unknown, piece: unknown, target: unknown): void =>
  trackDescribed(t, '', name, piece, target);

export function trackInteraction(t: Tracker, interaction: unknown, name: unknown, piece: unknown, target: unknown): void {
  if (trim(interaction)) trackDescribed(t, trim(interaction), name, piece, target);
}

export function trackInteractionNode(t: Tracker, node: unknown, interaction: unknown): void {
  const block = node instanceof Element && node.closest(BLOCK);
  if (block) track(t, trim(interaction) || UNKNOWN, read(block));
}

/** Tracks the blocks that were not seen on this page view yet. */
function trackBlocks(t: Tracker, found: Element[]): void {
  const requests: string[] = [];
  for (const element of found) {
    const block = read(element);
    const key = JSON.stringify(block);
    if (!t.seenContent_.includes(key)) {
      t.seenContent_.push(key);
      requests.push(buildRequest(t, params('', block), undefined, 'contentImpressions'));
    }
    listenToBlock(t, element);
  }
  enqueueAll(t, requests);
}

const ignoresClicks = (block: Element): boolean => !!within(block, IGNORE);

/** A click on the target of a block, or on the block when it has none. */
function listenToBlock(t: Tracker, block: Element): void {
  if (t.listening_.has(block)) return;
  t.listening_.add(block);
  on(within(block, TARGET) || block, 'click', ({ target }: MouseEvent) => {
    const link = linkAround(target);
    // With link tracking on, the link's request carries the interaction.
    if (!ignoresClicks(block) && !(link && t.tracksLinks_ && linkToTrack(t, link))) trackInteractionNode(t, block, 'click');
  });
}

/** The interaction that a click on a tracked link inside a block is. */
export function clickInContent(t: Tracker, element: Element): Params | undefined {
  const block = t.tracksContent_ && element.closest(BLOCK);
  if (!block || ignoresClicks(block)) return undefined;
  const target = within(block, TARGET);
  return target && !target.contains(element) ? undefined : params('click', read(block));
}

/** Pictures and styles decide what is visible: wait for them. */
const whenComplete = (t: Tracker, work: () => void): void => {
  t.tracksContent_ = true;
  onLoad(work);
};

export const trackAll = (t: Tracker): void => whenComplete(t, () => trackBlocks(t, blocks(document)));

export function trackWithin(t: Tracker, node: unknown): void {
  if (!(node instanceof Element)) return;
  t.tracksContent_ = true;
  trackBlocks(t, blocks(node).filter((element) => !t.onlyVisibleContent_ || isInView(element)));
}

/** Tracks what is in view now, and looks again after scrolling and at intervals. */
export function trackVisible(t: Tracker, onScroll: unknown = true, intervalMs = 750): void {
  t.onlyVisibleContent_ = true;
  const look = (): void => trackBlocks(t, blocks(document).filter(isInView));
  whenComplete(t, () => {
    look();
    if (onScroll) watchScrolling(look);
    if (intervalMs > 0) setInterval(look, intervalMs);
  });
}

function watchScrolling(look: () => void): void {
  let hasScrolled = false;
  const scrolled = (): void => { hasScrolled = true; };
  on(window, 'scroll', scrolled);
  on(window, 'resize', scrolled);
  setInterval(() => {
    if (hasScrolled) look();
    hasScrolled = false;
  }, SCROLL_CHECK_MS);
}
