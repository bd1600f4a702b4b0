import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { KeyFigures } from "../overview/KeyFigures";
import { ConsentPage } from "./ConsentPage";

afterEach(cleanup);

const ID = "00112233445566778899aabbccddeeff";
const scope = { site: 1, period: "month", date: "2026-03-05", page: "consent" } as const;
const day = {
  date: "2026-03-05",
  version: "1",
  accepted: 10,
  rejected: 6,
  signal: 0,
  withdrawn: 1,
  no_choice: 4,
};
const report = { counts_open_questions: true, counts_without_consent: false, days: [day] };
const chain = { whole: true, records: 1234, head: "ab".repeat(32), public_key: "cd".repeat(32) };
const proof = {
  receipt: {
    record_id: ID,
    site: 1,
    regime: null,
    pii_processing: {
      privacy_notice: { version: "1" },
      language: "en",
      purposes: [{ purpose: "statistics" }],
    },
    party_identification: [{ party_name: "Shop GmbH, Street 1, Town" }],
    event: [
      { event_state: "given", event_time: "2026-03-05T10:00:00Z", method: "click", signals: [] },
      { event_state: "withdrawn", event_time: "2026-04-01T09:30:00Z" },
    ],
  },
  text: "May we count your visit?\nReject\nAccept",
};
const USUAL: Record<string, unknown> = {
  "/api/v1/consent": report,
  "/api/v1/consent/chain": chain,
  [`/api/v1/consent/receipts/${ID}`]: proof,
  "/api/v1/session": { login: "ann", super_user: true },
  "/index.php": { nb_visits: 10, nb_actions: 30 },
};

function show(page: "consent" | "overview", answers: Record<string, unknown> = {}) {
  const fetch = vi.fn(async (address: string) => {
    const path = address.split("?")[0] ?? "";
    const answer = { ...USUAL, ...answers }[path];
    return new Response(JSON.stringify(answer ?? { error: "not here" }), { status: answer ? 200 : 404 });
  });
  vi.stubGlobal("fetch", fetch);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      {page === "consent" ? <ConsentPage scope={scope} /> : <KeyFigures scope={scope} />}
    </QueryClientProvider>,
  );
  return fetch;
}

async function figure(name: string) {
  const [term] = await screen.findAllByText(name, { selector: "dt" });
  return term?.nextElementSibling?.textContent;
}

function cells(row: HTMLElement) {
  return within(row)
    .getAllByRole("cell")
    .map((cell) => cell.textContent);
}

test("shows the choices of the period with their shares, by day and by version", async () => {
  const fetch = show("consent");
  expect(await figure("Accepted")).toBe("10 50%");
  expect(await figure("Rejected")).toBe("6 30%");
  expect(await figure("No choice")).toBe("4 20%");
  expect(await figure("Withdrawn")).toBe("1");
  expect(await figure("Share measured")).toBe("50%");
  expect(fetch.mock.calls.map(([address]) => address)).toContain(
    "/api/v1/consent?idSite=1&from=2026-03-01&to=2026-03-31",
  );
  for (const title of ["Choices by day", "Choices by version of the text"]) {
    const rows = within(screen.getByRole("region", { name: title })).getAllByRole("row");
    expect(rows.slice(1).map(cells)).toEqual([["10", "6", "0", "4", "1", "50%"]]);
  }
});

test("where open questions aren't counted it says so, and shows no zeros for them", async () => {
  show("consent", {
    "/api/v1/consent": {
      counts_open_questions: false,
      counts_without_consent: false,
      days: [{ ...day, no_choice: 0 }],
    },
  });
  expect(await figure("No choice")).toBe("–");
  expect(await figure("Browser signal")).toBe("–");
  expect(await figure("Share measured, of those who chose")).toBe("62.5%");
  expect(screen.getByText(/tell only of choices/)).toBeTruthy();
});

test("no choice looks better or worse than another", async () => {
  show("consent");
  await figure("Accepted");
  const look = (name: string) =>
    [...screen.getAllByText(name)].map((node) => [node.className, node.getAttribute("style")]);
  for (const name of ["Rejected", "Browser signal", "No choice"]) {
    expect(look(name)).toEqual(look("Accepted"));
  }
});

