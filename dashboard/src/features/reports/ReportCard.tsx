import { useState } from "react";
import { type ReportInfo, type ReportRow, type SiteScope, useReport } from "../../api/reports";
import { BarTable } from "../../components/BarTable";
import { Card } from "../../components/Card";
import { Loaded } from "../../components/States";
import { text } from "../../lib/text";

interface Props {
  report: ReportInfo;
  scope: SiteScope;
}

const ROWS = 8;
const ROWS_MORE = 100;

/** Any report of the catalogue: its rows by its first metric. */
export function ReportCard({ report, scope }: Props) {
  const [limit, setLimit] = useState(ROWS);
  const query = useReport(report.id, scope, limit);
  const metric = report.metrics[0] ?? { id: "nb_visits", name: text("overview.visits") };
  return (
    <Card title={report.name}>
      <Loaded query={query} isEmpty={(rows) => rows.length === 0}>
        {(rows) => (
          <>
            <BarTable
              dimension={report.dimension ?? report.name}
              metric={metric.id}
              metricName={metric.name}
              rows={rows.map((row) => ({ label: label(row), value: Number(row[metric.id] ?? 0) }))}
            />
            {rows.length >= limit && limit < ROWS_MORE && (
              <button type="button" className="more" onClick={() => setLimit(ROWS_MORE)}>
                {text("report.more")}
              </button>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function label(row: ReportRow): string {
  return String(row.label ?? "").trim() || text("report.others");
}
