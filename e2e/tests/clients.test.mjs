/** Existing clients, as published, each seen in the visits log within two seconds. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { test } from "node:test";
import { build } from "esbuild";
import MatomoTracker from "matomo-tracker";
import { servePages } from "../lib/browser.mjs";
import { TOKEN } from "../lib/candor.mjs";
import { setUp } from "../lib/set-up.mjs";

const run = promisify(execFile);
const AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";
const { candor, browser } = await setUp();

const actionsOf = (visits) => visits.flatMap((visit) => visit.actionDetails);
const withUrl = (part) => (visits) => actionsOf(visits).some((action) => action.url?.includes(part));

/** The standard snippet, as Matomo's own pages give it. */
function snippet(url, script) {
  return `<script>
  var _paq = window._paq = window._paq || [];
  _paq.push(['trackPageView']);
  _paq.push(['enableLinkTracking']);
  (function() {
    var u="${url}/";
    _paq.push(['setTrackerUrl', u+'matomo.php']);
    _paq.push(['setSiteId', '1']);
    var d=document, g=d.createElement('script'), s=d.getElementsByTagName('script')[0];
    g.async=true; g.src=u+'${script}'; s.parentNode.insertBefore(g,s);
  })();
</script>`;
}

for (const script of ["matomo.js", "matomo-lite.js"]) {
  test(`Chromium on a page with the standard snippet and ${script}`, async () => {
    const page = `<!doctype html><title>Page with ${script}</title>${snippet(candor.url, script)}
      <a id="file" href="/files/${script}.pdf" download>catalogue</a>`;
    const site = await servePages({ [`/snippet-${script}.html`]: page });
    const tab = await browser.newPage();
    await tab.goto(`${site.url}/snippet-${script}.html`);
    const [visit] = await candor.visits(withUrl(`/snippet-${script}`));
    assert.ok(visit.actionDetails.some((action) => action.pageTitle === `Page with ${script}`));
    assert.equal(visit.browserName, "Headless Chrome");
    await tab.click("#file");
    const seen = await candor.visits(withUrl(`/files/${script}.pdf`));
    assert.ok(actionsOf(seen).some((a) => a.type === "download"));
    assert.equal(seen.filter((v) => v.actionDetails.some((a) => a.url?.includes(`snippet-${script}`))).length, 1);
    await tab.close();
    await site.stop();
  });
}

test("npm matomo-tracker: single hits and a bulk", async () => {
  const tracker = new MatomoTracker(1, `${candor.url}/matomo.php`);
  tracker.on("error", (error) => assert.fail(error));
  tracker.track({ url: "http://site.example/node", action_name: "Node", ua: AGENT, cid: "00000000000000aa" });
  const [visit] = await candor.visits(withUrl("site.example/node"), { segment: "visitorId==00000000000000aa" });
  assert.equal(visit.actionDetails[0].pageTitle, "Node");
  const answer = await new Promise((resolve) => {
    tracker.trackBulk(
      [1, 2, 3].map((n) => ({
        url: `http://site.example/bulk-${n}`,
        ua: AGENT,
        cid: "00000000000000ab",
        token_auth: TOKEN,
      })),
      resolve,
    );
  });
  assert.deepEqual(JSON.parse(answer), { status: "success", tracked: 3, invalid: 0 });
  await candor.visits(withUrl("bulk-3"));
});

