/** Takes the README's picture: the dashboard with demo data. `node picture.mjs` after `make build`. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { launch } from "./lib/browser.mjs";
import { LOGIN, PASSWORD, program, startCandor } from "./lib/candor.mjs";

const candor = await startCandor({ site: false });
execFileSync(program, ["demo", "--data-dir", join(candor.dir, "data"), "--days", "40", "--hits", "70000"]);
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1240, height: 1250 }, colorScheme: "light" });
await page.goto(candor.url);
await page.getByLabel("Login").fill(LOGIN);
await page.getByLabel("Password").fill(PASSWORD);
await page.keyboard.press("Enter");
await page.getByRole("heading", { name: "Visits over time" }).waitFor();
await page.goto(`${candor.url}/?date=yesterday`);
await page.getByText("/shop/").first().waitFor();
await page.getByText("Germany").first().waitFor();
await page.screenshot({ path: "../docs/images/dashboard.png" });
await browser.close();
await candor.stop();
