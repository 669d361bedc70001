/** A field for each question mark of a statement. */

import type { ApiProblem } from '../../api/client.ts';
import { Field, problemOf } from '../../ui/form.tsx';

interface Props {
  readonly names: readonly string[];
  readonly hints: readonly string[];
  readonly values: readonly string[];
  readonly problem: ApiProblem | null;
  readonly onChange: (values: readonly string[]) => void;
}

export function Values({ names, hints, values, problem, onChange }: Props) {
  if (names.length === 0) return null;
  return (
    <fieldset class="form-row">
      <legend class="form-label">Values of the question marks</legend>
      {names.map((name, index) => (
        <Field
          key={index}
          label={name}
          hint={hints[index] ?? 'A date, a number, or a text; in quotes, always a text.'}
          problem={problemOf(problem, `parameters[${index}]`)}
        >
          {(control) => (
            <input
              {...control}
              type="text"
              spellcheck={false}
              value={values[index] ?? ''}
              onInput={(event) => {
                const typed = event.currentTarget.value;
                onChange(names.map((_, at) => (at === index ? typed : (values[at] ?? ''))));
              }}
            />
          )}
        </Field>
      ))}
    </fieldset>
  );
}
