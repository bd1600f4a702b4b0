// Addresses as texts. Lenient like the original: what is no address is passed on as it is.

/** Host without user and port; the whole text when there is none. */
export function hostOf(url: string): string {
  const found = /^(?:[a-z][a-z0-9+.-]*:)?\/\/(?:[^@/?#]*@)?([^:/?#]+)/i.exec(url);
  return found ? found[1].toLowerCase() : url;
}

/** Path with its leading slash, without query and hash. */
export function pathOf(url: string): string {
  const found = /^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#]*(\/[^?#]*)?/i.exec(url);
  return (found && found[1]) || '/';
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Value of a parameter in the query or the hash, decoded; empty when absent. */
export function parameterOf(url: string, name: string): string {
  const found = new RegExp(`[?&#]${escapePattern(name)}=([^&#]*)`).exec(url);
  return found ? found[1] : '';
}

/** Removes parameters from the query, and from a hash that has some. */
export function withoutParameters(url: string, isUnwanted: (name: string) => boolean): string {
  const strip = (part: string): string => part.split('&').filter((pair) => !isUnwanted(pair.split('=')[0])).join('&');
  const [, base, query, hash] = /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(url.replace(/[\r\n]/g, '')) || [url, url];
  const kept = query ? strip(query.slice(1)) : '';
  const keptHash = hash && hash.indexOf('=') > 0 ? strip(hash.slice(1)) : (hash || '').slice(1);
  return base + (kept ? `?${kept}` : '') + (hash && (keptHash || hash === '#') ? `#${keptHash}` : '');
}

/** Adds `name=value` before the hash, in place of an earlier one. */
export function withParameter(url: string, name: string, value: string): string {
  const [base, hash] = withoutParameters(url, (other) => other === name).split('#');
  return `${base}${base.indexOf('?') < 0 ? '?' : '&'}${name}=${value}${hash === undefined ? '' : `#${hash}`}`;
}

/** An address given by the page: paths are below the origin, everything else below the page's folder. */
export function resolve(url: string, base: string): string {
  if (/^[a-z][a-z0-9+.-]*:/.test(url)) return url;
  const origin = (/^[^:]+:\/\/[^/?#]*/.exec(base) || [base])[0];
  if (url.charAt(0) === '/') return origin + url;
  const path = base.split(/[?#]/)[0].slice(origin.length);
  return `${origin}${path.slice(0, path.lastIndexOf('/') + 1) || '/'}${url}`;
}

/** A host as a cookie's domain: `*.x/path` → `.x`. */
export const domainOf = (text: string): string => text.split('/')[0].replace(/\.$/, '').replace(/^\*\./, '.');

/** Whether host and path lie in one of the places `*.host/path`, `.host`, `host/path/*`. */
export function isWithin(host: string, path: string, places: string[]): boolean {
  return places.some((place) => {
    const [wanted, ...rest] = place.replace(/^[a-z]+:\/\//i, '').toLowerCase().split('/');
    const name = wanted.replace(/^\*?\./, '');
    if (host !== name && (name === wanted || !host.endsWith(`.${name}`))) return false;
    const folder = `/${rest.join('/')}`.replace(/\*$/, '').replace(/\/$/, '');
    return path === folder || path.indexOf(`${folder}/`) === 0;
  });
}
