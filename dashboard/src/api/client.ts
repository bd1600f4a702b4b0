/** Calls of the server. Every answer is checked for being an error; shapes are checked where they are read. */

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

type Params = Record<string, string | number | undefined>;

/** One method of the reporting API, by the session's cookie. */
export async function callApi<T>(method: string, params: Params, signal?: AbortSignal): Promise<T> {
  const query = new URLSearchParams({ module: "API", method, format: "json" });
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return request<T>(`/index.php?${query}`, signal ? { signal } : {});
}

/** One request to our own API. */
export async function request<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(path, { credentials: "same-origin", ...init });
  const body: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  const message = errorMessage(body);
  if (!response.ok || message !== undefined) {
    throw new ApiError(response.status, message ?? `status ${response.status}`);
  }
  return body as T;
}

/** A JSON body. */
export function json(method: string, body: unknown): RequestInit {
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

function errorMessage(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { result, message, error } = body as Record<string, unknown>;
  if (result === "error") return String(message);
  return typeof error === "string" ? error : undefined;
}
