import { formatNumber, formatShare } from "../../lib/format";
import { text } from "../../lib/text";
import { ANSWERS, type ChoicesOf, isUnknown, measured } from "./choices";

interface Props {
  /** What the rows are. */
  of: string;
  rows: ChoicesOf[];
  countsOpen: boolean;
}

/** Choices by day or by text version. */
export function ChoicesTable({ of, rows, countsOpen }: Props) {
  return (
    <div className="scrolls">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{of}</th>
            {[...ANSWERS, "withdrawn" as const].map((name) => (
              <th key={name} scope="col" className="number">
                {text(`consent.${name}`)}
              </th>
            ))}
            <th scope="col" className="number">
              {text(countsOpen ? "consent.measured" : "consent.measuredOfChosen")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, choices }) => {
            const share = measured(choices);
            return (
              <tr key={label}>
                <th scope="row">{label || text("report.unnamed")}</th>
                {ANSWERS.map((name) => (
                  <td key={name} className="number">
                    {isUnknown(name, choices, countsOpen) ? "–" : formatNumber(choices[name])}
                  </td>
                ))}
                <td className="number">{formatNumber(choices.withdrawn)}</td>
                <td className="number">{share === undefined ? "–" : formatShare(share)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
