/** Which buckets are named under the axis: years, quarters, months, Mondays, days or hours, as many as there is room for.
 * Pure. */

import { bucketShort, type Locale } from '../time/format.ts';
import type { TableBucket } from '../question/table.ts';
import type { Interval } from '../time/range.ts';
import { offsetMinutes } from '../time/zones.ts';

type Level = 'hour' | 'day' | 'month' | 'year';
interface Candidate {
  readonly level: Level;
  readonly is: (wall: Date) => boolean;
}

const midnight = (at: Date) => at.getUTCHours() === 0 && at.getUTCMinutes() === 0;
const everyHours = (hours: number): Candidate => ({
  level: 'hour',
  is: (at) => at.getUTCMinutes() === 0 && at.getUTCHours() % hours === 0,
});
const everyMonths = (months: number): Candidate => ({
  level: 'month',
  is: (at) => midnight(at) && at.getUTCDate() === 1 && at.getUTCMonth() % months === 0,
});
const everyYears = (years: number): Candidate => ({
  level: 'year',
  is: (at) => midnight(at) && at.getUTCDate() === 1 && at.getUTCMonth() === 0 && at.getUTCFullYear() % years === 0,
});

/** From fine to coarse. */
const CANDIDATES: readonly Candidate[] = [
  everyHours(1),
  everyHours(3),
  everyHours(6),
  { level: 'day', is: midnight },
  { level: 'day', is: (at) => midnight(at) && at.getUTCDay() === 1 },
  everyMonths(1),
  everyMonths(3),
  everyMonths(6),
  everyYears(1),
  everyYears(2),
  everyYears(5),
];

/** What stands under a bucket; empty where nothing does. */
export function tickLabels(
  buckets: readonly TableBucket[],
  interval: Interval,
  locale: Locale,
  room: number,
): readonly string[] {
  if (buckets.some(({ name }) => name !== undefined)) return buckets.map(({ name }) => name ?? '');
  const walls = buckets.map(({ start }) => new Date(start.getTime() + offsetMinutes(locale.zone, start) * 60_000));
  const several = spanMs(buckets) > 26 * 3_600_000;
  const short = (index: number) => bucketShort((buckets[index] as TableBucket).start, interval, locale, several);
  if (buckets.length <= room) return buckets.map((_, index) => short(index));
  const found = CANDIDATES.find(({ is }) => {
    const count = walls.filter(is).length;
    return count >= 3 && count <= room;
  });
  if (!found) {
    const step = Math.ceil(buckets.length / room);
    return buckets.map((_, index) => (index % step === 0 ? named(walls, index, interval, short) : ''));
  }
  return walls.map((at, index) =>
    found.is(at) ? levelWords(at, found.level, locale.language, walls, short(index)) : '',
  );
}

function spanMs(buckets: readonly TableBucket[]): number {
  return (buckets.at(-1)?.end.getTime() ?? 0) - (buckets[0]?.start.getTime() ?? 0);
}

/** Weeks of several years say which. */
function named(walls: readonly Date[], index: number, interval: Interval, short: (index: number) => string): string {
  const far = years(walls) > 1 && (interval === 'P1D' || interval === 'P1W');
  const year = walls[index]?.getUTCFullYear();
  return far && year !== undefined ? `${short(index)} ${year}` : short(index);
}

function levelWords(at: Date, level: Level, language: string, walls: readonly Date[], otherwise: string): string {
  if (level === 'year') return String(at.getUTCFullYear());
  if (level === 'month') {
    const january = at.getUTCMonth() === 0;
    if (january && years(walls) > 1) return String(at.getUTCFullYear());
    return words(at, language, { month: 'short' });
  }
  if (level === 'day' || midnight(at)) return words(at, language, { day: 'numeric', month: 'short' });
  return otherwise.length > 6 ? words(at, language, { hour: '2-digit', minute: '2-digit' }) : otherwise;
}

const years = (walls: readonly Date[]) => (walls.at(-1)?.getUTCFullYear() ?? 0) - (walls[0]?.getUTCFullYear() ?? 0) + 1;

function words(wall: Date, language: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...options }).format(wall);
}
