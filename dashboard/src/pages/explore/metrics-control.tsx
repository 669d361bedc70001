/** Which metrics: chips of those that are chosen, and a list to search for more. */

import { useMemo } from 'preact/hooks';
import type { ApiProblem } from '../../api/client.ts';
import type { Metric } from '../../api/shapes.ts';
import { Combobox } from '../../ui/combobox.tsx';
import { Close } from '../../ui/icons.tsx';
import { MOST_METRICS } from './chosen.ts';
import { Faults } from './faults.tsx';
import { faultsOf } from './suggestions.ts';

interface Props {
  readonly chosen: readonly string[];
  readonly metrics: readonly Metric[];
  /** Titles of sources by name. */
  readonly sources: ReadonlyMap<string, string>;
  readonly problem: ApiProblem | null;
  readonly onChange: (metrics: readonly string[]) => void;
}

export function MetricsControl({ chosen, metrics, sources, problem, onChange }: Props) {
  const choices = useMemo(() => choicesOf(metrics, sources), [metrics, sources]);
  const left = choices.filter(({ value }) => !chosen.includes(value));
  const full = chosen.length >= MOST_METRICS;
  return (
    <div class="explore-control" role="group" aria-label="Metrics">
      <span class="explore-label" aria-hidden="true">
        Metrics
      </span>
      <div class="explore-chips">
        {chosen.map((name) => (
          <Chip
            key={name}
            name={name}
            metric={metrics.find((metric) => metric.name === name)}
            onRemove={() => onChange(chosen.filter((one) => one !== name))}
          />
        ))}
        {full ? (
          <span class="note">At most {MOST_METRICS} stand side by side.</span>
        ) : (
          <Combobox
            label={chosen.length > 0 ? 'Add a metric' : 'Choose a metric'}
            shown=""
            prompt={chosen.length > 0 ? 'Add a metric' : 'Choose a metric'}
            choices={left}
            nothing="No metric is called that, or says so of itself."
            onChoose={(name) => onChange([...chosen, name])}
          />
        )}
      </div>
      <Faults
        faults={faultsOf(problem, ['metrics'])}
        text={chosen.join(',')}
        onCorrect={(text) => onChange([...new Set(text.split(','))])}
      />
    </div>
  );
}

interface ChipProps {
  readonly name: string;
  readonly metric: Metric | undefined;
  readonly onRemove: () => void;
}

function Chip({ name, metric, onRemove }: ChipProps) {
  const title = metric?.title ?? name;
  return (
    <span class="explore-chip" data-metric={name}>
      <bdi class="cut" title={metric ? `${title}: ${metric.description}` : name}>
        {title}
      </bdi>
      {metric?.own && <span class="tag">own</span>}
      <button type="button" onClick={onRemove} aria-label={`Take ${title} out`} title="Take it out">
        <Close />
      </button>
    </span>
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
    }));
}
