/** Numbers and times in the viewer's locale. Every function takes the locale, so that tests can name one. */

import type { Interval } from './range.ts';

export interface Locale {
  readonly language: string;
  readonly zone: string;
}

const formats = new Map<string, Intl.NumberFormat>();

/** Making a format costs more than using it a hundred times. */
function numberFormat(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language, options);
    formats.set(key, format);
  }
  return format;
}

/** A text is a decimal of any length, of which every digit is kept. */
export function number(value: number | string, language: string): string {
  return numberFormat(language, digitsOf(value)).format(value as Intl.StringNumericLiteral);
}

/** Two digits behind the point, or two that are not zero where it is smaller: 0.0055 is not 0.01. */
function digitsOf(value: number | string): Intl.NumberFormatOptions {
  const size = Math.abs(Number(value));
  return size > 0 && size < 0.1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 2 };
}

/** `12.4K`: for tiles where the whole number is shown elsewhere. */
export function compact(value: number, language: string): string {
  return numberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** How many digits the steps of an axis need: they are round, and two next to each other never look the same. */
export function tickDigits(value: number): Intl.NumberFormatOptions {
  return value !== 0 && Math.abs(value) < 1 ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: 3 };
}

/** `12.45K`: a step of an axis. */
export function tick(value: number, language: string): string {
  return numberFormat(language, { notation: 'compact', ...tickDigits(value) }).format(value);
}

export function signed(value: number | string, language: string): string {
  const options = { signDisplay: 'exceptZero', ...digitsOf(value) } as const;
  return numberFormat(language, options).format(value as Intl.StringNumericLiteral);
}

export function percent(ratio: number, language: string): string {
  const digits = Math.abs(ratio) < 0.001 ? 2 : Math.abs(ratio) < 0.1 ? 1 : 0;
  return numberFormat(language, {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: digits,
  }).format(ratio);
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat({ language, zone }: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  let found = dateFormats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
    dateFormats.set(key, found);
  }
  return found;
}

function format(at: Date, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  return dateFormat(locale, options).format(at);
}

/** `22 Nov, 09:15`, with the year when it is not this one. */
export function instant(at: Date, locale: Locale, now: Date): string {
  const far = Math.abs(now.getTime() - at.getTime()) > 300 * 86_400_000;
  return format(at, locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(far ? { year: 'numeric' } : {}),
  });
}

export function day(at: Date, locale: Locale): string {
  return format(at, locale, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** `1 Nov – 15 Nov 2026`: the days of a half-open span, its last day included. */
export function span(from: Date, to: Date, locale: Locale): string {
  const formatter = dateFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
  return formatter.formatRange(from, new Date(to.getTime() - 1));
}

/** `1 Nov – 15 Nov`, with the year where it is not this one. */
export function spanShort(from: Date, to: Date, locale: Locale, now: Date): string {
  const last = new Date(to.getTime() - 1);
  const year = (at: Date) => format(at, { ...locale, language: 'en-GB' }, { year: 'numeric' });
  const known = year(from) === year(now) && year(last) === year(now);
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
  if (!known) options.year = 'numeric';
  return dateFormat(locale, options).formatRange(from, last);
}

/** One bucket on an axis: as short as the interval allows; hours of `severalDays` say which day they are of. */
export function bucketShort(at: Date, interval: Interval, locale: Locale, severalDays: boolean): string {
  switch (interval) {
    case 'PT15M':
    case 'PT1H': {
      const midnight = format(at, { ...locale, language: 'en-GB' }, { hour: '2-digit', minute: '2-digit' }) === '00:00';
      if (midnight) return format(at, locale, { day: 'numeric', month: 'short' });
      const hour = { hour: '2-digit', minute: '2-digit' } as const;
      return format(at, locale, severalDays ? { day: 'numeric', month: 'short', ...hour } : hour);
    }
    case 'P1D':
    case 'P1W':
      return format(at, locale, { day: 'numeric', month: 'short' });
    case 'P1M':
    case 'P3M':
      return format(at, locale, { month: 'short', year: 'numeric' });
    case 'P1Y':
      return format(at, locale, { year: 'numeric' });
  }
}

/** One bucket in a tooltip or a table: whole and unmistakable. */
export function bucketLong(start: Date, end: Date, interval: Interval, locale: Locale): string {
  switch (interval) {
    case 'PT15M':
    case 'PT1H': {
      const time = (at: Date) => format(at, locale, { hour: '2-digit', minute: '2-digit' });
      return `${format(start, locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })}, ${time(start)} – ${time(end)}`;
    }
    case 'P1D':
      return format(start, locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
    case 'P1M':
      return format(start, locale, { month: 'long', year: 'numeric' });
    case 'P1Y':
      return format(start, locale, { year: 'numeric' });
    case 'P1W':
    case 'P3M':
      return span(start, end, locale);
  }
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `3 hours ago`, `in 5 minutes`. */
export function relative(at: Date, now: Date, language: string): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const [unit, size] = UNITS.find(([, s]) => Math.abs(seconds) >= s) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.trunc(seconds / size), unit);
}

/** How long ago; clocks that differ by seconds, and a page's that moves on once in a while, do not make it the future. */
export function ago(at: Date, now: Date, language: string): string {
  return relative(at > now ? now : at, now, language);
}

/** A length of time in its two largest units: `2 h 5 min`. */
export function duration(seconds: number, language: string): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3_600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
  ];
  const shown = parts.filter(([n]) => n > 0).slice(0, 2);
  if (shown.length === 0) shown.push([Math.floor(seconds), 'second']);
  return shown
    .map(([n, unit]) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(n))
    .join(' ');
}