test("npm @datapunt/matomo-tracker-react in Chromium", async () => {
  const bundle = await build({
    stdin: {
      contents: `
        import React from "react";
        import { render } from "react-dom";
        import { MatomoProvider, createInstance, useMatomo } from "@datapunt/matomo-tracker-react";
        const instance = createInstance({ urlBase: "${candor.url}", siteId: 1 });
        function Page() {
          const { trackPageView, trackEvent } = useMatomo();
          React.useEffect(() => {
            trackPageView({ documentTitle: "React page", href: "http://site.example/react" });
            trackEvent({ category: "video", action: "play", name: "intro", value: 12 });
          }, []);
          return null;
        }
        render(<MatomoProvider value={instance}><Page /></MatomoProvider>, document.getElementById("root"));`,
      resolveDir: import.meta.dirname,
      loader: "jsx",
    },
    bundle: true,
    write: false,
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  const page = `<!doctype html><title>x</title><div id="root"></div><script src="/app.js"></script>`;
  const site = await servePages({ "/": page, "/app.js": bundle.outputFiles[0].text });
  const tab = await browser.newPage();
  await tab.goto(site.url);
  const seen = await candor.visits((visits) => actionsOf(visits).some((a) => a.eventCategory === "video"));
  const event = actionsOf(seen).find((a) => a.type === "event");
  assert.deepEqual([event.eventAction, event.eventName, Number(event.eventValue)], ["play", "intro", 12]);
  assert.ok(withUrl("site.example/react")(seen));
  await tab.close();
  await site.stop();
});

test("PyPI piwikapi", async () => {
  const python = process.env.PIWIKAPI ?? "";
  const code = `
import sys
sys.path.insert(0, ${JSON.stringify(python)})
from piwikapi.tracking import PiwikTracker
class Request(object):
    META = {"HTTP_USER_AGENT": ${JSON.stringify(AGENT)}, "HTTP_ACCEPT_LANGUAGE": "de-de", "REMOTE_ADDR": "203.0.113.9",
            "SERVER_NAME": "site.example", "PATH_INFO": "/python", "QUERY_STRING": "", "HTTPS": ""}
    def is_secure(self): return False
tracker = PiwikTracker(1, Request())
tracker.set_api_url(${JSON.stringify(candor.url)} + "/piwik.php")
tracker.set_token_auth(${JSON.stringify(TOKEN)})
tracker.set_ip("203.0.113.9")
tracker.do_track_page_view("Python")
`;
  await run("python3", ["-c", code]);
  const seen = await candor.visits(withUrl("site.example/python"));
  assert.ok(actionsOf(seen).some((a) => a.pageTitle === "Python"));
});

test("requests as the official PHP tracker makes them: parameters in the query, the token in a form body", async () => {
  const query = new URLSearchParams({
    idsite: 1,
    rec: 1,
    apiv: 1,
    _idts: "1700000000",
    cip: "198.51.100.7",
    cid: "00000000000000bb",
    url: "http://site.example/php",
    action_name: "PHP",
    uadata: JSON.stringify({ platform: "Windows", platformVersion: "15.0.0" }),
  });
  const response = await fetch(`${candor.url}/matomo.php?${query}`, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", "User-Agent": AGENT },
    body: `token_auth=${TOKEN}`,
  });
  assert.equal(response.status, 200);
  const [visit] = await candor.visits(withUrl("site.example/php"), { segment: "visitorId==00000000000000bb" });
  assert.equal(visit.visitIp, "198.51.0.0");
});

test("requests as the official log importer makes them, four recorders at once: nothing lost, nothing twice", async () => {
  const { value: site } = await candor.api("SitesManager.addSite", { siteName: "Logs", "urls[0]": "http://logs.example" });
  const recorders = 4;
  const batches = 10;
  const hits = 50;
  const now = Math.floor(Date.now() / 1000);
  const day = new Date((now - 86_400 * 2) * 1000).toISOString().slice(0, 10);
  const record = async (recorder) => {
    for (let batch = 0; batch < batches; batch += 1) {
      const requests = Array.from({ length: hits }, (_, n) => ({
        idsite: site,
        rec: "1",
        apiv: "1",
        url: `http://logs.example/${recorder}/${batch}/${n}`,
        cip: `10.${recorder}.${n % 5}.1`,
        cdt: `${day} 10:${String(batch).padStart(2, "0")}:${String(n).padStart(2, "0")}`,
        ua: AGENT,
        dp: "0",
        bots: "1",
        queuedtracking: "0",
      }));
      const response = await fetch(`${candor.url}/piwik.php?queuedtracking=0`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "User-Agent": "Matomo/LogImport" },
        body: JSON.stringify({ token_auth: TOKEN, requests }),
      });
      assert.equal(response.status, 200);
      const answer = await response.json();
      assert.deepEqual([answer.status, answer.tracked, answer.invalid], ["success", hits, 0]);
    }
  };
  await Promise.all(Array.from({ length: recorders }, (_, n) => record(n)));
  const wanted = recorders * batches * hits;
  const until = Date.now() + 2000;
  for (;;) {
    const figures = await candor.api("VisitsSummary.get", { idSite: site, period: "day", date: day });
    if (Number(figures.nb_actions) === wanted) {
      assert.equal(Number(figures.nb_visits), recorders * 5);
      break;
    }
    assert.ok(Date.now() < until, `${JSON.stringify(figures)}, wanted ${wanted} actions`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});
