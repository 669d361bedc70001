/** Which rows count: a line a condition, or the filter as text for those who type. */

import { useEffect, useId, useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/client.ts';
import type { Frame } from '../../question/question.ts';
import { FilterFault, parseFilter, printFilter } from '../../question/filter.ts';
import {
  type FilterRow,
  type FilterRows,
  NO_ROWS,
  OPERATOR_NAMES,
  ROW_OPERATORS,
  type RowOperator,
  rowsOfText,
  takesValue,
  textOfRows,
} from '../../question/filter-rows.ts';
import { Close, Plus } from '../../ui/icons.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { plain } from '../../widgets/title.ts';
import { Faults } from './faults.tsx';
import { useMembers } from './members.ts';
import { faultsOf } from './suggestions.ts';

interface Props {
  readonly filter: string | null;
  readonly dimensions: readonly string[];
  /** Whose members are suggested. */
  readonly metric: string | null;
  readonly frame: Frame;
  readonly problem: ApiProblem | null;
  readonly onChange: (filter: string | null) => void;
}

export function FilterControl(props: Props) {
  const { filter, problem, onChange } = props;
  const rows = rowsOfText(filter);
  const [typing, setTyping] = useState(false);
  const asText = typing || rows === null;
  return (
    <div class="explore-control" role="group" aria-label="Filter">
      <span class="explore-label" aria-hidden="true">
        Where
      </span>
      <div class="explore-filter">
        {asText ? <FilterText {...props} /> : <Rows {...props} rows={rows} />}
        {(filter !== null || typing) && (
          <Segmented
            label="How the filter is written"
            options={[
              {
                value: 'rows',
                label: 'Rows',
                disabled: rows === null,
                ...(rows === null ? { long: 'This filter nests, or is not finished: it is written as text' } : {}),
              },
              { value: 'text', label: 'Text' },
            ]}
            value={asText ? 'text' : 'rows'}
            onChange={(value) => setTyping(value === 'text')}
          />
        )}
        {filter === null && !typing && (
          <button type="button" class="link" onClick={() => setTyping(true)}>
            Write it as text
          </button>
        )}
      </div>
      <Faults faults={faultsOf(problem, ['filter'])} text={filter ?? ''} onCorrect={onChange} />
    </div>
  );
}

/** Rows that can be asked for: one whose value is not typed yet waits. */
function whole({ join, rows }: FilterRows): FilterRows {
  return { join, rows: rows.filter(({ operator, value }) => !takesValue(operator) || value !== '') };
}

function Rows({ rows, filter, dimensions, metric, frame, onChange }: Props & { readonly rows: FilterRows }) {
  const [draft, setDraft] = useState(rows);
  useEffect(() => {
    // The address says something else than these rows: somebody went back, or took a suggestion.
    setDraft((old) => (textOfRows(whole(old)) === filter ? old : (rowsOfText(filter) ?? NO_ROWS)));
  }, [filter]);
  const change = (next: FilterRows) => {
    setDraft(next);
    onChange(textOfRows(whole(next)));
  };
  const set = (at: number, row: FilterRow) =>
    change({ ...draft, rows: draft.rows.map((old, index) => (index === at ? row : old)) });
  const first = dimensions[0];
  return (
    <div class="explore-rows">
      {draft.rows.map((row, at) => (
        <div class="explore-row" key={at}>
          {at > 0 && (
            <select
              aria-label="How the conditions are joined"
              value={draft.join}
              onChange={({ currentTarget: { value } }) => change({ ...draft, join: value as FilterRows['join'] })}
            >
              <option value="and">and</option>
              <option value="or">or</option>
            </select>
          )}
          <Row
            row={row}
            number={at + 1}
            dimensions={dimensions}
            metric={metric}
            frame={frame}
            onChange={(next) => set(at, next)}
            onRemove={() => change({ ...draft, rows: draft.rows.filter((_, index) => index !== at) })}
          />
        </div>
      ))}
      {first && (
        <button
          type="button"
          class="link explore-add"
          onClick={() => setDraft({ ...draft, rows: [...draft.rows, { dimension: first, operator: 'is', value: '' }] })}
        >
          <Plus /> Add a condition
        </button>
      )}
    </div>
  );
}

interface RowProps {
  readonly row: FilterRow;
  readonly number: number;
  readonly dimensions: readonly string[];
  readonly metric: string | null;
  readonly frame: Frame;
  readonly onChange: (row: FilterRow) => void;
  readonly onRemove: () => void;
}

function Row({ row, number, dimensions, metric, frame, onChange, onRemove }: RowProps) {
  const id = useId();
  const named = takesValue(row.operator);
  const members = useMembers(named ? metric : null, row.dimension, frame);
  const known = dimensions.includes(row.dimension) ? dimensions : [...dimensions, row.dimension];
  return (
    <>
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
      <select
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
          <input
            aria-label={`Value of condition ${number}`}
            list={id}
            dir="auto"
            maxLength={512}
            placeholder="value"
            autocomplete="off"
            value={row.value}
            onChange={(event) => onChange({ ...row, value: event.currentTarget.value })}
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

/** The text form: what is no filter stays in the box, with what is wrong and where. */
function FilterText({ filter, onChange }: Props) {
  const [text, setText] = useState(filter ?? '');
  const [fault, setFault] = useState<FilterFault | null>(null);
  useEffect(() => setText(filter ?? ''), [filter]);
  const apply = () => {
    const found = faultIn(text);
    setFault(found);
    if (!found) onChange(text.trim() ? printFilter(parseFilter(text)) : null);
  };
  return (
    <div class="explore-text">
      <textarea
        aria-label="The filter as text"
        rows={2}
        dir="ltr"
        spellcheck={false}
        aria-invalid={fault !== null}
        placeholder={'version is "3.10.0" and not product contains "beta"'}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setFault(null);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          apply();
        }}
        onChange={apply}
      />
      {fault ? (
        <p class="field-problem" role="alert">
          At character {fault.column}: {fault.message}
        </p>
      ) : (
        <p class="note">
          Press Enter to ask. <code>is</code>, <code>is_not</code>, <code>contains</code>, <code>matches</code>, joined
          by <code>and</code>, <code>or</code>, <code>not</code> and brackets; <code>is null</code> is empty.
        </p>
      )}
    </div>
  );
}

function faultIn(text: string): FilterFault | null {
  if (!text.trim()) return null;
  try {
    parseFilter(text);
    return null;
  } catch (error) {
    if (error instanceof FilterFault) return error;
    throw error;
  }
}
