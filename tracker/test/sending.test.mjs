// How requests leave the page: beacon, post, image, in bulk, in which order, and what waits for what.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { close, open, push, run, visit, wait } from './browser.mjs';
import { exactly } from './exactly.mjs';

before(open);
after(close);

const LONG = 'x'.repeat(2100);
const NO_BEACON = 'navigator.sendBeacon = () => false';
const ways = ({ requests }) => requests.map(({ method, type, hasBody }) => `${method} ${hasBody ? 'body' : 'query'} ${type}`);
const EVENT = ['trackEvent', 'a', 'b'];
const SENT = 'e_c=a e_a=b ca=1';

describe('ways', () => {
  test('what is longer than an address may be goes in the body of a beacon', async () =>
    assert.deepEqual(ways(await visit({ paq: [['trackEvent', 'a', LONG]] })), ['POST body ping']));
  test('a browser that takes no beacon gets an image', async () =>
    assert.deepEqual(ways(await visit({ before: NO_BEACON, paq: [EVENT] })), ['GET query image']));
  test('and posts what is long', async () =>
    assert.deepEqual(ways(await visit({ before: NO_BEACON, paq: [['trackEvent', 'a', LONG]] })), ['POST body fetch']));
  test('disableAlwaysUseSendBeacon is the same', async () =>
    assert.deepEqual(ways(await visit({ paq: [['disableAlwaysUseSendBeacon'], EVENT] })), ['GET query image']));
  test('an image says that it wants one', async () =>
    assert.equal((await visit({ paq: [['setRequestMethod', 'GET'], EVENT] })).requests[0].params.send_image, '1'));
  test('what can not be posted is tried as an image', async () => assert.deepEqual(
    ways(await visit({ paq: [['disableAlwaysUseSendBeacon'], ['setRequestMethod', 'POST'], EVENT], status: 500 })), ['POST body fetch', 'GET query image']));
  test('the content type of posts can be set', async () => assert.deepEqual(
    ways(await visit({ paq: [['setRequestMethod', 'POST'], ['setRequestContentType', 'text/plain'], EVENT] })), ['POST body ping']));
  test('a callback hears how it went', () => exactly(
    { paq: [], script: '_paq.push(["trackEvent", "a", "b", , , , (how) => _paq.push(["trackEvent", "sent", [how.success, how.isSendBeacon, how.trackerUrl].join()])])' },
    { requests: [SENT, 'e_c=sent e_a=true,true,http://stats.example/matomo.php ca=1'] }));
});

describe('gap and queue', () => {
  test('the second request waits until the first one is known', async () => {
    assert.equal((await visit({ paq: [EVENT, EVENT], waitMs: 500 })).requests.length, 1);
    assert.equal((await visit({ paq: [EVENT, EVENT], waitMs: 900 })).requests.length, 2);
  });
  test('nothing waits any more when the page is left', () => exactly(
    { paq: [EVENT, EVENT], waitMs: 0, script: 'dispatchEvent(new Event("pagehide"))' }, { requests: [SENT, SENT] }));
  test('queued requests leave with the page, one alone as itself', () => exactly(
    { paq: [['queueRequest', 'n=1']], waitMs: 0, script: 'dispatchEvent(new Event("pagehide"))' }, { requests: ['n=1'] }));
  test('fifty at most go together', async () => {
    const { bulks } = await visit({ paq: Array.from({ length: 60 }, (_, n) => ['queueRequest', `n=${n}`]), waitMs: 4000 });
    assert.deepEqual(bulks.map(({ length }) => length), [50, 10]);
  });
  test('the interval can be longer', () => exactly(
    { paq: [['setRequestQueueInterval', 9000], ['queueRequest', 'n=1']], waitMs: 8000 }, { requests: [] }));
  test('disableQueueRequest: at once', () => exactly({ paq: [['disableQueueRequest'], ['queueRequest', 'n=1']], waitMs: 0 }, { requests: ['n=1'] }));
});

