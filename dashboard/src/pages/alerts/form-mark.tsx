/** The mark from which it is bad, and the one at which it is well again; filled in from the past until somebody types. */

import { useEffect, useRef } from 'preact/hooks';
import { usePage } from '../../shell/page.ts';
import { number } from '../../time/format.ts';
import { ChoiceField, NumberField } from '../../ui/fields.tsx';
import { type Draft, type Mark, markOfDraft } from './draft.ts';
import type { ConditionProps } from './form-part.ts';
import { type Suggestion, SUGGESTION_DAYS } from './suggestion.ts';

const SIDES = [
  { value: 'high', label: 'at least' },
  { value: 'low', label: 'at most' },
] as const;

export function MarkFields({ draft, set, put, fault, metric, suggested }: ConditionProps) {
  const mark = markOfDraft(draft) as Mark;
  const kind = draft.kind === 'change' ? 'change' : 'level';
  const percent = kind === 'change' && draft.of === 'ratio';
  const change = (part: Partial<Mark>) => set({ [kind]: { ...mark, ...part } });
  useAutomatic(draft, mark, suggested?.mark ?? null, (threshold) => put({ [kind]: { ...mark, threshold } }));
  const unit = percent ? 'percent' : metric?.unit === 'share' ? 'share: 0.25 is 25 %' : (metric?.unit ?? '');
  return (
    <>
      <div class="form-row">
        <ChoiceField
          label="Bad is"
          name="side"
          value={mark.side}
          options={SIDES}
          problem={fault('condition.side')}
          onChoose={(side) => change({ side })}
        />
        <NumberField
          label={unit ? `The mark (${unit})` : 'The mark'}
          hint={percent ? 'A fall is below 0: −20 is a fifth less.' : undefined}
          name="threshold"
          problem={fault('condition.threshold')}
          value={mark.threshold}
          onInput={(threshold) => change({ threshold })}
        />
        <NumberField
          label="Well again at"
          hint="A mark of its own, so that what goes to and fro fires once. Left empty: as soon as it is not bad."
          name="recover"
          problem={fault('condition.recover')}
          value={mark.recover}
          onInput={(recover) => change({ recover })}
        />
      </div>
      {suggested && (
        <Suggested
          suggested={suggested}
          mark={mark}
          percent={percent}
          onTake={() => change({ threshold: suggested.mark })}
        />
      )}
    </>
  );
}

interface SuggestedProps {
  readonly suggested: Suggestion;
  readonly mark: Mark;
  readonly percent: boolean;
  readonly onTake: () => void;
}

function Suggested({ suggested, mark, percent, onTake }: SuggestedProps) {
  const { locale } = usePage();
  return (
    <p class="form-hint">
      Of the last {SUGGESTION_DAYS} days ({number(suggested.buckets, locale.language)} values), one in a hundred is{' '}
      {mark.side === 'high' ? 'at or above' : 'at or below'} <strong>{suggested.mark}</strong>
      {percent && ' %'}.{' '}
      {mark.threshold.trim() !== suggested.mark ? (
        <button type="button" class="link" onClick={onTake}>
          Begin with that
        </button>
      ) : (
        'The mark begins with that.'
      )}
    </p>
  );
}

/** An empty mark is filled with what is suggested, and follows it until somebody types their own. */
function useAutomatic(draft: Draft, mark: Mark, suggested: string | null, fill: (mark: string) => void): void {
  const { kind, of, metric, interval, filter, groupBy } = draft;
  const last = useRef<string | null>(null);
  const about = [kind, of, metric, interval, filter, groupBy.join(), mark.side].join('|');
  const done = useRef('');
  const ours = mark.threshold === '' || mark.threshold === last.current;
  useEffect(() => {
    if (suggested === null || !ours || done.current === about) return;
    done.current = about; // once for each question: who empties the field wants it empty
    last.current = suggested;
    if (mark.threshold !== suggested) fill(suggested);
  });
}
