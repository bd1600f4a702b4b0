/** Every form of the opt-out in Chromium: what it says, what it keeps, and that visits are then not counted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import AxeBuilder from "@axe-core/playwright";
import { strictSnippet } from "../../consent/dist/snippet.js";
import { servePages } from "../lib/browser.mjs";
import { setUp } from "../lib/set-up.mjs";

const MONTHS_13_SECONDS = 396 * 86400;
const COUNTED = "Your visits to this website are counted.";
const NOT_COUNTED = "Your visits to this website are not counted.";
const WAITING = "Nothing is counted on this website until you accept.";
const { candor, browser } = await setUp();

const tracker = () => `<script>_paq = [["trackPageView"], ["setTrackerUrl", "${candor.url}/matomo.php"], ["setSiteId", 1]];</script>
  <script async src="${candor.url}/matomo.js"></script>`;
const page = (body) => `<!doctype html><html lang="en"><head><title>Our privacy</title></head><body>${body}</body></html>`;

/** A browser of its own with these pages: `opened` is what was asked of the tracking path, hits only. */
async function visitor(pages, { host = "127.0.0.1", ...options } = {}) {
  const site = await servePages(pages);
  const context = await browser.newContext({ locale: "en-GB", ...options });
  const hits = [];
  context.on("request", (request) => {
    if (/\/matomo\.php\?(?!optout)/.test(request.url())) hits.push(new URL(request.url()).searchParams.get("action_name"));
  });
  const tab = await context.newPage();
  const url = site.url.replace("127.0.0.1", host);
  return { context, tab, hits, url, close: async () => { await context.close(); await site.stop(); } };
}

/** Names of the cookies that pages of the site see. */
const cookies = (tab) => tab.evaluate(() => document.cookie.split("; ").map((c) => c.split("=")[0]).filter((n) => n && !n.startsWith("_pk")).sort());
const settled = (tab) => tab.waitForFunction(() => window.Matomo && window.Matomo.getAsyncTracker());

for (const path of ["/matomo.php?optout", "/index.php?module=CoreAdminHome&action=optOut&language=auto"]) {
  test(`the page at ${path} works without scripts and keeps no id`, async () => {
    const hit = (name) => page(`<img src="${candor.url}/matomo.php?idsite=1&rec=1&action_name=${name}" alt="">`);
    const name = path.includes("index") ? "index" : "path";
    const me = await visitor({ "/out": hit(`${name}-out`), "/in": hit(`${name}-in`) }, { javaScriptEnabled: false });
    await me.tab.goto(candor.url + path);
    await me.tab.getByRole("heading", { name: COUNTED }).waitFor();
    await me.tab.getByRole("button", { name: "Do not count my visits" }).click();
    await me.tab.getByRole("heading", { name: NOT_COUNTED }).waitFor();
    assert.equal(await me.tab.getByRole("alert").count(), 0);
    const kept = await me.context.cookies();
    assert.deepEqual(kept.map(({ name, value }) => [name, value]), [["matomo_ignore", "ignore%3DKg%3D%3D"]]);
    assert.ok(kept[0].expires - Date.now() / 1000 >= MONTHS_13_SECONDS - 60, `ends at ${kept[0].expires}`);
    await me.tab.goto(`${me.url}/out`);
    await me.tab.goto(candor.url + path);
    await me.tab.getByRole("button", { name: "Count my visits again" }).click();
    await me.tab.getByRole("heading", { name: COUNTED }).waitFor();
    assert.deepEqual(await me.context.cookies(), []);
    await me.tab.goto(`${me.url}/in`);
    const visits = await candor.visits((all) => JSON.stringify(all).includes(`${name}-in`));
    assert.ok(!JSON.stringify(visits).includes(`${name}-out`));
    await me.close();
  });
}

test("a browser that refuses the cookie is told so", async () => {
  const me = await visitor({ "/": page(`<iframe title="opt-out" src="${candor.url}/matomo.php?optout"></iframe>`) }, { host: "localhost", javaScriptEnabled: false });
  await me.tab.goto(me.url);
  const frame = me.tab.frameLocator("iframe");
  await frame.getByRole("button").click();
  await frame.getByRole("alert").waitFor();
  assert.match(await frame.getByRole("alert").textContent(), /does not keep this choice/);
  await me.close();
});

