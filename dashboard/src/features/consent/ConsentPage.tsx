import type { Schema } from "../../api/client";
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
import { shareName } from "./MeasuredShare";
import { ReceiptLookup } from "./ReceiptLookup";

/** What visitors chose in the period, and how a single agreement is proved. */
export function ConsentPage({ scope }: { scope: SiteScope }) {
  const session = useSession();
  const isSuperUser = session.data !== undefined && "super_user" in session.data && session.data.super_user;
  return (
    <>
      <Loaded query={useConsent(scope)} isEmpty={({ days }) => days.length === 0}>
        {(consent) => <Choices consent={consent} />}
      </Loaded>
      <div className="cards">
        <LegalBases scope={scope} />
        <ReceiptLookup />
        {isSuperUser && <ChainState />}
      </div>
    </>
  );
}

function Choices({ consent }: { consent: Schema["ConsentReport"] }) {
  const { days, counts_open_questions: countsOpen, counts_without_consent: countsAll } = consent;
  const shared = { countsOpen, shareName: shareName(consent) };
  return (
    <>
      <ChoicesFigures choices={sum(days)} {...shared} />
      <p className="note">{text(countsOpen ? "consent.counted" : "consent.notCounted")}</p>
      {countsAll && <p className="note">{text("consent.countsAll")}</p>}
      <div className="cards above">
        <ChoicesTable
          title={text("consent.byDay")}
          of={text("consent.day")}
          rows={sumBy(days, "date").map((row) => ({ ...row, label: formatDay(row.label) }))}
          {...shared}
        />
        <ChoicesTable
          title={text("consent.byVersion")}
          of={text("consent.version")}
          rows={sumBy(days, "version")}
          {...shared}
        />
      </div>
    </>
  );
}
