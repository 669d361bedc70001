/** The values that a saved query asks for in a part: each typed, or a day of a period that moves with the report. */

import type { Json } from '../../api/json.ts';
import { rangeWords } from '../../time/words.ts';
import { ChoiceField, TextField } from '../../ui/fields.tsx';
import type { Saved } from '../sql/statement.ts';
import {
  askedOf,
  type Field,
  fieldsOf,
  PERIODS,
  valueOf,
  valuesOf,
  type Way,
  WAY_NAMES,
  WAYS,
  withValue,
} from './saved-values.ts';

interface Props {
  readonly part: Json;
  readonly query: Saved;
  readonly onChange: (part: Json) => void;
}

export function ValuesFields({ part, query, onChange }: Props) {
  if (query.marks.length === 0) return null;
  return (
    <div class="report-values" role="group" aria-label={`Values of ${query.name}`}>
      {fieldsOf(query, valuesOf(part)).map((field) => (
        <OneValue
          key={field.parameter.name}
          field={field}
          onChange={(value) => onChange(withValue(part, query, field.parameter.name, value))}
        />
      ))}
    </div>
  );
}

interface OneProps {
  readonly field: Field;
  readonly onChange: (value: unknown) => void;
}

function OneValue({ field: { parameter, value }, onChange }: OneProps) {
  const { way, text } = askedOf(value);
  const { name, description } = parameter;
  const choose = (chosen: Way) => {
    const moved = chosen !== 'fixed' && way !== 'fixed';
    onChange(valueOf({ way: chosen, text: moved ? text : chosen === 'fixed' ? '' : 'last_week' }));
  };
  return (
    <div class="form-row">
      <ChoiceField
        label={name}
        name={`${name}-way`}
        value={way}
        options={WAYS.map((one) => ({ value: one, label: WAY_NAMES[one] }))}
        onChoose={choose}
      />
      {way === 'fixed' ? (
        <TextField
          label={`Value of ${name}`}
          hint={description || 'A date, a number, or a text; in quotes, always a text.'}
          name={`${name}-value`}
          box={{ autocomplete: 'off' }}
          value={text}
          onInput={(typed) => onChange(valueOf({ way, text: typed }))}
        />
      ) : (
        <ChoiceField
          label={`Period of ${name}`}
          hint={description || 'As it is when the report is made.'}
          name={`${name}-period`}
          value={text}
          options={PERIODS.map((word) => ({ value: word, label: sentence(rangeWords(word)) }))}
          onChoose={(word) => onChange(valueOf({ way, text: word }))}
        />
      )}
    </div>
  );
}

const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
