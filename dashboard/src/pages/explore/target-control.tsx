/** A gauge's full mark. */

import { useState } from 'preact/hooks';

interface Props {
  readonly target: string | null;
  readonly onChange: (target: string | null) => void;
}

export function TargetControl({ target, onChange }: Props) {
  const [text, setText] = useState(target ?? '');
  const good = text === '' || /^(?=.*[1-9])\d{1,15}(\.\d{1,6})?$/.test(text);
  return (
    <div class="ask-field">
      <label class="field">
        <span>Full mark</span>
        <input
          class="ask-count"
          inputMode="decimal"
          placeholder="none"
          aria-invalid={!good}
          value={text}
          onInput={(event) => setText(event.currentTarget.value.trim())}
          onChange={() => good && onChange(text || null)}
        />
      </label>
      {!good && <p class="field-problem">A number above 0, such as 1000 or 0.25.</p>}
    </div>
  );
}
