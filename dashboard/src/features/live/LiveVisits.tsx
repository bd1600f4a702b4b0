import { type LiveVisit, useLiveCounters, useLiveVisits } from "../../api/live";
import { Card } from "../../components/Card";
import { Loaded } from "../../components/States";
import { formatDay, formatNumber } from "../../lib/format";
import { text } from "../../lib/text";

interface Props {
  site: number;
  limit: number;
}

/** The newest visits with what was done in each; refreshed by itself. */
export function LiveVisits({ site, limit }: Props) {
  const counters = useLiveCounters(site);
  return (
    <Card title={text("live.title")} wide>
      {counters.data && (
        <p className="note">
          {text("live.now", {
            visits: formatNumber(counters.data.visits),
            actions: formatNumber(counters.data.actions),
          })}
        </p>
      )}
      <Loaded query={useLiveVisits(site, limit)} isEmpty={(visits) => visits.length === 0}>
        {(visits) => (
          <ul className="visits">
            {visits.map((visit) => (
              <VisitItem key={visit.idVisit} visit={visit} />
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function VisitItem({ visit }: { visit: LiveVisit }) {
  const isNew = visit.visitorType === "new";
  const source = [visit.referrerTypeName, visit.referrerName].filter(Boolean).join(": ");
  return (
    <li>
      <details>
        <summary>
          <span className="when">
            {formatDay(visit.serverDate)} {visit.serverTimePretty}
          </span>
          <span className={isNew ? "badge new" : "badge"}>{text(isNew ? "live.new" : "live.returning")}</span>
          <span className="who">
            {visit.country} · {visit.browser} · {visit.operatingSystem}
          </span>
          <span className="source">{source}</span>
          <span className="count">
            {text(visit.actions === 1 ? "live.action" : "live.actions", { count: visit.actions })} ·{" "}
            {visit.visitDurationPretty}
          </span>
        </summary>
        <ol className="actions">
          {visit.actionDetails.map((action, index) => (
            <li key={index}>
              <span className="kind">{action.type}</span>{" "}
              <span className="title">{action.pageTitle || action.subtitle || action.url}</span>
              {action.url && <span className="url">{action.url}</span>}
            </li>
          ))}
        </ol>
      </details>
    </li>
  );
}
