/** A text that counts when it is finished: by Enter, or when the focus leaves. Until then nothing that is drawn anew
 * meanwhile, such as an answer that has come, puts the old text back. */

import { useState } from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly value: string;
  /** The id of its suggestions. */
  readonly list: string;
  readonly class?: string;
  readonly placeholder?: string;
  readonly onFinish: (value: string) => void;
}

export function FinishedInput({ label, value, list, class: name = '', placeholder = '', onFinish }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      class={name}
      aria-label={label}
      list={list}
      dir="auto"
      maxLength={512}
      spellcheck={false}
      autocomplete="off"
      placeholder={placeholder}
      value={typed ?? value}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onChange={(event) => onFinish(event.currentTarget.value)}
      onBlur={() => setTyped(null)}
    />
  );
}
