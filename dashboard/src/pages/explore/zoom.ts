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
  const range = between(start, end, zone);
  if (buckets <= 1) {
    const parts = PARTS[interval];
    return parts && { range, interval: parts };
  }
  const suits = autoInterval(lengthInDays(range));
  const fine = INTERVALS.indexOf(suits) < INTERVALS.indexOf(interval) ? suits : interval;
  return { range, interval: fine };
}

/** Dates where both are midnights, else both instants: of the two hours that a change of clocks makes of one they say
 * which, and a date beside an instant cannot be put in order without the zone. */
export function between(start: Date, end: Date, zone: string): DayRange {
  const dates = [start, end].map((at) => dateIn(zone, at));
  const [from, to] = dates as [string, string];
  const midnights =
    startOfDay(zone, from).getTime() === start.getTime() && startOfDay(zone, to).getTime() === end.getTime();
  return midnights ? { from, to } : { from: instantText(start), to: instantText(end) };
}

const instantText = (at: Date): string => `${at.toISOString().slice(0, 16)}Z`;
