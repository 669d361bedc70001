/** Intervals, and ranges of days or of quarter hours. */

import { isDate } from './zones.ts';

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

/** `[from, to)`: days in the zone that goes with them, or instants, which the same hour of a clock change needs. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** `2026-10-25T00:15Z`: on a quarter hour, as the API wants it. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:(00|15|30|45)Z$/;

export function isInstant(text: string): boolean {
  return INSTANT.test(text) && isDate(text.slice(0, 10)) && !Number.isNaN(Date.parse(text));
}

export function lengthInDays({ from, to }: DayRange): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

/** The interval that shows so many days in some 20 to 100 buckets. */
export function autoInterval(days: number): Interval {
  if (days < 0.5) return 'PT15M';
  if (days <= 4) return 'PT1H';
  if (days <= 120) return 'P1D';
  if (days <= 800) return 'P1W';
  if (days <= 3650) return 'P1M';
  return 'P1Y';
}

export function isTooFine(days: number, interval: Interval): boolean {
  return Math.ceil(days / DAYS[interval]) > MAX_BUCKETS;
}
