/** The visits log. */
import { useQuery } from "@tanstack/react-query";
import { callApi } from "./client";

export interface LiveAction {
  type: string;
  url: string | null;
  pageTitle: string | null;
  subtitle: string | null;
  serverTimePretty: string;
}

export interface LiveVisit {
  idVisit: number;
  visitorId: string | null;
  visitorType: string;
  serverDate: string;
  serverTimePretty: string;
  country: string;
  browser: string;
  operatingSystem: string;
  deviceType: string;
  referrerTypeName: string;
  referrerName: string | null;
  visitDurationPretty: string;
  actions: number;
  actionDetails: LiveAction[];
}

const REFRESH_MS = 10_000;

export function useLiveVisits(site: number, limit: number) {
  return useQuery({
    queryKey: ["live", site, limit],
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) =>
      callApi<LiveVisit[]>("Live.getLastVisitsDetails", { idSite: site, filter_limit: limit }, signal),
  });
}

export function useLiveCounters(site: number) {
  return useQuery({
    queryKey: ["live-counters", site],
    refetchInterval: REFRESH_MS,
    queryFn: async ({ signal }) => {
      const [counters] = await callApi<Record<string, string | number>[]>(
        "Live.getCounters",
        { idSite: site, lastMinutes: 30 },
        signal,
      );
      return { visits: Number(counters?.visits ?? 0), actions: Number(counters?.actions ?? 0) };
    },
  });
}
