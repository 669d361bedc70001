/** Which rows count: a line a condition, or the filter as text for those who type. */

import { useState } from 'preact/hooks';
import { faultIn } from '../question/filter.ts';
import { rowsOfText } from '../question/filter-rows.ts';
import type { Frame } from '../question/question.ts';
import type { Span } from '../question/scan.ts';
import { Segmented } from '../ui/segmented.tsx';
import { Control, type ControlProps } from './control.tsx';
import { FilterLines } from './filter-lines.tsx';
import { FilterText } from './filter-text.tsx';

export interface FilterProps extends ControlProps {
  readonly filter: string | null;
  readonly dimensions: readonly string[];
  /** Whose members are suggested. */
  readonly metric: string | null;
  /** Null: of no metric yet, and no members either. */
  readonly frame: Frame | null;
  /** There are more dimensions than those: they are typed. */
  readonly open?: boolean;
  /** What else is wrong with the text, and where: underlined. */
  readonly mark?: Span | null;
  readonly label?: string;
  /** In a form, what is no filter yet is handed on as it is: the API refuses it there, where else another filter would
   * be saved than the one that is seen. By itself it waits in its box. */
  readonly inForm?: boolean;
  readonly onChange: (filter: string | null) => void;
}

export function FilterControl(props: FilterProps) {
  const { filter, problem, label = 'Where', onChange } = props;
  const rows = rowsOfText(filter);
  const [typing, setTyping] = useState(false);
  const asText = typing || rows === null;
  // Of what is not even a filter, the text says what and where by itself.
  const said = filter !== null && faultIn(filter) ? null : problem;
  return (
    <Control label="Filter" shown={label} parameter="filter" text={filter ?? ''} problem={said} onCorrect={onChange}>
      <div class="ask-filter">
        {asText ? <FilterText {...props} /> : <FilterLines {...props} rows={rows} />}
        {filter === null && !typing ? (
          <button type="button" class="link" onClick={() => setTyping(true)}>
            Write it as text
          </button>
        ) : (
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
      </div>
    </Control>
  );
}
