/** One choice of a few, side by side: radio buttons underneath, so that keys and screen readers know them. */

import { useId } from 'preact/hooks';

interface Props<T extends string> {
  readonly label: string;
  /** `long`: the label in full, for the tip. */
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    readonly long?: string;
    readonly disabled?: boolean;
  }[];
  readonly value: T | null;
  readonly onChange: (value: T) => void;
}

export function Segmented<T extends string>({ label, options, value, onChange }: Props<T>) {
  const name = useId();
  return (
    <fieldset class="segmented">
      <legend class="hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} title={option.long}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            disabled={option.disabled ?? false}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
