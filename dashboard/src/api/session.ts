/** Who is signed in. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, call, type Schema } from "./client";

const KEY = ["session"];

/** The session, or that nobody is signed in. */
export function useSession() {
  return useQuery({
    queryKey: KEY,
    staleTime: 60_000,
    queryFn: async (): Promise<Schema["Session"] | Schema["Nobody"]> => {
      try {
        return await call("get", "/api/v1/session");
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return error.answer as Schema["Nobody"];
        throw error;
      }
    },
  });
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: Schema["SignIn"]) => call("post", "/api/v1/session", given),
    onSuccess: (session) => queries.setQueryData(KEY, session),
  });
}

export function useSetUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: Schema["SetUp"]) => call("post", "/api/v1/setup", given),
    onSuccess: (session) => queries.setQueryData(KEY, session),
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call("delete", "/api/v1/session"),
    onSuccess: () => {
      queries.clear();
      queries.setQueryData(KEY, { error: "", needs_setup: false });
    },
  });
}
