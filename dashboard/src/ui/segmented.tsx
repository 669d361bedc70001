/** One choice of a few, side by side: radio buttons underneath, so that keys and screen readers know them. */

import type { ComponentChildren } from 'preact';
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
            class="unseen"
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

interface FieldProps<T extends string> extends Props<T> {
  readonly hint?: ComponentChildren;
  readonly problem?: string | null;
}

/** In a form: its name stands over it, a hint and what is wrong below. */
export function SegmentedField<T extends string>({ hint, problem, ...choice }: FieldProps<T>) {
  return (
    <div class="form-field">
      <span class="form-label" aria-hidden="true">
        {choice.label}
      </span>
      <Segmented {...choice} />
      {hint && <p class="form-hint">{hint}</p>}
      {problem && <p class="field-problem">{problem}</p>}
    </div>
  );
}
