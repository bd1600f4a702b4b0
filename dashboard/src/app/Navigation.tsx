import type { ReportInfo } from "../api/reports";
import { PageLink } from "../components/PageLink";
import { text } from "../lib/text";

interface Props {
  reports: ReportInfo[];
  page: string;
}

/** Overview, live visits, a page for each category of the catalogue, and what visitors agreed to. */
export function Navigation({ reports, page }: Props) {
  const categories = [...new Set(reports.map((report) => report.category))];
  const pages: [string, string][] = [
    ["overview", text("nav.overview")],
    ["live", text("nav.live")],
    ...categories.map((category): [string, string] => [category, category]),
    ["consent", text("nav.consent")],
  ];
  return (
    <nav aria-label={text("nav.label")}>
      <ul>
        {pages.map(([id, name]) => (
          <li key={id}>
            <PageLink to={{ page: id }} current={id === page}>
              {name}
            </PageLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
