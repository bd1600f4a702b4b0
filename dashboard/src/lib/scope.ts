/** What is looked at: site, period, date, page. It lives in the URL, so that every view can be linked and gone back to. */
import { useCallback, useSyncExternalStore } from "react";

export const PERIODS = ["day", "week", "month", "year"] as const;
export type Period = (typeof PERIODS)[number];

export interface Scope {
  /** `undefined` = the first site there is. */
  site: number | undefined;
  period: Period;
  /** `YYYY-MM-DD`, `today` or `yesterday`. */
  date: string;
  /** `overview`, `live`, `consent`, or a category of the catalogue. */
  page: string;
}

export function parseScope(search: string): Scope {
  const given = new URLSearchParams(search);
  const site = Number(given.get("idSite"));
  const date = given.get("date") ?? "";
  return {
    site: Number.isInteger(site) && site > 0 ? site : undefined,
    period: PERIODS.find((p) => p === given.get("period")) ?? "day",
    date: isDate(date) ? date : "today",
    page: given.get("page") || "overview",
  };
}

/** What of an address can't be understood, so that nobody takes other numbers for those they asked for. */
export function unreadable(search: string): ("site" | "period" | "date")[] {
  const given = new URLSearchParams(search);
  const scope = parseScope(search);
  const wrong: ("site" | "period" | "date")[] = [];
  if (given.get("idSite") && scope.site === undefined) wrong.push("site");
  if (given.get("period") && given.get("period") !== scope.period) wrong.push("period");
  if (given.get("date") && given.get("date") !== scope.date) wrong.push("date");
  return wrong;
}

/** A day that the calendar has; `2026-02-30` isn't one. */
function isDate(date: string): boolean {
  if (date === "today" || date === "yesterday") return true;
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) return false;
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}

export function printScope(scope: Scope): string {
  const parts: [string, string | undefined][] = [
    ["idSite", scope.site?.toString()],
    ["period", scope.period === "day" ? undefined : scope.period],
    ["date", scope.date === "today" ? undefined : scope.date],
    ["page", scope.page === "overview" ? undefined : scope.page],
  ];
  const query = new URLSearchParams(
    parts.filter((p): p is [string, string] => p[1] !== undefined),
  ).toString();
  return query ? `?${query}` : "";
}

/** The date one period earlier (-1) or later (+1). `today` and `yesterday` are counted from `now`. */
export function shiftDate(date: string, period: Period, by: number, now: Date): string {
  const start = calendarDay(date, now);
  if (period === "day") start.setUTCDate(start.getUTCDate() + by);
  if (period === "week") start.setUTCDate(start.getUTCDate() + 7 * by);
  if (period === "year") start.setUTCFullYear(start.getUTCFullYear() + by, start.getUTCMonth(), 1);
  if (period === "month") start.setUTCMonth(start.getUTCMonth() + by, 1);
  return start.toISOString().slice(0, 10);
}

/** The date as `YYYY-MM-DD`. */
export function resolveDate(date: string, now: Date): string {
  return calendarDay(date, now).toISOString().slice(0, 10);
}

/** First and last day of the period that the date is in. */
export function daysOf({ period, date }: Pick<Scope, "period" | "date">, now: Date): [string, string] {
  const day = calendarDay(date, now);
  const [year, month, ofMonth] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
  const iso = (y: number, m: number, d: number) => new Date(Date.UTC(y, m, d)).toISOString().slice(0, 10);
  const monday = ofMonth - ((day.getUTCDay() + 6) % 7);
  switch (period) {
    case "day":
      return [iso(year, month, ofMonth), iso(year, month, ofMonth)];
    case "week":
      return [iso(year, month, monday), iso(year, month, monday + 6)];
    case "month":
      return [iso(year, month, 1), iso(year, month + 1, 0)];
    case "year":
      return [iso(year, 0, 1), iso(year, 11, 31)];
  }
}

function calendarDay(date: string, now: Date): Date {
  if (/^\d/.test(date)) return new Date(`${date}T00:00:00Z`);
  const day = new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()));
  if (date === "yesterday") day.setUTCDate(day.getUTCDate() - 1);
  return day;
}

const CHANGED = "candor:scope";

function subscribe(notify: () => void): () => void {
  window.addEventListener("popstate", notify);
  window.addEventListener(CHANGED, notify);
  return () => {
    window.removeEventListener("popstate", notify);
    window.removeEventListener(CHANGED, notify);
  };
}

/** The scope and a way to change parts of it. */
export function useScope(): [Scope, (change: Partial<Scope>) => void] {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  const change = useCallback((part: Partial<Scope>) => {
    const next = { ...parseScope(window.location.search), ...part };
    window.history.pushState(null, "", `${window.location.pathname}${printScope(next)}`);
    window.dispatchEvent(new Event(CHANGED));
  }, []);
  return [parseScope(search), change];
}
