import type { ReportInfo, SiteScope } from "../../api/reports";
import { PageLink } from "../../components/PageLink";
import { text } from "../../lib/text";
import { LiveVisits } from "../live/LiveVisits";
import { ReportCard } from "../reports/ReportCard";
import { KeyFigures } from "./KeyFigures";
import { VisitsOverTime } from "./VisitsOverTime";

interface Props {
  scope: SiteScope;
  reports: ReportInfo[];
}

/** How the site does, on one page: the catalogue marks the reports that belong here. */
export function Overview({ scope, reports }: Props) {
  return (
    <>
      <KeyFigures scope={scope} />
      <div className="cards">
        <VisitsOverTime scope={scope} />
        {reports
          .filter((report) => report.featured)
          .map((report) => (
            <ReportCard
              key={report.id}
              report={report}
              scope={scope}
              more={
                <PageLink className="more" to={{ page: report.category }}>
                  {text("report.allOf", { category: report.category })}
                </PageLink>
              }
            />
          ))}
        <LiveVisits site={scope.site} limit={6} />
      </div>
    </>
  );
}