test("a receipt is looked up: agreement, withdrawal, text, JSON", async () => {
  show("consent");
  await userEvent.type(screen.getByLabelText("Id of the receipt"), `${ID}{Enter}`);
  expect(await figure("Purposes")).toBe("statistics");
  expect(await figure("Controller")).toBe("Shop GmbH, Street 1, Town");
  expect(screen.queryByText("Privacy regime")).toBeNull();
  expect(await figure("Agreed")).toMatch(/2026/);
  const withdrawn = screen.getAllByText("Withdrawn", { selector: ".facts dt" });
  expect(withdrawn[0]?.nextElementSibling?.textContent).toMatch(/Apr.*2026|2026.*Apr/);
  expect(screen.getByText(/May we count your visit\?/)).toBeTruthy();
  expect(screen.getByText(/"record_id"/).textContent).toBe(JSON.stringify(proof.receipt, null, 2));
  expect(screen.getByRole("link", { name: "Download the receipt" }).getAttribute("href")).toBe(
    `/matomo.php?consent=receipt&receipt=${ID}`,
  );
});

test("what is no id isn't asked for, and an unknown one is said to be unknown", async () => {
  const fetch = show("consent");
  const field = screen.getByLabelText("Id of the receipt");
  await userEvent.type(field, "ann@example.org{Enter}");
  expect((await screen.findByRole("alert")).textContent).toMatch(/no id of a receipt/);
  expect(fetch.mock.calls.some(([address]) => address.includes("receipts"))).toBe(false);
  await userEvent.clear(field);
  await userEvent.type(field, `${"f".repeat(32)}{Enter}`);
  expect(await screen.findByText(/There is no such receipt/)).toBeTruthy();
});

test("super users see whether the chain is whole", async () => {
  show("consent");
  expect(
    await screen.findByText(
      `The chain is whole: all ${(1234).toLocaleString()} records are as they were written.`,
    ),
  );
  expect(await figure("Public key that checks receipts")).toBe(chain.public_key);
});

test("a broken chain is an alert that names the record", async () => {
  show("consent", { "/api/v1/consent/chain": { ...chain, whole: false, records: 7, head: "" } });
  expect((await screen.findByRole("alert")).textContent).toMatch(/record 7,/);
});

test("others aren't shown the chain, and it isn't asked for", async () => {
  const fetch = show("consent", { "/api/v1/session": { login: "bob", super_user: false } });
  await figure("Accepted");
  expect(screen.queryByText("Chain of consent records")).toBeNull();
  expect(fetch.mock.calls.map(([address]) => address)).not.toContain("/api/v1/consent/chain");
});

test("a period without choices says so; receipts can be looked up nevertheless", async () => {
  show("consent", {
    "/api/v1/consent": { counts_open_questions: false, counts_without_consent: false, days: [] },
  });
  expect(await screen.findByText(/Nothing was recorded/)).toBeTruthy();
  expect(screen.getByLabelText("Id of the receipt")).toBeTruthy();
});

test("where visits without consent are counted too, the share says so", async () => {
  show("consent", { "/api/v1/consent": { ...report, counts_without_consent: true } });
  expect(await figure("Share counted in full")).toBe("50%");
  expect(screen.getByText(/counted as well, as exempt ones/)).toBeTruthy();
  expect(screen.queryByText("Share measured")).toBeNull();
});

test("visits are counted by what they rest on", async () => {
  const fetch = show("consent");
  await screen.findByRole("heading", { name: "Visits by legal basis" });
  for (const basis of ["Consented", "Exempt", "Unstated"]) {
    await vi.waitFor(async () => expect(await figure(basis)).toBe("10"));
  }
  const asked = fetch.mock.calls.map(([address]) =>
    new URLSearchParams(address.split("?")[1]).get("segment"),
  );
  const bases = ["legalBasis==consented", "legalBasis==exempt", "legalBasis==unstated"];
  expect(asked.filter((segment) => segment !== null)).toEqual(bases);
});

test("the overview shows the share measured beside visits", async () => {
  show("overview");
  expect(await figure("Share measured")).toBe("50%");
  expect(screen.getAllByRole("term").map((term) => term.textContent)).toEqual([
    "Visits",
    "Share measured",
    "Actions",
  ]);
});

test("without consent records, or without an answer, the overview is as it was", async () => {
  for (const answer of [
    { counts_open_questions: false, counts_without_consent: false, days: [] },
    undefined,
  ]) {
    show("overview", { "/api/v1/consent": answer });
    expect(await figure("Visits")).toBe("10");
    expect(screen.queryByText(/Share measured/)).toBeNull();
    cleanup();
  }
});
