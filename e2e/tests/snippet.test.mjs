/** The code that `candor snippet` puts into a page, in Chromium under a content security policy. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { strictScript, strictSnippet } from "../../consent/dist/snippet.js";
import { servePages } from "../lib/browser.mjs";
import { program } from "../lib/candor.mjs";
import { setUp } from "../lib/set-up.mjs";

const URL_ = "https://stats.example.org";
const dir = mkdtempSync(join(tmpdir(), "candor-snippet-"));
const { candor, browser } = await setUp();

after(() => rmSync(dir, { recursive: true }));

const snippet = (...flags) => execFileSync(program, ["snippet", "--site", "1", ...flags], { cwd: dir, encoding: "utf8" });

for (const [flags, options] of [
  [[], {}],
  [["--backlog", "none"], { backlog: "none" }],
  [["--backlog", "all", "--version", "2026-1", "--signals", "false"], { backlog: "all", version: "2026-1", signals: false }],
  [["--version", "\"</script>\u2028\\'&|é SITE_ \n"], { version: "\"</script>\u2028\\'&|é SITE_ \n" }],
  [["--csp-nonce", "r4nd0m+/=="], { nonce: "r4nd0m+/==" }],
]) {
  test(`the strict loader is the one of @candor/consent: ${JSON.stringify(options)}`, () => {
    const all = { url: URL_, siteId: 1, ...options };
    const { code, csp_hash } = JSON.parse(snippet("--strict", "--url", URL_, ...flags, "--json"));
    assert.equal(code, `<!-- Candor -->\n${strictSnippet(all)}\n<!-- End Candor -->`);
    assert.equal(csp_hash, `'sha256-${createHash("sha256").update(strictScript(all)).digest("base64")}'`);
  });
}

/** A page with the code in it, as built on a system that ends lines with CR LF, and what it is seen to do. */
async function visit(name, flags) {
  const file = join(dir, `${name}.html`);
  const html = (policy) => ["<!doctype html>", `<html><head><title>${name}</title>`, policy,
    "<!-- MATOMO_TRACKING_SLOT -->", '<script src="/bundle.js"></script></head>', "<body></body></html>"].join("\r\n");
  writeFileSync(file, html(""));
  const hash = snippet("--url", candor.url, ...flags, "--inject", file, "--csp-hash").trim();
  const policy = `default-src 'none'; script-src ${hash} ${candor.url}; connect-src ${candor.url}; img-src ${candor.url}`;
  writeFileSync(file, html(`<meta http-equiv="Content-Security-Policy" content="${policy}">`));
  snippet("--url", candor.url, ...flags, "--inject", file);
  const site = await servePages({ [`/${name}.html`]: readFileSync(file, "utf8") });
  const tab = await browser.newPage();
  const requests = [];
  tab.on("request", (request) => request.url().startsWith(candor.url) && requests.push(new URL(request.url()).pathname));
  await tab.goto(`${site.url}/${name}.html`);
  return { tab, requests, close: async () => { await tab.close(); await site.stop(); } };
}

const seen = (name) => (visits) => visits.some((v) => v.actionDetails.some((action) => action.pageTitle === name));

test("the usual code tracks under a policy that names its hash, though the page's bundle never comes", async () => {
  const page = await visit("usual", []);
  await candor.visits(seen("usual"));
  await page.close();
});

test("the strict one asks for nothing and keeps nothing before consent, and tracks after it", async () => {
  const page = await visit("strict", ["--strict"]);
  assert.deepEqual(page.requests, []);
  assert.deepEqual(await page.tab.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]), ["", 0, 0]);
  await page.tab.evaluate(() => window._paq.push(["setConsentGiven"]));
  await candor.visits(seen("strict"));
  assert.deepEqual(page.requests.slice(0, 2), ["/matomo.js", "/matomo.php"]);
  await page.close();
});

test("the order of the queue does not matter", async () => {
  const calls = [["setTrackerUrl", `${candor.url}/matomo.php`], ["setSiteId", "1"], ["setUserId", "anna"], ["enableLinkTracking"],
    ["trackPageView", "Queue"]];
  const turned = calls.map((_, at) => [...calls.slice(at), ...calls.slice(0, at)]);
  const queues = [...turned, ...turned.map((queue) => queue.toReversed())];
  const site = await servePages(Object.fromEntries(queues.map((queue, at) => [`/${at}`,
    `<!doctype html><title>Queue</title><script>_paq = ${JSON.stringify(queue)}</script><script src="${candor.url}/matomo.js"></script>`])));
  const tab = await browser.newPage();
  for (const at of queues.keys()) {
    const request = tab.waitForRequest(/matomo\.php\?/);
    await tab.goto(`${site.url}/${at}`);
    const query = new URL((await request).url()).searchParams;
    const sent = ["idsite", "uid", "action_name", "url"].map((name) => query.get(name));
    assert.deepEqual(sent, ["1", "anna", "Queue", `${site.url}/${at}`], JSON.stringify(queues[at]));
  }
  await tab.close();
  await site.stop();
});
