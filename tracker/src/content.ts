// Content blocks: parts of a page marked by attribute or class, seen (impression) and clicked (interaction).
import { linkAround, linkToTrack } from './links.ts';
import { on, onLoad } from './page.ts';
import { buildRequest } from './request.ts';
import { some, trim, type Params } from './text.ts';
import { enqueue } from './transport.ts';
import { isFirst, type Tracker } from './tracker.ts';
import { absolute } from './url.ts';
import { isInView } from './visible.ts';

/** Parameters that describe a block: name, piece, target. */
interface Block { c_n: string; c_p: string; c_t?: string }

const UNKNOWN = 'Unknown';
const SCROLL_CHECK_MS = 100;

/** `[data-content-piece],.matomoContentPiece,.piwikContentPiece` of `Content` and `Piece`. */
const marked = (first: string, second: string): string =>
  `[data-${`${first}-${second}`.toLowerCase()}],.matomo${first + second},.piwik${first + second}`;
const BLOCK = marked('Track', 'Content');
const PIECE = marked('Content', 'Piece');
const TARGET = marked('Content', 'Target');
const IGNORE = marked('Content', 'IgnoreInteraction');

/** The element itself or the first one inside. */
const within = (block: Element, selector: string): Element | null =>
  (block.matches(selector) ? block : block.querySelector(selector));

/** An attribute without blanks around it; empty when absent. */
const attribute = (element: Element | null, name: string): string => trim(element?.getAttribute(name));

/** An attribute of the block or of the first element inside that has it and has something in it. */
const attributeWithin = (block: Element, name: string): string => attribute(within(block, `[${name}]:not([${name}=""])`), name);

const complete = (url: string): string =>
  (url.startsWith('?') ? location.href.split(/[?#]/)[0] + url : url && absolute(url));

/** Address of the picture, film, sound or object that an element is. */
function media(element: Element): string {
  const inside = (selector: string, name: string): string => attribute(element.querySelector(selector), name);
  return element.matches('object,img,embed,video,audio') ? complete(attribute(element, 'src') || attribute(element, 'data') ||
    inside('param[name=movie]', 'value') || inside('source[src],embed', 'src')) : '';
}

function nameOf(block: Element, piece: string): string {
  const named = attributeWithin(block, 'data-content-name');
  if (named) return named;
  if (piece !== UNKNOWN) return piece.replace(new RegExp(`^https?://${location.host}`), '') || '/';
  return [block, within(block, PIECE), within(block, TARGET)].map((element) => attribute(element, 'title')).find(Boolean) || UNKNOWN;
}

function read(block: Element): Block {
  const piece = attributeWithin(block, 'data-content-piece') || media(within(block, PIECE) || block) || UNKNOWN;
  const target = attributeWithin(block, 'data-content-target') || attribute(within(block, TARGET) || block, 'href');
  return { c_n: nameOf(block, piece), c_p: piece, c_t: some(complete(target)) };
}

/** Blocks in reverse order of the document, as the original lists them; the node itself included. */
const blocks = (root: Document | Element): Element[] =>
  [root as Element, ...root.querySelectorAll(BLOCK)].filter((element) => element.matches?.(BLOCK)).reverse();

export const logBlocks = (): void => console.log(blocks(document).map(read)
  .map(({ c_n: name, c_p: piece, c_t: target = '' }) => ({ name, piece, target })));

const params = (interaction: string, block: Block): Params => ({ c_i: some(interaction), ...block, ca: 1 });

const track = (t: Tracker, interaction: string, block: Block): void =>
  enqueue(t, buildRequest(t, params(interaction, block), undefined, interaction ? 'contentInteraction' : 'contentImpression'));

/** A block that the page describes; not tracked without a name. */
function trackDescribed(t: Tracker, interaction: string, name: string, piece?: string, target?: string): void {
  if (trim(name)) track(t, interaction, { c_n: trim(name), c_p: trim(piece) || UNKNOWN, c_t: some(trim(target)) });
}

export const trackImpression = (t: Tracker, name: string, piece?: string, target?: string): void =>
  trackDescribed(t, '', name, piece, target);

export function trackInteraction(t: Tracker, interaction: string, name: string, piece?: string, target?: string): void {
  if (trim(interaction)) trackDescribed(t, trim(interaction), name, piece, target);
}

export function trackInteractionNode(t: Tracker, node: Element, interaction?: string): void {
  const block = node instanceof Element && node.closest(BLOCK);
  if (block) track(t, trim(interaction) || UNKNOWN, read(block));
}

/** Tracks the blocks of a part of the page that were not seen on this page view yet. */
function trackBlocks(t: Tracker, root: Document | Element): void {
  const requests: string[] = [];
  t.tracksContent_ = true;
  for (const element of blocks(root)) {
    if (t.onlyVisibleContent_ && !isInView(element)) continue;
    const block = read(element);
    if (isFirst(t, JSON.stringify(block))) requests.push(buildRequest(t, params('', block), undefined, 'contentImpressions'));
    listenToBlock(t, element);
  }
  if (requests.length) enqueue(t, ...requests);
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

/** Pictures and styles decide what a block is and whether it is visible: waits for them. */
export const trackAll = (t: Tracker): void => onLoad(() => trackBlocks(t, document));

export function trackWithin(t: Tracker, node: Element): void {
  if (node instanceof Element) trackBlocks(t, node);
}

/** Tracks what is in view now, and looks again after scrolling and at intervals. */
export function trackVisible(t: Tracker, onScroll: boolean = true, intervalMs = 750): void {
  t.onlyVisibleContent_ = true;
  const look = (): void => trackBlocks(t, document);
  onLoad(() => {
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
