// Addresses as texts. Lenient like the original: what is no address is passed on as it is.

/** Value of a parameter in the query or the hash, as it stands there; empty when absent. */
export const parameterOf = (url: string, name: string): string =>
  (url.split(/[?&#]/).find((pair, i) => i && pair.startsWith(`${name}=`)) || '').slice(name.length + 1);

/** Removes parameters from the query, and from a hash that has some. */
export function withoutParameters(url: string, isUnwanted: (name: string) => boolean): string {
  return url.replace(/[\r\n]/g, '').replace(/\?[^#]*|#.*=.*/g, (part) => {
    const kept = part.slice(1).split('&').filter((pair) => !isUnwanted(pair.split('=')[0])).join('&');
    return kept && part[0] + kept;
  });
}

export const withQuery = (url: string, query: string): string => url + (url.includes('?') ? '&' : '?') + query;

/** Adds `name=value` before the hash, in place of an earlier one. */
export function withParameter(url: string, name: string, value: string): string {
  const clean = withoutParameters(url, (other) => other === name);
  const [base] = clean.split('#');
  return withQuery(base, `${name}=${value}`) + clean.slice(base.length);
}

/** An address given by the page: paths are below the origin, everything else below the page's folder. */
export function resolve(url: string, base = location.href): string {
  if (/^[a-z][\w+.-]*:/.test(url)) return url;
  const [, origin, folder] = /^([^:]*:\/*[^/?#]*)([^?#]*\/)?/.exec(base)!;
  return origin + (url.startsWith('/') ? '' : folder || '/') + url;
}

/** Likewise, where `//host` is a host and not a path. */
export const absolute = (url: string): string => resolve(url.replace(/^\/\//, `${location.protocol}//`));

/** Whether an address lies in one of the places `*.host/path`, `.host`, `host/path/*`. */
export function isWithin(url: string, places: string[]): boolean {
  const [, host, path] = /^[^/]*\/\/(?:[^@/?#]*@)?([^:/?#]+)[^/?#]*([^?#]*)/.exec(url.toLowerCase()) || ['', url, ''];
  return places.some((place) => {
    const [, wanted, folder] = /^(?:[a-z]+:\/\/)?([^/]*)(.*?)\/?\*?$/.exec(place.toLowerCase())!;
    const name = wanted.replace(/^\*?\./, '');
    return (host === name || (name !== wanted && host.endsWith(`.${name}`))) && `${path}/`.startsWith(`${folder}/`);
  });
}