describe('client hints', () => {
  const HINTS = (answer) => `Object.defineProperty(navigator, 'userAgentData', { value: { brands: [], platform: 'Linux',
    getHighEntropyValues: (names) => ${answer} } })`;
  const uadata = ({ requests }) => requests.map(({ params }) => JSON.parse(params.uadata));
  test('are asked for once, and requests wait for them', async () => assert.deepEqual(
    uadata(await visit({ before: HINTS('Promise.resolve({ platform: "Linux", asked: names.length, fullVersionList: [1], brands: [2] })'), paq: [EVENT, EVENT] })),
    [1, 2].map(() => ({ platform: 'Linux', asked: 7, fullVersionList: [1] }))));
  test('that never come hold nothing back when the page is left', async () => assert.deepEqual(
    uadata(await visit({ before: HINTS('new Promise(() => 0)'), paq: [EVENT], script: 'dispatchEvent(new Event("pagehide"))' })), [{ brands: [], platform: 'Linux' }]));
  test('that are refused leave what is known anyway', async () => assert.deepEqual(
    uadata(await visit({ before: HINTS('Promise.reject()'), paq: [EVENT] })), [{ brands: [], platform: 'Linux' }]));
  test('and screen are not sent with features off', async () => {
    const { requests: [{ params }] } = await visit({ before: HINTS('Promise.resolve({ model: "x" })'), paq: [['disableBrowserFeatureDetection'], EVENT] });
    assert.deepEqual([params.uadata, params.res, params.pdf, params.cookie], ['{}', undefined, undefined, undefined]);
  });
});

describe('load timings', () => {
  const ALL = ['pf_net', 'pf_srv', 'pf_tfr', 'pf_dm1', 'pf_dm2', 'pf_onl'];
  const timed = ({ requests }) => requests.map(({ params }) => ALL.filter((name) => name in params).length);
  const LOADED = `performance.getEntriesByType = () => [{ fetchStart: 1, connectEnd: 2, requestStart: 3, responseStart: 4, responseEnd: 5,
    domInteractive: 6, domComplete: 7, loadEventStart: 8, loadEventEnd: 9 }]`;
  test('come with the first request after loading, once', async () =>
    assert.deepEqual(timed(await visit({ before: LOADED, paq: [], then: [EVENT, EVENT] })), [6, 0]));
  test('of a clock that ran backwards are not sent', async () => assert.deepEqual(
    timed(await visit({ before: LOADED.replace('domComplete: 7', 'domComplete: 3'), paq: [], then: [EVENT] })), [0]));
  test('can be switched off', async () =>
    assert.deepEqual(timed(await visit({ before: LOADED, paq: [['disablePerformanceTracking']], then: [EVENT] })), [0]));
  test('that are no times are refused', () => exactly(
    { paq: [['disablePerformanceTracking'], ['setPagePerformanceTiming', -1], EVENT] }, { requests: [SENT], errors: 1 }));
});

describe('heartbeat', () => {
  const paq = [['enableHeartBeatTimer', 10], EVENT];
  const blur = run('dispatchEvent(new Event("blur"))');
  const focus = run('dispatchEvent(new Event("focus"))');
  test('a ping when somebody turns away after long enough', () => exactly({ paq, steps: [wait(11000), blur] }, { requests: [SENT, 'ping=1'] }));
  test('not before', () => exactly({ paq, steps: [wait(9000), blur] }, { requests: [SENT] }));
  test('the time begins anew with each look at the page', () => exactly(
    { paq, steps: [wait(11000), focus, wait(5000), blur] }, { requests: [SENT] }));
  test('time alone sends nothing', () => exactly({ paq, waitMs: 60000 }, { requests: [SENT] }));
  test('is off again', () => exactly({ paq, steps: [push(['disableHeartBeatTimer']), wait(11000), blur] }, { requests: [SENT] }));
  test('leaving the page counts', () => exactly(
    { paq, steps: [wait(11000), run('dispatchEvent(new Event("pagehide"))')] }, { requests: [SENT, 'ping=1'] }));
});
