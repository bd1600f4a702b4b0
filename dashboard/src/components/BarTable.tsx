import { formatMetric, formatShare } from "../lib/format";
import { text } from "../lib/text";

export interface BarRow {
  label: string;
  value: number;
  detail?: string | undefined;
}

interface Props {
  dimension: string;
  metric: string;
  metricName: string;
  rows: BarRow[];
  /** Sum that shares are of; the sum of the rows when it isn't given. */
  total?: number;
}

/** Rows with a bar behind the label: how large each is, at a glance and in figures. */
export function BarTable({ dimension, metric, metricName, rows, total }: Props) {
  const sum = total ?? rows.reduce((all, row) => all + row.value, 0);
  const most = Math.max(1, ...rows.map((row) => row.value));
  return (
    <table className="bars">
      <thead>
        <tr>
          <th scope="col">{dimension}</th>
          <th scope="col" className="number">
            {metricName}
          </th>
          <th scope="col" className="number share">
            {text("report.share")}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.label}>
            <th scope="row">
              <span
                className="bar"
                style={{ inlineSize: `${(100 * row.value) / most}%` }}
                aria-hidden="true"
              />
              <span className="label" title={row.label}>
                {row.label}
              </span>
            </th>
            <td className="number">{formatMetric(metric, row.value)}</td>
            <td className="number share">{formatShare(sum > 0 ? row.value / sum : 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
