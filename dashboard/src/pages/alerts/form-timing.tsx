/** How long it has to be bad, and well; how often it says so again; what nothing is taken for. */

import { ChoiceField } from '../../ui/fields.tsx';
import { Field } from '../../ui/form.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type DurationUnit, type Length, UNITS } from './durations.ts';
import type { PartProps } from './form-part.ts';
import { UNKNOWN_NAMES } from './words.ts';

export function TimingPart({ draft, set, fault }: PartProps) {
  return (
    <Panel title="For how long">
      <div class="form-row">
        <LengthField
          label="Bad for at least"
          hint="Left empty: the first bad period is told."
          length={draft.hold}
          problem={fault('for')}
          onChange={(hold) => set({ hold })}
        />
        <LengthField
          label="Well for at least"
          hint="Before it has recovered. Left empty: the first good period."
          length={draft.keepFiring}
          problem={fault('keep_firing_for')}
          onChange={(keepFiring) => set({ keepFiring })}
        />
        <LengthField
          label="Say so again every"
          hint="While it still fires. Left empty: once is enough."
          length={draft.remind}
          problem={fault('renotify_interval')}
          onChange={(remind) => set({ remind })}
        />
      </div>
      {draft.kind !== 'incidents' && (
        <div class="form-row">
          <ChoiceField
            label="A period without a value is taken"
            name="on_no_data"
            options={UNKNOWN}
            value={draft.onNoData}
            problem={fault('on_no_data')}
            onChoose={(onNoData) => set({ onNoData })}
          />
          <ChoiceField
            label="A look that fails is taken"
            name="on_error"
            options={UNKNOWN}
            value={draft.onError}
            problem={fault('on_error')}
            onChoose={(onError) => set({ onError })}
          />
        </div>
      )}
    </Panel>
  );
}

interface LengthProps {
  readonly label: string;
  readonly hint: string;
  readonly length: Length;
  readonly problem: string | null;
  readonly onChange: (length: Length) => void;
}

function LengthField({ label, hint, length, problem, onChange }: LengthProps) {
  // The API speaks of how lengths are written to it, which nobody sees here.
  const said = problem && /[^\d.,\s]/.test(length.amount) ? 'A number is needed, such as 2.' : problem;
  return (
    <Field label={label} hint={hint} problem={said}>
      {(control) => (
        <div class="alerts-length">
          <input
            {...control}
            inputMode="numeric"
            autocomplete="off"
            value={length.amount}
            onInput={(event) => onChange({ ...length, amount: event.currentTarget.value })}
          />
          <select
            aria-label={`${label}: unit`}
            value={length.unit}
            onChange={(event) => onChange({ ...length, unit: event.currentTarget.value as DurationUnit })}
          >
            {UNITS.map((unit) => (
              <option key={unit} value={unit}>
                {unit}
              </option>
            ))}
          </select>
        </div>
      )}
    </Field>
  );
}

const UNKNOWN = Object.entries(UNKNOWN_NAMES).map(([value, words]) => ({
  value,
  label: value === 'tell' ? 'as a state of its own, told once' : words,
}));
