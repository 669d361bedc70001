/** Which of Headwater's own troubles a rule tells of. */

import { useMemo } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import { parseSources } from '../../api/shapes.ts';
import { Checkbox, Field } from '../../ui/form.tsx';
import { subjectsOf } from './draft.ts';
import type { PartProps } from './form-part.ts';
import { plainKind } from './words.ts';

/** As docs/incidents.md lists them. */
export const INCIDENT_KINDS = [
  'failing',
  'credentials',
  'rate_limited',
  'late',
  'silent',
  'expiring',
  'stalled',
  'differs',
  'dead_letters',
  'missed',
] as const;

export function IncidentsFields({ draft, set, fault }: PartProps) {
  const sources = useQuery('/v1/sources', parseSources);
  const names = useMemo(() => (sources.data ?? []).map(({ name }) => name), [sources.data]);
  const chosen = subjectsOf(draft.subjects);
  const add = (name: string) => {
    const others = chosen.filter((subject) => subject !== '*' && subject !== name);
    set({ subjects: [...others, name].join(', ') });
  };
  const problem = fault('condition.kinds');
  const toggle = (kind: string, on: boolean) =>
    set({ kinds: on ? [...draft.kinds, kind] : draft.kinds.filter((one) => one !== kind) });
  return (
    <>
      <Field
        label="Of what"
        hint={
          <>
            Names of sources, <code>queue/…</code>, <code>schedule/…</code>, separated by commas; <code>*</code> stands
            for any characters.
          </>
        }
        problem={fault('condition.subjects')}
      >
        {(control) => (
          <input
            {...control}
            name="subjects"
            dir="ltr"
            spellcheck={false}
            value={draft.subjects}
            onInput={(event) => set({ subjects: event.currentTarget.value })}
          />
        )}
      </Field>
      {names.length > 0 && (
        <label class="field">
          <span>Add a source</span>
          <select value="" onChange={(event) => event.currentTarget.value && add(event.currentTarget.value)}>
            <option value="">choose</option>
            {names
              .filter((name) => !chosen.includes(name))
              .map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
          </select>
        </label>
      )}
      <fieldset class="alerts-checks">
        <legend>Which kinds</legend>
        <div class="alerts-check-row">
          {[...new Set<string>([...INCIDENT_KINDS, ...draft.kinds])].map((kind) => (
            <Checkbox
              key={kind}
              label={plainKind(kind)}
              checked={draft.kinds.includes(kind)}
              onChange={(on) => toggle(kind, on)}
            />
          ))}
        </div>
        <p class="form-hint">None chosen: all of them.</p>
        {problem && <p class="field-problem">{problem}</p>}
      </fieldset>
    </>
  );
}
