/** Looking closer and stepping back: a bucket becomes the range, its parts the buckets. Pure. */

import { autoInterval, type DayRange, type Interval, INTERVALS, isTooFine, lengthInDays } from '../../time/range.ts';
import { dateIn, startOfDay } from '../../time/zones.ts';

/** What each bucket is made of. Weeks cross months, so a month falls into days; a quarter into months. */
const PARTS: Record<Interval, Interval | null> = {
  P1Y: 'P3M',
  P3M: 'P1M',
  P1M: 'P1D',
  P1W: 'P1D',
  P1D: 'PT1H',
  PT1H: 'PT15M',
  PT15M: null,
};

export const partsOf = (interval: Interval): Interval | null => PARTS[interval];

export function coarser(interval: Interval): Interval | null {
  return INTERVALS[INTERVALS.indexOf(interval) + 1] ?? null;
}

/** One step finer that so many days allow. */
export function finer(interval: Interval, days: number): Interval | null {
  const next = INTERVALS[INTERVALS.indexOf(interval) - 1];
  return next && !isTooFine(days, next) ? next : null;
}

export interface Closer {
  readonly range: DayRange;
  readonly interval: Interval;
}

/** The question for one bucket or a span of them; null when nothing finer is known. */
export function closer(start: Date, end: Date, buckets: number, interval: Interval, zone: string): Closer | null {
  const range = { from: edge(start, zone), to: edge(end, zone) };
  if (buckets <= 1) {
    const parts = PARTS[interval];
    return parts && { range, interval: parts };
  }
  const suits = autoInterval(lengthInDays(range));
  const fine = INTERVALS.indexOf(suits) < INTERVALS.indexOf(interval) ? suits : interval;
  return { range, interval: fine };
}

/** A date where a day begins, else the instant: of the two hours that a change of clocks makes of one it says which. */
export function edge(at: Date, zone: string): string {
  const date = dateIn(zone, at);
  if (startOfDay(zone, date).getTime() === at.getTime()) return date;
  return `${at.toISOString().slice(0, 16)}Z`;
}
