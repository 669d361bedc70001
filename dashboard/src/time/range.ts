/** Intervals, and ranges of days. */

import { type DateString, daysBetween } from './zones.ts';

export const INTERVALS = ['PT15M', 'PT1H', 'P1D', 'P1W', 'P1M', 'P3M', 'P1Y'] as const;
export type Interval = (typeof INTERVALS)[number];

export const INTERVAL_NAMES: Record<Interval, string> = {
  PT15M: '15 minutes',
  PT1H: 'Hour',
  P1D: 'Day',
  P1W: 'Week',
  P1M: 'Month',
  P3M: 'Quarter',
  P1Y: 'Year',
};

/** How long an interval is, in days; for estimates only (a month is not 30 days anywhere that it matters). */
const DAYS: Record<Interval, number> = { PT15M: 1 / 96, PT1H: 1 / 24, P1D: 1, P1W: 7, P1M: 30, P3M: 91, P1Y: 365 };

/** More bars than this cannot be told apart, and make an answer slow to draw. */
export const MAX_BUCKETS = 3000;

/** Days `[from, to)` in the zone that goes with them. */
export interface DayRange {
  readonly from: DateString;
  readonly to: DateString;
}

export function lengthInDays(range: DayRange): number {
  return daysBetween(range.from, range.to);
}

/** The interval that shows so many days in some 20 to 100 buckets. */
export function autoInterval(days: number): Interval {
  if (days <= 4) return 'PT1H';
  if (days <= 120) return 'P1D';
  if (days <= 800) return 'P1W';
  if (days <= 3650) return 'P1M';
  return 'P1Y';
}

export function isTooFine(days: number, interval: Interval): boolean {
  return Math.ceil(days / DAYS[interval]) > MAX_BUCKETS;
}
