/** When it is bad: the fields of the chosen kind of condition. */

import { COMPARE_NAMES, COMPARES } from '../../question/question.ts';
import { ChoiceField, NumberField, optionsOf } from '../../ui/fields.tsx';
import { Checkbox } from '../../ui/form.tsx';
import { Panel } from '../../ui/panel.tsx';
import { MarkFields } from './form-mark.tsx';
import type { ConditionProps, PartProps } from './form-part.ts';
import { IncidentsFields } from './form-incidents.tsx';

export function ConditionPart(props: ConditionProps) {
  const { kind } = props.draft;
  return (
    <Panel title="Where the mark is">
      {kind === 'level' && <MarkFields {...props} />}
      {kind === 'change' && (
        <>
          <ChangeFields {...props} />
          <MarkFields {...props} />
        </>
      )}
      {kind === 'no_data' && (
        <Checkbox
          label="0 is nothing, too"
          hint="Of counts, an hour in which nothing happened is 0. Without it, only periods without any value are bad."
          checked={props.draft.zero}
          onChange={(zero) => props.set({ zero })}
        />
      )}
      {kind === 'anomaly' && <AnomalyFields {...props} />}
      {kind === 'incidents' && <IncidentsFields {...props} />}
    </Panel>
  );
}

const MEASURED = [
  { value: 'ratio', label: 'percent' },
  { value: 'amount', label: 'the metric’s own unit' },
] as const;
const MATCHED = [
  { value: '', label: 'as is usual' },
  { value: 'date', label: 'the same dates' },
  { value: 'weekday', label: 'the same weekdays' },
] as const;

function ChangeFields({ draft, set, fault }: PartProps) {
  return (
    <div class="form-row">
      <ChoiceField
        label="Against"
        name="compare"
        value={draft.compare}
        options={optionsOf(COMPARES, COMPARE_NAMES)}
        problem={fault('condition.compare')}
        onChoose={(compare) => set({ compare })}
      />
      <ChoiceField
        label="Measured in"
        name="of"
        value={draft.of}
        options={MEASURED}
        problem={fault('condition.of')}
        // A mark of percent says nothing of an amount.
        onChoose={(of) => set({ of, change: { ...draft.change, threshold: '', recover: '' } })}
      />
      <ChoiceField
        label="Compare"
        name="match"
        value={draft.match ?? ''}
        options={MATCHED}
        problem={fault('condition.match')}
        onChoose={(match) => set({ match: match || null })}
      />
    </div>
  );
}

const UNUSUAL = [
  { value: 'both', label: 'too high and too low' },
  { value: 'high', label: 'too high' },
  { value: 'low', label: 'too low' },
] as const;

function AnomalyFields({ draft, set, fault }: PartProps) {
  return (
    <div class="form-row">
      <ChoiceField
        label="Unusual is"
        name="sides"
        value={draft.sides}
        options={UNUSUAL}
        problem={fault('condition.sides')}
        onChoose={(sides) => set({ sides })}
      />
      <NumberField
        label="Spreads from the usual"
        hint="A spread is how far values mostly are from it. 3.5 is usual; 5 tells far less often."
        name="sensitivity"
        problem={fault('condition.sensitivity')}
        value={draft.sensitivity}
        onInput={(sensitivity) => set({ sensitivity })}
      />
      <NumberField
        label="Well again below"
        hint="Spreads. Left empty: as soon as it is not bad."
        name="recover"
        problem={fault('condition.recover')}
        value={draft.calm}
        onInput={(calm) => set({ calm })}
      />
      <NumberField
        label="Weeks looked back"
        hint="From 3 to 12."
        name="weeks"
        whole
        problem={fault('condition.weeks')}
        value={draft.weeks}
        onInput={(weeks) => set({ weeks })}
      />
    </div>
  );
}
