import { type ReactNode, useState } from "react";
import {
  type ReportInfo,
  type ReportRow,
  type RowsOf,
  type SiteScope,
  useFigures,
  useRows,
} from "../../api/reports";
import { BarTable } from "../../components/BarTable";
import { Card } from "../../components/Card";
import { Figures } from "../../components/Figures";
import { Loaded } from "../../components/States";
import { text } from "../../lib/text";

interface Props {
  report: ReportInfo;
  scope: SiteScope;
}

const ROWS = 8;
const ROWS_MORE = 100;

/** Any report of the catalogue. */
export function ReportCard({ report, scope }: Props) {
  const Body = report.view === "figures" ? ReportFigures : ReportRows;
  return (
    <Card title={report.name}>
      <Body report={report} scope={scope} />
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
  /** What the rows are. */
  dimension: string;
  /** Draws the rows below a row, by its `idsubdatatable` and label. */
  below?: ((id: number, row: string) => ReactNode) | undefined;
}

function Rows({ of, scope, metric, dimension, below }: RowsProps) {
  const [limit, setLimit] = useState(ROWS);
  const query = useRows(of, scope, limit);
  return (
    <Loaded query={query} isEmpty={(rows) => rows.length === 0}>
      {(rows) => (
        <>
          <BarTable
            dimension={dimension}
            metric={metric.id}
            metricName={metric.name}
            rows={rows.map((row, index) => {
              const id = Number(row.idsubdatatable ?? 0);
              return {
                label: label(row),
                value: Number(row[metric.id] ?? 0),
                rest: index === limit,
                below: below && id > 0 ? () => below(id, label(row)) : undefined,
              };
            })}
          />
          {rows.length > limit && limit < ROWS_MORE && (
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
  return String(row.label ?? "").trim() || text("report.others");
}
