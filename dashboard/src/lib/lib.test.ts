import { describe, expect, test } from "vitest";
import { formatDuration, formatMetric } from "./format";
import { daysOf, parseScope, printScope, resolveDate, shiftDate, unreadable } from "./scope";
import { text } from "./text";

describe("scope", () => {
  test("is read from the URL, with defaults for what is missing or wrong", () => {
    expect(parseScope("?idSite=3&period=month&date=2026-02-01&page=live")).toEqual({
      site: 3,
      period: "month",
      date: "2026-02-01",
      page: "live",
    });
    expect(parseScope("?idSite=x&period=decade&date=<script>")).toEqual({
      site: undefined,
      period: "day",
      date: "today",
      page: "overview",
    });
  });

  test("names what of an address can't be read", () => {
    expect(unreadable("?idSite=3&period=week&date=2024-02-29")).toEqual([]);
    expect(unreadable("?idSite=x&period=decade&date=2026-02-30")).toEqual(["site", "period", "date"]);
  });

  test("is printed without its defaults and read back the same", () => {
    const scope = { site: 2, period: "week", date: "yesterday", page: "Visitors" } as const;
    expect(parseScope(printScope(scope))).toEqual(scope);
    expect(printScope({ site: undefined, period: "day", date: "today", page: "overview" })).toBe("");
  });

  test("moves by whole periods", () => {
    const now = new Date(2026, 2, 1, 23, 59);
    expect(shiftDate("today", "day", -1, now)).toBe("2026-02-28");
    expect(shiftDate("2026-03-31", "month", -1, now)).toBe("2026-02-01");
    expect(shiftDate("2024-02-29", "year", 1, now)).toBe("2025-02-01");
    expect(shiftDate("2026-01-05", "week", -1, now)).toBe("2025-12-29");
    expect(resolveDate("yesterday", now)).toBe("2026-02-28");
  });
});

describe("days of a period", () => {
  const days = (period: "day" | "week" | "month" | "year", date: string) =>
    daysOf({ period, date }, new Date(2026, 2, 1, 23, 59));
  test("are those of the calendar, weeks beginning on Mondays", () => {
    expect(days("day", "today")).toEqual(["2026-03-01", "2026-03-01"]);
    expect(days("week", "today")).toEqual(["2026-02-23", "2026-03-01"]);
    expect(days("month", "2024-02-10")).toEqual(["2024-02-01", "2024-02-29"]);
    expect(days("year", "2026-03-01")).toEqual(["2026-01-01", "2026-12-31"]);
  });
});

describe("format", () => {
  test("durations", () => {
    expect([0, 45, 200, 3725].map(formatDuration)).toEqual(["0 s", "45 s", "3 min 20 s", "1 h 02 min"]);
  });

  test("metrics by their name; what is text already stays", () => {
    expect(formatMetric("bounce_rate", "33%", "EUR")).toBe("33%");
    expect(formatMetric("avg_time_on_site", 61, "EUR")).toBe("1 min 01 s");
    expect(formatMetric("nb_visits", undefined, "EUR")).toBe("–");
    expect(formatMetric("revenue", 12.5, "EUR")).toMatch(/€.*12[.,]50|12[.,]50.*€/);
    expect(formatMetric("revenue", 12, "?")).toBe("12");
  });
});

test("texts take values", () => {
  expect(text("live.now", { visits: 2, actions: 5 })).toBe("In the last 30 minutes – visits: 2, actions: 5");
});
