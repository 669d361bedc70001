/** The frame of all questions of a page: which days, how fine, compared with what, in whose time. */

import { useState } from 'preact/hooks';
import { type Compare, COMPARE_SHORT } from '../question/question.ts';
import type { Framing } from '../state/address.ts';
import { INTERVAL_NAMES, INTERVALS, type Interval, isTooFine } from '../time/range.ts';
import { daysOf, PRESETS, type Range, rangeWords } from '../time/words.ts';
import { addDays, dateIn, isDate } from '../time/zones.ts';
import { usePage } from '../shell/page.ts';
import { Segmented } from './segmented.tsx';
import { ZoneChooser } from './zone-chooser.tsx';

const CUSTOM = 'custom';

interface Props {
  readonly framing: Framing;
  /** What is compared when nothing is chosen here. */
  readonly uncompared?: string;
}

export function FrameBar({ framing, uncompared = 'set per chart' }: Props) {
  const { frame, chosen, change } = framing;
  const { now } = usePage();
  const { range } = frame;
  const known = typeof range === 'string' && PRESETS.some(({ value }) => value === range);
  const options = [
    ...PRESETS.map(({ value, label, long }) => ({ value, label, long })),
    ...(typeof range === 'string' && !known
      ? [{ value: range, label: range.replaceAll('_', ' '), long: rangeWords(range) }]
      : []),
    { value: CUSTOM, label: 'Custom' },
  ];
  const chooseRange = (value: string) => {
    if (value !== CUSTOM) {
      change({ range: value });
      return;
    }
    const to = addDays(dateIn(frame.zone, now), 1);
    change({ range: { from: addDays(to, -Math.max(1, Math.round(daysOf(range)))), to } });
  };
  return (
    <section class="toolbar" aria-label="What to show">
      <Segmented
        label="Range"
        options={options}
        value={typeof range === 'string' ? range : CUSTOM}
        onChange={chooseRange}
      />
      {typeof range !== 'string' && (
        <Days key={`${range.from} ${range.to}`} range={range} zone={frame.zone} change={change} />
      )}
      <label class="field">
        <span>Interval</span>
        <select
          value={chosen.interval ?? 'auto'}
          onChange={(event) => {
            const { value } = event.currentTarget;
            change({ interval: value === 'auto' ? null : (value as Interval) });
          }}
        >
          <option value="auto">Auto ({INTERVAL_NAMES[frame.interval].toLowerCase()})</option>
          {INTERVALS.map((interval) => (
            <option key={interval} value={interval} disabled={isTooFine(daysOf(range), interval)}>
              {INTERVAL_NAMES[interval]}
              {isTooFine(daysOf(range), interval) ? ' (range too long)' : ''}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>Compare</span>
        <select
          value={chosen.compare ?? ''}
          onChange={(event) => change({ compare: (event.currentTarget.value || null) as Compare | null })}
        >
          <option value="">{uncompared}</option>
          {Object.entries(COMPARE_SHORT).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <ZoneChooser zone={frame.zone} chosen={chosen.zone} onChoose={(zone) => change({ zone })} />
    </section>
  );
}

interface DaysProps {
  readonly range: Exclude<Range, string>;
  readonly zone: string;
  readonly change: Framing['change'];
}

/** From and through: people name the last day that they mean, the API the first that they do not. Of instants the days
 * are shown that they lie in. */
function Days({ range, zone, change }: DaysProps) {
  const [from, setFrom] = useState(isDate(range.from) ? range.from : dateIn(zone, new Date(range.from)));
  const [through, setThrough] = useState(
    isDate(range.to) ? addDays(range.to, -1) : dateIn(zone, new Date(Date.parse(range.to) - 1)),
  );
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
