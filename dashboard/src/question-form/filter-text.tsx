/** A filter as text: what is none stays in the box, with what is wrong and where. */

import { useEffect, useId, useState } from 'preact/hooks';
import { faultIn, parseFilter, printFilter } from '../question/filter.ts';
import { MarkedText } from '../ui/marked-text.tsx';
import type { FilterProps } from './filter-control.tsx';

export function FilterText({ filter, dimensions, mark = null, inForm = false, onChange }: FilterProps) {
  const id = useId();
  const [text, setText] = useState(filter ?? '');
  // Nobody is corrected in the middle of a word.
  const [checked, setChecked] = useState(true);
  const fault = checked ? faultIn(text) : null;
  const shown = fault ?? (checked ? mark : null);
  const example = dimensions[0] ?? 'version';
  useEffect(() => setText(filter ?? ''), [filter]);
  const apply = () => {
    setChecked(true);
    const wrong = faultIn(text) !== null;
    if (wrong && !inForm) return;
    onChange(wrong ? text : text.trim() ? printFilter(parseFilter(text)) : null);
  };
  return (
    <div class="ask-text">
      <MarkedText
        control={{ 'aria-label': 'The filter as text', 'aria-describedby': id, 'aria-invalid': shown !== null }}
        value={text}
        fault={shown}
        onInput={(typed) => {
          setText(typed);
          setChecked(false);
        }}
        extra={{
          dir: 'ltr',
          placeholder: `${example} is "3.10.0" and not ${example} contains "beta"`,
          onKeyDown: (event) => {
            if (event.key !== 'Enter' || event.shiftKey) return;
            event.preventDefault();
            apply();
          },
          onChange: apply,
        }}
      />
      {fault ? (
        <p class="field-problem" role="alert" id={id}>
          At character {fault.column}: {fault.message}
        </p>
      ) : (
        <p class="note" id={id}>
          {inForm ? '' : 'Press Enter to ask. '}
          <code>is</code>, <code>is_not</code>, <code>contains</code>, <code>matches</code>, joined by <code>and</code>,{' '}
          <code>or</code>, <code>not</code> and brackets; <code>is null</code> is empty.
        </p>
      )}
    </div>
  );
}
