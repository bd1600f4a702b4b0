import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "../api/client";
import { text } from "../lib/text";

interface Props<T> {
  query: UseQueryResult<T>;
  isEmpty?: (data: T) => boolean;
  children: (data: T) => ReactNode;
}

/** Draws what a query is at: loading, failed, empty, or its data. */
export function Loaded<T>({ query, isEmpty, children }: Props<T>) {
  if (query.data !== undefined) {
    return isEmpty?.(query.data) ? <p className="note">{text("state.empty")}</p> : children(query.data);
  }
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return (
    <div className="loading" role="status" aria-label={text("state.loading")}>
      <span />
      <span />
      <span />
    </div>
  );
}

function Failure({ error, retry }: { error: Error; retry: () => void }) {
  const forbidden = error instanceof ApiError && (error.status === 401 || error.status === 403);
  return (
    <div className="note" role="alert">
      <p>{text(forbidden ? "state.noAccess" : "state.error")}</p>
      {!forbidden && <p className="detail">{error.message}</p>}
      <button type="button" onClick={retry}>
        {text("state.retry")}
      </button>
    </div>
  );
}
