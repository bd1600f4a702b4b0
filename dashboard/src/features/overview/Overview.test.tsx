import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Overview } from "./Overview";

// What draws it needs a canvas, which is no matter here.
vi.mock("../../components/LineChart", () => ({ LineChart: () => null }));

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const scope = { site: 3, period: "day", date: "2026-03-01", page: "overview" } as const;
const CODE = "<script>\n  _paq.push(['setSiteId', '3']);\n</script>\n";
const VISIT = {
  idVisit: 1,
  visitorType: "new",
  serverDate: "2026-02-01",
  serverTimePretty: "10:00:00",
  country: "Germany",
  browser: "Firefox",
  operatingSystem: "Linux",
  referrerTypeName: "Direct Entry",
  referrerName: null,
  visitDurationPretty: "5s",
  actions: 1,
  actionDetails: [],
};

/** The overview of a site with nothing in its period, and with these visits of any day. */
function show(visits: () => unknown[]) {
  const answers: Record<string, () => unknown> = {
    "Live.getLastVisitsDetails": visits,
    "Live.getCounters": () => [{ visits: 0, actions: 0 }],
    "SitesManager.getJavascriptTag": () => ({ value: CODE }),
    "VisitsSummary.get": () => ({ nb_visits: 0 }),
    "VisitsSummary.getVisits": () => ({}),
  };
  const fetch = vi.fn(async (address: string) => {
    const answer = answers[new URLSearchParams(address.split("?")[1]).get("method") ?? ""];
    return new Response(JSON.stringify(answer?.() ?? { error: "not here" }), { status: answer ? 200 : 404 });
  });
  vi.stubGlobal("fetch", fetch);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <Overview scope={scope} reports={[]} />
    </QueryClientProvider>,
  );
  return () =>
    fetch.mock.calls
      .map(([address]) => new URLSearchParams(address.split("?")[1]))
      .filter((asked) => asked.get("method") === "SitesManager.getJavascriptTag")
      .map((asked) => asked.get("idSite"));
}

test("a site that was never visited shows its code instead of empty reports", async () => {
  const asked = show(() => []);
  expect((await screen.findByText(/setSiteId/)).textContent).toBe(CODE);
  expect(asked()).toEqual(["3"]);
  expect(screen.getByText(/candor snippet --site 3/)).toBeTruthy();
  expect(screen.queryByRole("heading", { name: "Visits over time" })).toBeNull();
});

test("a period without visits shows no code when others have some", async () => {
  const asked = show(() => [VISIT]);
  await screen.findByText("Firefox", { exact: false });
  expect((await screen.findAllByText("Nothing was recorded in this period.")).length).toBe(1);
  expect(screen.queryByText("Waiting for the first visit")).toBeNull();
  expect(asked()).toEqual([]);
});

test("the first visit brings the reports", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const visits: unknown[] = [];
  show(() => visits);
  await screen.findByText("Waiting for the first visit");
  visits.push(VISIT);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await screen.findByRole("heading", { name: "Visits over time" })).toBeTruthy();
  expect(screen.queryByText("Waiting for the first visit")).toBeNull();
});
