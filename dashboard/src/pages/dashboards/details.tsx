/** What a dashboard is called, what it is for, and what it opens with. */

import { DEFAULT_RANGE, PRESETS, rangeWords } from '../../time/words.ts';
import { Field } from '../../ui/form.tsx';
import { ZoneChooser } from '../../ui/zone-chooser.tsx';
import { viewerZone } from '../../time/zones.ts';
import type { Content } from './dashboard.ts';

interface Props {
  readonly content: Content;
  readonly problemOf: (field: string) => string | null;
  readonly onChange: (part: Partial<Content>) => void;
}

export function Details({ content, problemOf, onChange }: Props) {
  const { name, description, range, zone } = content;
  const known = typeof range === 'string' && PRESETS.some(({ value }) => value === range);
  return (
    <section class="panel board-details" aria-label="What it is called and opens with">
      <Field label="Name" problem={problemOf('name')}>
        {(control) => (
          <input
            {...control}
            name="name"
            required
            maxLength={300}
            value={name}
            onInput={(event) => onChange({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="What it is for" problem={problemOf('description')}>
        {(control) => (
          <input
            {...control}
            name="description"
            maxLength={1000}
            value={description}
            onInput={(event) => onChange({ description: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="Opens with" problem={problemOf('range')}>
        {(control) => (
          <select
            {...control}
            name="default_range"
            value={known ? range : 'kept'}
            onChange={(event) => onChange({ range: event.currentTarget.value })}
          >
            {!known && (
              <option value="kept" disabled>
                {rangeWords(range ?? DEFAULT_RANGE)}
              </option>
            )}
            {PRESETS.map(({ value, long }) => (
              <option key={value} value={value}>
                {long}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div class="form-field">
        <span class="form-label">In whose time</span>
        <label class="checkbox">
          <input
            type="checkbox"
            checked={zone === null}
            onChange={(event) => onChange({ zone: event.currentTarget.checked ? null : viewerZone() })}
          />
          <span>The viewer’s</span>
        </label>
        {zone !== null && (
          <ZoneChooser zone={zone} chosen={null} onChoose={(next) => onChange({ zone: next ?? viewerZone() })} />
        )}
        {problemOf('tz') && <p class="field-problem">{problemOf('tz')}</p>}
      </div>
    </section>
  );
}
