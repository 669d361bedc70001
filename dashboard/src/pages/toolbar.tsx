/** The question that the whole page answers: which days, how fine, in whose time. */

import { useMemo, useState } from 'preact/hooks';
import type { Question, View } from '../state/view.ts';
import { INTERVAL_NAMES, INTERVALS, type Interval, isTooFine, PRESETS, type Preset } from '../time/range.ts';
import { addDays, allZones, isDate, offsetLabel, viewerZone } from '../time/zones.ts';
import { Combobox } from '../ui/combobox.tsx';
import { Segmented } from '../ui/segmented.tsx';

interface Props {
  readonly view: View;
  readonly question: Question;
  readonly change: (part: Partial<View>) => void;
}

const RANGES = [
  ...Object.entries(PRESETS).map(([value, days]) => ({ value: value as Preset | 'custom', label: `${days} days` })),
  { value: 'custom' as const, label: 'Custom' },
];

export function Toolbar({ view, question, change }: Props) {
  const custom = typeof view.range !== 'string';
  return (
    <section class="toolbar" aria-label="What to show">
      <Segmented
        label="Range"
        options={RANGES}
        value={custom ? 'custom' : view.range}
        onChange={(value) => change({ range: value === 'custom' ? question.range : value })}
      />
      {custom && <Days key={`${question.range.from} ${question.range.to}`} question={question} change={change} />}
      <label class="field">
        <span>Interval</span>
        <select
          value={view.interval}
          onChange={(event) => change({ interval: event.currentTarget.value as Interval | 'auto' })}
        >
          <option value="auto">Auto ({INTERVAL_NAMES[question.interval].toLowerCase()})</option>
          {INTERVALS.map((interval) => (
            <option key={interval} value={interval} disabled={isTooFine(question.range, interval)}>
              {INTERVAL_NAMES[interval]}
              {isTooFine(question.range, interval) ? ' (range too long)' : ''}
            </option>
          ))}
        </select>
      </label>
      <Zone view={view} question={question} change={change} />
    </section>
  );
}

/** From and through: people name the last day that they mean, the API the first that they do not. */
function Days({ question, change }: Pick<Props, 'question' | 'change'>) {
  const [from, setFrom] = useState(question.range.from);
  const [through, setThrough] = useState(addDays(question.range.to, -1));
  const valid = isDate(from) && isDate(through) && from <= through;
  const apply = (first: string, last: string) => {
    if (isDate(first) && isDate(last) && first <= last) change({ range: { from: first, to: addDays(last, 1) } });
  };
  return (
    <fieldset class="days">
      <legend class="hidden">Days</legend>
      <label class="field">
        <span>From</span>
        <input
          type="date"
          value={from}
          aria-invalid={!valid}
          onInput={(event) => setFrom(event.currentTarget.value)}
          onChange={(event) => apply(event.currentTarget.value, through)}
        />
      </label>
      <label class="field">
        <span>Through</span>
        <input
          type="date"
          value={through}
          aria-invalid={!valid}
          onInput={(event) => setThrough(event.currentTarget.value)}
          onChange={(event) => apply(from, event.currentTarget.value)}
        />
      </label>
      {!valid && (
        <p class="field-problem" role="alert">
          The first day lies after the last.
        </p>
      )}
    </fieldset>
  );
}

function Zone({ view, question, change }: Props) {
  const viewer = useMemo(viewerZone, []);
  const choices = useMemo(() => {
    const now = new Date();
    const others = allZones().filter((zone) => zone !== viewer);
    return [viewer, ...others].map((zone) => ({
      value: zone,
      label: zone.replaceAll('_', ' '),
      hint: `${offsetLabel(zone, now)}${zone === viewer ? ', yours' : ''}`,
    }));
  }, [viewer]);
  return (
    <div class="field zone">
      <span aria-hidden="true">Time zone</span>
      <Combobox
        label="Time zone"
        shown={question.zone.replaceAll('_', ' ')}
        choices={choices}
        onChoose={(zone) => change({ zone: zone === viewer ? null : zone })}
      />
      {view.zone && (
        <button type="button" class="link" onClick={() => change({ zone: null })}>
          Use mine
        </button>
      )}
    </div>
  );
}
