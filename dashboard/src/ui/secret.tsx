/** Something that is shown this once and never again, with a button that copies it. Until then, it is not closed unasked. */

import { useState } from 'preact/hooks';
import { Buttons } from './form.tsx';
import { useTell } from './notices.tsx';
import { useUnsaved } from './unsaved.ts';

interface Props {
  readonly label: string;
  readonly value: string;
  /** The parameter of the address that opens what it stands in. */
  readonly openedBy: string;
  readonly onDone: () => void;
}

export function Secret({ label, value, openedBy, onDone }: Props) {
  const tell = useTell();
  const [copied, setCopied] = useState(false);
  useUnsaved(!copied, openedBy, 'It is not shown again, and nobody has copied it here.');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
      tell('Copied.');
    } catch {
      tell('The browser does not let the page copy: select the text and copy it.');
    }
  };
  return (
    <>
      <div class="secret">
        <label class="form-field">
          <span class="form-label">{label}</span>
          <input
            type="text"
            readOnly
            value={value}
            onFocus={(event) => event.currentTarget.select()}
            onCopy={() => setCopied(true)}
          />
        </label>
        <button type="button" class="button primary" onClick={() => void copy()}>
          Copy
        </button>
        <p class="form-hint">It is shown this once: keep it where only those who need it can read it.</p>
      </div>
      <Buttons>
        <button type="button" class="button" onClick={onDone}>
          Done
        </button>
      </Buttons>
    </>
  );
}
