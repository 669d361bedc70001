/** One step earlier or later, by the length of the range that is looked at. */

import { usePage } from '../shell/page.ts';
import type { Framing } from '../state/address.ts';
import { rangeSaid } from '../time/range-said.ts';
import { daysSoFar, stepped } from '../time/steps.ts';
import type { Range } from '../time/words.ts';
import { dateIn } from '../time/zones.ts';
import { Earlier, Later } from './icons.tsx';

interface Props {
  readonly framing: Framing;
  /** The days stand nowhere else. */
  readonly named?: boolean;
}

export function RangeSteps({ framing, named = false }: Props) {
  const { now, locale } = usePage();
  const { frame, change } = framing;
  const { range, zone } = frame;
  const today = dateIn(zone, now);
  const said = (one: Range) => rangeSaid(one, today, { ...locale, zone });
  if (!daysSoFar(range, today)) return null;
  const step = (direction: -1 | 1) => {
    const to = stepped(range, direction, today);
    const word = direction < 0 ? 'Earlier' : 'Later';
    const label = to ? `${word}: ${said(to)}` : `${word}: nothing yet`;
    // Not `disabled`: whoever steps by keyboard to the last one would lose the place.
    return (
      <button
        type="button"
        class="icon-button quiet"
        aria-label={label}
        title={label}
        aria-disabled={to === null}
        onClick={() => to && change({ range: to })}
      >
        {direction < 0 ? <Earlier /> : <Later />}
      </button>
    );
  };
  return (
    <div class="range-steps" role="group" aria-label="Step through time">
      {step(-1)}
      {named && <span aria-live="polite">{said(range)}</span>}
      {step(1)}
    </div>
  );
}
