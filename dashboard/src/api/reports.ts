/** Sites, the catalogue and reports. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { daysOf, resolveDate, type Scope, shiftDate } from "../lib/scope";
import { call, callApi, type Schema } from "./client";

export interface Site {
  idsite: number;
  name: string;
  /** ISO 4217. */
  currency: string;
}

/** A report as the server's catalogue describes it. */
export type ReportInfo = Schema["Report"];

/** A row of a report: `label` and metrics, with nested values left out. */
export type ReportRow = Record<string, string | number>;

/** A scope with its site known. */
export type SiteScope = Scope & { site: number };

export function useSites() {
  return useQuery({
    queryKey: ["sites"],
    staleTime: 60_000,
    queryFn: ({ signal }) => callApi<Site[]>("SitesManager.getSitesWithAtLeastViewAccess", {}, signal),
  });
}

/** What the pages of a site need to be counted. */
export function useTrackingCode(site: number) {
  return useQuery({
    queryKey: ["tracking-code", site],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) =>
      (await callApi<{ value: string }>("SitesManager.getJavascriptTag", { idSite: site }, signal)).value,
  });
}

export function useCatalogue() {
  return useQuery({
    queryKey: ["catalogue"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await call("get", "/api/v1/catalogue")).reports,
  });
}

function scopeParams(scope: SiteScope) {
  return { idSite: scope.site, period: scope.period, date: scope.date };
}

/** Which rows: a report's own, or those below one of its rows. */
export interface RowsOf {
  method: string;
  /** All levels as one list. */
  flat: boolean;
  /** `idsubdatatable` of the row above. */
  below?: number;
}

/** By which column rows are sorted; a report has an order of its own. */
export interface Sort {
  column: string;
  order: "asc" | "desc";
}

/** The first rows and, where there are more than `limit`, one that sums the rest; all rows without a `limit`. */
export function useRows(
  { method, flat, below }: RowsOf,
  scope: SiteScope,
  limit: number | undefined,
  sort?: Sort,
) {
  return useQuery({
    queryKey: ["rows", method, below, scope.site, scope.period, scope.date, limit, sort],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const answer = await callApi<unknown>(
        method,
        {
          ...scopeParams(scope),
          filter_truncate: limit,
          filter_limit: -1,
          filter_sort_column: sort?.column,
          filter_sort_order: sort?.order,
          flat: Number(flat),
          idSubtable: below,
        },
        signal,
      );
      return Array.isArray(answer) ? answer.map(plainRow) : [];
    },
  });
}

/** A one-row report, of the visits in a segment. */
export function useFigures(method: string, scope: SiteScope, segment?: string) {
  return useQuery({
    queryKey: ["figures", method, scope.site, scope.period, scope.date, segment],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      plainRow(await callApi<unknown>(method, { ...scopeParams(scope), segment }, signal)),
  });
}

export interface Point {
  day: string;
  visits: number;
}

/** Days shown before the scope's date when the period is one day. */
const TREND_DAYS = 30;

/** Visits by day: of the period, or of the 30 days up to a single day. */
export function useVisitsByDay(scope: SiteScope) {
  return useQuery({
    queryKey: ["visits-by-day", scope.site, scope.period, scope.date],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Point[]> => {
      const [start, end] = trendDays(scope, new Date());
      const answer = await callApi<Record<string, unknown>>(
        "VisitsSummary.getVisits",
        { idSite: scope.site, period: "day", date: `${start},${end}` },
        signal,
      );
      const today = resolveDate("today", new Date());
      return Object.entries(answer)
        .map(([day, visits]) => ({ day, visits: Number(visits) || 0 }))
        .filter((point) => point.day <= today || point.visits > 0);
    },
  });
}

/** First and last day of the trend. */
function trendDays(scope: SiteScope, now: Date): [string, string] {
  const [first, last] = daysOf(scope, now);
  return scope.period === "day" ? [shiftDate(first, "day", 1 - TREND_DAYS, now), last] : [first, last];
}

function plainRow(row: unknown): ReportRow {
  const plain: ReportRow = {};
  for (const [name, value] of Object.entries((row ?? {}) as Record<string, unknown>)) {
    if (typeof value === "string" || typeof value === "number") plain[name] = value;
  }
  return plain;
}
