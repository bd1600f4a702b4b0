import { type SiteScope, useFigures } from "../../api/reports";
import { Figures } from "../../components/Figures";
import { Loaded } from "../../components/States";
import { text } from "../../lib/text";
import { useMeasuredShare } from "../consent/MeasuredShare";

const METRICS = [
  { id: "nb_visits", name: text("overview.visits") },
  { id: "nb_uniq_visitors", name: text("overview.uniqueVisitors") },
  { id: "nb_actions", name: text("overview.actions") },
  { id: "bounce_rate", name: text("overview.bounceRate") },
  { id: "avg_time_on_site", name: text("overview.visitTime") },
] as const;

/** The numbers that people look at first. Unique visitors are absent for a year, as in Matomo. */
export function KeyFigures({ scope }: { scope: SiteScope }) {
  const measured = useMeasuredShare(scope);
  const [visits, ...others] = METRICS;
  return (
    <Loaded query={useFigures("VisitsSummary.get", scope)}>
      {(figures) =>
        measured === undefined ? (
          <Figures metrics={METRICS} figures={figures} />
        ) : (
          <Figures
            metrics={[visits, { id: "share_measured", name: measured.name }, ...others]}
            figures={{ ...figures, share_measured: measured.share }}
          />
        )
      }
    </Loaded>
  );
}
