/** The fields of a widget's question: metrics, groups, filter, how many, how fine, compared with what. */

import { useMemo } from 'preact/hooks';
import type { Metric } from '../../api/shapes.ts';
import { type Compare, COMPARES, type Question } from '../../question/question.ts';
import { INTERVAL_NAMES, INTERVALS, type Interval } from '../../time/range.ts';
import { PRESETS } from '../../time/words.ts';
import { Combobox } from '../../ui/combobox.tsx';
import { COMPARE_NAMES } from '../../ui/frame-bar.tsx';
import { Field } from '../../ui/form.tsx';
import { Close } from '../../ui/icons.tsx';
import { plain } from '../../widgets/title.ts';
import type { WidgetKind } from '../../widgets/widget.ts';

interface Props {
  readonly kind: WidgetKind;
  readonly question: Question;
  readonly metrics: readonly Metric[];
  readonly faultOf: (field: string) => string | null;
  readonly onChange: (part: Partial<Question>) => void;
}

const MOST_METRICS = 10;
const MOST_GROUPS = 3;
const TRANSFORMS: Record<string, string> = {
  cumulative: 'added up over the range',
  'moving_average:7': 'average of 7 buckets',
  share_of_total: 'share of the total',
  'rate:hour': 'per hour',
};

export function QuestionFields({ kind, question, metrics, faultOf, onChange }: Props) {
  const { groupBy, filter, top, interval, compare, transform, range } = question;
  const dimensions = useMemo(() => common(question.metrics, metrics), [question.metrics, metrics]);
  const oneMetric = kind === 'tile' || kind === 'gauge';
  return (
    <>
      <Many
        label={kind === 'scatter' ? 'Metrics: across, then up' : 'Metrics'}
        chosen={question.metrics}
        most={kind === 'scatter' ? 2 : oneMetric ? 1 : MOST_METRICS}
        choices={metrics.map(({ name, title, unit }) => ({ value: name, label: title, hint: unit }))}
        problem={faultOf('metrics')}
        onChange={(next) => onChange({ metrics: next })}
      />
      {!oneMetric && (
        <Many
          label="Grouped by"
          chosen={groupBy}
          most={MOST_GROUPS}
          choices={dimensions.map((name) => ({ value: name, label: plain(name), hint: '' }))}
          problem={faultOf('group_by')}
          onChange={(next) => onChange({ groupBy: next })}
        />
      )}
      <Field
        label="Filter"
        hint={
          <>
            As <code>country is "DE" and not (bot is true)</code>; empty: everything.
          </>
        }
        problem={faultOf('filter')}
      >
        {(control) => (
          <input
            {...control}
            name="filter"
            spellcheck={false}
            autocomplete="off"
            value={filter ?? ''}
            onInput={(event) => onChange({ filter: event.currentTarget.value || null })}
          />
        )}
      </Field>
      <div class="form-row">
        {groupBy.length > 0 && (
          <Field label="At most" hint="Groups; the rest together." problem={faultOf('top')}>
            {(control) => (
              <input
                {...control}
                name="top"
                type="number"
                min={1}
                max={100}
                value={top ?? ''}
                onInput={(event) => onChange({ top: Number(event.currentTarget.value) || null })}
              />
            )}
          </Field>
        )}
        <Choice
          label="Compared with"
          name="compare"
          value={compare}
          nothing={kind === 'tile' ? 'the period before' : 'nothing'}
          options={COMPARES.map((value) => [value, COMPARE_NAMES[value]])}
          problem={faultOf('compare')}
          onChoose={(value) => onChange({ compare: value as Compare | null })}
        />
        <Choice
          label="Shown"
          name="transform"
          value={transform}
          nothing="as it is"
          options={Object.entries(TRANSFORMS)}
          problem={faultOf('transform')}
          onChoose={(value) => onChange({ transform: value })}
        />
        <Choice
          label="Range"
          name="range"
          value={typeof range === 'string' ? range : null}
          nothing="the dashboard's"
          options={PRESETS.map(({ value, long }) => [value, long])}
          problem={faultOf('range')}
          onChoose={(value) => onChange({ range: value })}
        />
        <Choice
          label="Interval"
          name="interval"
          value={interval}
          nothing="the dashboard's"
          options={INTERVALS.map((value) => [value, INTERVAL_NAMES[value]])}
          problem={faultOf('interval')}
          onChoose={(value) => onChange({ interval: value as Interval | null })}
        />
      </div>
    </>
  );
}

/** Dimensions that all the metrics have. */
export function common(names: readonly string[], metrics: readonly Metric[]): string[] {
  const asked = names.flatMap((name) => metrics.find((metric) => metric.name === name) ?? []);
  const [first, ...rest] = asked;
  return (first?.dimensions ?? []).filter((dimension) =>
    rest.every(({ dimensions }) => dimensions.includes(dimension)),
  );
}

interface ManyProps {
  readonly label: string;
  readonly chosen: readonly string[];
  readonly most: number;
  readonly choices: readonly { readonly value: string; readonly label: string; readonly hint: string }[];
  readonly problem: string | null;
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Several of many, in an order: each can be taken out, and more are found by typing. */
function Many({ label, chosen, most, choices, problem, onChange }: ManyProps) {
  const free = choices.filter(({ value }) => !chosen.includes(value));
  const nameOf = (value: string) => choices.find((choice) => choice.value === value)?.label ?? value;
  return (
    <div class="form-field">
      <span class="form-label">{label}</span>
      {chosen.length > 0 && (
        <ul class="chips" aria-label={label}>
          {chosen.map((value) => (
            <li key={value} class="chip">
              <bdi class="cut" title={value}>
                {nameOf(value)}
              </bdi>
              <button
                type="button"
                aria-label={`Take out ${nameOf(value)}`}
                onClick={() => onChange(chosen.filter((other) => other !== value))}
              >
                <Close />
              </button>
            </li>
          ))}
        </ul>
      )}
      {(chosen.length < most || most === 1) && (
        <Combobox
          label={chosen.length > 0 ? (most === 1 ? `Another: ${label}` : `One more: ${label}`) : label}
          shown={chosen.length > 0 ? (most === 1 ? 'Another…' : 'One more…') : 'Choose…'}
          choices={free}
          nothing="Nothing is called that."
          onChoose={(value) => onChange(most === 1 ? [value] : [...chosen, value])}
        />
      )}
      {problem && <p class="field-problem">{problem}</p>}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly value: string | null;
  /** What is meant where nothing is chosen. */
  readonly nothing: string;
  readonly options: readonly (readonly [string, string])[];
  readonly problem: string | null;
  readonly onChoose: (value: string | null) => void;
}

function Choice({ label, name, value, nothing, options, problem, onChoose }: ChoiceProps) {
  const known = value === null || options.some(([one]) => one === value);
  return (
    <Field label={label} problem={problem}>
      {(control) => (
        <select
          {...control}
          name={name}
          value={value ?? ''}
          onChange={(event) => onChoose(event.currentTarget.value || null)}
        >
          <option value="">{nothing}</option>
          {!known && <option value={value}>{value}</option>}
          {options.map(([one, words]) => (
            <option key={one} value={one}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
