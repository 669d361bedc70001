/** The expression of a metric: names are completed, what is wrong is underlined, and what it comes to is shown. */

import { useId, useRef, useState } from 'preact/hooks';
import type { Metric } from '../../api/shapes.ts';
import { Field } from '../../ui/form.tsx';
import { MarkedText } from '../../ui/marked-text.tsx';
import { moved } from '../../ui/combobox-search.ts';
import { putText } from '../../ui/put-text.ts';
import type { Fault } from './definition.ts';
import { type Checked, completions, wordAt } from './expression.ts';

interface Props {
  readonly value: string;
  readonly checked: Checked;
  /** What the API says of it, while it is as it was sent. */
  readonly refused: Fault | null;
  readonly metrics: readonly Metric[];
  readonly onChange: (value: string) => void;
}

export function ExpressionField({ value, checked, refused, metrics, onChange }: Props) {
  const id = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const [word, setWord] = useState<{ from: number; word: string } | null>(null);
  const [active, setActive] = useState(0);
  const offered = word ? completions(word.word, metrics) : [];
  const open = offered.length > 0 && !(offered.length === 1 && offered[0]?.name === word?.word);
  const fault = open ? null : (checked.fault ?? refused); // nobody is corrected in the middle of a word

  const replace = (from: number, to: number, by: string) => {
    if (input.current) onChange(putText(input.current, by, from, to));
    setWord(null);
  };
  const complete = (metric: Metric | undefined) => {
    if (word && metric) replace(word.from, word.from + word.word.length, metric.name);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    const next = moved(event.key, active, offered.length);
    if (next !== null) setActive(next);
    else if (event.key === 'Enter' || event.key === 'Tab') complete(offered[active]);
    else if (event.key === 'Escape') setWord(null);
    else return;
    event.preventDefault();
  };
  return (
    <div class="metric-completing">
      <Field
        label="Expression"
        hint="Metrics by their names, numbers, + - * / and parentheses: won / (won + lost). Each metric is added up first, and then it is calculated."
        problem={fault?.detail}
      >
        {(control) => (
          <MarkedText
            control={control}
            value={value}
            fault={fault}
            input={input}
            onInput={(text, caret) => {
              onChange(text);
              setWord(wordAt(text, caret));
              setActive(0);
            }}
            extra={{
              onKeyDown,
              onBlur: () => setWord(null),
              'aria-autocomplete': 'list',
              'aria-controls': open ? `${id}-list` : undefined,
              'aria-activedescendant': open ? `${id}-${active}` : undefined,
            }}
          />
        )}
      </Field>
      {open && (
        <div class="combobox-list" role="listbox" id={`${id}-list`} aria-label="Metrics">
          {offered.map((metric, index) => (
            <div
              key={metric.name}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => complete(metric)}
            >
              <bdi class="cut">{metric.title}</bdi>
              <code class="hint">{metric.name}</code>
            </div>
          ))}
        </div>
      )}
      <p class="hidden" role="status">
        {open ? `${offered.length} metrics: arrow keys choose, Enter takes one.` : ''}
      </p>
      {fault?.instead && (
        <button
          type="button"
          class="link metric-instead"
          onClick={() => replace(fault.from, fault.to, fault.instead ?? '')}
        >
          Use “{fault.instead}” instead
        </button>
      )}
    </div>
  );
}
