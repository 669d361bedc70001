/** When it is bad: the fields of the chosen kind of condition. */

import { useEffect, useRef } from 'preact/hooks';
import type { Metric } from '../../api/shapes.ts';
import { usePage } from '../../shell/page.ts';
import { number } from '../../time/format.ts';
import { Checkbox, Field } from '../../ui/form.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Mark, markOfDraft } from './draft.ts';
import type { PartProps } from './form-part.ts';
import { IncidentsFields } from './form-incidents.tsx';
import { AGAINST, BOTH_SIDES } from './rule.ts';
import { type Suggestion, SUGGESTION_DAYS } from './suggestion.ts';
import { AGAINST_NAMES } from './words.ts';

interface Props extends PartProps {
  readonly metric: Metric | null;
  readonly suggested: Suggestion | null;
  /** Fill in what nobody typed: nothing is lost with it. */
  readonly put: PartProps['set'];
}

export function ConditionPart(props: Props) {
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

function ChangeFields({ draft, set, fault }: Props) {
  return (
    <div class="form-row">
      <Field label="Against" problem={fault('condition.compare')}>
        {(control) => (
          <select
            {...control}
            name="compare"
            value={draft.compare}
            onChange={({ currentTarget: { value } }) =>
              set({ compare: AGAINST.find((one) => one === value) ?? 'week' })
            }
          >
            {AGAINST.map((one) => (
              <option key={one} value={one}>
                {AGAINST_NAMES[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Measured in" problem={fault('condition.of')}>
        {(control) => (
          <select
            {...control}
            name="of"
            value={draft.of}
            onChange={({ currentTarget: { value } }) =>
              set({
                of: value === 'amount' ? 'amount' : 'ratio',
                change: { ...draft.change, threshold: '', recover: '' },
              })
            }
          >
            <option value="ratio">percent</option>
            <option value="amount">the metric’s own unit</option>
          </select>
        )}
      </Field>
      <Field label="Compare" problem={fault('condition.match')}>
        {(control) => (
          <select
            {...control}
            name="match"
            value={draft.match ?? ''}
            onChange={({ currentTarget: { value } }) =>
              set({ match: value === 'date' || value === 'weekday' ? value : null })
            }
          >
            <option value="">as is usual for the period</option>
            <option value="date">the same dates</option>
            <option value="weekday">the same weekdays</option>
          </select>
        )}
      </Field>
    </div>
  );
}

function MarkFields({ draft, set, put, fault, metric, suggested }: Props) {
  const { locale } = usePage();
  const mark = markOfDraft(draft) as Mark;
  const kind = draft.kind === 'change' ? 'change' : 'level';
  const percent = kind === 'change' && draft.of === 'ratio';
  const change = (part: Partial<Mark>) => set({ [kind]: { ...mark, ...part } });
  useAutomatic(draft, mark, suggested?.mark ?? null, (threshold) => put({ [kind]: { ...mark, threshold } }));
  const unit = percent ? 'percent' : metric?.unit === 'share' ? 'share: 0.25 is 25 %' : (metric?.unit ?? '');
  return (
    <>
      <div class="form-row">
        <Field label="Bad is" problem={fault('condition.side')}>
          {(control) => (
            <select
              {...control}
              name="side"
              value={mark.side}
              onChange={({ currentTarget: { value } }) => change({ side: value === 'low' ? 'low' : 'high' })}
            >
              <option value="high">at least</option>
              <option value="low">at most</option>
            </select>
          )}
        </Field>
        <Field
          label={unit ? `The mark (${unit})` : 'The mark'}
          hint={percent ? 'A fall is below 0: −20 is a fifth less.' : undefined}
          problem={fault('condition.threshold')}
        >
          {(control) => (
            <input
              {...control}
              name="threshold"
              inputMode="decimal"
              autocomplete="off"
              value={mark.threshold}
              onInput={(event) => change({ threshold: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field
          label="Well again at"
          hint="A mark of its own, so that what goes to and fro fires once. Left empty: as soon as it is not bad."
          problem={fault('condition.recover')}
        >
          {(control) => (
            <input
              {...control}
              name="recover"
              inputMode="decimal"
              autocomplete="off"
              value={mark.recover}
              onInput={(event) => change({ recover: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      {suggested && (
        <p class="form-hint">
          Of the last {SUGGESTION_DAYS} days ({number(suggested.buckets, locale.language)} values), one in a hundred is{' '}
          {mark.side === 'high' ? 'at or above' : 'at or below'} <strong>{suggested.mark}</strong>
          {percent && ' %'}.{' '}
          {mark.threshold.trim() !== suggested.mark ? (
            <button type="button" class="link" onClick={() => change({ threshold: suggested.mark })}>
              Begin with that
            </button>
          ) : (
            'The mark begins with that.'
          )}
        </p>
      )}
    </>
  );
}

/** An empty mark is filled with what is suggested, and follows it until somebody types their own. */
function useAutomatic(
  draft: PartProps['draft'],
  mark: Mark,
  suggested: string | null,
  fill: (mark: string) => void,
): void {
  const last = useRef<string | null>(null);
  const about = [
    draft.kind,
    draft.of,
    draft.metric,
    draft.interval,
    draft.filter,
    draft.groupBy.join(),
    mark.side,
  ].join('|');
  const done = useRef('');
  const ours = mark.threshold === '' || mark.threshold === last.current;
  useEffect(() => {
    if (suggested === null || !ours || done.current === about) return;
    done.current = about; // once for each question: who empties the field wants it empty
    last.current = suggested;
    if (mark.threshold !== suggested) fill(suggested);
  });
}

function AnomalyFields({ draft, set, fault }: Props) {
  return (
    <div class="form-row">
      <Field label="Unusual is" problem={fault('condition.sides')}>
        {(control) => (
          <select
            {...control}
            name="sides"
            value={draft.sides}
            onChange={({ currentTarget: { value } }) =>
              set({ sides: BOTH_SIDES.find((one) => one === value) ?? 'both' })
            }
          >
            <option value="both">too high and too low</option>
            <option value="high">too high</option>
            <option value="low">too low</option>
          </select>
        )}
      </Field>
      <Field
        label="Spreads from the usual"
        hint="A spread is how far values mostly are from it. 3.5 is usual; 5 tells far less often."
        problem={fault('condition.sensitivity')}
      >
        {(control) => (
          <input
            {...control}
            name="sensitivity"
            inputMode="decimal"
            value={draft.sensitivity}
            onInput={(event) => set({ sensitivity: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field
        label="Well again below"
        hint="Spreads. Left empty: as soon as it is not bad."
        problem={fault('condition.recover')}
      >
        {(control) => (
          <input
            {...control}
            name="recover"
            inputMode="decimal"
            value={draft.calm}
            onInput={(event) => set({ calm: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="Weeks looked back" hint="From 3 to 12." problem={fault('condition.weeks')}>
        {(control) => (
          <input
            {...control}
            name="weeks"
            inputMode="numeric"
            value={draft.weeks}
            onInput={(event) => set({ weeks: event.currentTarget.value })}
          />
        )}
      </Field>
    </div>
  );
}
