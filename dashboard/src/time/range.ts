/** From what the address says (a range, an interval, a zone) to what the API is asked. */

import { addDays, type DateString, daysBetween, shiftDays, startOfDay } from './zones.ts';

export const PRESETS = { '7d': 7, '30d': 30, '90d': 90 } as const;
export type Preset = keyof typeof PRESETS;

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

/** A preset ends with today, which is still growing. */
export function presetRange(preset: Preset, today: DateString): DayRange {
  const to = addDays(today, 1);
  return { from: addDays(to, -PRESETS[preset]), to };
}

export function lengthInDays(range: DayRange): number {
  return daysBetween(range.from, range.to);
}

/** The interval that shows a range in some 20 to 100 buckets. */
export function autoInterval(range: DayRange): Interval {
  const days = lengthInDays(range);
  if (days <= 1) return 'PT15M';
  if (days <= 4) return 'PT1H';
  if (days <= 120) return 'P1D';
  if (days <= 730) return 'P1W';
  if (days <= 3650) return 'P1M';
  return 'P1Y';
}

export function bucketsIn(range: DayRange, interval: Interval): number {
  return Math.ceil(lengthInDays(range) / DAYS[interval]);
}

export function isTooFine(range: DayRange, interval: Interval): boolean {
  return bucketsIn(range, interval) > MAX_BUCKETS;
}

/** The interval of the tiles' spark lines. */
export function sparkInterval(range: DayRange): Interval {
  const days = lengthInDays(range);
  if (days <= 3) return 'PT1H';
  if (days <= 120) return 'P1D';
  if (days <= 730) return 'P1W';
  return 'P1M';
}

/** Two instants, half-open. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** The part of a range that is complete and the part before it that it is fair to compare with: the same number of
 * calendar days earlier, cut at the same elapsed local time. Null while nothing of the range is complete. */
export interface Comparison {
  readonly current: Span;
  readonly previous: Span;
  /** The range reaches past what is complete, so `current` is less than the range. */
  readonly cut: boolean;
}

export function comparison(range: DayRange, zone: string, completeUpTo: Date | null): Comparison | null {
  const from = startOfDay(zone, range.from);
  const end = startOfDay(zone, range.to);
  const to = completeUpTo && completeUpTo < end ? completeUpTo : end;
  if (to <= from) return null;
  const days = -lengthInDays(range);
  return {
    current: { from, to },
    previous: { from: shiftDays(zone, from, days), to: shiftDays(zone, to, days) },
    cut: to < end,
  };
}
