/** Who is signed in. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, json, request } from "./client";

export interface Session {
  login: string;
  super_user: boolean;
}

const KEY = ["session"];

/** The session; `null` when nobody is signed in. */
export function useSession() {
  return useQuery({
    queryKey: KEY,
    staleTime: 60_000,
    queryFn: async (): Promise<Session | null> => {
      try {
        return await request<Session>("/api/v1/session");
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
  });
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: { login: string; password: string }) =>
      request<Session>("/api/v1/session", json("POST", given)),
    onSuccess: (session) => queries.setQueryData(KEY, session),
  });
}

export function useSetUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: { token: string; login: string; password: string; email: string }) =>
      request<Session>("/api/v1/setup", json("POST", given)),
    onSuccess: (session) => queries.setQueryData(KEY, session),
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => request<null>("/api/v1/session", { method: "DELETE" }),
    onSuccess: () => {
      queries.clear();
      queries.setQueryData(KEY, null);
    },
  });
}
