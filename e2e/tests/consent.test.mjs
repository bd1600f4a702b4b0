/** Twenty visitors are asked for consent; the operator reads what they chose, and nothing of who refused. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { strictSnippet } from "../../consent/dist/snippet.js";
import { servePages } from "../lib/browser.mjs";
import { LOGIN, PASSWORD } from "../lib/candor.mjs";
import { setUp } from "../lib/set-up.mjs";

const VISITORS = [
  ["Accept", "/agreed", 10],
  ["Reject", "/refused", 6],
  [null, "/ignored", 4],
].flatMap(([choice, path, times]) => Array.from({ length: times }, () => ({ choice, path })));

const { candor, browser } = await setUp();
let site;
/** One who agreed, still on the page. */
let agreed;
/** The text of the banner, and what that visitor keeps of the agreement. */
let text;
let receipt;
/** Cookies by page: name and domain. */
const jars = {};

before(async () => {
  const page = `<!doctype html><html lang="en"><head><title>Shop</title>${strictSnippet({ url: candor.url, siteId: 1 })}
    <script src="/en.js" async></script></head>
    <body><candor-consent url="${candor.url}" site="1" delay="0" count-shown></candor-consent></body></html>`;
  const banner = await readFile(new URL("../../consent/dist/script/en.js", import.meta.url), "utf8");
  site = await servePages({ "/agreed": page, "/refused": page, "/ignored": page, "/en.js": banner });
  for (const visitor of VISITORS) await visit(visitor);
});

after(() => site?.stop());

/** A browser of its own opens the page and answers the question, or leaves it open. */
async function visit({ choice, path }) {
  const page = await (await browser.newContext()).newPage();
  const told = (what) => page.waitForResponse((answer) => answer.request().postData()?.includes(`choice=${what}`));
  const shown = told("shown");
  await page.goto(site.url + path);
  assert.equal((await shown).status(), 200);
  text ??= await page.evaluate(() => document.querySelector("candor-consent").shown.text);
  if (choice !== null) {
    const answers = [told(choice === "Accept" ? "accepted" : "rejected")];
    if (choice === "Accept") answers.push(page.waitForResponse((answer) => answer.url().includes("action_name=")));
    await page.getByRole("button", { name: choice, exact: true }).click();
    for (const answer of answers) assert.ok((await answer).ok());
  }
  jars[path] = (await page.context().cookies()).map((cookie) => `${cookie.name.split(".")[0]} ${cookie.domain}`).sort();
  if (choice !== "Accept" || agreed) return page.context().close();
  agreed = page;
  receipt = JSON.parse(await page.evaluate(() => localStorage.getItem("matomo-consent-receipt"))).receipt;
}

/** The sums of all days, as soon as they are as wanted. */
function counts(wanted) {
  const names = ["accepted", "rejected", "signal", "no_choice", "withdrawn"];
  const sums = async () => {
    const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    const report = await candor.own(`consent?idSite=1&from=${day(-1)}&to=${day(1)}`);
    return names.map((name) => report.days.reduce((sum, row) => sum + row[name], 0));
  };
  return candor.soon(sums, (seen) => seen.join() === wanted.join());
}

async function dashboard(query) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${candor.url}/${query}`);
  await page.getByLabel("Login").fill(LOGIN);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("dl.figures").first().waitFor();
  return page;
}

const figure = (page, name) =>
  page.locator("dl.figures > div", { has: page.getByText(name, { exact: true }) }).locator("dd").innerText();

test("an agreement leaves first-party cookies of the tracker alone, other choices none that track", () => {
  const host = new URL(site.url).hostname;
  const of = (...names) => names.map((name) => `${name} ${host}`);
  const agreed = of("_pk_id", "_pk_ses", "mtm_consent");
  assert.deepEqual(jars, { "/agreed": agreed, "/refused": [], "/ignored": [] });
});

test("the API counts 10 who agreed, 6 who refused, 4 who did not choose", async () => {
  assert.deepEqual(await counts([10, 6, 0, 4, 0]), [10, 6, 0, 4, 0]);
});

test("only those who agreed are in the visits log", async () => {
  const pages = (visits) => visits.flatMap((visit) => visit.actionDetails.map((action) => new URL(action.url).pathname));
  const visits = await candor.visits((seen) => pages(seen).length >= 10);
  assert.deepEqual(pages(visits), Array.from({ length: 10 }, () => "/agreed"));
});

test("the dashboard shows them with their shares, and beside visits the share that is measured", async () => {
  const page = await dashboard("?page=consent&period=year");
  const shown = [];
  for (const name of ["Accepted", "Rejected", "Browser signal", "No choice", "Share measured"]) {
    shown.push(await figure(page, name));
  }
  assert.deepEqual(shown, ["10 50%", "6 30%", "0 0%", "4 20%", "50%"]);
  await page.getByText("The chain is whole: all 36 records").waitFor();
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`), []);
  }
  await page.getByRole("link", { name: "Overview", exact: true }).click();
  await page.getByRole("heading", { name: "Visits over time" }).waitFor();
  assert.equal(await figure(page, "Share measured"), "50%");
  await page.getByRole("region", { name: "Page URLs" }).getByRole("link", { name: "Share measured: 50%" }).waitFor();
  await page.context().close();
});

test("an agreement is proved with the text that was shown, and so is its withdrawal", async () => {
  const page = await dashboard("?page=consent&period=year");
  const find = async (end) => {
    await page.getByLabel("Id of the receipt").fill(receipt);
    await page.getByRole("button", { name: "Look it up" }).click();
    await page.locator(".facts > div", { has: page.getByText("Withdrawn", { exact: true }) }).getByText(end).waitFor();
  };
  await find("Not withdrawn");
  assert.equal(await page.locator("blockquote").textContent(), text);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download the receipt" }).click(),
  ]);
  assert.equal(JSON.parse(await readFile(await file.path(), "utf8")).record_id, receipt);

  await agreed.getByRole("button", { name: "Cookie settings" }).click();
  await seesReceipt(agreed);
  await agreed.getByRole("button", { name: "Reject", exact: true }).click();
  await counts([10, 6, 0, 4, 1]);
  await page.reload();
  await find(/20\d\d/);
  await page.context().close();
});

/** The visitor's own way to the receipt: shown in a tab of its own, and to be saved. */
async function seesReceipt(page) {
  await page.getByText("Details", { exact: true }).click();
  const [tab] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "Your consent receipt", exact: true }).click(),
  ]);
  await tab.waitForLoadState();
  assert.equal(JSON.parse(await tab.locator("pre").textContent()).record_id, receipt);
  await tab.close();
  const saved = await page.getByRole("link", { name: "Your consent receipt (JSON ↓)" }).getAttribute("href");
  assert.match((await page.request.get(saved)).headers()["content-disposition"], /^attachment; filename="consent-/);
}

test("no file has a trace of the pages of those who refused or did not choose", async () => {
  await candor.halt();
  // Those of the others are found in this way.
  const files = await readdir(candor.dir, { recursive: true, withFileTypes: true });
  const contents = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), "latin1")),
  );
  const holding = (page) => contents.filter((content) => content.includes(page)).length;
  assert.ok(holding("/agreed") > 0);
  assert.deepEqual([holding("/refused"), holding("/ignored")], [0, 0]);
});
