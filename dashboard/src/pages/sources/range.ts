/** The days that people name, as the half-open range that the API takes. Pure. */

import { addDays, type DateString, isDate, startOfDay } from '../../time/zones.ts';

export interface Days {
  readonly from: DateString;
  /** The last day that is meant. */
  readonly through: DateString;
  readonly zone: string;
}

/** What is wrong with the days; null when nothing is. */
export function daysProblem({ from, through }: Days): { readonly from?: string; readonly through?: string } | null {
  if (!isDate(from)) return { from: 'A day is needed.' };
  if (!isDate(through)) return { through: 'A day is needed.' };
  return from <= through ? null : { through: 'The last day lies before the first.' };
}

/** `[from, to)` as instants: from the start of the first day to the end of the last, in the zone. */
export function rangeOf({ from, through, zone }: Days): { readonly from: string; readonly to: string } {
  const text = (date: DateString) => startOfDay(zone, date).toISOString().replace('.000Z', 'Z');
  return { from: text(from), to: text(addDays(through, 1)) };
}
