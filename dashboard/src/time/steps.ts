/** The range before the one that is looked at, and the one after it: by whole months where it is made of them, else by
 * its own length. Pure. */

import type { DayRange } from './range.ts';
import { PRESETS, type Range } from './words.ts';
import { addDays, type DateString, daysBetween, isDate } from './zones.ts';

type Unit = 'd' | 'w' | 'mo' | 'q' | 'y';
const COUNTED = /^([1-9]\d{0,3})(d|w|mo|q|y)$/;
const MONTHS: Record<Unit, number> = { d: 0, w: 0, mo: 1, q: 3, y: 12 };
/** The present one, to now or whole. */
const PRESENT: Readonly<Record<string, Unit>> = {
  today: 'd',
  wtd: 'w',
  week: 'w',
  mtd: 'mo',
  month: 'mo',
  qtd: 'q',
  quarter: 'q',
  ytd: 'y',
  year: 'y',
};
const LAST: Readonly<Record<string, Unit>> = {
  yesterday: 'd',
  last_week: 'w',
  last_month: 'mo',
  last_quarter: 'q',
  last_year: 'y',
};
/** The API knows no time before. */
const EARLIEST = '1980-01-01';

interface Days extends DayRange {
  readonly byMonths: boolean;
}

/** The range a step earlier (-1) or later (1), as a word where there is one; null where there is none: of hours, of all
 * that there is, and of what has not begun. */
export function stepped(range: Range, direction: -1 | 1, today: DateString): Range | null {
  const days = daysIn(range, today);
  if (!days) return null;
  const next = shifted(days, direction);
  const word = PRESETS.find(({ value }) => same(daysIn(value, today), next));
  if (word) return word.value;
  // Of today alone a range of several days would be empty but for its first.
  return next.from >= today || next.from < EARLIEST ? null : next;
}

/** The days of a range as far as they have come, for whoever reads; null of what is not of days. */
export function daysSoFar(range: Range, today: DateString): DayRange | null {
  const days = daysIn(range, today);
  if (!days) return null;
  const toNow = typeof range === 'string' && range.endsWith('td');
  return { from: days.from, to: toNow ? addDays(today, 1) : days.to };
}

function daysIn(range: Range, today: DateString): Days | null {
  if (typeof range !== 'string') return ofDates(range);
  const present = PRESENT[range];
  if (present) {
    const from = beginning(present, today);
    return { from, to: later(present, from, 1), byMonths: MONTHS[present] > 0 };
  }
  const counted = COUNTED.exec(range);
  const unit = counted ? (counted[2] as Unit) : LAST[range];
  if (!unit) return null;
  const to = beginning(unit, today);
  return { from: later(unit, to, -Number(counted?.[1] ?? 1)), to, byMonths: MONTHS[unit] > 0 };
}

function ofDates({ from, to }: DayRange): Days | null {
  if (!isDate(from) || !isDate(to)) return null;
  return { from, to, byMonths: from.endsWith('-01') && to.endsWith('-01') };
}

function shifted({ from, to, byMonths }: Days, direction: -1 | 1): DayRange {
  const many = direction * (byMonths ? monthOf(to) - monthOf(from) : daysBetween(from, to));
  const move = (date: DateString) => (byMonths ? monthBegin(monthOf(date) + many) : addDays(date, many));
  return { from: move(from), to: move(to) };
}

function beginning(unit: Unit, date: DateString): DateString {
  if (unit === 'd') return date;
  if (unit === 'w') return addDays(date, -((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7));
  const month = monthOf(date);
  return monthBegin(month - (month % MONTHS[unit]));
}

function later(unit: Unit, begin: DateString, many: number): DateString {
  const months = MONTHS[unit];
  return months > 0 ? monthBegin(monthOf(begin) + months * many) : addDays(begin, (unit === 'w' ? 7 : 1) * many);
}

/** Months since the year 0. */
const monthOf = (date: DateString): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
const monthBegin = (month: number): DateString =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01`;

const same = (a: DayRange | null, b: DayRange) => a !== null && a.from === b.from && a.to === b.to;
