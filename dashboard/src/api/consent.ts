/** What visitors chose, and the proof of single agreements. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { daysOf } from "../lib/scope";
import { ApiError, ask, type Schema } from "./client";
import type { SiteScope } from "./reports";

/** The choices of a site's visitors in the period. */
export function useConsent(scope: SiteScope) {
  return useQuery({
    queryKey: ["consent", scope.site, scope.period, scope.date],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const [from, to] = daysOf(scope, new Date());
      return ask("/api/v1/consent", { query: { idSite: scope.site, from, to } }, signal);
    },
  });
}

/** A receipt with the text that was shown; `null` when there is no such receipt. */
export function useProof(id: string) {
  return useQuery({
    queryKey: ["consent-proof", id],
    queryFn: async ({ signal }): Promise<Schema["Proof"] | null> => {
      try {
        return await ask("/api/v1/consent/receipts/{id}", { path: { id } }, signal);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });
}

/** Whether all consent records are as they were written. The server reads them all for it, so it isn't asked often. */
export function useChain() {
  return useQuery({
    queryKey: ["consent-chain"],
    staleTime: 300_000,
    queryFn: ({ signal }) => ask("/api/v1/consent/chain", {}, signal),
  });
}
