import { type ReactNode, useState } from "react";
import {
  type ReportInfo,
  type ReportRow,
  type RowsOf,
  type SiteScope,
  type Sort,
  useFigures,
  useRows,
} from "../../api/reports";
import { type BarRow, BarTable } from "../../components/BarTable";
import { Card } from "../../components/Card";
import { Figures } from "../../components/Figures";
import { Loaded } from "../../components/States";
import { text } from "../../lib/text";
import { MeasuredShare } from "../consent/MeasuredShare";

interface Props {
  report: ReportInfo;
  scope: SiteScope;
}

const ROWS = 8;
const ROWS_MORE = 100;

/** Any report of the catalogue. `more` stands below it. */
export function ReportCard({ report, scope, more }: Props & { more?: ReactNode }) {
  const Body = report.view === "figures" ? ReportFigures : ReportRows;
  return (
    <Card title={report.name} aside={<MeasuredShare scope={scope} />}>
      <Body report={report} scope={scope} />
      {more}
    </Card>
  );
}

/** The numbers of a report of one row. */
function ReportFigures({ report, scope }: Props) {
  return (
    <Loaded
      query={useFigures(report.id, scope)}
      isEmpty={(figures) => !report.metrics.some((metric) => metric.id in figures)}
    >
      {(figures) => <Figures metrics={report.metrics} figures={figures} />}
    </Loaded>
  );
}

/** The rows of a report. Where those below a row are of another kind, the row can be opened. */
function ReportRows({ report, scope }: Props) {
  const { below } = report;
  const shared = { metric: report.metrics[0] ?? { id: "nb_visits", name: text("overview.visits") }, scope };
  return (
    <Rows
      {...shared}
      of={{ method: report.id, flat: report.one_list }}
      whole={report.view === "bars"}
      dimension={report.dimension ?? report.name}
      below={
        below !== null
          ? (id, row) => <Rows {...shared} of={{ method: below, flat: true, below: id }} dimension={row} />
          : undefined
      }
    />
  );
}

interface RowsProps {
  of: RowsOf;
  scope: SiteScope;
  /** The column that is shown. */
  metric: ReportInfo["metrics"][number];
  /** Rows have an order of their own, as hours have: all of them are shown, in it. */
  whole?: boolean;
  /** What the rows are. */
  dimension: string;
  /** Draws the rows below a row, by its `idsubdatatable` and label. */
  below?: ((id: number, row: string) => ReactNode) | undefined;
}

function Rows({ of, scope, metric, whole = false, dimension, below }: RowsProps) {
  const [limit, setLimit] = useState(ROWS);
  const [sort, setSort] = useState<Sort>();
  const sortBy = (column: string) => setSort(nextSort(sort, column));
  const query = useRows(of, scope, whole ? undefined : limit, sort);
  return (
    <Loaded query={query} isEmpty={(rows) => rows.length === 0}>
      {(rows) => (
        <>
          <BarTable
            dimension={dimension}
            metric={metric.id}
            metricName={metric.name}
            sort={{ column: sort?.column, order: sort?.order ?? "desc", by: sortBy }}
            rows={withOneRest(
              rows.map((row, index) => {
                const id = Number(row.idsubdatatable ?? 0);
                return {
                  label: label(row),
                  value: Number(row[metric.id] ?? 0),
                  rest: !whole && index === limit,
                  below: below && id > 0 ? () => below(id, label(row)) : undefined,
                };
              }),
            )}
          />
          {!whole && rows.length > limit && limit < ROWS_MORE && (
            <button type="button" className="more" onClick={() => setLimit(ROWS_MORE)}>
              {text("report.more")}
            </button>
          )}
        </>
      )}
    </Loaded>
  );
}

function label(row: ReportRow): string {
  return String(row.label ?? "").trim() || text("report.unnamed");
}

/** Names start at A and numbers at the largest; a second click turns the order round. */
function nextSort(sort: Sort | undefined, column: string): Sort {
  if (sort?.column === column) return { column, order: sort.order === "asc" ? "desc" : "asc" };
  return { column, order: column === "label" ? "asc" : "desc" };
}

/** What the report itself has summed up is part of the rest that is summed here. */
function withOneRest(rows: BarRow[]): BarRow[] {
  const last = rows.at(-1);
  if (!last?.rest) return rows;
  const same = rows.filter((row) => row.label === last.label && !row.below);
  const value = same.reduce((sum, row) => sum + row.value, 0);
  return [...rows.filter((row) => !same.includes(row)), { ...last, value }];
}
