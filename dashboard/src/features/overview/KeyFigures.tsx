import { useConsent } from "../../api/consent";
import { type SiteScope, useFigures } from "../../api/reports";
import { Figures } from "../../components/Figures";
import { Loaded } from "../../components/States";
import { formatShare } from "../../lib/format";
import { text } from "../../lib/text";
import { measured, sum } from "../consent/choices";

const METRICS = [
  { id: "nb_visits", name: text("overview.visits") },
  { id: "nb_uniq_visitors", name: text("overview.uniqueVisitors") },
  { id: "nb_actions", name: text("overview.actions") },
  { id: "bounce_rate", name: text("overview.bounceRate") },
  { id: "avg_time_on_site", name: text("overview.visitTime") },
] as const;

/** The numbers that people look at first. Unique visitors are absent for a year, as in Matomo. */
export function KeyFigures({ scope }: { scope: SiteScope }) {
  const consent = useConsent(scope).data;
  const share = consent && measured(sum(consent.days));
  const [visits, ...others] = METRICS;
  const shareName = text(consent?.counts_open_questions ? "consent.measured" : "consent.measuredOfChosen");
  return (
    <Loaded query={useFigures("VisitsSummary.get", scope)}>
      {(figures) =>
        share === undefined ? (
          <Figures metrics={METRICS} figures={figures} />
        ) : (
          <Figures
            metrics={[visits, { id: "share_measured", name: shareName }, ...others]}
            figures={{ ...figures, share_measured: formatShare(share) }}
          />
        )
      }
    </Loaded>
  );
}
