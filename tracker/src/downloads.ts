// Which addresses are downloads: by their extension.
import { toList } from './text.ts';

/** Extensions of downloads, as a pattern. */
export const DOWNLOADS = '7z|aac|apk|ar[cj]|as[cfx]|avi|azw3|b(in|z2?)|csv|deb|dmg|docx?|epub|exe|flv|gif|gz(ip)?|hqx|ibooks|' +
  'jar|jpe?g|js|m(d5|obi|ov(ie)?|p([234g]|eg)|s[ip])|od[bfgst]|og[gv]|pdf|phps|png|pptx?|qtm?|ra[mr]?|rpm|rtf|sea|sha(256|512)?|' +
  'si[gt]|t(ar|bz2?|gz|orrent|xt)|w(av|m[av]|pd)|xlsx?|xml|xz|z(ip)?';
/** An extension anywhere before `?`, `&`, `#` or the end counts, also in a value. */
const EXTENSION_END = '([?&#]|$)';

/** `pdf|zip` of a list or of a text that is already like that. */
export const extensions = (names: string | string[]): string => toList(names).join('|');

export const withoutExtensions = (pattern: string, names: string | string[]): string =>
  `(?!(${extensions(names)})${EXTENSION_END})(${pattern})`;

export const isDownloadUrl = (url: string, pattern = DOWNLOADS): boolean =>
  new RegExp(`\\.(${pattern})${EXTENSION_END}`, 'i').test(url);
