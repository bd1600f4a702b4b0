import type { ReportInfo, SiteScope } from "../../api/reports";
import { ReportCard } from "./ReportCard";

interface Props {
  category: string;
  reports: ReportInfo[];
  scope: SiteScope;
}

/** All reports of one category. */
export function CategoryPage({ category, reports, scope }: Props) {
  return (
    <div className="cards">
      {reports
        .filter((report) => report.category === category)
        .map((report) => (
          <ReportCard key={report.id} report={report} scope={scope} />
        ))}
    </div>
  );
}