test("in a frame of another site the tracker of the page keeps the choice", async () => {
  const me = await visitor({
    "/": page(`${tracker()}<iframe title="opt-out" src="${candor.url}/index.php?module=CoreAdminHome&action=optOut"></iframe>`),
  }, { host: "localhost" });
  await me.tab.goto(me.url);
  await settled(me.tab);
  const frame = me.tab.frameLocator("iframe");
  await frame.getByRole("button", { name: "Do not count my visits" }).click();
  await frame.getByRole("heading", { name: NOT_COUNTED }).waitFor();
  assert.deepEqual(await cookies(me.tab), ["mtm_consent_removed"]);
  await me.tab.waitForTimeout(300);
  const before = me.hits.length;
  await me.tab.reload();
  await settled(me.tab);
  await frame.getByRole("heading", { name: NOT_COUNTED }).waitFor();
  assert.equal(await frame.getByRole("alert").isVisible(), false);
  await me.tab.evaluate(() => window._paq.push(["trackEvent", "a", "b"]));
  await me.tab.waitForTimeout(1000);
  assert.equal(me.hits.length, before);
  await frame.getByRole("button", { name: "Count my visits again" }).click();
  await frame.getByRole("heading", { name: COUNTED }).waitFor();
  assert.deepEqual(await cookies(me.tab), ["mtm_consent"]);
  await me.close();
});

for (const source of ["/index.php?module=CoreAdminHome&action=optOutJS&", "/matomo.php?optout=script&"]) {
  test(`the script of ${source} asks the tracker of the page`, async () => {
    const me = await visitor({
      "/": page(`${tracker()}<div id="here"></div><script src="${candor.url}${source}divId=here&language=fr&fontColor=a00"></script>`),
    });
    await me.tab.goto(me.url);
    const box = me.tab.getByRole("checkbox", { name: "Vos visites sur ce site sont comptées." });
    assert.ok(await box.isChecked());
    assert.equal(await me.tab.locator("#here").evaluate((place) => getComputedStyle(place).color), "rgb(170, 0, 0)");
    await box.click();
    const out = me.tab.getByRole("checkbox", { name: "Vos visites sur ce site ne sont pas comptées." });
    assert.equal(await out.isChecked(), false);
    assert.deepEqual(await cookies(me.tab), ["mtm_consent_removed"]);
    await me.tab.waitForTimeout(300);
    const before = me.hits.length;
    await me.tab.reload();
    await out.waitFor();
    await me.tab.waitForTimeout(1000);
    assert.equal(me.hits.length, before);
    await out.click();
    await box.waitFor();
    assert.deepEqual(await cookies(me.tab), []);
    await me.close();
  });
}

test("the script keeps the choice itself when no tracker comes", async () => {
  const script = (more) => page(`<div id="matomo-opt-out"></div><script src="${candor.url}/matomo.php?optout=script&useCookiesTimeout=0${more}"></script>`);
  const me = await visitor({ "/": script("&useSecureCookies=0"), "/secure": script(""), "/none": script("&useCookiesIfNoTracker=0") });
  await me.tab.goto(me.url);
  await me.tab.getByLabel(COUNTED).click();
  await me.tab.getByLabel(NOT_COUNTED).waitFor();
  await me.tab.reload();
  assert.equal(await me.tab.getByLabel(NOT_COUNTED).isChecked(), false);
  assert.deepEqual(await cookies(me.tab), ["mtm_consent_removed"]);
  await me.tab.getByLabel(NOT_COUNTED).click();
  assert.deepEqual(await cookies(me.tab), ["mtm_consent"]);
  await me.tab.goto(`${me.url}/secure`);
  assert.equal(await me.tab.getByRole("alert").textContent(), "This choice can only be kept on a page that uses https.");
  await me.tab.goto(`${me.url}/none`);
  assert.match(await me.tab.locator("#matomo-opt-out").textContent(), /tracker was not found/);
  await me.close();
});

test("the self-contained code asks nothing of us, and a tracker obeys it", async () => {
  const { value } = await candor.api("CoreAdminHome.getOptOutSelfContainedEmbedCode", { language: "de" });
  const code = value.replace('"useSecureCookies":true', '"useSecureCookies":false');
  const me = await visitor({ "/": page(code), "/tracked": page(tracker()) });
  const asked = [];
  me.tab.on("request", (request) => request.url().startsWith(candor.url) && asked.push(request.url()));
  await me.tab.goto(me.url);
  await me.tab.getByLabel("Ihre Besuche auf dieser Website werden gezählt.").click();
  await me.tab.getByLabel("Ihre Besuche auf dieser Website werden nicht gezählt.").waitFor();
  assert.deepEqual(asked, []);
  const api = () => me.tab.evaluate(() => window.MatomoConsent.hasConsent());
  assert.equal(await api(), false);
  await me.tab.goto(`${me.url}/tracked`);
  await settled(me.tab);
  await me.tab.waitForTimeout(1000);
  assert.deepEqual(me.hits, []);
  await me.tab.goto(me.url);
  await me.tab.evaluate(() => window.MatomoConsent.consentGiven());
  assert.equal(await api(), true);
  await me.close();
});

