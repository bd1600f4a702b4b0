import { type SiteScope, useFigures } from "../../api/reports";
import { Loaded } from "../../components/States";
import { formatMetric } from "../../lib/format";
import { type TextKey, text } from "../../lib/text";

const FIGURES: [string, TextKey][] = [
  ["nb_visits", "overview.visits"],
  ["nb_uniq_visitors", "overview.uniqueVisitors"],
  ["nb_actions", "overview.actions"],
  ["bounce_rate", "overview.bounceRate"],
  ["avg_time_on_site", "overview.visitTime"],
];

/** The numbers that people look at first. Unique visitors are absent for a year, as in Matomo. */
export function KeyFigures({ scope }: { scope: SiteScope }) {
  return (
    <Loaded query={useFigures("VisitsSummary.get", scope)}>
      {(figures) => (
        <dl className="figures">
          {FIGURES.filter(([metric]) => metric in figures).map(([metric, name]) => (
            <div key={metric}>
              <dt>{text(name)}</dt>
              <dd>{formatMetric(metric, figures[metric])}</dd>
            </div>
          ))}
        </dl>
      )}
    </Loaded>
  );
}
