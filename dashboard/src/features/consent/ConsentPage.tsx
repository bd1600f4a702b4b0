import { useConsent } from "../../api/consent";
import type { SiteScope } from "../../api/reports";
import { useSession } from "../../api/session";
import { Loaded } from "../../components/States";
import { formatDay } from "../../lib/format";
import { text } from "../../lib/text";
import { ChainState } from "./ChainState";
import { ChoicesFigures } from "./ChoicesFigures";
import { ChoicesTable } from "./ChoicesTable";
import { sum, sumBy } from "./choices";
import { LegalBases } from "./LegalBases";
import { ReceiptLookup } from "./ReceiptLookup";

/** What visitors chose in the period, and how a single agreement is proved. */
export function ConsentPage({ scope }: { scope: SiteScope }) {
  const session = useSession();
  const isSuperUser = session.data !== undefined && "super_user" in session.data && session.data.super_user;
  return (
    <>
      <Loaded query={useConsent(scope)} isEmpty={({ days }) => days.length === 0}>
        {({ days, counts_open_questions: countsOpen }) => (
          <>
            <ChoicesFigures choices={sum(days)} countsOpen={countsOpen} />
            <p className="note">{text(countsOpen ? "consent.counted" : "consent.notCounted")}</p>
            <div className="cards above">
              <ChoicesTable
                title={text("consent.byDay")}
                of={text("consent.day")}
                rows={sumBy(days, "date").map((row) => ({ ...row, label: formatDay(row.label) }))}
                countsOpen={countsOpen}
              />
              <ChoicesTable
                title={text("consent.byVersion")}
                of={text("consent.version")}
                rows={sumBy(days, "version")}
                countsOpen={countsOpen}
              />
            </div>
          </>
        )}
      </Loaded>
      <div className="cards">
        <LegalBases scope={scope} />
        <ReceiptLookup />
        {isSuperUser && <ChainState />}
      </div>
    </>
  );
}
