// The rules of the protocol, a case each, in a real Chromium: cookies that survive a change from Matomo, addresses,
// links, custom data, timings.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { close, open, visit } from './browser.mjs';

before(open);
after(close);

/** `_pk_id.1.ab12`: the end is a hash of the place in which the cookie counts. */
const cookie = (base, { site = 1, prefix = '_pk_', place = 'shop.example/' } = {}) =>
  `${prefix}${base}.${site}.${createHash('sha1').update(place).digest('hex').slice(0, 4)}`;
const PAGE_AT_S = Date.parse('2040-05-04T10:00:01Z') / 1000;
const KNOWN = `0123456789abcdef.${PAGE_AT_S - 1e6}.`;
const names = (cookies) => cookies.map(({ name }) => name).sort();
/** The named parameters of the only request, or of all. */
const pick = (requests, ...wanted) => requests.map(({ params }) => wanted.map((name) => params[name]));

describe('cookies', () => {
  test('names hash host and path; the id ends with its making, the session after half an hour', async () => {
    const { cookies } = await visit({ paq: [['trackPageView']] });
    const by = Object.fromEntries(cookies.map((c) => [c.name, c]));
    assert.deepEqual(Object.keys(by).sort(), [cookie('id'), cookie('ses')]);
    assert.match(by[cookie('id')].value, new RegExp(`^[0-9a-f]{16}\\.${PAGE_AT_S}\\.$`));
    assert.equal(by[cookie('ses')].value, '1');
    assert.deepEqual([by[cookie('id')].sameSite, by[cookie('id')].path], ['Lax', '/']);
  });
  test('a visitor that Matomo knew stays the same person', async () => {
    const { requests, cookies } = await visit({ paq: [['trackPageView']], had: { [cookie('id')]: KNOWN } });
    assert.deepEqual(pick(requests, '_id', '_idn'), [['0123456789abcdef', '0']]);
    assert.equal(cookies.find(({ name }) => name === cookie('id')).value, KNOWN);
  });
  test('older cookies hold more behind the time', async () => {
    const { requests } = await visit({ paq: [['trackPageView']], had: { [cookie('id')]: `${KNOWN}3.1.1.` } });
    assert.deepEqual(pick(requests, '_id'), [['0123456789abcdef']]);
  });
  test('prefix, path and site are part of the name', async () => {
    const { cookies } = await visit({ paq: [['setCookieNamePrefix', 'x_'], ['setCookiePath', '/page.html'], ['trackPageView']] });
    assert.deepEqual(names(cookies), ['id', 'ses'].map((base) => cookie(base, { prefix: 'x_', place: 'shop.example/page.html' })));
  });
  test('a domain that this page is not in is refused', async () => {
    const { cookies, errors } = await visit({ paq: [['setCookieDomain', '*.other.example'], ['trackPageView']] });
    assert.deepEqual(names(cookies), [cookie('id'), cookie('ses')]);
    assert.equal(errors.length, 1);
  });
  test('disableCookies removes what is there', async () => {
    const { cookies } = await visit({ paq: [['disableCookies'], ['trackPageView']], had: { [cookie('id')]: KNOWN, shop: 'kept' } });
    assert.deepEqual(names(cookies), ['shop']);
  });
  test('setVisitorId holds and is kept', async () => {
    const { requests, cookies } = await visit({ paq: [['setVisitorId', 'aaaabbbbccccdddd'], ['trackPageView']] });
    assert.deepEqual(pick(requests, '_id'), [['aaaabbbbccccdddd']]);
    assert.match(cookies.find(({ name }) => name === cookie('id')).value, /^aaaabbbbccccdddd\./);
  });
  test('the attribution is kept as JSON and sent from it on the next page', async () => {
    const { cookies } = await visit({ search: '?utm_campaign=Spring&utm_term=socks', paq: [['trackPageView']] });
    const kept = decodeURIComponent(cookies.find(({ name }) => name === cookie('ref')).value);
    assert.deepEqual(JSON.parse(kept), ['Spring', 'socks', PAGE_AT_S, '']);
    const { requests } = await visit({ had: { [cookie('ref')]: encodeURIComponent(kept), [cookie('ses')]: '1' }, paq: [['trackGoal', 1]] });
    assert.deepEqual(pick(requests, '_rcn', '_rck', '_refts'), [['Spring', 'socks', String(PAGE_AT_S)]]);
  });
  test('a remembered consent is a consent; an opt-out outweighs it', async () => {
    const paq = [['requireConsent'], ['trackPageView']];
    assert.equal((await visit({ paq, had: { mtm_consent: '1770000000000' } })).requests.length, 1);
    assert.equal((await visit({ paq, had: { mtm_consent: '1770000000000', mtm_consent_removed: '1770000000001' } })).requests.length, 0);
  });
  test('without consent for cookies requests are sent, and a ping ties the visit to its id later', async () => {
    const { requests } = await visit({ paq: [['requireCookieConsent'], ['trackPageView']], then: [['setCookieConsentGiven']] });
    assert.deepEqual(pick(requests, 'ping', '_id').map(([ping, id]) => [ping, id.length]), [[undefined, 0], ['1', 16]]);
  });
});

