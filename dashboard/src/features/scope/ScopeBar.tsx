import type { Site } from "../../api/reports";
import { PERIODS, resolveDate, type Scope, shiftDate } from "../../lib/scope";
import { text } from "../../lib/text";

interface Props {
  sites: Site[];
  site: number;
  scope: Scope;
  change: (part: Partial<Scope>) => void;
}

/** Which site and which time. */
export function ScopeBar({ sites, site, scope, change }: Props) {
  const now = new Date();
  const step = (by: number) => change({ date: shiftDate(scope.date, scope.period, by, now) });
  const hasLater = shiftDate(scope.date, scope.period, 1, now) <= resolveDate("today", now);
  return (
    <div className="scope">
      <label className="site">
        <span className="visually-hidden">{text("scope.site")}</span>
        <select value={site} onChange={(e) => change({ site: Number(e.target.value) })}>
          {sites.map((s) => (
            <option key={s.idsite} value={s.idsite}>
              {s.name}
            </option>
          ))}
        </select>
      </label>
      <fieldset className="periods">
        <legend className="visually-hidden">{text("scope.period")}</legend>
        {PERIODS.map((period) => (
          <button
            key={period}
            type="button"
            aria-pressed={period === scope.period}
            onClick={() => change({ period })}
          >
            {text(`period.${period}`)}
          </button>
        ))}
      </fieldset>
      <div className="dates">
        <button type="button" aria-label={text("scope.earlier")} onClick={() => step(-1)}>
          ‹
        </button>
        <label>
          <span className="visually-hidden">{text("scope.date")}</span>
          <input
            type="date"
            value={resolveDate(scope.date, now)}
            onChange={(e) => e.target.value && change({ date: e.target.value })}
          />
        </label>
        <button type="button" aria-label={text("scope.later")} onClick={() => step(1)} disabled={!hasLater}>
          ›
        </button>
      </div>
    </div>
  );
}
