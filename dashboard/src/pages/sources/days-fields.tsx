/** Two days and the zone that they are of. */

import { Field, problemOf } from '../../ui/form.tsx';
import { ZoneChooser } from '../../ui/zone-chooser.tsx';
import type { ApiProblem } from '../../api/client.ts';
import { viewerZone } from '../../time/zones.ts';
import { type Days, daysProblem } from './range.ts';

interface Props {
  readonly days: Days;
  readonly onChange: (part: Partial<Days>) => void;
  readonly problem: ApiProblem | null;
  readonly max: string;
}

export function DaysFields({ days, onChange, problem, max }: Props) {
  const wrong = daysProblem(days);
  return (
    <>
      <div class="form-row">
        <Field label="From" problem={wrong?.from ?? problemOf(problem, 'from')}>
          {(control) => (
            <input
              {...control}
              type="date"
              autofocus
              value={days.from}
              max={max}
              required
              onInput={(event) => onChange({ from: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Through" problem={wrong?.through ?? problemOf(problem, 'to')}>
          {(control) => (
            <input
              {...control}
              type="date"
              value={days.through}
              max={max}
              required
              onInput={(event) => onChange({ through: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <div class="form-field">
        <ZoneChooser
          zone={days.zone}
          chosen={days.zone === viewerZone() ? null : days.zone}
          onChoose={(zone) => onChange({ zone: zone ?? viewerZone() })}
        />
      </div>
    </>
  );
}
