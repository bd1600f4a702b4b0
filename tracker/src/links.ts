// Clicks on links: outlinks, downloads, and links to other domains of the site.
import { isOwnHost } from './attribution.ts';
import { clickInContent } from './content.ts';
import { isDownloadUrl } from './downloads.ts';
import { on } from './page.ts';
import { purify } from './request.ts';
import { decode, type Params } from './text.ts';
import { track } from './track.ts';
import type { Callback, Tracker } from './tracker.ts';
import { resolve, withParameter } from './url.ts';
import { LINK_PARAMETER, linkParameterValue } from './visitor.ts';

type Link = HTMLAnchorElement | HTMLAreaElement;

const NOT_LINKS = /^(\w+script|mocha|mailto|tel):/;

/** One of our classes, `matomo_link` or `piwik-link`, or one of the page's own. */
const hasClass = (element: Element, kind: string, own: string[]): boolean =>
  [...element.classList].some((name) => own.includes(name) || new RegExp(`^(piwik|matomo)[_-]${kind}$`).test(name));

/** The HTML link around an element; those of drawings are not known to the original either. */
export function linkAround(element: EventTarget | null): Link | null {
  let at = element as Element | null;
  while (at && !/^A(REA)?$/.test(at.nodeName)) at = at.parentElement;
  return at as Link | null;
}

/** Address and kind of a link that is to be tracked. */
export function linkToTrack(t: Tracker, link: Link): [url: string, kind: string] | undefined {
  const { href } = link;
  if (!href || NOT_LINKS.test(href) || hasClass(link, 'ignore', t.ignoreClasses_) ||
    (t.trackerUrl_ && href.startsWith(resolve(t.trackerUrl_)))) return undefined;
  const url = decode(href);
  const isDownload = link.hasAttribute('download') || hasClass(link, 'download', t.downloadClasses_) ||
    isDownloadUrl(url, t.downloadExtensions_);
  const isLink = hasClass(link, 'link', t.linkClasses_);
  return isLink || isDownload || !isOwnHost(t, href) ? [url, isDownload && !isLink ? 'download' : 'link'] : undefined;
}

export function trackLink(t: Tracker, url: string, kind: string, data?: Params, callback?: Callback, extra?: Params): void {
  track(t, { [kind]: purify(t, `${url}`), ...extra }, 'link', data, callback);
}

/** Listens on an element and all within it. `all`: middle and right button, too. */
export function listenForClicks(t: Tracker, element: EventTarget, all = true): void {
  const clicked = ({ target }: Event): void => {
    const link = linkAround(target);
    if (!link) return;
    const { href } = link;
    if (t.linksDomains_ && link.hostname !== t.host_ && isOwnHost(t, href) && !NOT_LINKS.test(href)) {
      link.href = withParameter(href, LINK_PARAMETER, linkParameterValue(t));
    }
    const found = linkToTrack(t, link);
    if (found) trackLink(t, ...found, undefined, undefined, clickInContent(t, target as Element));
  };
  on(element, 'click', clicked, true);
  if (!all) return;
  let pressed: EventTarget | null = null;
  on(element, 'mousedown', ({ button, target }: MouseEvent) => { pressed = button === 1 ? target : null; }, true);
  on(element, 'mouseup', (event: MouseEvent) => {
    if (event.button === 1 && event.target === pressed) clicked(event);
    pressed = null;
  }, true);
  on(element, 'contextmenu', clicked, true);
}
