import { formatMetric } from "../lib/format";

interface Props {
  metrics: { id: string; name: string }[];
  figures: Record<string, string | number>;
}

/** Numbers under their names; metrics that have no number are left out. */
export function Figures({ metrics, figures }: Props) {
  return (
    <dl className="figures">
      {metrics
        .filter(({ id }) => id in figures)
        .map(({ id, name }) => (
          <div key={id}>
            <dt>{name}</dt>
            <dd>{formatMetric(id, figures[id])}</dd>
          </div>
        ))}
    </dl>
  );
}
