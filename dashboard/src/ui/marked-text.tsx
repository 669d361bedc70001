/** A text field whose wrong part is underlined at its place: the same text lies behind it, marked. */

import type { RefObject, TextareaHTMLAttributes } from 'preact';
import type { Span } from '../question/scan.ts';

interface Props {
  /** Its label and what belongs to it, as a form's field gives them. */
  readonly control: TextareaHTMLAttributes;
  readonly value: string;
  readonly fault: Span | null;
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
    <div class="marked">
      <pre class="marked-behind" aria-hidden="true">
        {value.slice(0, from)}
        {fault && <mark>{atEnd ? ' ' : value.slice(from, to)}</mark>}
        {value.slice(to)}
        {'\n'}
      </pre>
      <textarea
        class="marked-text"
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
