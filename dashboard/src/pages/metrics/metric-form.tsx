/** The form of a metric of one's own: made, or changed into its next version. */

import { useMemo, useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/client.ts';
import { nameFrom } from '../../api/names.ts';
import type { Metric } from '../../api/shapes.ts';
import { ChangedMeanwhile, type Meanwhile } from '../../ui/changed-meanwhile.tsx';
import { Buttons, Field, FormProblem, problemOf } from '../../ui/form.tsx';
import { SegmentedField } from '../../ui/segmented.tsx';
import { useUnsaved } from '../../ui/unsaved.ts';
import { CountFields } from './count-fields.tsx';
import { bodyOf, type Draft, faultAt, filterFault } from './definition.ts';
import { check } from './expression.ts';
import { ExpressionField } from './expression-field.tsx';
import { Preview } from './preview.tsx';

const MADE = [
  { value: 'expression', label: 'Calculated', long: 'Of other metrics' },
  { value: 'count', label: 'Counted', long: 'Of events' },
] as const;
const SHOWN = ['name', 'title', 'unit', 'description', 'expression', 'count'];

interface Props {
  readonly start: Draft;
  /** It is there: it keeps its name. */
  readonly standing: boolean;
  readonly metrics: readonly Metric[];
  readonly busy: boolean;
  readonly problem: ApiProblem | null;
  readonly submit: (draft: Draft) => void;
  readonly cancel: string;
  /** What can be done when somebody else was faster. */
  readonly meanwhile?: (draft: Draft) => Meanwhile;
}

export function MetricForm({ start, standing, metrics, busy, problem, submit, cancel, meanwhile }: Props) {
  const [draft, setDraft] = useState(start);
  const [named, setNamed] = useState(standing);
  const [sent, setSent] = useState('');
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const checked = useMemo(() => check(draft.expression, metrics), [draft.expression, metrics]);
  const text = JSON.stringify(bodyOf(draft));
  // What was sent and not refused is kept: nothing would be lost.
  useUnsaved(text !== JSON.stringify(bodyOf(start)) && !busy && (text !== sent || problem !== null));
  const said = text === sent ? problem : null; // what was said of something else is not said of this
  const wrong = draft.made === 'expression' ? checked.fault : filterFault(draft.count.filter, draft.count.of);
  const field = (name: 'title' | 'unit' | 'description' | 'name') => ({
    value: draft[name],
    onInput: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      if (name === 'title' && !named) change({ title: value, name: nameFrom(value) });
      else change({ [name]: value });
    },
  });
  const refused = (name: string) => problemOf(said, name);
  return (
    <form
      class="form metric-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong) return;
        setSent(text);
        submit(draft);
      }}
    >
      <SegmentedField label="How it is made" options={MADE} value={draft.made} onChange={(made) => change({ made })} />
      {draft.made === 'expression' ? (
        <>
          <ExpressionField
            value={draft.expression}
            checked={checked}
            refused={refusedAt(refused('expression'), draft.expression)}
            metrics={metrics.filter(({ name }) => name !== start.name)}
            onChange={(expression) => change({ expression })}
          />
          <Preview checked={checked} unit={draft.unit.trim()} />
        </>
      ) : (
        <CountFields
          count={draft.count}
          refused={refused('count')}
          refusedAt={faultAt(refused('count'), draft.count.filter)}
          onChange={(part) => change({ count: { ...draft.count, ...part } })}
        />
      )}
      <Field label="Title" hint="As people see it." problem={refused('title')}>
        {(control) => <input {...control} required maxLength={80} dir="auto" {...field('title')} />}
      </Field>
      <div class="form-row">
        <Field label="Unit" hint="Such as sign-ups; share is shown in percent." problem={refused('unit')}>
          {(control) => <input {...control} required maxLength={40} dir="auto" {...field('unit')} />}
        </Field>
        <Field
          label="Name"
          hint={standing ? 'It keeps its name.' : 'As questions call it: small letters, digits and _.'}
          problem={refused('name')}
        >
          {(control) => (
            <input
              {...control}
              required
              maxLength={40}
              readOnly={standing}
              spellcheck={false}
              {...field('name')}
              onChange={() => setNamed(true)}
            />
          )}
        </Field>
      </div>
      <Field label="Description" hint="What exactly it counts, and what not." problem={refused('description')}>
        {(control) => <textarea {...control} required maxLength={500} dir="auto" rows={3} {...field('description')} />}
      </Field>
      {problem?.status === 412 && meanwhile ? (
        <ChangedMeanwhile refused={problem} {...meanwhile(draft)} />
      ) : (
        <FormProblem problem={said} shown={SHOWN} />
      )}
      <Buttons>
        <button type="submit" class="button primary" disabled={busy || wrong !== null}>
          {busy ? 'Saving…' : standing ? 'Save the next version' : 'Make the metric'}
        </button>
        <a class="button" href={cancel}>
          Cancel
        </a>
      </Buttons>
    </form>
  );
}

function refusedAt(detail: string | null, text: string) {
  if (detail === null) return null;
  return faultAt(detail, text) ?? { from: 0, to: text.length, detail };
}
