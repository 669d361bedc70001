/** Fields of one line, and of one choice: a label, a hint and what is wrong are the form's, the rest is said once here. */

import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { Field } from './form.tsx';

interface Props<T> {
  readonly label: string;
  readonly name: string;
  readonly hint?: ComponentChildren;
  readonly problem?: string | null;
  readonly class?: string;
  readonly value: T;
}

interface TextProps extends Props<string> {
  readonly onInput: (value: string) => void;
  /** What else the box is to know: `maxLength`, `inputMode`. */
  readonly box?: Pick<InputHTMLAttributes, 'maxLength' | 'inputMode' | 'dir' | 'autocomplete' | 'placeholder'>;
}

export function TextField({ name, value, onInput, box, ...field }: TextProps) {
  return (
    <Field {...field}>
      {(control) => (
        <input
          {...control}
          {...box}
          name={name}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** A number as it is typed: a text, so that no digit is lost. */
export function NumberField({ whole = false, ...props }: TextProps & { readonly whole?: boolean }) {
  return <TextField box={{ inputMode: whole ? 'numeric' : 'decimal', autocomplete: 'off' }} {...props} />;
}

export interface Option<T extends string> {
  /** Empty: nothing is chosen, and the label says what that means. */
  readonly value: T;
  readonly label: string;
  readonly disabled?: boolean;
}

interface ChoiceProps<T extends string> extends Props<T> {
  readonly options: readonly Option<T>[];
  readonly onChoose: (value: T) => void;
}

/** One of few. What stands there and is not among them, of another release or typed in an address, stays and is shown. */
export function ChoiceField<T extends string>({ name, value, options, onChoose, ...field }: ChoiceProps<T>) {
  const known = options.some((option) => option.value === value);
  return (
    <Field {...field}>
      {(control) => (
        <select
          {...control}
          name={name}
          value={value}
          onChange={({ currentTarget }) => {
            const chosen = options.find((option) => option.value === currentTarget.value);
            if (chosen) onChoose(chosen.value);
          }}
        >
          {!known && <option value={value}>{value}</option>}
          {options.map(({ value: one, label, disabled }) => (
            <option key={one} value={one} disabled={disabled ?? false}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export const optionsOf = <T extends string>(values: readonly T[], names: Readonly<Record<T, string>>): Option<T>[] =>
  values.map((value) => ({ value, label: names[value] }));