describe('addresses', () => {
  const url = async (paq, search) => (await visit({ paq: [...paq, ['trackPageView']], search })).requests[0].params.url;
  test('a path is below the host, anything else below the folder', async () => {
    assert.equal(await url([['setCustomUrl', '/a/b']]), 'http://shop.example/a/b');
    assert.equal(await url([['setCustomUrl', 'c?d=1']]), 'http://shop.example/c?d=1');
    assert.equal(await url([['setCustomUrl', 'https://x.example/']]), 'https://x.example/');
  });
  test('excluded parameters leave query and hash', async () =>
    assert.equal(await url([['setExcludedQueryParams', ['sid', 'k']]], '?a=1&sid=2#k=3&b=4'), 'http://shop.example/page.html?a=1#b=4'));
  test('a question mark with nothing behind it leaves too', async () =>
    assert.equal(await url([['setExcludedQueryParams', 'sid']], '?sid=2'), 'http://shop.example/page.html'));
  test('discardHashTag', async () => assert.equal(await url([['discardHashTag', true]], '#top'), 'http://shop.example/page.html'));
  test('campaigns that are not wanted leave', async () =>
    assert.equal(await url([['disableCampaignParameters']], '?utm_source=x&a=1'), 'http://shop.example/page.html?a=1'));
});

describe('links', () => {
  const clicked = async (href, paq = [], attributes = '') => (await visit({
    paq: [['enableLinkTracking'], ...paq], body: `<a id=a href="${href}" ${attributes}>link</a>`, clicks: ['#a'],
  })).requests.map(({ params: { link, download } }) => (link ? `link ${link}` : `download ${download}`));
  for (const [name, href, expected, paq, attributes] of [
    ['another host', 'http://other.example/a?b=c', ['link http://other.example/a?b=c']],
    ['the own host', '/a', []],
    ['a host of the site', 'http://www.sister.example/', [], [['setDomains', ['*.sister.example']]]],
    ['a host of the site, beside its path', 'http://sister.example/b', ['link http://sister.example/b'], [['setDomains', ['sister.example/a']]]],
    ['an extension', '/a.pdf?b', ['download http://shop.example/a.pdf?b']],
    ['an extension inside a name', '/a.pdfx', []],
    ['the attribute', '/a', ['download http://shop.example/a'], [], 'download'],
    ['an own extension', '/a.cad', ['download http://shop.example/a.cad'], [['addDownloadExtensions', ['cad', 'stl']]]],
    ['own extensions only', '/a.pdf', [], [['setDownloadExtensions', 'cad|stl']]],
    ['an extension taken away', '/a.pdf', [], [['removeDownloadExtensions', ['pdf']]]],
    ['an extension taken away leaves the others', '/a.zip', ['download http://shop.example/a.zip'], [['removeDownloadExtensions', ['pdf']]]],
    ['an extension taken away and added again', '/a.pdf', ['download http://shop.example/a.pdf'], [['removeDownloadExtensions', 'pdf'], ['addDownloadExtensions', 'pdf']]],
    ['a class that says ignore', 'http://other.example/', [], [], 'class="matomo_ignore"'],
    ['a class that says link', '/a.pdf', ['link http://shop.example/a.pdf'], [], 'class="piwik-link"'],
    ['an own class that says download', '/a', ['download http://shop.example/a'], [['setDownloadClasses', 'paper']], 'class="x paper"'],
    ['mail', 'mailto:a@b.example', []],
    ['an escaped address', 'http://other.example/%C3%BC', ['link http://other.example/ü']],
  ]) test(name, async () => assert.deepEqual(await clicked(href, paq, attributes), expected));
  test('every extension of the documented list', async () => {
    const all = `7z aac apk arc arj asc asf asx avi azw3 bin csv deb dmg doc docx epub exe flv gif gz gzip hqx ibooks jar jpg jpeg js md5
      mobi mp2 mp3 mp4 mpg mpeg mov movie msi msp odb odf odg ods odt ogg ogv pdf phps png ppt pptx qt qtm ra ram rar rpm rtf sea sha
      sha256 sha512 sig sit tar tbz tbz2 bz bz2 tgz torrent txt wav wma wmv wpd xls xlsx xml xz z zip`.split(/\s+/);
    const { requests } = await visit({
      paq: [['enableLinkTracking']], waitMs: 9000,
      body: '<a id=a href="/">link</a>', script: `for (const e of ${JSON.stringify([...all, 'html', 'php'])}) { a.href = '/x.' + e; a.click(); }`,
    });
    assert.deepEqual(requests.map(({ params }) => params.download.split('.').pop()), all);
  });
});

