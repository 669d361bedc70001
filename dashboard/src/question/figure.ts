/** A value in words, by what it is of: shares as percent, money with its digits, everything else as a number. */

import { compact, duration, number, signed } from '../time/format.ts';
import { toNumber, type Value } from './answer.ts';

/** What decides how a value is written. */
export interface Unit {
  readonly unit: string;
  readonly kind: string;
}

export const isShare = ({ unit }: Unit): boolean => unit === 'share';
export const MISSING = '–';

/** In full: `1,234.5`, `12.4 %`. A text of many digits keeps all of them. */
export function figure(value: Value, unit: Unit, language: string): string {
  if (value === null) return MISSING;
  if (isShare(unit)) return percent(toNumber(value) as number, language);
  return number(value, language);
}

/** Short, for headlines and axes: `12.4K`; the whole number is shown elsewhere. */
export function figureShort(value: Value, unit: Unit, language: string): string {
  const plain = toNumber(value);
  if (plain === null) return MISSING;
  if (isShare(unit)) return percent(plain, language);
  if (unit.unit === 'seconds' && Math.abs(plain) >= 60) return duration(plain, language);
  return Math.abs(plain) >= 100_000 ? compact(plain, language) : number(value as number | string, language);
}

/** A difference: `+12`, of shares in percentage points. */
export function difference(value: Value, unit: Unit, language: string): string {
  if (value === null) return MISSING;
  if (!isShare(unit)) return signed(value, language);
  return `${signed((toNumber(value) as number) * 100, language)} pp`;
}

function percent(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}
