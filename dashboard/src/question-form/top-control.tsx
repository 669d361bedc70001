/** How many groups stand by themselves; the rest is put together. */

import { MOST_GROUPS } from '../question/question.ts';
import type { ControlProps } from './control.tsx';
import { Faults } from './faults.tsx';
import { faultsOf } from './suggestions.ts';

/** Without a bound a dimension of pages or campaigns has hundreds of lines. */
export const MANY_GROUPS_TOP = 7;
const CHOICES = [3, 5, MANY_GROUPS_TOP, 10, 20, 50];

interface Props extends ControlProps {
  readonly top: number | null;
  readonly grouped: boolean;
  readonly onChange: (top: number | null) => void;
}

export function TopControl({ top, grouped, problem, onChange }: Props) {
  const choices = [...new Set([...CHOICES, ...(top === null ? [] : [top])])].sort((a, b) => a - b);
  return (
    <div class="ask-field">
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
      <Faults faults={faultsOf(problem, ['top', 'top_by', 'other'])} />
    </div>
  );
}
