/** ISO 8601 durations of the API, as a number of one unit that people choose. Pure. */

export const UNITS = ['minutes', 'hours', 'days'] as const;
export type DurationUnit = (typeof UNITS)[number];
const SECONDS: Record<DurationUnit, number> = { minutes: 60, hours: 3_600, days: 86_400 };
const FORM = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** What stands in the two fields. `amount` as it was typed; empty: none. */
export interface Length {
  readonly amount: string;
  readonly unit: DurationUnit;
}

export const NO_LENGTH: Length = { amount: '', unit: 'hours' };

/** Seconds of `P1DT2H`; null when it is no duration. */
export function secondsOf(iso: string): number | null {
  const found = FORM.exec(iso);
  if (!found || iso.endsWith('P') || iso.endsWith('T')) return null;
  const part = (at: number) => Number(found[at] || 0);
  const [weeks, days, hours, minutes, seconds] = [part(1), part(2), part(3), part(4), part(5)];
  return (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** In the largest unit of which it is a whole number. */
export function lengthOf(iso: string | null): Length {
  const seconds = iso === null ? 0 : secondsOf(iso);
  if (!seconds) return NO_LENGTH;
  const unit = [...UNITS].reverse().find((one) => seconds % SECONDS[one] === 0) ?? 'minutes';
  return { amount: String(seconds / SECONDS[unit]), unit };
}

/** What the API is told; what is no number goes to it as it is, so that it says what is wrong. */
export function isoOf({ amount, unit }: Length): string | null {
  const typed = amount.trim();
  if (!typed) return null;
  if (!/^\d+(\.\d+)?$/.test(typed)) return typed;
  const seconds = Math.round(Number(typed) * SECONDS[unit]);
  const parts = { D: Math.floor(seconds / 86_400), H: Math.floor(seconds / 3_600) % 24 };
  const rest = { M: Math.floor(seconds / 60) % 60, S: seconds % 60 };
  const clock = [
    [parts.H, 'H'],
    [rest.M, 'M'],
    [rest.S, 'S'],
  ]
    .filter(([n]) => n)
    .map(([n, name]) => `${n}${name}`);
  if (parts.D === 0 && clock.length === 0) return 'PT0S';
  return `P${parts.D ? `${parts.D}D` : ''}${clock.length > 0 ? `T${clock.join('')}` : ''}`;
}
