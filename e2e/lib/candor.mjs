/** A candor of the test's own: fresh data, a free loopback port, a super user with a token. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const TOKEN = "0123456789abcdef0123456789abcdef";
export const LOGIN = "root";
export const PASSWORD = "correct horse";

/** Milliseconds within which a hit must be in every report. */
export const VISIBLE_MS = 2000;

export const program = process.env.CANDOR ?? "../bin/candor";

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts one and adds site 1; `await using` or `stop()` ends it. */
export async function startCandor({ env = {}, site = true } = {}) {
  const dir = await mkdtemp(join(tmpdir(), "candor-e2e-"));
  const address = `127.0.0.1:${await freePort()}`;
  const output = [];
  const child = spawn(program, ["serve", "--data-dir", join(dir, "data"), "--listen", address], {
    env: {
      ...process.env,
      CANDOR_ADMIN_LOGIN: LOGIN,
      CANDOR_ADMIN_PASSWORD: PASSWORD,
      CANDOR_ADMIN_TOKEN: TOKEN,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => output.push(String(text)));
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const url = `http://${address}`;

  /** Ends it; its data stay to be looked at until `stop`. */
  async function halt() {
    child.kill("SIGTERM");
    await ended;
  }

  async function stop() {
    await halt();
    await rm(dir, { recursive: true, force: true });
  }

  /** One call of the reporting API. */
  async function api(method, params = {}) {
    const query = new URLSearchParams({ module: "API", format: "json", method, token_auth: TOKEN, ...params });
    const answer = await (await fetch(`${url}/index.php`, { method: "POST", body: query })).json();
    if (answer.result === "error") throw new Error(`${method}: ${answer.message}`);
    return answer;
  }

  /** One reading call of our own API. */
  async function own(path) {
    const answer = await fetch(`${url}/api/v1/${path}`, { headers: { Authorization: `Bearer ${TOKEN}` } });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  }

  /** The log of visits as soon as it is as wanted; fails when that takes more than two seconds. */
  function visits(wanted, params = {}) {
    return soon(() => api("Live.getLastVisitsDetails", { idSite: 1, filter_limit: 100, ...params }), wanted);
  }

  /** What `look` finds as soon as it is as wanted. */
  async function soon(look, wanted) {
    const until = Date.now() + VISIBLE_MS;
    for (;;) {
      const seen = await look();
      if (wanted(seen)) return seen;
      if (Date.now() > until) throw new Error(`not within ${VISIBLE_MS} ms; seen: ${JSON.stringify(seen).slice(0, 2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const deadline = Date.now() + 30_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`candor ended:\n${output.join("")}`);
    const ready = await fetch(`${url}/readyz`).then((r) => r.ok, () => false);
    if (ready) break;
    if (Date.now() > deadline) throw new Error(`candor was not ready in time:\n${output.join("")}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (site) {
    await api("SitesManager.addSite", { siteName: "Test", "urls[0]": "http://site.example" });
  }
  return { url, api, own, visits, soon, halt, stop, dir, output, pid: child.pid };
}
