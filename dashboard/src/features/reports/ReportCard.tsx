import { useState } from "react";
import { type ReportInfo, type ReportRow, type SiteScope, useFigures, useReport } from "../../api/reports";
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

/** The rows of a report by its first metric. */
function ReportRows({ report, scope }: Props) {
  const [limit, setLimit] = useState(ROWS);
  const query = useReport(report.id, scope, limit);
  const metric = report.metrics[0] ?? { id: "nb_visits", name: text("overview.visits") };
  return (
    <Loaded query={query} isEmpty={(rows) => rows.length === 0}>
      {(rows) => (
        <>
          <BarTable
            dimension={report.dimension ?? report.name}
            metric={metric.id}
            metricName={metric.name}
            rows={rows.map((row, index) => ({
              label: label(row),
              value: Number(row[metric.id] ?? 0),
              rest: index === limit,
            }))}
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
