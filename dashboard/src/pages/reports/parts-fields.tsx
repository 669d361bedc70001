/** The parts of a report: each a question of the explorer, by its address; those that are SQL stay as they are. */

import { useState } from 'preact/hooks';
import type { Json } from '../../api/json.ts';
import { text } from '../../api/json.ts';
import type { ApiProblem } from '../../api/client.ts';
import { usePage } from '../../shell/page.ts';
import { Field, problemOf } from '../../ui/form.tsx';
import { questionOfAddress } from '../explore/address-question.ts';
import { partWords } from './report.ts';

interface Props {
  readonly parts: readonly Json[];
  readonly problem: ApiProblem | null;
  readonly onChange: (parts: readonly Json[]) => void;
}

export function PartsFields({ parts, problem, onChange }: Props) {
  const { locale } = usePage();
  const [title, setTitle] = useState('');
  const [address, setAddress] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const add = () => {
    const query = questionOfAddress(address, location.origin, locale.zone);
    setWrong(typeof query === 'string' ? query : null);
    if (typeof query === 'string') return;
    onChange([...parts, { title: title.trim() || partWords({ query }), query }]);
    setTitle('');
    setAddress('');
  };
  const move = (at: number, by: number) => {
    const next = [...parts];
    const [one] = next.splice(at, 1);
    if (one) next.splice(at + by, 0, one);
    onChange(next);
  };
  return (
    <fieldset class="form-group">
      <legend>Parts</legend>
      <ol class="report-parts">
        {parts.map((part, at) => (
          <li key={`${at} ${text(part.title)}`}>
            <div>
              <bdi class="cut-lines">{text(part.title)}</bdi>
              <span class="form-hint">{partWords(part)}</span>
              {problemOf(problem, `parts[${at}]`) && <p class="field-problem">{problemOf(problem, `parts[${at}]`)}</p>}
            </div>
            <span class="buttons">
              <button type="button" class="link" disabled={at === 0} onClick={() => move(at, -1)}>
                Up<span class="hidden">: {text(part.title)}</span>
              </button>
              <button type="button" class="link" onClick={() => onChange(parts.filter((_, other) => other !== at))}>
                Remove<span class="hidden"> {text(part.title)}</span>
              </button>
            </span>
          </li>
        ))}
      </ol>
      <div class="form-row">
        <Field label="Title of a new part">
          {(control) => (
            <input {...control} type="text" value={title} onInput={(e) => setTitle(e.currentTarget.value)} />
          )}
        </Field>
        <Field
          label="Address of the numbers in Explore"
          hint="Give it a range in words, such as 30 days: it is then about the days before it is made."
          problem={wrong}
        >
          {(control) => (
            <input {...control} type="text" value={address} onInput={(e) => setAddress(e.currentTarget.value)} />
          )}
        </Field>
      </div>
      <button type="button" class="button" onClick={add}>
        Add the part
      </button>
      {parts.length === 0 && problemOf(problem, 'parts') && <p class="field-problem">{problemOf(problem, 'parts')}</p>}
    </fieldset>
  );
}
