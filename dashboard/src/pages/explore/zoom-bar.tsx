/** The way in and out: where one came from, how fine the buckets are, one step coarser or finer. */

import type { Framing } from '../../state/address.ts';
import { INTERVAL_NAMES, type Interval } from '../../time/range.ts';
import type { Locale } from '../../time/format.ts';
import { edgesSaid, wordSaid } from '../../time/range-said.ts';
import { daysOf, type Range } from '../../time/words.ts';
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
  const said = (range: Range) =>
    typeof range === 'string' ? wordSaid(range) : edgesSaid(range, { ...locale, zone: frame.zone });
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
                  {said(range)}
                </button>
              </li>
            ))}
            <li aria-current="true">{said(frame.range)}</li>
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
