/** Ranges in the API's own words (docs/questions.md), so that a page and a program that say the same get the same
 * numbers: `30d` is thirty complete days, `mtd` ends now. */

import { autoInterval, type DayRange, type Interval, isInstant, isTooFine, lengthInDays } from './range.ts';
import { isDate } from './zones.ts';

/** A word, or days or instants `[from, to)`. */
export type Range = string | DayRange;

const COUNTED = /^([1-9]\d{0,3})(h|d|w|mo|q|y)$/;
/** How long a unit is, in days: to choose an interval by, for nothing else. */
const UNIT_DAYS: Record<string, number> = { h: 1 / 24, d: 1, w: 7, mo: 30.4, q: 91.3, y: 365.2 };
const WORD_DAYS: Record<string, number> = {
  today: 1,
  yesterday: 1,
  week: 7,
  wtd: 7,
  last_week: 7,
  month: 31,
  mtd: 31,
  last_month: 31,
  quarter: 92,
  qtd: 92,
  last_quarter: 92,
  year: 366,
  ytd: 366,
  last_year: 366,
  all: 1_500,
};

/** What is offered; any other word of the API's works in the address. */
export const PRESETS: readonly { readonly value: string; readonly label: string; readonly long: string }[] = [
  { value: '24h', label: '24 h', long: 'The last 24 hours, to now' },
  { value: '7d', label: '7 days', long: 'The last 7 complete days' },
  { value: '28d', label: '28 days', long: 'The last 28 complete days: four of each weekday, and in the period before' },
  { value: '90d', label: '90 days', long: 'The last 90 complete days' },
  { value: '12mo', label: '12 mo', long: 'The last 12 complete months' },
  { value: 'mtd', label: 'Month', long: 'This month, to now' },
  { value: 'qtd', label: 'Quarter', long: 'This quarter, to now' },
  { value: 'ytd', label: 'Year', long: 'This year, to now' },
];
export const DEFAULT_RANGE = '28d';

const UNIT_NAMES: Record<string, string> = { h: 'hour', d: 'day', w: 'week', mo: 'month', q: 'quarter', y: 'year' };
const SO_FAR: Record<string, string> = {
  wtd: 'this week',
  mtd: 'this month',
  qtd: 'this quarter',
  ytd: 'this year',
  all: 'all that there is',
};

/** A range within a sentence: `12w` is `the last 12 weeks`. */
export function rangeWords(range: Range): string {
  if (typeof range !== 'string') return `${range.from} – ${range.to}`;
  const [, many, unit] = COUNTED.exec(range) ?? [];
  if (!many || !unit) return SO_FAR[range] ?? range.replaceAll('_', ' ');
  return many === '1' ? `the last ${UNIT_NAMES[unit]}` : `the last ${many} ${UNIT_NAMES[unit]}s`;
}

export function isWord(word: string): boolean {
  return Object.hasOwn(WORD_DAYS, word) || COUNTED.test(word);
}

export function isRange(value: unknown): value is Range {
  if (typeof value === 'string') return isWord(value);
  if (typeof value !== 'object' || value === null) return false;
  const { from, to } = value as { from?: unknown; to?: unknown };
  return typeof from === 'string' && typeof to === 'string' && isEdge(from) && isEdge(to) && from < to;
}

const isEdge = (text: string) => isDate(text) || isInstant(text);

/** Whether it begins and ends with days: all but the last hours, and instants. */
export function isOfDays(range: Range): boolean {
  return typeof range === 'string' ? !range.endsWith('h') : isDate(range.from) && isDate(range.to);
}

/** About how many days a range has. */
export function daysOf(range: Range): number {
  if (typeof range !== 'string') return lengthInDays(range);
  const counted = COUNTED.exec(range);
  if (!counted) return WORD_DAYS[range] ?? 30;
  return Number(counted[1]) * (UNIT_DAYS[counted[2] as string] as number);
}

/** The interval asked for where the range allows it, else one that shows some 20 to 100 buckets. */
export function intervalFor(range: Range, asked: Interval | null): Interval {
  const days = daysOf(range);
  return asked && !isTooFine(days, asked) ? asked : autoInterval(days);
}
