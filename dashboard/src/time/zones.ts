/** IANA time zones and the civil days in them, on top of the browser's own tables (Intl). */

/** A calendar date, `YYYY-MM-DD`. */
export type DateString = string;

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The viewer's own zone; UTC where the browser does not tell. */
export function viewerZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

export function isZone(name: string): boolean {
  if (!name) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Browsers list some zones by the names of long ago; people look for those of today. */
const RENAMED: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

/** Every zone that the browser knows, UTC first. */
export function allZones(): string[] {
  const modern = (name: string) => {
    const today = RENAMED[name];
    return today && isZone(today) ? today : name;
  };
  const names = [...new Set(Intl.supportedValuesOf('timeZone').map(modern))];
  return ['UTC', ...names.filter((name) => name !== 'UTC')];
}

const offsetFormats = new Map<string, Intl.DateTimeFormat>();

/** The zone's offset at an instant, in minutes east of UTC. */
export function offsetMinutes(zone: string, at: Date): number {
  let format = offsetFormats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    offsetFormats.set(zone, format);
  }
  const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name);
  if (!match?.[1]) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

/** `UTC+05:45`, for a list of zones. */
export function offsetLabel(zone: string, at: Date): string {
  const minutes = offsetMinutes(zone, at);
  if (minutes === 0) return 'UTC';
  const absolute = Math.abs(minutes);
  const pad = (n: number) => String(n).padStart(2, '0');
  return `UTC${minutes < 0 ? '−' : '+'}${pad(Math.floor(absolute / 60))}:${pad(absolute % 60)}`;
}

export function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** The calendar date in a zone at an instant. */
export function dateIn(zone: string, at: Date): DateString {
  return new Date(at.getTime() + offsetMinutes(zone, at) * 60_000).toISOString().slice(0, 10);
}

export function addDays(date: DateString, days: number): DateString {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(from: DateString, to: DateString): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** The instant of a local wall-clock time, given as milliseconds since the epoch as though it were UTC. A time that a
 * clock change skips is read with the offset before the change, so it falls just after it. */
export function instantOf(zone: string, wallMs: number): Date {
  const before = offsetMinutes(zone, new Date(wallMs - DAY_MS));
  const first = wallMs - before * 60_000;
  const offset = offsetMinutes(zone, new Date(first));
  if (offset === before) return new Date(first);
  const second = wallMs - offset * 60_000;
  return new Date(offsetMinutes(zone, new Date(second)) === offset ? second : first);
}

/** The instant at which a date begins in a zone. */
export function startOfDay(zone: string, date: DateString): Date {
  return instantOf(zone, Date.parse(`${date}T00:00:00Z`));
}

/** The same wall-clock time, a number of calendar days later (or earlier, when negative). */
export function shiftDays(zone: string, at: Date, days: number): Date {
  return instantOf(zone, at.getTime() + offsetMinutes(zone, at) * 60_000 + days * DAY_MS);
}
