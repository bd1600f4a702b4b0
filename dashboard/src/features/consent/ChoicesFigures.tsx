import { formatNumber, formatShare } from "../../lib/format";
import { text } from "../../lib/text";
import { ANSWERS, asked, type Choices, isUnknown, measured } from "./choices";

interface Props {
  choices: Choices;
  countsOpen: boolean;
  /** What the share of those who agreed is called. */
  shareName: string;
}

/** How many chose what, all in the same colour: no choice is better than another. */
export function ChoicesFigures({ choices, countsOpen, shareName }: Props) {
  const all = asked(choices);
  const share = measured(choices);
  return (
    <dl className="figures">
      {ANSWERS.map((name) => (
        <div key={name}>
          <dt>{text(`consent.${name}`)}</dt>
          <dd>
            {isUnknown(name, choices, countsOpen) ? (
              "–"
            ) : (
              <>
                {formatNumber(choices[name])} <small>{formatShare(all > 0 ? choices[name] / all : 0)}</small>
              </>
            )}
          </dd>
        </div>
      ))}
      <div>
        <dt>{text("consent.withdrawn")}</dt>
        <dd>{formatNumber(choices.withdrawn)}</dd>
      </div>
      <div>
        <dt>{shareName}</dt>
        <dd>{share === undefined ? "–" : formatShare(share)}</dd>
      </div>
    </dl>
  );
}
