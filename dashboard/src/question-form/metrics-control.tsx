/** Which metrics: chips of those that are chosen, and a list to search for more. */

import { useMemo } from 'preact/hooks';
import type { Metric } from '../api/shapes.ts';
import { Chips } from '../ui/chips.tsx';
import { Control, type ControlProps, namesIn } from './control.tsx';

interface Props extends ControlProps {
  readonly label?: string;
  readonly chosen: readonly string[];
  readonly metrics: readonly Metric[];
  /** Titles of sources by name. */
  readonly sources: ReadonlyMap<string, string>;
  readonly most: number;
  readonly onChange: (metrics: readonly string[]) => void;
}

export function MetricsControl({ label = 'Metrics', chosen, metrics, sources, most, problem, onChange }: Props) {
  const choices = useMemo(() => choicesOf(metrics, sources), [metrics, sources]);
  const more = most === 1 ? 'Choose another metric' : 'Add a metric';
  return (
    <Control
      label={label}
      parameter="metrics"
      problem={problem}
      text={chosen.join(',')}
      onCorrect={(text) => onChange(namesIn(text))}
    >
      <Chips
        label={chosen.length > 0 ? more : 'Choose a metric'}
        nothing="No metric is called that, or says so of itself."
        chosen={chosen}
        choices={choices}
        most={most}
        full={`At most ${most} stand side by side.`}
        onChange={onChange}
      />
    </Control>
  );
}

/** By source, one's own first: each is found by its title, unit, source, name and description. */
function choicesOf(metrics: readonly Metric[], sources: ReadonlyMap<string, string>) {
  const group = ({ own, source }: Metric) => (own ? 'Made here' : (sources.get(source) ?? source));
  const order = [...new Set([...metrics].sort((a, b) => Number(b.own) - Number(a.own)).map(group))];
  return [...metrics]
    .sort((a, b) => order.indexOf(group(a)) - order.indexOf(group(b)))
    .map((metric) => ({
      value: metric.name,
      label: metric.title,
      hint: metric.unit,
      group: group(metric),
      also: `${metric.name} ${sources.get(metric.source) ?? metric.source} ${metric.description}`,
      tip: `${metric.title}: ${metric.description}`,
      ...(metric.own ? { tag: 'own' } : {}),
    }));
}
