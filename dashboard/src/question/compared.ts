/** Which days a bucket is compared with, in words. The API pairs the buckets; here only their dates are found again, from
 * the two ranges that it names. Pure. */

import { oneOf } from '../api/json.ts';
import { bucketLong, day, type Locale } from '../time/format.ts';
import type { Interval } from '../time/range.ts';
import { offsetMinutes } from '../time/zones.ts';
import type { Asked, Compared } from './answer.ts';
import { COMPARE_NAMES, COMPARES } from './question.ts';

const DAY_MS = 86_400_000;

export function comparedName({ with: versus }: Compared): string {
  const known = oneOf(COMPARES, versus);
  return known ? COMPARE_NAMES[known] : 'before';
}

/** That a value has nothing beside it, and why, where that is known: what nobody counted is no zero. */
export function nothingBeside(
  { comparison, late }: Pick<Asked, 'comparison' | 'late'>,
  locale: Locale,
): { readonly said: string; readonly why: string | null } {
  const since = comparison?.countedSince;
  if (since) return { said: 'Nothing to compare with', why: `no data before ${day(since, locale)}` };
  return { said: late ? 'Late: nothing to compare yet' : 'Nothing to compare with', why: null };
}

/** The local time at an instant, as though it were UTC: to count days by. */
const wall = (at: Date, zone: string): number => at.getTime() + offsetMinutes(zone, at) * 60_000;

type Step = (wallMs: number) => number | null;

/** So many days, or so many months, back: whichever leads from both ends of one range to those of the other. */
export function stepBack({ current, before }: Compared, zone: string): Step | null {
  const [from, to] = [wall(current.from, zone), wall(current.to, zone)];
  const [earlierFrom, earlierTo] = [wall(before.from, zone), wall(before.to, zone)];
  const steps: Step[] = [(at) => at - (from - earlierFrom), monthsBack(monthsBetween(earlierFrom, from))];
  return steps.find((step) => step(from) === earlierFrom && step(to) === earlierTo) ?? null;
}

function monthsBetween(a: number, b: number): number {
  const [from, to] = [new Date(a), new Date(b)];
  return (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
}

/** Null for a day that the earlier month has not: nothing is compared with it. */
function monthsBack(months: number): Step {
  return (at) => {
    const date = new Date(at);
    const day = date.getUTCDate();
    date.setUTCMonth(date.getUTCMonth() - months);
    return date.getUTCDate() === day ? date.getTime() : null;
  };
}

/** `Sat, 14 Nov 2025`; null where the dates do not tell. */
export function bucketBefore(
  bucket: { readonly start: Date; readonly end: Date },
  compared: Compared,
  interval: Interval,
  locale: Locale,
  step: Step | null = stepBack(compared, locale.zone),
): string | null {
  const start = step?.(wall(bucket.start, locale.zone)) ?? null;
  if (start === null) return null;
  const length = Math.max(1, wall(bucket.end, locale.zone) - wall(bucket.start, locale.zone));
  const end = interval === 'P3M' ? (step?.(wall(bucket.end, locale.zone)) ?? start + 90 * DAY_MS) : start + length;
  return bucketLong(new Date(start), new Date(end), interval, { ...locale, zone: 'UTC' });
}
