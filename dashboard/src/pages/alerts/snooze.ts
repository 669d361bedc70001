/** Until when a rule can be told to be quiet. Pure. */

import { addDays, type DateString, dateIn, instantOf } from '../../time/zones.ts';

export interface SnoozeChoice {
  readonly label: string;
  readonly until: Date;
}

const HOUR = 3_600_000;
const MORNING = 8 * HOUR;
export const LONGEST_DAYS = 31;

/** What people mean at night: an hour, the rest of the night, until work begins, the weekend. */
export function snoozeChoices(now: Date, zone: string): SnoozeChoice[] {
  const today = dateIn(zone, now);
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay(); // 0 is Sunday
  const toMonday = (8 - weekday) % 7 || 7;
  const choices = [
    { label: 'For an hour', until: new Date(now.getTime() + HOUR) },
    { label: 'For four hours', until: new Date(now.getTime() + 4 * HOUR) },
    { label: 'Until tomorrow morning', until: morning(addDays(today, 1), zone) },
    { label: 'Until Monday morning', until: morning(addDays(today, toMonday), zone) },
  ];
  return toMonday === 1 ? choices.slice(0, 3) : choices;
}

function morning(day: DateString, zone: string): Date {
  return instantOf(zone, Date.parse(`${day}T00:00:00Z`) + MORNING);
}

/** The instant of a field of date and time (`2026-11-27T08:00`), by the clocks of a zone; null when it is none. */
export function instantOfField(field: string, zone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(field)) return null;
  const wall = Date.parse(`${field.slice(0, 16)}:00Z`);
  return Number.isNaN(wall) ? null : instantOf(zone, wall);
}
