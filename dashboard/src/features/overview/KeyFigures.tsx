import { type SiteScope, useFigures } from "../../api/reports";
import { Figures } from "../../components/Figures";
import { Loaded } from "../../components/States";
import { text } from "../../lib/text";

const METRICS = [
  { id: "nb_visits", name: text("overview.visits") },
  { id: "nb_uniq_visitors", name: text("overview.uniqueVisitors") },
  { id: "nb_actions", name: text("overview.actions") },
  { id: "bounce_rate", name: text("overview.bounceRate") },
  { id: "avg_time_on_site", name: text("overview.visitTime") },
];

/** The numbers that people look at first. Unique visitors are absent for a year, as in Matomo. */
export function KeyFigures({ scope }: { scope: SiteScope }) {
  return (
    <Loaded query={useFigures("VisitsSummary.get", scope)}>
      {(figures) => <Figures metrics={METRICS} figures={figures} />}
    </Loaded>
  );
}
