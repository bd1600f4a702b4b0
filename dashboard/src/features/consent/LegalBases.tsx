import { type SiteScope, useFigures } from "../../api/reports";
import { Card } from "../../components/Card";
import { formatNumber } from "../../lib/format";
import { text } from "../../lib/text";

const BASES = ["consented", "exempt", "unstated"] as const;

/** What the visits of the period rest on. */
export function LegalBases({ scope }: { scope: SiteScope }) {
  return (
    <Card title={text("basis.title")}>
      <dl className="figures">
        {BASES.map((basis) => (
          <Visits key={basis} basis={basis} scope={scope} />
        ))}
      </dl>
      <p className="note">{text("basis.note")}</p>
    </Card>
  );
}

function Visits({ basis, scope }: { basis: (typeof BASES)[number]; scope: SiteScope }) {
  const visits = useFigures("VisitsSummary.get", scope, `legalBasis==${basis}`).data?.nb_visits;
  return (
    <div>
      <dt>{text(`basis.${basis}`)}</dt>
      <dd>{visits === undefined ? "–" : formatNumber(Number(visits))}</dd>
    </div>
  );
}
