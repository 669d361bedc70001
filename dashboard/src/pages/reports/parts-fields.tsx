/** The parts of a report in their order: named, moved, removed, and added to. */

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ApiProblem } from '../../api/client.ts';
import type { Json } from '../../api/json.ts';
import { text } from '../../api/json.ts';
import { problemOf } from '../../ui/form.tsx';
import { Announcer, useSay } from '../../ui/say.tsx';
import { AddPart } from './add-part.tsx';
import { PartRow } from './part-row.tsx';
import { MOST_PARTS, movedPart, withPart } from './parts.ts';
import { useKnown } from './use-known.ts';

interface Props {
  readonly parts: readonly Json[];
  readonly problem: ApiProblem | null;
  readonly onChange: (parts: readonly Json[]) => void;
}

export function PartsFields({ parts, problem, onChange }: Props) {
  const known = useKnown(parts);
  const [words, say] = useSay();
  const [list, focusOn] = useFocusIn();
  const move = (at: number, to: number, by: string) => {
    onChange(movedPart(parts, at, to));
    say(`${text(parts[at]?.title)}: place ${to + 1} of ${parts.length}.`);
    // A button that leads no further gives the focus to the one that leads back.
    const control = by === 'up' && to === 0 ? 'down' : by === 'down' && to === parts.length - 1 ? 'up' : by;
    focusOn(`[data-at="${to}"] [data-part="${control}"]`);
  };
  const remove = (at: number) => {
    onChange(parts.toSpliced(at, 1));
    say(`${text(parts[at]?.title)} is removed.`);
    focusOn(parts.length > 1 ? `[data-at="${Math.min(at, parts.length - 2)}"] [data-part="title"]` : 'input');
  };
  const add = (given: readonly Json[]) => {
    const next = given.slice(0, MOST_PARTS - parts.length).reduce(withPart, parts);
    onChange(next);
    say(`${next.length - parts.length} added at the end: ${next.length} parts.`);
  };
  const all = problem?.errors.find(({ parameter }) => parameter === 'parts')?.detail;
  return (
    <fieldset class="form-group report-fields" ref={list}>
      <legend>Parts</legend>
      {parts.length > 0 ? (
        <ol class="report-parts editing" aria-label="Parts, in their order">
          {parts.map((part, at) => (
            <PartRow
              key={at}
              part={part}
              at={at}
              of={parts.length}
              known={known}
              problem={problemOf(problem, `parts[${at}]`)}
              onChange={(changed) => onChange(parts.with(at, changed))}
              onMove={(to, by) => move(at, to, by)}
              onRemove={() => remove(at)}
            />
          ))}
        </ol>
      ) : (
        <p class="note">None yet. Take what a dashboard shows, or what you look at in Explore.</p>
      )}
      {all && <p class="field-problem">{all}</p>}
      {parts.length < MOST_PARTS ? (
        <AddPart known={known} onAdd={add} />
      ) : (
        <p class="note">A report has at most {MOST_PARTS} parts.</p>
      )}
      <Announcer words={words} />
    </fieldset>
  );
}

/** Gives the focus to a part of a box, once it has been drawn anew. */
function useFocusIn() {
  const box = useRef<HTMLFieldSetElement>(null);
  const wanted = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (wanted.current) box.current?.querySelector<HTMLElement>(wanted.current)?.focus();
    wanted.current = null;
  });
  return [box, (selector: string) => (wanted.current = selector)] as const;
}
