/** The conditions of a filter, a line each. */

import { useEffect, useState } from 'preact/hooks';
import {
  type FilterRow,
  type FilterRows,
  NO_ROWS,
  rowsOfText,
  takesValue,
  textOfRows,
} from '../question/filter-rows.ts';
import { Plus } from '../ui/icons.tsx';
import type { FilterProps } from './filter-control.tsx';
import { FilterLine } from './filter-line.tsx';

/** Rows that can be asked for: one whose dimension or value is not typed yet waits. */
function whole({ join, rows }: FilterRows): FilterRows {
  const told = ({ dimension, operator, value }: FilterRow) => dimension && (!takesValue(operator) || value);
  return { join, rows: rows.filter(told) };
}

export function FilterLines({
  rows,
  filter,
  dimensions,
  metric,
  frame,
  open = false,
  onChange,
}: FilterProps & { readonly rows: FilterRows }) {
  const [draft, setDraft] = useState(rows);
  useEffect(() => {
    // The filter says something else than these rows: somebody went back, or took a suggestion.
    setDraft((old) => (textOfRows(whole(old)) === filter ? old : (rowsOfText(filter) ?? NO_ROWS)));
  }, [filter]);
  const change = (next: FilterRows) => {
    setDraft(next);
    onChange(textOfRows(whole(next)));
  };
  const set = (at: number, row: FilterRow) => change({ ...draft, rows: draft.rows.with(at, row) });
  const first = dimensions[0];
  return (
    <div class="ask-lines">
      {draft.rows.map((row, at) => (
        <div class="ask-line" key={at}>
          {at > 0 && (
            <select
              class="ask-join"
              aria-label="How the conditions are joined"
              value={draft.join}
              onChange={({ currentTarget: { value } }) => change({ ...draft, join: value === 'or' ? 'or' : 'and' })}
            >
              <option value="and">and</option>
              <option value="or">or</option>
            </select>
          )}
          <FilterLine
            row={row}
            number={at + 1}
            dimensions={dimensions}
            metric={metric}
            frame={frame}
            open={open}
            onChange={(next) => set(at, next)}
            onRemove={() => change({ ...draft, rows: draft.rows.toSpliced(at, 1) })}
          />
        </div>
      ))}
      {first && (
        <button
          type="button"
          class="link ask-add"
          onClick={() => setDraft({ ...draft, rows: [...draft.rows, { dimension: first, operator: 'is', value: '' }] })}
        >
          <Plus /> Add a condition
        </button>
      )}
    </div>
  );
}
