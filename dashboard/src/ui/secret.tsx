/** Something that is shown this once and never again, with a button that copies it. */

import { useTell } from './notices.tsx';

interface Props {
  readonly label: string;
  readonly value: string;
}

export function Secret({ label, value }: Props) {
  const tell = useTell();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      tell('Copied.');
    } catch {
      tell('The browser does not let the page copy: select the text and copy it.');
    }
  };
  return (
    <div class="secret">
      <label class="form-field">
        <span class="form-label">{label}</span>
        <input type="text" readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <button type="button" class="button primary" onClick={() => void copy()}>
        Copy
      </button>
      <p class="form-hint">It is shown this once: keep it where only those who need it can read it.</p>
    </div>
  );
}
