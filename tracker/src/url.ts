// Addresses as texts. Lenient like the original: what is no address is passed on as it is.

/** Host without user and port, and path with its leading slash; the whole text and `/` when it is no address. */
function hostAndPath(url: string): [string, string] {
  const [, host, path] = /^(?:[a-z][a-z0-9+.-]*:)?\/\/(?:[^@/?#]*@)?([^:/?#]+)[^/?#]*(\/[^?#]*)?/i.exec(url) || ['', url];
  return [host.toLowerCase(), path || '/'];
}

export const hostOf = (url: string): string => hostAndPath(url)[0];

/** Value of a parameter in the query or the hash, as it stands there; empty when absent. */
export const parameterOf = (url: string, name: string): string =>
  (new RegExp(`[?&#]${name.replace(/\W/g, '\\$&')}=([^&#]*)`).exec(url) || '')[1] || '';

/** Removes parameters from the query, and from a hash that has some. */
export function withoutParameters(url: string, isUnwanted: (name: string) => boolean): string {
  const strip = (mark: string, pairs: string): string => {
    const kept = pairs.split('&').filter((pair) => !isUnwanted(pair.split('=')[0])).join('&');
    return kept && mark + kept;
  };
  return url.replace(/[\r\n]/g, '')
    .replace(/^([^?#]*)\?([^#]*)/, (_, base: string, pairs: string) => base + strip('?', pairs))
    .replace(/#(.*=.*)/, (_, pairs: string) => strip('#', pairs));
}

export const withQuery = (url: string, query: string): string => url + (url.includes('?') ? '&' : '?') + query;

/** Adds `name=value` before the hash, in place of an earlier one. */
export function withParameter(url: string, name: string, value: string): string {
  const [base, ...hash] = withoutParameters(url, (other) => other === name).split('#');
  return [withQuery(base, `${name}=${value}`), ...hash].join('#');
}

/** An address given by the page: paths are below the origin, everything else below the page's folder. */
export function resolve(url: string, base = location.href): string {
  if (/^[a-z][a-z0-9+.-]*:/.test(url)) return url;
  const [, origin, folder] = /^([^:]+:\/\/[^/?#]*)([^?#]*\/)?/.exec(base) || ['', base];
  return origin + (url.startsWith('/') ? '' : folder || '/') + url;
}

/** Whether an address lies in one of the places `*.host/path`, `.host`, `host/path/*`. */
export function isWithin(url: string, places: string[]): boolean {
  const [host, path] = hostAndPath(url.toLowerCase());
  return places.some((place) => {
    const [, wanted, folder] = /^(?:[a-z]+:\/\/)?([^/]*)(.*?)\/?\*?$/.exec(place.toLowerCase())!;
    const name = wanted.replace(/^\*?\./, '');
    return (host === name || (name !== wanted && host.endsWith(`.${name}`))) && `${path}/`.startsWith(`${folder}/`);
  });
}
