/** Values by what they are of: money by its currency, bytes as KB, seconds as hours and minutes. Pure. */

import { compact, number } from '../time/format.ts';

const BYTES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;
const PARTS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** One digit after the point: what is said in passing. */
export const SHORT = { maximumFractionDigits: 1 } as const;

/** Formats are costly to make. */
const formats = new Map<string, Intl.NumberFormat>();
function format(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const found = formats.get(key) ?? new Intl.NumberFormat(language, options);
  formats.set(key, found);
  return found;
}

/** `1.2 GB`: a thousand bytes are a KB, as disks and networks count. */
export function bytes(value: number, language: string, digits: Intl.NumberFormatOptions = SHORT): string {
  const size = Math.abs(value);
  const step = size < 1 ? 0 : Math.min(BYTES.length - 1, Math.floor(Math.log10(size) / 3));
  const scaled = value / 1000 ** step;
  const options = { style: 'unit', unitDisplay: step === 0 ? 'long' : 'short', ...digits } as const;
  return format(language, { ...options, unit: BYTES[step] }).format(scaled);
}

/** `2 h 5 min`, `1 min 20 sec`, `8.4 sec`: at most two parts, the second the next smaller one. */
export function lasting(seconds: number, language: string, unitDisplay: 'short' | 'narrow' = 'short'): string {
  if (seconds < 0) return `−${lasting(-seconds, language, unitDisplay)}`;
  const words = (n: number, unit: string, digits = 0) =>
    format(language, { style: 'unit', unit, unitDisplay, maximumFractionDigits: digits }).format(n);
  if (seconds < 10) return words(seconds, 'second', seconds < 1 ? 2 : 1);
  const rest = Math.round(seconds);
  const first = PARTS.findIndex(([size]) => rest >= size);
  const [size, unit] = PARTS[first] as (typeof PARTS)[number];
  const next = PARTS[first + 1];
  const whole = Math.floor(rest / size);
  const left = next ? Math.floor((rest - whole * size) / next[0]) : 0;
  return next && left > 0 ? `${words(whole, unit)} ${words(left, next[1])}` : words(whole, unit);
}

/** With the currency's sign, and its own number of digits; a text of many digits keeps them. `short`: how many digits
 * it has when it is written as `€1.2M`. */
export function money(
  value: number | string,
  currency: string,
  language: string,
  short: Intl.NumberFormatOptions | null = null,
): string {
  const options: Intl.NumberFormatOptions = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' };
  try {
    if (!short) return format(language, options).format(value as Intl.StringNumericLiteral);
    return format(language, { ...options, notation: 'compact', minimumFractionDigits: 0, ...short }).format(
      Number(value),
    );
  } catch {
    // A currency is a text from outside; one that is none is shown as it is.
    return `${short ? compact(Number(value), language) : number(value, language)} ${currency}`;
  }
}
