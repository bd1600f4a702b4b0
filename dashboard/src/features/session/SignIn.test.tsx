import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { SignIn } from "./SignIn";

afterEach(cleanup);

function show(status: number, answer: unknown) {
  const fetch = vi.fn(
    async (_path: string, _init?: RequestInit) => new Response(JSON.stringify(answer), { status }),
  );
  vi.stubGlobal("fetch", fetch);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SignIn />
    </QueryClientProvider>,
  );
  return fetch;
}

async function signIn() {
  await userEvent.type(screen.getByLabelText("Login"), "ann");
  await userEvent.type(screen.getByLabelText("Password"), "battery staple{Enter}");
}

test("sends login and password in a body, never in an address", async () => {
  const fetch = show(200, { login: "ann", super_user: false });
  await signIn();
  const [path, init] = fetch.mock.calls[0] ?? [];
  expect(path).toBe("/api/v1/session");
  expect(init?.method).toBe("POST");
  expect(JSON.parse(String(init?.body))).toEqual({ login: "ann", password: "battery staple" });
});

test("before there is an account, says where the set-up link is", () => {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SignIn needsSetup />
    </QueryClientProvider>,
  );
  expect(screen.getByRole("status").textContent).toMatch(/set-up link/);
});

test.each([
  [401, "The login or the password is wrong."],
  [429, "Too many wrong passwords came from your address. Wait an hour, then try again."],
])("status %i is explained", async (status, message) => {
  show(status, { error: "refused" });
  await signIn();
  expect((await screen.findByRole("alert")).textContent).toBe(message);
});
