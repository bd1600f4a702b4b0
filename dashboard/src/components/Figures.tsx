import { formatMetric } from "../lib/format";
import { useCurrency } from "./currency";

interface Props {
  metrics: readonly { id: string; name: string }[];
  figures: Record<string, string | number>;
}

/** Numbers under their names; metrics that have no number are left out. */
export function Figures({ metrics, figures }: Props) {
  const currency = useCurrency();
  return (
    <dl className="figures">
      {metrics
        .filter(({ id }) => id in figures)
        .map(({ id, name }) => (
          <div key={id}>
            <dt>{name}</dt>
            <dd>{formatMetric(id, figures[id], currency)}</dd>
          </div>
        ))}
    </dl>
  );
}
