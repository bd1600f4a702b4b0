import { Card } from "../../components/Card";
import { formatNumber, formatShare } from "../../lib/format";
import { text } from "../../lib/text";
import { ANSWERS, type ChoicesOf, isUnknown, measured } from "./choices";

interface Props {
  title: string;
  /** What the rows are. */
  of: string;
  rows: ChoicesOf[];
  countsOpen: boolean;
  /** What the share of those who agreed is called. */
  shareName: string;
}

/** Choices by day or by text version. */
export function ChoicesTable({ title, of, rows, countsOpen, shareName }: Props) {
  return (
    <Card title={title} wide>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls, by the keyboard too */}
      <div className="scrolls" tabIndex={0}>
        <table className="choices">
          <thead>
            <tr>
              <th scope="col">{of}</th>
              {[...ANSWERS, "withdrawn" as const].map((name) => (
                <th key={name} scope="col" className="number">
                  {text(`consent.${name}`)}
                </th>
              ))}
              <th scope="col" className="number">
                {shareName}
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
    </Card>
  );
}
