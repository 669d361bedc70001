/** Days of the week and hours of the day in the viewer’s language; day 1 is Monday. Pure. */

export const ALL_DAYS = [1, 2, 3, 4, 5, 6, 7] as const;

export function dayName(day: number, language: string, style: 'short' | 'long' = 'short'): string {
  const monday = Date.UTC(2026, 0, 5);
  const at = new Date(monday + (day - 1) * 86_400_000);
  return new Intl.DateTimeFormat(language, { weekday: style, timeZone: 'UTC' }).format(at);
}

/** `Mon, Tue`; all seven: `every day`. */
export function daysWords(days: readonly number[], language: string): string {
  if (ALL_DAYS.every((day) => days.includes(day))) return 'every day';
  return [...days].map((day) => dayName(day, language)).join(', ');
}

/** `08:00`, `8:00 AM`. */
export function hourName(hour: number, language: string): string {
  const at = Date.UTC(2026, 0, 5, hour);
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).format(at);
}
