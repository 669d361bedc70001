/** The way in and out: where one came from, how fine the buckets are, one step coarser or finer. */

import type { Framing } from '../../state/address.ts';
import { INTERVAL_NAMES, type Interval } from '../../time/range.ts';
import { type Locale, span } from '../../time/format.ts';
import { daysOf, PRESETS, type Range } from '../../time/words.ts';
import { isDate, startOfDay } from '../../time/zones.ts';
import { RangeSteps } from '../../ui/range-steps.tsx';
import type { Step } from './chosen.ts';
import { coarser, finer } from './zoom.ts';

interface Props {
  readonly trail: readonly Step[];
  readonly framing: Framing;
  readonly locale: Locale;
  /** Go back to a step, by its place. */
  readonly onBack: (at: number) => void;
}

export function ZoomBar({ trail, framing, locale, onBack }: Props) {
  const { frame, change } = framing;
  const up = coarser(frame.interval);
  const down = finer(frame.interval, daysOf(frame.range));
  const step = (interval: Interval | null, word: string) => (
    <button
      type="button"
      class="button small"
      disabled={!interval}
      title={interval ? `By ${INTERVAL_NAMES[interval].toLowerCase()}` : undefined}
      onClick={() => interval && change({ interval })}
    >
      {word}
    </button>
  );
  return (
    <div class="explore-zoom">
      {trail.length > 0 && (
        <nav aria-label="Way back to wider ranges">
          <ol>
            {trail.map(({ range }, at) => (
              <li key={at}>
                <button type="button" class="link" onClick={() => onBack(at)}>
                  {rangeWords(range, frame.zone, locale)}
                </button>
              </li>
            ))}
            <li aria-current="true">{rangeWords(frame.range, frame.zone, locale)}</li>
          </ol>
        </nav>
      )}
      <RangeSteps framing={framing} />
      <div class="explore-steps" role="group" aria-label="How fine">
        <span class="muted">By {INTERVAL_NAMES[frame.interval].toLowerCase()}</span>
        {step(up, 'Coarser')}
        {step(down, 'Finer')}
      </div>
    </div>
  );
}

/** A range as people say it. */
export function rangeWords(range: Range, zone: string, locale: Locale): string {
  if (typeof range === 'string') {
    return PRESETS.find(({ value }) => value === range)?.long ?? range.replaceAll('_', ' ');
  }
  const [from, to] = [range.from, range.to].map((edge) => (isDate(edge) ? startOfDay(zone, edge) : new Date(edge)));
  if (!from || !to) return '';
  if (isDate(range.from) && isDate(range.to)) return span(from, to, locale);
  const times = new Intl.DateTimeFormat(locale.language, {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return times.formatRange(from, to);
}
