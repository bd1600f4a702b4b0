// Clicks on links: outlinks, downloads, and links to other domains of the site.
import { isOwnHost } from './attribution.ts';
import { clickInContent } from './content.ts';
import { on } from './page.ts';
import { buildRequest, purify } from './request.ts';
import { decode, type Params } from './text.ts';
import { send } from './transport.ts';
import type { Callback, Tracker } from './tracker.ts';
import { hostOf, resolve, withParameter } from './url.ts';
import { LINK_PARAMETER, linkParameterValue } from './visitor.ts';

type Link = HTMLAnchorElement | HTMLAreaElement;

export const DOWNLOADS = (
  '7z aac apk arc arj asc asf asx avi azw3 bin csv deb dmg doc docx epub exe flv gif gz gzip hqx ibooks jar jpg jpeg js ' +
  'md5 mobi mp2 mp3 mp4 mpg mpeg mov movie msi msp odb odf odg ods odt ogg ogv pdf phps png ppt pptx qt qtm ra ram rar ' +
  'rpm rtf sea sha sha256 sha512 sig sit tar tbz tbz2 bz bz2 tgz torrent txt wav wma wmv wpd xls xlsx xml xz z zip'
).split(' ');

const NOT_LINKS = /^\s*(javascript|vbscript|jscript|mocha|livescript|ecmascript|mailto|tel):/i;

const hasClass = (element: Element, kind: string, own: string[]): boolean => {
  const builtIn = ['piwik', 'matomo'].reduce<string[]>((all, who) => all.concat(`${who}_${kind}`, `${who}-${kind}`), []);
  return own.concat(builtIn).some((name) => element.classList.contains(name));
};

/** The HTML link around an element; those of drawings are not known to the original either. */
export function linkAround(element: EventTarget | null): Link | null {
  let at = element as Element | null;
  while (at && at.nodeName !== 'A' && at.nodeName !== 'AREA') at = at.parentElement;
  return at as Link | null;
}

/** Address and kind of a link that is to be tracked. */
export function linkToTrack(t: Tracker, link: Link): { url: string; kind: 'link' | 'download' } | undefined {
  if (!link.href || NOT_LINKS.test(link.href) || hasClass(link, 'ignore', t.ignoreClasses)) return undefined;
  const url = decode(link.href);
  if (t.trackerUrl && link.href.indexOf(resolve(t.trackerUrl, location.href)) === 0) return undefined;
  const extensions = (t.downloadExtensions || DOWNLOADS).join('|');
  const isDownload = link.hasAttribute('download') || hasClass(link, 'download', t.downloadClasses) ||
    new RegExp(`\\.(${extensions})([?&#]|$)`, 'i').test(url);
  if (hasClass(link, 'link', t.linkClasses)) return { url, kind: 'link' };
  if (isDownload) return { url, kind: 'download' };
  return isOwnHost(t, link.href) ? undefined : { url, kind: 'link' };
}

export function trackLink(t: Tracker, url: unknown, kind: unknown, data?: unknown, callback?: Callback, extra?: Params): void {
  send(t, buildRequest(t, { [String(kind)]: purify(t, String(url)), ...extra }, data, 'link'), callback);
}

function clicked(t: Tracker, element: EventTarget | null): void {
  const link = linkAround(element);
  if (!link) return;
  if (t.linksDomains && hostOf(link.href) !== t.host && isOwnHost(t, link.href) && !NOT_LINKS.test(link.href)) {
    link.href = withParameter(link.getAttribute('href') || link.href, LINK_PARAMETER, linkParameterValue(t));
  }
  const found = linkToTrack(t, link);
  if (found) trackLink(t, found.url, found.kind, undefined, undefined, clickInContent(t, element as Element));
}

/** Listens on an element and all within it. `all`: middle and right button, too. */
export function listenForClicks(t: Tracker, element: EventTarget, all: boolean): void {
  on(element, 'click', (event: MouseEvent) => clicked(t, event.target), true);
  if (!all) return;
  let pressed: EventTarget | null = null;
  on(element, 'mousedown', (event: MouseEvent) => { pressed = event.button === 1 ? event.target : null; }, true);
  on(element, 'mouseup', (event: MouseEvent) => {
    if (event.button === 1 && event.target === pressed) clicked(t, event.target);
    pressed = null;
  }, true);
  on(element, 'contextmenu', (event: MouseEvent) => clicked(t, event.target), true);
}
