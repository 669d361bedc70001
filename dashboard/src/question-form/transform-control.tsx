/** What is made of the values: sums so far, averages, shares, rates. */

import { useState } from 'preact/hooks';
import type { ControlProps } from './control.tsx';
import { Faults } from './faults.tsx';
import { type Shape, transformWhyNot } from './kinds.ts';
import { faultsOf } from './suggestions.ts';

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

interface Props extends ControlProps {
  readonly transform: string | null;
  readonly shape: Shape;
  readonly onChange: (transform: string | null) => void;
}

export function TransformControl({ transform, shape, problem, onChange }: Props) {
  const average = transform?.startsWith(AVERAGE) ? Number(transform.split(':')[1]) : null;
  const choose = (value: string) => onChange(value === AVERAGE ? `${AVERAGE}:7` : value || null);
  return (
    <div class="ask-field">
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
        class="ask-count"
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
