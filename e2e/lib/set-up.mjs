/** What most files need: a candor of their own and a browser. */
import { after } from "node:test";
import { launch } from "./browser.mjs";
import { startCandor } from "./candor.mjs";

/** Starts both; they end after the file's last test. */
export async function setUp() {
  const candor = await startCandor();
  let browser;
  after(async () => {
    await browser?.close();
    await candor.stop();
  });
  browser = await launch();
  return { candor, browser };
}
