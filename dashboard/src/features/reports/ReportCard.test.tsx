import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { ReportInfo } from "../../api/reports";
import { ReportCard } from "./ReportCard";

afterEach(cleanup);

const report: ReportInfo = {
  id: "UserCountry.getCountry",
  category: "Visitors",
  subcategory: "Locations",
  order: 5,
  documentation: "",
  one_list: true,
  below: null,
  featured: true,
  name: "Country",
  dimension: "Country",
  metrics: [{ id: "nb_visits", name: "Visits" }],
  view: "table",
};
const scope = { site: 1, period: "day", date: "2026-03-01", page: "overview" } as const;

function answering(answer: unknown, status: number) {
  return vi.fn(async (_path: string) => new Response(JSON.stringify(answer), { status }));
}

function show(
  answer: unknown,
  status = 200,
  shown = report,
  fetch = answering(answer, status),
  days: unknown[] = [],
) {
  const choices = JSON.stringify({ counts_open_questions: true, counts_without_consent: false, days });
  vi.stubGlobal("fetch", (path: string) =>
    path.startsWith("/api/v1/consent?") ? Promise.resolve(new Response(choices)) : fetch(path),
  );
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <ReportCard report={shown} scope={scope} />
    </QueryClientProvider>,
  );
  return fetch;
}

test("rows show their metric and their share", async () => {
  const fetch = show([
    { label: "Germany", nb_visits: 30, goals: { "idgoal=1": {} } },
    { label: "France", nb_visits: "10" },
  ]);
  const row = await screen.findByRole("row", { name: /Germany/ });
  expect(
    within(row)
      .getAllByRole("cell")
      .map((cell) => cell.textContent),
  ).toEqual(["30", "75%"]);
  const asked = new URLSearchParams(String(fetch.mock.calls[0]?.[0]).split("?")[1]);
  expect(asked.get("method")).toBe("UserCountry.getCountry");
  // What is beyond the first rows comes summed, so that a share is one of everything.
  expect([asked.get("filter_truncate"), asked.get("filter_limit")]).toEqual(["8", "-1"]);
});

test("beside a report stands which part of the visitors it is made of", async () => {
  const day = {
    date: "2026-03-01",
    version: "1",
    accepted: 2,
    rejected: 5,
    signal: 0,
    withdrawn: 0,
    no_choice: 1,
  };
  show([{ label: "Germany", nb_visits: 30 }], 200, report, undefined, [day]);
  const share = await screen.findByRole("link", { name: "Share measured: 25%" });
  expect(new URLSearchParams(share.getAttribute("href")?.split("?")[1]).get("page")).toBe("consent");
});

test("a report of one row shows its numbers by their names", async () => {
  show({ nb_visits: 1200 }, 200, {
    ...report,
    view: "figures",
    dimension: null,
    metrics: [
      { id: "nb_visits", name: "Visits" },
      { id: "nb_users", name: "Users" },
    ],
  });
  const name = await screen.findByText("Visits");
  expect(name.nextElementSibling?.textContent).toBe((1200).toLocaleString());
  expect(screen.queryByText("Users")).toBeNull();
});

test("a row is opened to show the rows below it", async () => {
  const fetch = vi.fn(async (path: string) => {
    const below = path.includes("idSubtable=7");
    const rows = below
      ? [{ label: "boots", nb_visits: 3 }]
      : [
          { label: "Google", nb_visits: 3, idsubdatatable: 7 },
          { label: "Bing", nb_visits: 1 },
        ];
    return new Response(JSON.stringify(rows));
  });
  const engines = {
    ...report,
    id: "Referrers.getSearchEngines",
    below: "Referrers.getKeywordsFromSearchEngineId",
  };
  show([], 200, { ...engines, one_list: false }, fetch);
  await userEvent.click(await screen.findByRole("button", { name: "Google" }));
  await screen.findByText("boots");
  expect(fetch.mock.calls[1]?.[0]).toContain("method=Referrers.getKeywordsFromSearchEngineId");
  expect(screen.queryByRole("button", { name: "Bing" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Google", expanded: true }));
  expect(screen.queryByText("boots")).toBeNull();
});

test("an empty period says so", async () => {
  show([]);
  expect(await screen.findByText(/Nothing was recorded/)).toBeTruthy();
});

test("an error names its reason and can be tried again", async () => {
  const fetch = show({ result: "error", message: "the period is too long" });
  expect((await screen.findByRole("alert")).textContent).toContain("the period is too long");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(fetch).toHaveBeenCalledTimes(2);
});

test("labels of visitors are shown as text, never as markup", async () => {
  show([{ label: "<img src=x onerror=alert(1)>", nb_visits: 1 }]);
  await screen.findByText("<img src=x onerror=alert(1)>");
  expect(document.querySelector("img")).toBeNull();
});

function asked(fetch: ReturnType<typeof answering>, call: number) {
  return new URLSearchParams(String(fetch.mock.calls[call]?.[0]).split("?")[1]);
}

test("a column's head sorts by it, and turns the order round at the second click", async () => {
  const fetch = show([{ label: "Germany", nb_visits: 30 }]);
  for (const [click, order] of ["desc", "asc"].entries()) {
    await userEvent.click(await screen.findByRole("button", { name: "Visits" }));
    await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(click + 2));
    const sort = asked(fetch, click + 1);
    expect([sort.get("filter_sort_column"), sort.get("filter_sort_order")]).toEqual(["nb_visits", order]);
  }
  expect(screen.getByRole("columnheader", { name: "Visits" }).getAttribute("aria-sort")).toBe("ascending");
});

test("a report with an order of its own comes whole", async () => {
  const hours = Array.from({ length: 24 }, (_, hour) => ({ label: `${hour} h`, nb_visits: hour }));
  const fetch = show(hours, 200, { ...report, view: "bars" });
  await screen.findByText("23 h");
  expect(screen.getAllByRole("row")).toHaveLength(25);
  expect([asked(fetch, 0).get("filter_truncate"), asked(fetch, 0).get("filter_sort_column")]).toEqual([
    null,
    null,
  ]);
});

test("what the report has summed up already joins the rest: there is one such row", async () => {
  const rows = Array.from({ length: 7 }, (_, n) => ({ label: `Country ${n}`, nb_visits: 1 }));
  show([{ label: "Others", nb_visits: 5 }, ...rows, { label: "Others", nb_visits: 3 }]);
  const others = await screen.findAllByRole("row", { name: /Others/ });
  expect(others.map((row) => within(row).getAllByRole("cell")[0]?.textContent)).toEqual(["8"]);
});
