import { useLiveVisits } from "../../api/live";
import type { ReportInfo, SiteScope } from "../../api/reports";
import { PageLink } from "../../components/PageLink";
import { text } from "../../lib/text";
import { LiveVisits } from "../live/LiveVisits";
import { ReportCard } from "../reports/ReportCard";
import { FirstVisit } from "./FirstVisit";
import { KeyFigures } from "./KeyFigures";
import { VisitsOverTime } from "./VisitsOverTime";

interface Props {
  scope: SiteScope;
  reports: ReportInfo[];
}

const LIVE_VISITS = 6;

/** How the site does, on one page: the catalogue marks the reports that belong here. */
export function Overview({ scope, reports }: Props) {
  // The newest visits of any day, as the list below shows them: none means that there never was one.
  const newest = useLiveVisits(scope.site, LIVE_VISITS).data;
  if (newest?.length === 0) return <FirstVisit site={scope.site} />;
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
        <LiveVisits site={scope.site} limit={LIVE_VISITS} />
      </div>
    </>
  );
}
