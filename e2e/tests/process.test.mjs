/** What the operating system is told about the process. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { startCandor } from "../lib/candor.mjs";

test("no core dump can hold raw requests", async () => {
  const candor = await startCandor({ site: false });
  try {
    const limits = await readFile(`/proc/${candor.pid}/limits`, "utf8");
    assert.match(limits, /^Max core file size +0 +0 /m);
  } finally {
    await candor.stop();
  }
});
