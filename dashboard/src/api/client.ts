/** Calls of the server. Every answer is checked for being an error; shapes are checked where they are read. */
import type { components, paths } from "./schema.gen";

/** What our own API says and takes, by name. */
export type Schema = components["schemas"];

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** The whole answer, where it was JSON. */
    readonly answer: unknown = null,
  ) {
    super(message);
  }
}

type Params = Record<string, string | number | undefined>;
type Json<T> = { content: { "application/json": T } };
type Operation<P extends keyof paths, M extends keyof paths[P]> = NonNullable<paths[P][M]>;
type Answer<O> = O extends { responses: { 200: Json<infer T> } } ? T : null;
type Given<O> = O extends { parameters: infer T } ? Omit<T, "header" | "cookie"> : never;
type Body<O> = O extends { requestBody: Json<infer T> } ? [body: T] : [];

/** One method of the reporting API, by the session's cookie. */
export async function callApi<T>(method: string, params: Params, signal?: AbortSignal): Promise<T> {
  const query = new URLSearchParams({ module: "API", method, format: "json" });
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return (await request(`/index.php?${query}`, signal ? { signal } : {})) as T;
}

/** One operation of our own API. */
export async function call<P extends keyof paths, M extends keyof paths[P] & string>(
  method: M,
  path: P,
  ...[body]: Body<Operation<P, M>>
): Promise<Answer<Operation<P, M>>> {
  const init: RequestInit = { method: method.toUpperCase() };
  if (body !== undefined) {
    init.headers = { "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  return (await request(path, init)) as Answer<Operation<P, M>>;
}

/** One reading operation of our own API that has parameters. */
export async function ask<P extends keyof paths>(
  path: P,
  given: Given<Operation<P, "get">>,
  signal?: AbortSignal,
): Promise<Answer<Operation<P, "get">>> {
  const { path: parts = {}, query = {} } = given as { path?: Params; query?: Params };
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name])));
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return (await request(search ? `${address}?${search}` : address, signal ? { signal } : {})) as Answer<
    Operation<P, "get">
  >;
}

async function request(path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(path, { credentials: "same-origin", ...init });
  const body: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  const message = errorMessage(body);
  if (!response.ok || message !== undefined) {
    throw new ApiError(response.status, message ?? `status ${response.status}`, body);
  }
  return body;
}

function errorMessage(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { result, message, error } = body as Record<string, unknown>;
  if (result === "error") return String(message);
  return typeof error === "string" ? error : undefined;
}
