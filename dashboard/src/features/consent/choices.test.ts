import { expect, test } from "vitest";
import { asked, isUnknown, measured, sum, sumBy } from "./choices";
import { facts, receiptId } from "./receipt";

const none = { accepted: 0, rejected: 0, signal: 0, withdrawn: 0, no_choice: 0 };
const days = [
  { ...none, date: "2026-03-01", version: "1", accepted: 3, rejected: 2 },
  { ...none, date: "2026-03-01", version: "2", accepted: 1, no_choice: 4 },
  { ...none, date: "2026-03-02", version: "2", accepted: 6, signal: 4, withdrawn: 2 },
];

test("choices are summed whole, by day and by version", () => {
  expect(sum(days)).toEqual({ accepted: 10, rejected: 2, signal: 4, no_choice: 4, withdrawn: 2 });
  expect(sumBy(days, "date").map(({ label, choices }) => [label, asked(choices)])).toEqual([
    ["2026-03-01", 10],
    ["2026-03-02", 10],
  ]);
  expect(sumBy(days, "version").map(({ label, choices }) => [label, choices.accepted])).toEqual([
    ["1", 3],
    ["2", 7],
  ]);
});

test("the share measured is of all who were asked; a withdrawal was counted as an agreement before", () => {
  expect(measured(sum(days))).toBe(0.5);
  expect(measured(none)).toBeUndefined();
});

test("what pages can't tell is unknown, not zero", () => {
  expect(isUnknown("no_choice", none, false)).toBe(true);
  expect(isUnknown("signal", none, false)).toBe(true);
  expect(isUnknown("signal", { ...none, signal: 1 }, false)).toBe(false);
  expect(isUnknown("rejected", none, false)).toBe(false);
  expect(isUnknown("no_choice", none, true)).toBe(false);
});

test("an id is found alone and in an address, and only whole", () => {
  const id = "00112233445566778899aabbccddeeff";
  expect(receiptId(` ${id.toUpperCase()} `)).toBe(id);
  expect(receiptId(`https://stats.test/matomo.php?consent=receipt&receipt=${id}`)).toBe(id);
  expect(receiptId(`${id}0`)).toBeUndefined();
  expect(receiptId("")).toBeUndefined();
});

test("a receipt of another shape shows what it has", () => {
  expect(facts({ site: 3, event: [{ signals: ["gpc", "dnt"] }], purposes: "x" })).toEqual([
    ["receipt.withdrawn", "Not withdrawn"],
    ["receipt.signals", "gpc, dnt"],
    ["receipt.site", "3"],
  ]);
});
