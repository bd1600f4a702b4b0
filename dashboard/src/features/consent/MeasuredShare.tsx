import type { Schema } from "../../api/client";
import { useConsent } from "../../api/consent";
import type { SiteScope } from "../../api/reports";
import { PageLink } from "../../components/PageLink";
import { formatShare } from "../../lib/format";
import { text } from "../../lib/text";
import { measured, sum } from "./choices";

/** The share measured and what to call it; `undefined` where nobody was asked. All who ask share one request. */
export function useMeasuredShare(scope: SiteScope): { name: string; share: string } | undefined {
  const consent = useConsent(scope).data;
  const share = consent && measured(sum(consent.days));
  if (!consent || share === undefined) return undefined;
  return { name: shareName(consent), share: formatShare(share) };
}

/** Where visits without consent are counted as well, the share is only of those who are counted in full. */
export function shareName(
  consent: Pick<Schema["ConsentReport"], "counts_open_questions" | "counts_without_consent">,
) {
  const name = consent.counts_without_consent ? "inFull" : "measured";
  return text(consent.counts_open_questions ? `consent.${name}` : `consent.${name}OfChosen`);
}

/** Beside a report: of which part of the visitors it is made. */
export function MeasuredShare({ scope }: { scope: SiteScope }) {
  const found = useMeasuredShare(scope);
  return (
    found && (
      <p className="measured">
        <PageLink to={{ page: "consent" }}>
          {found.name}: {found.share}
        </PageLink>
      </p>
    )
  );
}
