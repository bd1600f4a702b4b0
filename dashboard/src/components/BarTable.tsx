import { type ReactNode, useState } from "react";
import { formatMetric, formatShare } from "../lib/format";
import { text } from "../lib/text";
import { useCurrency } from "./currency";

export interface BarRow {
  label: string;
  value: number;
  /** It sums what has no row of its own: it counts for shares, and has no bar. */
  rest?: boolean;
  /** Draws what is below the row; such a row can be opened. */
  below?: (() => ReactNode) | undefined;
}

export interface ColumnSort {
  column: string | undefined;
  order: "asc" | "desc";
  /** A click on the column's head. */
  by: (column: string) => void;
}

interface Props {
  dimension: string;
  metric: string;
  metricName: string;
  rows: BarRow[];
  sort: ColumnSort;
}

/** Rows with a bar behind the label: how large each is, at a glance and in figures. */
export function BarTable({ dimension, metric, metricName, rows, sort }: Props) {
  const sum = rows.reduce((all, row) => all + row.value, 0);
  const most = Math.max(1, ...rows.filter((row) => !row.rest).map((row) => row.value));
  return (
    <table className="bars">
      <thead>
        <tr>
          <Head column="label" name={dimension} sort={sort} />
          <Head column={metric} name={metricName} sort={sort} className="number" />
          <th scope="col" className="number share">
            {text("report.share")}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={`${row.rest}:${row.label}`} row={row} metric={metric} sum={sum} most={most} />
        ))}
      </tbody>
    </table>
  );
}

interface HeadProps {
  column: string;
  name: string;
  sort: ColumnSort;
  className?: string;
}

/** The head of a column that rows can be sorted by. */
function Head({ column, name, sort, className }: HeadProps) {
  const direction = sort.order === "asc" ? "ascending" : "descending";
  return (
    <th scope="col" className={className} aria-sort={sort.column === column ? direction : undefined}>
      <button type="button" className="sort" onClick={() => sort.by(column)}>
        {name}
      </button>
    </th>
  );
}

interface RowProps {
  row: BarRow;
  metric: string;
  sum: number;
  most: number;
}

function Row({ row, metric, sum, most }: RowProps) {
  const [open, setOpen] = useState(false);
  const currency = useCurrency();
  const { below } = row;
  return (
    <>
      <tr>
        <th scope="row">
          {!row.rest && (
            <span className="bar" style={{ inlineSize: `${(100 * row.value) / most}%` }} aria-hidden="true" />
          )}
          {below ? (
            <button
              type="button"
              className="label"
              title={row.label}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              {row.label}
            </button>
          ) : (
            <span className="label" title={row.label}>
              {row.label}
            </span>
          )}
        </th>
        <td className="number">{formatMetric(metric, row.value, currency)}</td>
        <td className="number share">{formatShare(sum > 0 ? row.value / sum : 0)}</td>
      </tr>
      {below && open && (
        <tr>
          <td colSpan={3} className="below">
            {below()}
          </td>
        </tr>
      )}
    </>
  );
}
