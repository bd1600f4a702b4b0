import type { ReportInfo, SiteScope } from "../../api/reports";
import { ReportCard } from "./ReportCard";

interface Props {
  category: string;
  reports: ReportInfo[];
  scope: SiteScope;
}

/** All reports of one category, page by page. */
export function CategoryPage({ category, reports, scope }: Props) {
  const shown = reports.filter((report) => report.category === category);
  const pages = [...new Set(shown.map((report) => report.subcategory))];
  return pages.map((page) => (
    <section key={page} className="page">
      <h2>{page || category}</h2>
      <div className="cards">
        {shown
          .filter((report) => report.subcategory === page)
          .map((report) => (
            <ReportCard key={report.id} report={report} scope={scope} />
          ))}
      </div>
    </section>
  ));
}
