/** A value in words, by what it is of: shares as percent, money with its currency and digits, else as a number. */

import { compact, number, signed, tick, tickDigits } from '../time/format.ts';
import { type Better, toNumber, type Value } from './answer.ts';
import { bytes, lasting, money, SHORT } from './units.ts';

/** What decides how a value is written. */
export interface Unit {
  readonly unit: string;
  readonly kind: string;
  /** Of money, where the answer says which. */
  readonly currency?: string | null;
}

export const isShare = ({ unit }: Unit): boolean => unit === 'share';
export const MISSING = '–';

/** In full: `1,234.5`, `12.4 %`, `€1,234.50`. A text of many digits keeps all of them. */
export function figure(value: Value, unit: Unit, language: string): string {
  if (value === null) return MISSING;
  if (isShare(unit)) return percent(toNumber(value) as number, language);
  if (unit.currency) return money(value, unit.currency, language);
  return number(value, language);
}

/** As one would say it: in full, but bytes and seconds in units that people know. */
export function figureSaid(value: Value, unit: Unit, language: string): string {
  const plain = toNumber(value);
  if (plain === null) return MISSING;
  if (unit.unit === 'bytes') return bytes(plain, language);
  if (unit.unit === 'seconds') return lasting(plain, language);
  return figure(value, unit, language);
}

/** Short, for headlines and legends: `12.4K`; the whole number is shown elsewhere. */
export function figureShort(value: Value, unit: Unit, language: string): string {
  const plain = toNumber(value);
  if (plain === null) return MISSING;
  if (Math.abs(plain) < 100_000 || isShare(unit)) return figureSaid(value, unit, language);
  if (unit.currency) return money(plain, unit.currency, language, SHORT);
  if (unit.unit === 'bytes') return bytes(plain, language);
  if (unit.unit === 'seconds') return lasting(plain, language, 'narrow');
  return compact(plain, language);
}

/** For axes: as short as it can be, with all the digits of a round number. */
export function figureAxis(value: number, unit: Unit, language: string): string {
  if (isShare(unit)) return percent(value, language, tickDigits(value * 100));
  if (unit.currency) return money(value, unit.currency, language, tickDigits(value));
  if (unit.unit === 'bytes') return bytes(value, language, { maximumFractionDigits: 3 });
  if (unit.unit === 'seconds') return lasting(value, language, 'narrow');
  return tick(value, language);
}

/** Whether the number, or the metric's title, says what it is of. */
export function namesUnit(title: string, { unit, currency }: Unit): boolean {
  if (['share', 'seconds', 'bytes', ''].includes(unit) || currency) return true;
  return title.toLowerCase().includes(unit.toLowerCase());
}

/** An axis' name: `Reach (people)`, but not `Downloads (downloads)`. */
export function namedUnit(title: string, unit: Unit): string {
  return namesUnit(title, unit) ? title : `${title} (${unit.unit})`;
}

/** A difference: `+12`, of shares in percentage points. */
export function difference(value: Value, unit: Unit, language: string): string {
  return differing(value, unit, language, figureSaid);
}

/** As short as the headline that it stands below: `-6.4M`. */
export function differenceShort(value: Value, unit: Unit, language: string): string {
  return differing(value, unit, language, figureShort);
}

function differing(value: Value, unit: Unit, language: string, say: typeof figureSaid): string {
  if (value === null) return MISSING;
  if (isShare(unit)) return `${signed((toNumber(value) as number) * 100, language)} pp`;
  const said = say(value, unit, language);
  if (said === number(value, language)) return signed(value, language);
  return (toNumber(value) as number) > 0 ? `+${said}` : said;
}

const percents = new Map<string, Intl.NumberFormat>();
function percent(share: number, language: string, digits: Intl.NumberFormatOptions = SHORT): string {
  const key = `${language} ${JSON.stringify(digits)}`;
  const found = percents.get(key) ?? new Intl.NumberFormat(language, { style: 'percent', ...digits });
  percents.set(key, found);
  return found.format(share);
}

/** How a change is coloured: by whether it is good news, which less can be. */
export function newsOf(change: number, better: Better = 'neither'): 'good' | 'bad' | 'same' {
  if (change === 0 || better === 'neither') return 'same';
  return change > 0 === (better === 'higher') ? 'good' : 'bad';
}
