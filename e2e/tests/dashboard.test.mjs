/** The dashboard as people use it: set-up, sign-in, reports, live visits; on a phone, in the dark, by keyboard. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { LOGIN, PASSWORD } from "../lib/candor.mjs";
import { setUp } from "../lib/set-up.mjs";

const { candor, browser } = await setUp();

before(async () => {
  for (const [path, title] of [
    ["/", "Home"],
    ["/shop/tent", "Tent"],
    ["/shop/boots", "Boots"],
  ]) {
    const query = new URLSearchParams({
      idsite: 1,
      rec: 1,
      cid: "00000000000000cc",
      url: `http://site.example${path}`,
      action_name: title,
      urlref: "https://news.example/article",
    });
    await fetch(`${candor.url}/matomo.php?${query}`, {
      headers: {
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
        "Accept-Language": "de-DE,de;q=0.9",
      },
    });
  }
  await candor.visits((visits) => visits[0]?.actions === 3);
});

async function signIn(options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const outside = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(candor.url)) outside.push(request.url());
  });
  await page.goto(candor.url);
  await page.getByLabel("Login").fill(LOGIN);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Visits over time" }).waitFor();
  return { page, outside };
}

test("signing in shows the site's numbers and its newest visit", async () => {
  const { page, outside } = await signIn();
  const figures = page.locator("dl.figures");
  await figures.waitFor();
  assert.match(await figures.innerText(), /Visits\s*1\b/);
  await page.getByText("Germany").first().waitFor();
  await page.locator(".visits summary").first().click();
  await page.getByText("http://site.example/shop/boots").first().waitFor();
  assert.deepEqual(outside, []);
  await page.context().close();
});

test("a wrong password is refused with words", async () => {
  const page = await browser.newPage();
  await page.goto(candor.url);
  await page.getByLabel("Login").fill(LOGIN);
  await page.getByLabel("Password").fill("wrong password");
  await page.keyboard.press("Enter");
  assert.equal(await page.getByRole("alert").innerText(), "The login or the password is wrong.");
  await page.close();
});

for (const [name, options] of [
  ["on a phone", { viewport: { width: 390, height: 844 }, hasTouch: true }],
  ["in the dark", { colorScheme: "dark" }],
]) {
  test(`${name}: nothing is cut off, and accessibility checks pass`, async () => {
    const { page } = await signIn(options);
    await page.getByText("Germany").first().waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`),
      [],
    );
    await page.context().close();
  });
}

test("the scope is in the address: reloading keeps it, going back undoes it", async () => {
  const { page } = await signIn();
  await page.getByRole("button", { name: "Month", exact: true }).click();
  assert.match(page.url(), /period=month/);
  await page.reload();
  await page.getByRole("heading", { name: "Visits over time" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Month", exact: true }).getAttribute("aria-pressed"), "true");
  await page.goBack();
  await page.getByRole("heading", { name: "Visits over time" }).waitFor();
  assert.ok(!page.url().includes("period=month"));
  await page.context().close();
});

test("every page draws its reports, none of them with an error", async () => {
  const { page } = await signIn();
  const pages = await page.getByRole("navigation", { name: "Reports" }).getByRole("link").allInnerTexts();
  assert.ok(["Visitors", "Actions", "Referrers", "Goals"].every((name) => pages.includes(name)), pages.join());
  for (const name of pages) {
    await page.getByRole("link", { name, exact: true }).click();
    await page.locator(".card").first().waitFor();
    await page.waitForFunction(() => document.querySelector(".loading") === null);
    assert.deepEqual(await page.getByRole("alert").allInnerTexts(), [], name);
  }
  await page.getByRole("link", { name: "Actions", exact: true }).click();
  await page.getByRole("heading", { name: "Page URLs" }).waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`),
    [],
  );
  await page.context().close();
});

test("an address that leads nowhere says so and leads back", async () => {
  const { page } = await signIn();
  for (const [query, words] of [
    ["?idSite=99", /no such site/],
    ["?date=2026-02-30", /date in the address/],
    ["?period=decade", /period in the address/],
    ["?page=Nothing", /no such page/],
  ]) {
    await page.goto(`${candor.url}/${query}`);
    assert.match(await page.getByRole("alert").innerText(), words);
    await page.getByRole("link", { name: "Go to the overview" }).click();
    await page.getByRole("heading", { name: "Visits over time" }).waitFor();
  }
  await page.context().close();
});
