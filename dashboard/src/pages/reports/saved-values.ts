/** The values that a saved query asks for, as a part of a report has them: fixed ones, and days that move with it. Pure. */

import { isObject, type Json } from '../../api/json.ts';
import { rangeWords } from '../../time/words.ts';
import { type Parameter, readValue, type Saved, writeValue } from '../sql/statement.ts';

/** How a value is given: as it is typed, or as a day of a period that moves with the report. */
export const WAYS = ['fixed', 'first_day_of', 'last_day_of'] as const;
export type Way = (typeof WAYS)[number];

export const WAY_NAMES: Readonly<Record<Way, string>> = {
  fixed: 'A value',
  first_day_of: 'The first day of a period',
  last_day_of: 'The last day of a period',
};

/** Periods that are offered; any other of the API's words stays as it is. */
export const PERIODS = [
  ...['today', 'yesterday', 'last_week', 'last_month', 'last_quarter', 'last_year'],
  ...['7d', '28d', '90d', '12mo', 'wtd', 'mtd', 'qtd', 'ytd'],
] as const;

export interface Asked {
  readonly way: Way;
  /** As it is typed, or the word of the period. */
  readonly text: string;
}

export function askedOf(value: unknown): Asked {
  const [entry, more] = isObject(value) ? Object.entries(value) : [];
  const way = more ? undefined : WAYS.find((one) => one !== 'fixed' && one === entry?.[0]);
  if (way && typeof entry?.[1] === 'string') return { way, text: entry[1] };
  return { way: 'fixed', text: isPlain(value) ? value : writeValue(value) };
}

/** As the API takes it in a report: a fraction is a text there. */
export function valueOf({ way, text }: Asked): unknown {
  if (way !== 'fixed') return { [way]: text };
  const value = readValue(text);
  return typeof value === 'number' && !Number.isInteger(value) ? text.trim() : value;
}

/** What needs no quotes while it is typed: nothing yet, or a fraction. */
const isPlain = (value: unknown): value is string => typeof value === 'string' && /^$|^-?\d+\.\d+$/.test(value);

export function valueWords(value: unknown): string {
  const { way, text } = askedOf(value);
  if (way === 'fixed') return text;
  return `the ${way === 'first_day_of' ? 'first' : 'last'} day of ${rangeWords(text)}`;
}

/** What a part begins with: the query's own examples, but days of last week where it shows days. */
export function firstValues({ marks, parameters }: Saved): unknown[] {
  const days = parameters.filter(({ example }) => isObject(example) && 'date' in example).map(({ name }) => name);
  return marks.map((mark) => {
    const day = days.indexOf(mark);
    if (day >= 0) return { [day === 0 ? 'first_day_of' : 'last_day_of']: 'last_week' };
    const example = parameters.find(({ name }) => name === mark)?.example ?? null;
    return valueOf(askedOf(example));
  });
}

export interface Field {
  readonly parameter: Pick<Parameter, 'name' | 'description'>;
  readonly value: unknown;
}

/** Each value once, however many question marks it stands for. */
export function fieldsOf({ marks, parameters }: Saved, values: readonly unknown[]): Field[] {
  return [...new Set(marks)].map((name) => ({
    parameter: parameters.find((one) => one.name === name) ?? { name, description: '' },
    value: values[marks.indexOf(name)] ?? null,
  }));
}

/** The part with another value, for every question mark that it stands for. */
export function withValue(part: Json, { marks }: Saved, name: string, value: unknown): Json {
  const before = valuesOf(part);
  return { ...part, parameters: marks.map((mark, at) => (mark === name ? value : (before[at] ?? null))) };
}

export const valuesOf = ({ parameters }: Json): readonly unknown[] => (Array.isArray(parameters) ? parameters : []);
