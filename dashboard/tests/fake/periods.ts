/** The buckets of a range: enough of it for tests of the page (the real ones are in `chalicelib/domain/periods.py`). */

import { addDays, dateIn, isDate, isZone, offsetMinutes, startOfDay } from '../../src/time/zones.ts';

export interface Period {
  readonly start: number;
  readonly end: number;
  readonly label: { readonly start: string; readonly end: string };
}

const MINUTES: Record<string, number> = { PT15M: 15, PT1H: 60 };

/** Buckets cut off at the range's ends, or what is wrong with the question. */
export function periods(from: string, to: string, interval: string, tz: string): Period[] | string {
  if (!isZone(tz)) return `tz: ${tz} is no time zone.`;
  const instant = (text: string) => (isDate(text) ? startOfDay(tz, text).getTime() : Date.parse(text));
  const [first, last] = [instant(from), instant(to)];
  if (Number.isNaN(first) || Number.isNaN(last) || first >= last) return 'from, to: not a range.';
  const found: Period[] = [];
  for (let start = first; start < last;) {
    const end = Math.min(last, next(start, interval, tz));
    found.push({ start, end, label: { start: local(start, tz), end: local(end, tz) } });
    start = end;
  }
  return found;
}

function next(start: number, interval: string, tz: string): number {
  const minutes = MINUTES[interval];
  if (minutes) return (Math.floor(start / (minutes * 60_000)) + 1) * minutes * 60_000;
  const date = dateIn(tz, new Date(start));
  return startOfDay(tz, nextDate(date, interval)).getTime();
}

function nextDate(date: string, interval: string): string {
  const [year = 0, month = 1] = date.split('-').map(Number);
  const firstOf = (y: number, m: number) => new Date(Date.UTC(y, m - 1, 1)).toISOString().slice(0, 10);
  switch (interval) {
    case 'P1W':
      return addDays(date, 7 - ((new Date(date).getUTCDay() + 6) % 7));
    case 'P1M':
      return firstOf(year, month + 1);
    case 'P3M':
      return firstOf(year, Math.floor((month - 1) / 3) * 3 + 4);
    case 'P1Y':
      return firstOf(year + 1, 1);
    default:
      return addDays(date, 1);
  }
}

/** An instant as the API writes it: with the zone's offset. */
function local(at: number, tz: string): string {
  const minutes = offsetMinutes(tz, new Date(at));
  const pad = (n: number) => String(Math.floor(Math.abs(n))).padStart(2, '0');
  const wall = new Date(at + minutes * 60_000).toISOString().slice(0, 19);
  return `${wall}${minutes < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`;
}
