/** A text field whose wrong part is underlined at its place: the same text lies behind it, marked. */

import type { ControlProps } from '../../ui/form.tsx';
import type { Fault } from './definition.ts';
import type { RefObject, TextareaHTMLAttributes } from 'preact';

interface Props {
  readonly control: ControlProps;
  readonly value: string;
  readonly fault: Fault | null;
  readonly rows?: number;
  readonly input?: RefObject<HTMLTextAreaElement | null>;
  /** What else the field is to know: keys, and what they lead to. */
  readonly extra?: TextareaHTMLAttributes;
  readonly onInput: (value: string, caret: number) => void;
}

export function MarkedText({ control, value, fault, rows = 2, input, extra, onInput }: Props) {
  const from = Math.min(fault?.from ?? 0, value.length);
  const to = Math.min(fault?.to ?? 0, value.length);
  const atEnd = fault !== null && from === to;
  return (
    <div class="metric-marked">
      <pre class="metric-marked-behind" aria-hidden="true">
        {value.slice(0, from)}
        {fault && <mark>{atEnd ? ' ' : value.slice(from, to)}</mark>}
        {value.slice(to)}
        {'\n'}
      </pre>
      <textarea
        {...control}
        {...(input ? { ref: input } : {})}
        {...extra}
        rows={rows}
        spellcheck={false}
        autocomplete="off"
        value={value}
        onInput={(event) => onInput(event.currentTarget.value, event.currentTarget.selectionStart)}
      />
    </div>
  );
}

/** Where the API saw it: `Character 7: …` or `At column 7 …`, from 1. */
export function faultAt(detail: string | null, text: string): Fault | null {
  const place = /(?:Character|column) (\d+)/i.exec(detail ?? '')?.[1];
  if (!detail || !place) return null;
  const from = Math.min(Number(place) - 1, text.length);
  const word = /^\w+/.exec(text.slice(from))?.[0].length ?? 1;
  return { from, to: from + word, detail };
}
