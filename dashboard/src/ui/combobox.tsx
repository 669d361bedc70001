/** A searchable list of choices: the combobox of the ARIA authoring practices, with a list that filters as one types. */

import { Fragment } from 'preact';
import { useId, useMemo, useRef, useState } from 'preact/hooks';
import { moved, search } from './combobox-search.ts';
import { useFloating } from './floating.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint: string;
  /** Found by this too, though it is not shown. */
  readonly also?: string;
  /** Choices that follow one another and have the same stand under this heading. */
  readonly group?: string;
  /** Once it is chosen: what is said of it when one points at it, and a word beside it. */
  readonly tip?: string;
  readonly tag?: string;
}

interface Props {
  readonly label: string;
  /** What is chosen, shown while nobody types; empty: the prompt is. */
  readonly shown: string;
  readonly prompt?: string;
  /** A function where making them takes time: it is asked when the list opens. The same one from one call to the next. */
  readonly choices: readonly Choice[] | (() => readonly Choice[]);
  /** Said when nothing is found. */
  readonly nothing: string;
  readonly onChoose: (value: string) => void;
}

export function Combobox({ label, shown, prompt, choices, nothing, onChoose }: Props) {
  const id = useId();
  const [text, setText] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const open = text !== null;
  useFloating(open, input, list, 'start');
  const all = useMemo(() => (!open ? [] : typeof choices === 'function' ? choices() : choices), [choices, open]);
  const found = useMemo(() => (text === null ? [] : search(all, text)), [all, text]);

  const close = () => setText(null);
  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    close();
    onChoose(choice.value);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && open) {
      event.preventDefault(); // closes the list, not the dialog around it
      close();
      return;
    }
    if (event.key === 'Enter' && open) {
      event.preventDefault();
      choose(found[active]);
      return;
    }
    const next = moved(event.key, active, found.length);
    if (next === null) return;
    event.preventDefault();
    if (!open) {
      setText('');
      return;
    }
    setActive(next);
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <div class="combobox">
      <input
        ref={input}
        role="combobox"
        type="text"
        autocomplete="off"
        spellcheck={false}
        aria-label={label}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && found.length > 0 ? `${id}-${active}` : undefined}
        value={text ?? shown}
        placeholder={shown || prompt}
        onFocus={(event) => event.currentTarget.select()}
        onClick={() => !open && setText('')}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      {open && (
        <div class="combobox-list" popover="manual" ref={list} role="listbox" id={`${id}-list`} aria-label={label}>
          {found.map((choice, index) => (
            <Fragment key={choice.value}>
              {choice.group && choice.group !== found[index - 1]?.group && (
                <p class="combobox-group" role="presentation">
                  {choice.group}
                </p>
              )}
              <div
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(choice)}
              >
                <bdi class="cut">{choice.label}</bdi>
                <span class="hint">{choice.hint}</span>
              </div>
            </Fragment>
          ))}
          {found.length === 0 && <p class="note">{nothing}</p>}
        </div>
      )}
    </div>
  );
}
