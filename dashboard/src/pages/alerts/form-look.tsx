/** What is looked at: a metric, how finely, of which rows, each group by itself. */

import { useMemo } from 'preact/hooks';
import type { Metric } from '../../api/shapes.ts';
import { FilterControl } from '../../question-form/filter-control.tsx';
import { GroupsControl } from '../../question-form/groups-control.tsx';
import '../../question-form/question-form.css';
import { INTERVAL_NAMES, INTERVALS } from '../../time/range.ts';
import { allZones, offsetLabel } from '../../time/zones.ts';
import { Combobox } from '../../ui/combobox.tsx';
import { ChoiceField, TextField } from '../../ui/fields.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { PartProps } from './form-part.ts';
import { CONDITION_KINDS } from './rule.ts';
import { useMetrics } from './rules-query.ts';
import { KIND_HINTS, KIND_TITLES } from './words.ts';

const NO_DIMENSIONS: readonly string[] = [];
const SEASONAL = ['PT15M', 'PT1H', 'P1D'];

interface Props extends PartProps {
  /** What it is called if nothing is typed. */
  readonly name: string;
  readonly metric: Metric | null;
}

export function LookPart({ name, ...part }: Props) {
  const { draft, set, fault } = part;
  return (
    <Panel title="What is bad">
      <fieldset class="alerts-kinds">
        <legend>Tell people when</legend>
        {CONDITION_KINDS.map((kind) => (
          <label key={kind} class="alerts-kind">
            <input type="radio" name="kind" value={kind} checked={draft.kind === kind} onChange={() => set({ kind })} />
            <span>
              <strong>{KIND_TITLES[kind]}</strong>
              <span class="form-hint">{KIND_HINTS[kind]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {draft.kind !== 'incidents' && <Look {...part} />}
      <TextField
        label="Name"
        hint={
          draft.name.trim() ? undefined : 'Its first words stand in every message. Left empty, it is called as shown.'
        }
        name="name"
        box={{ maxLength: 80, dir: 'auto', placeholder: name }}
        problem={fault('name')}
        value={draft.name}
        onInput={(given) => set({ name: given })}
      />
    </Panel>
  );
}

function Look(part: PartProps & { readonly metric: Metric | null }) {
  const { draft, set, fault, metric, problem } = part;
  const dimensions = metric?.dimensions ?? NO_DIMENSIONS;
  const frame = useMemo(
    () => ({ range: '90d', interval: 'P1D' as const, zone: draft.zone, compare: null }),
    [draft.zone],
  );
  return (
    <>
      <div class="form-row">
        <MetricField {...part} />
        <ChoiceField
          label="Every"
          hint="Whole periods only, once their source is complete."
          name="interval"
          value={draft.interval}
          options={INTERVALS.map((value) => ({
            value,
            label: INTERVAL_NAMES[value],
            disabled: draft.kind === 'anomaly' && !SEASONAL.includes(value),
          }))}
          problem={fault('interval')}
          onChoose={(interval) => set({ interval })}
        />
        <ZoneField
          zone={draft.zone}
          label="Days and hours by"
          problem={fault('tz')}
          onChoose={(zone) => set({ zone })}
        />
      </div>
      {metric && <p class="form-hint">{metric.description.replaceAll('`', '')}</p>}
      <div class="ask in-form">
        <FilterControl
          filter={draft.filter.trim() || null}
          dimensions={dimensions}
          metric={draft.metric || null}
          frame={frame}
          problem={problem}
          inForm
          onChange={(filter) => set({ filter: filter ?? '' })}
        />
        {(dimensions.length > 0 || draft.groupBy.length > 0) && (
          <div class="form-field">
            <GroupsControl
              label="Each by itself"
              chosen={draft.groupBy}
              dimensions={dimensions}
              problem={problem}
              onChange={(groupBy) => set({ groupBy })}
            />
            <p class="form-hint">
              Each member fires and recovers by itself, at most 100 of them. None chosen: all together.
            </p>
          </div>
        )}
      </div>
    </>
  );
}

function MetricField({ draft, set, fault, metric }: PartProps & { readonly metric: Metric | null }) {
  const { answer } = useMetrics();
  const choices = useMemo(
    () =>
      (answer.data ?? []).map(({ name, title, unit, source }) => ({ value: name, label: title, hint: unit || source })),
    [answer.data],
  );
  const problem = fault('metric');
  return (
    <div class="form-field">
      <span class="form-label">Metric</span>
      <Combobox
        label="Metric"
        shown={metric?.title ?? draft.metric}
        choices={choices}
        nothing={answer.error ? 'The metrics could not be loaded.' : 'No metric is called that.'}
        onChoose={(name) => set({ metric: name })}
      />
      {problem && <p class="field-problem">{problem}</p>}
    </div>
  );
}

interface ZoneFieldProps {
  readonly zone: string;
  readonly label: string;
  readonly problem: string | null;
  readonly onChoose: (zone: string) => void;
}

export function ZoneField({ zone, label, problem, onChoose }: ZoneFieldProps) {
  const choices = useMemo(() => {
    const now = new Date();
    return allZones().map((name) => ({ value: name, label: name.replaceAll('_', ' '), hint: offsetLabel(name, now) }));
  }, []);
  return (
    <div class="form-field">
      <span class="form-label">{label}</span>
      <Combobox
        label={label}
        shown={zone.replaceAll('_', ' ')}
        choices={choices}
        nothing="No time zone is called that."
        onChoose={onChoose}
      />
      {problem && <p class="field-problem">{problem}</p>}
    </div>
  );
}
