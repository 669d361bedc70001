/** How the numbers are cut: dimensions, how many groups, what is made of the values. */

import { useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/client.ts';
import { plain } from '../../widgets/title.ts';
import { MANY_GROUPS_TOP, MOST_DIMENSIONS, MOST_GROUPS } from './chosen.ts';
import { Faults } from './faults.tsx';
import { type Shape, transformWhyNot } from './kinds.ts';
import { faultsOf } from './suggestions.ts';

interface GroupsProps {
  readonly chosen: readonly string[];
  /** Those that all the metrics have. */
  readonly dimensions: readonly string[];
  readonly problem: ApiProblem | null;
  readonly onChange: (groupBy: readonly string[]) => void;
}

/** A button a dimension, in the order in which they were pressed. */
export function GroupsControl({ chosen, dimensions, problem, onChange }: GroupsProps) {
  const full = chosen.length >= MOST_DIMENSIONS;
  const shown = [...dimensions, ...chosen.filter((name) => !dimensions.includes(name))];
  return (
    <div class="explore-control" role="group" aria-label="Group by">
      <span class="explore-label" aria-hidden="true">
        Group by
      </span>
      <div class="explore-chips">
        {shown.map((name) => {
          const pressed = chosen.includes(name);
          return (
            <button
              key={name}
              type="button"
              class="explore-toggle"
              aria-pressed={pressed}
              disabled={full && !pressed}
              title={full && !pressed ? `At most ${MOST_DIMENSIONS} at once` : undefined}
              onClick={() => onChange(pressed ? chosen.filter((one) => one !== name) : [...chosen, name])}
            >
              {plain(name)}
              {pressed && chosen.length > 1 && <span class="explore-order">{chosen.indexOf(name) + 1}</span>}
            </button>
          );
        })}
        {shown.length === 0 && <span class="note">These metrics have no dimension in common.</span>}
      </div>
      <Faults
        faults={faultsOf(problem, ['group_by'])}
        text={chosen.join(',')}
        onCorrect={(text) => onChange([...new Set(text.split(','))])}
      />
    </div>
  );
}

interface TopProps {
  readonly top: number | null;
  readonly grouped: boolean;
  readonly problem: ApiProblem | null;
  readonly onChange: (top: number | null) => void;
}

export function TopControl({ top, grouped, problem, onChange }: TopProps) {
  const choices = [...new Set([3, 5, MANY_GROUPS_TOP, 10, 20, 50, ...(top === null ? [] : [top])])].sort(
    (a, b) => a - b,
  );
  return (
    <div class="explore-field">
      <label class="field">
        <span>Groups</span>
        <select
          value={top === null ? '' : String(top)}
          disabled={!grouped}
          onChange={({ currentTarget: { value } }) => onChange(value ? Math.min(MOST_GROUPS, Number(value)) : null)}
        >
          <option value="">all</option>
          {choices.map((count) => (
            <option key={count} value={String(count)}>
              the {count} largest, and the rest
            </option>
          ))}
        </select>
      </label>
      <Faults faults={faultsOf(problem, ['top', 'top_by', 'other'])} text="" onCorrect={() => undefined} />
    </div>
  );
}

const AVERAGE = 'moving_average';
const TRANSFORMS: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'cumulative', label: 'the sum so far' },
  { value: AVERAGE, label: 'a moving average' },
  { value: 'share_of_total', label: 'the share of all groups' },
  { value: 'rate:day', label: 'a day' },
  { value: 'rate:hour', label: 'an hour' },
  { value: 'rate:minute', label: 'a minute' },
  { value: 'rate:second', label: 'a second' },
];

interface TransformProps {
  readonly transform: string | null;
  readonly shape: Shape;
  readonly problem: ApiProblem | null;
  readonly onChange: (transform: string | null) => void;
}

export function TransformControl({ transform, shape, problem, onChange }: TransformProps) {
  const average = transform?.startsWith(AVERAGE) ? Number(transform.split(':')[1]) : null;
  const choose = (value: string) => onChange(value === AVERAGE ? `${AVERAGE}:7` : value || null);
  return (
    <div class="explore-field">
      <label class="field">
        <span>Show</span>
        <select
          value={average === null ? (transform ?? '') : AVERAGE}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <option value="">the values</option>
          {TRANSFORMS.map(({ value, label }) => {
            const why = transformWhyNot(value, shape);
            const words = value.startsWith('rate') ? `the rate ${label}` : label;
            return (
              <option key={value} value={value} disabled={why !== null && value !== transform}>
                {why ? `${words} (${why})` : words}
              </option>
            );
          })}
        </select>
      </label>
      {average !== null && <Buckets count={average} onChange={(count) => onChange(`${AVERAGE}:${count}`)} />}
      <Faults faults={faultsOf(problem, ['transform'])} text={transform ?? ''} onCorrect={onChange} />
    </div>
  );
}

/** Over how many buckets the average goes. */
function Buckets({ count, onChange }: { readonly count: number; readonly onChange: (count: number) => void }) {
  const [text, setText] = useState(String(count));
  const good = /^[1-9]\d{0,3}$/.test(text);
  return (
    <label class="field">
      <span>of</span>
      <input
        class="explore-count"
        inputMode="numeric"
        aria-label="Buckets of the moving average"
        aria-invalid={!good}
        value={text}
        onInput={(event) => setText(event.currentTarget.value.trim())}
        onChange={() => good && onChange(Number(text))}
      />
      <span>buckets</span>
    </label>
  );
}

interface TargetProps {
  readonly target: string | null;
  readonly onChange: (target: string | null) => void;
}

/** A gauge's full mark. */
export function TargetControl({ target, onChange }: TargetProps) {
  const [text, setText] = useState(target ?? '');
  const good = text === '' || /^(?=.*[1-9])\d{1,15}(\.\d{1,6})?$/.test(text);
  return (
    <div class="explore-field">
      <label class="field">
        <span>Full mark</span>
        <input
          class="explore-count"
          inputMode="decimal"
          placeholder="none"
          aria-invalid={!good}
          value={text}
          onInput={(event) => setText(event.currentTarget.value.trim())}
          onChange={() => good && onChange(text || null)}
        />
      </label>
      {!good && <p class="field-problem">A number above 0, such as 1000 or 0.25.</p>}
    </div>
  );
}
