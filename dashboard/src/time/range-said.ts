/** A range in days and hours, for whoever reads. Pure. */

import { type Locale, span } from './format.ts';
import type { DayRange } from './range.ts';
import { daysSoFar } from './steps.ts';
import { PRESETS, type Range } from './words.ts';
import { type DateString, isDate, startOfDay } from './zones.ts';

/** The days that a range has today; of hours, and of all that there is, its words. */
export function rangeSaid(range: Range, today: DateString, locale: Locale): string {
  const days = daysSoFar(range, today);
  if (days) return edgesSaid(days, locale);
  return typeof range === 'string' ? wordSaid(range) : edgesSaid(range, locale);
}

export const wordSaid = (word: string): string =>
  PRESETS.find(({ value }) => value === word)?.long ?? word.replaceAll('_', ' ');

/** `1 – 24 Nov 2026`; with hours where it begins or ends within a day. */
export function edgesSaid({ from, to }: DayRange, locale: Locale): string {
  const at = (edge: string) => (isDate(edge) ? startOfDay(locale.zone, edge) : new Date(edge));
  if (isDate(from) && isDate(to)) return span(at(from), at(to), locale);
  const times = new Intl.DateTimeFormat(locale.language, {
    timeZone: locale.zone,
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return times.formatRange(at(from), at(to));
}
