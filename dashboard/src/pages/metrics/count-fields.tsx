/** A count of events: which, of which kind, under which condition, by what. */

import { ApiProblem } from '../../api/client.ts';
import { FilterControl } from '../../question-form/filter-control.tsx';
import '../../question-form/question-form.css';
import { Field } from '../../ui/form.tsx';
import { Close, Plus } from '../../ui/icons.tsx';
import { SegmentedField } from '../../ui/segmented.tsx';
import {
  type By,
  type Count,
  type Counted,
  EVENT_FIELDS,
  EVENT_NAMES,
  type Events,
  EVENTS,
  type Fault,
  filterFault,
} from './definition.ts';
import { useId } from 'preact/hooks';

const WHAT: readonly { readonly value: Counted; readonly label: string; readonly long: string }[] = [
  { value: 'events', label: 'How many', long: 'Each event counts.' },
  { value: 'people', label: 'How many people', long: 'Each person counts once, whatever they do.' },
];
const MOST_BY = 5;

interface Props {
  readonly count: Count;
  /** What the API says of it, while it is as it was sent. */
  readonly refused: string | null;
  readonly refusedAt: Fault | null;
  readonly onChange: (part: Partial<Count>) => void;
}

export function CountFields({ count, refused, refusedAt, onChange }: Props) {
  const fault = filterFault(count.filter, count.of) ?? refusedAt;
  return (
    <>
      <div class="form-row">
        <Field label="Of which events">
          {(control) => (
            <select
              {...control}
              value={count.of}
              onChange={(event) => onChange({ of: event.currentTarget.value as Events })}
            >
              {EVENTS.map((of) => (
                <option key={of} value={of}>
                  {EVENT_NAMES[of]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <SegmentedField label="Counted" options={WHAT} value={count.what} onChange={(what) => onChange({ what })} />
      </div>
      <div class="ask in-form">
        <FilterControl
          label="Only those that"
          filter={count.filter.trim() ? count.filter : null}
          dimensions={EVENT_FIELDS[count.of]}
          metric={null}
          frame={null}
          open
          mark={fault}
          problem={filterProblem(fault?.detail ?? (refused?.startsWith('by:') ? null : refused))}
          inForm
          onChange={(filter) => onChange({ filter: filter ?? '' })}
        />
        <p class="form-hint">
          Of {EVENT_FIELDS[count.of].join(', ')} and <code>properties.…</code>, such as <code>properties.plan</code>.
          None: all of them.
        </p>
      </div>
      <ByFields
        by={count.by}
        of={count.of}
        problem={refused?.startsWith('by:') ? refused : null}
        onChange={(by) => onChange({ by })}
      />
    </>
  );
}

/** What is wrong with the filter, where the control shows it. */
function filterProblem(detail: string | null): ApiProblem | null {
  if (detail === null) return null;
  const error = { parameter: 'filter', detail, suggestion: null, line: null, column: null };
  return new ApiProblem(422, '', detail, [error]);
}

interface ByProps {
  readonly by: readonly By[];
  readonly of: Events;
  readonly problem: string | null;
  readonly onChange: (by: readonly By[]) => void;
}

/** Each dimension of the metric, and the field that it shows. */
function ByFields({ by, of, problem, onChange }: ByProps) {
  const id = useId();
  const change = (index: number, part: Partial<By>) =>
    onChange(by.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <fieldset class="form-field metric-by">
      <legend>Can be grouped by</legend>
      <datalist id={`${id}-fields`}>
        {EVENT_FIELDS[of].map((field) => (
          <option key={field} value={field} />
        ))}
      </datalist>
      {by.map((one, index) => (
        <div class="metric-by-row" key={index}>
          <input
            aria-label={`Dimension ${index + 1}: its name`}
            placeholder="plan"
            value={one.dimension}
            onInput={(event) => change(index, { dimension: event.currentTarget.value })}
          />
          <span class="muted">shows</span>
          <input
            aria-label={`Dimension ${index + 1}: the field that it shows`}
            placeholder="properties.plan"
            list={`${id}-fields`}
            value={one.field}
            onInput={(event) => change(index, { field: event.currentTarget.value })}
          />
          <button
            type="button"
            class="icon-button"
            aria-label={`Take dimension ${index + 1} away`}
            onClick={() => onChange(by.filter((_, at) => at !== index))}
          >
            <Close />
          </button>
        </div>
      ))}
      {problem && <p class="field-problem">{problem}</p>}
      {by.length < MOST_BY && (
        <button type="button" class="button small" onClick={() => onChange([...by, { dimension: '', field: '' }])}>
          <Plus /> Add a dimension
        </button>
      )}
    </fieldset>
  );
}
