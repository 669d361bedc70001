/** One condition of a filter: a dimension, an operator, and a value that the data have or that somebody types. */

import { useId } from 'preact/hooks';
import {
  type FilterRow,
  OPERATOR_NAMES,
  ROW_OPERATORS,
  type RowOperator,
  takesValue,
} from '../question/filter-rows.ts';
import type { Frame } from '../question/question.ts';
import { Close } from '../ui/icons.tsx';
import { plain } from '../widgets/title.ts';
import { FinishedInput } from './finished-input.tsx';
import { useMembers } from './members.ts';

interface Props {
  readonly row: FilterRow;
  readonly number: number;
  readonly dimensions: readonly string[];
  readonly metric: string | null;
  readonly frame: Frame | null;
  /** Other dimensions than the known ones can be typed. */
  readonly open: boolean;
  readonly onChange: (row: FilterRow) => void;
  readonly onRemove: () => void;
}

export function FilterLine({ row, number, dimensions, metric, frame, open, onChange, onRemove }: Props) {
  const id = useId();
  const named = takesValue(row.operator);
  const members = useMembers(named ? metric : null, row.dimension, frame);
  const known = dimensions.includes(row.dimension) ? dimensions : [...dimensions, row.dimension];
  return (
    <>
      {open ? (
        <>
          <FinishedInput
            label={`Dimension of condition ${number}`}
            list={`${id}-names`}
            value={row.dimension}
            onFinish={(dimension) => onChange({ ...row, dimension: dimension.trim() })}
          />
          <datalist id={`${id}-names`}>
            {dimensions.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      ) : (
        <select
          aria-label={`Dimension of condition ${number}`}
          value={row.dimension}
          onChange={(event) => onChange({ ...row, dimension: event.currentTarget.value, value: '' })}
        >
          {known.map((name) => (
            <option key={name} value={name}>
              {plain(name)}
            </option>
          ))}
        </select>
      )}
      <select
        class="ask-operator"
        aria-label={`Operator of condition ${number}`}
        value={row.operator}
        onChange={({ currentTarget: { value } }) => onChange({ ...row, operator: value as RowOperator })}
      >
        {ROW_OPERATORS.map((operator) => (
          <option key={operator} value={operator}>
            {OPERATOR_NAMES[operator]}
          </option>
        ))}
      </select>
      {named && (
        <>
          <FinishedInput
            class="ask-value"
            label={`Value of condition ${number}`}
            list={id}
            placeholder="value"
            value={row.value}
            onFinish={(value) => onChange({ ...row, value })}
          />
          <datalist id={id}>
            {members.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
      <button type="button" class="icon-button" aria-label={`Take condition ${number} out`} onClick={onRemove}>
        <Close />
      </button>
    </>
  );
}
