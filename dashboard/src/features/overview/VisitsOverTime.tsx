import { useMemo } from "react";
import { type Point, type SiteScope, useVisitsByDay } from "../../api/reports";
import { Card } from "../../components/Card";
import { LineChart } from "../../components/LineChart";
import { Loaded } from "../../components/States";
import { formatDay, formatNumber } from "../../lib/format";
import { text } from "../../lib/text";
import { MeasuredShare } from "../consent/MeasuredShare";

/** Visits a day as a line, and as a table for those who don't see it. */
export function VisitsOverTime({ scope }: { scope: SiteScope }) {
  const query = useVisitsByDay(scope);
  return (
    <Card title={text("overview.overTime")} aside={<MeasuredShare scope={scope} />} wide>
      <Loaded query={query} isEmpty={(points) => points.length === 0}>
        {(points) => <Trend points={points} />}
      </Loaded>
    </Card>
  );
}

function Trend({ points }: { points: Point[] }) {
  const times = useMemo(() => points.map((p) => Date.parse(`${p.day}T00:00:00Z`) / 1000), [points]);
  const values = useMemo(() => points.map((p) => p.visits), [points]);
  return (
    <>
      <LineChart
        label={text("overview.chart")}
        series={text("overview.visits")}
        times={times}
        values={values}
      />
      <details>
        <summary>{text("overview.asTable")}</summary>
        <table className="plain">
          <tbody>
            {points.map((point) => (
              <tr key={point.day}>
                <th scope="row">{formatDay(point.day)}</th>
                <td className="number">{formatNumber(point.visits)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