const script = (more = "") => `<div id="matomo-opt-out"></div><script src="${candor.url}/matomo.php?optout=script&useSecureCookies=0${more}"></script>`;
const strict = () => strictSnippet({ url: candor.url, siteId: 1 });
const box = (tab) => tab.getByRole("checkbox");

/** On a page that waits for consent: says so, and offers no choice. */
async function waits(tab) {
  await tab.getByText(WAITING).waitFor();
  assert.deepEqual([await box(tab).count(), await tab.getByText(COUNTED).count()], [0, 0]);
}

test("with the strict loader the script says that nothing is counted before consent, and what is true after it", async () => {
  const me = await visitor({ "/": page(strict() + script()) });
  const asked = [];
  me.tab.on("request", (request) => request.url().startsWith(candor.url) && asked.push(new URL(request.url()).search));
  await me.tab.goto(me.url);
  await waits(me.tab);
  await me.tab.getByText(WAITING).click({ force: true });
  await waits(me.tab);
  assert.deepEqual([asked, await cookies(me.tab)], [["?optout=script&useSecureCookies=0"], []]);
  await me.tab.evaluate(() => window._paq.push(["setConsentGiven"]));
  await settled(me.tab);
  await me.tab.getByLabel(COUNTED).click();
  assert.equal(await me.tab.getByLabel(NOT_COUNTED).isChecked(), false);
  assert.deepEqual(await cookies(me.tab), ["mtm_consent_removed"]);
  await me.close();
});

test("an opt-out taken back where consent is asked for is no consent", async () => {
  const me = await visitor({ "/": page(strict() + script()) });
  await me.context.addCookies([{ name: "mtm_consent_removed", value: "1", url: me.url }]);
  await me.tab.goto(me.url);
  await me.tab.getByLabel(NOT_COUNTED).click();
  await waits(me.tab);
  assert.deepEqual([await cookies(me.tab), me.hits], [[], []]);
  await me.close();
});

test("a tracker that requires consent is asked for it", async () => {
  const me = await visitor({ "/": page(tracker().replace("[[", '[["requireConsent"], [') + script()) });
  await me.tab.goto(me.url);
  await settled(me.tab);
  await waits(me.tab);
  await me.tab.evaluate(() => window._paq.push(["rememberConsentGiven"]));
  await me.tab.getByLabel(COUNTED).waitFor();
  await me.tab.reload();
  await me.tab.getByLabel(COUNTED).waitFor();
  assert.equal(await box(me.tab).isChecked(), true);
  await me.close();
});

test("where no tracker comes, a refusal that the banner remembers counts, in the self-contained code too", async () => {
  const { value } = await candor.api("CoreAdminHome.getOptOutSelfContainedEmbedCode", { language: "en" });
  const code = value.replace('"useSecureCookies":true', '"useSecureCookies":false');
  const me = await visitor({ "/": page(script("&useCookiesTimeout=0")), "/code": page(code), "/strict": page(strict() + code) });
  await me.tab.goto(me.url);
  await me.tab.getByLabel(COUNTED).waitFor();
  await me.tab.evaluate(() => localStorage.setItem("matomo-consent", "rejected"));
  await waits(me.tab);
  for (const path of ["/code", "/strict"]) {
    await me.tab.goto(me.url + path);
    await waits(me.tab);
  }
  await me.tab.evaluate(() => localStorage.setItem("matomo-consent", "accepted"));
  for (const path of ["", "/code", "/strict"]) {
    await me.tab.goto(me.url + path);
    await me.tab.getByLabel(COUNTED).waitFor();
  }
  await me.close();
});

test("axe finds nothing, in any language and direction", async () => {
  const me = await visitor({ "/": page(`<main><h1>Privacy</h1><div id="x"></div></main>
    <script src="${candor.url}/matomo.php?optout=script&divId=x&useCookiesTimeout=0&useSecureCookies=0"></script>`) });
  for (const url of [`${candor.url}/matomo.php?optout`, `${candor.url}/matomo.php?optout=form&kept=out&language=he`, me.url]) {
    await me.tab.goto(url);
    const { violations } = await new AxeBuilder({ page: me.tab }).analyze();
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), [], url);
  }
  await me.close();
});