describe('data of the page', () => {
  test('custom variables by scope; a deleted one is said once', async () => {
    const { requests } = await visit({
      paq: [['setCustomVariable', 1, 'kind', 'a'], ['setCustomVariable', 2, 'tone', 'b', 'page'], ['trackEvent', 'x', 'y'],
        ['deleteCustomVariable', 1, 'visit'], ['trackEvent', 'x', 'y'], ['trackEvent', 'x', 'y']],
    });
    assert.deepEqual(pick(requests, '_cvar', 'cvar'), [['{"1":["kind","a"]}', '{"2":["tone","b"]}'],
      ['{"1":["",""]}', '{"2":["tone","b"]}'], [undefined, '{"2":["tone","b"]}']]);
  });
  test('the product in view goes with every request', async () => {
    const { requests } = await visit({ paq: [['setEcommerceView', 'S1', 'Sock', ['Wool', 'Red'], 5], ['trackPageView']] });
    assert.deepEqual(pick(requests, '_pks', '_pkn', '_pkc', '_pkp'), [['S1', 'Sock', '["Wool","Red"]', '5']]);
  });
  test('custom data of a call, text behind all', async () => {
    const { requests } = await visit({ paq: [['appendToTrackingUrl', 'z=1'], ['trackGoal', 2, 0, { colour: 'red' }]] });
    assert.deepEqual(pick(requests, 'data', 'z', 'revenue'), [['{"colour":"red"}', '1', undefined]]);
  });
  test('timings that the page gives are sent once', async () => {
    const { requests } = await visit({ paq: [['setPagePerformanceTiming', 1, 2, 3.6, 4, 5, 6], ['trackPageView'], ['trackEvent', 'a', 'b']] });
    assert.deepEqual(pick(requests, 'pf_net', 'pf_tfr', 'pf_onl'), [['1', '4', '6'], [undefined, undefined, undefined]]);
  });
  test('a call that fails is told in the console, and what stands behind it is done', async () => {
    const { requests, errors } = await visit({ paq: [['trackEvent', 'a', 'b'], ['trackNothing'], ['setCookieDomain'], ['trackEvent', 'c', 'd']], then: [['trackEvent', 'e', 'f']] });
    assert.deepEqual(pick(requests, 'e_c'), [['a'], ['c'], ['e']]);
    assert.equal(errors.filter((text) => /TypeError/.test(text)).length, 2);
  });
  test('pushed later, too, and thrown when the rest of the push is done', async () => {
    const { requests } = await visit({
      paq: [], script: 'try { _paq.push(["trackNothing"], ["trackEvent", "a", "b"]); } catch (error) { _paq.push(["trackEvent", "thrown", error.name]); }',
    });
    assert.deepEqual(pick(requests, 'e_c', 'e_a'), [['a', 'b'], ['thrown', 'TypeError']]);
  });
});
