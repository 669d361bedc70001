/** Rows of SQL as a table of the charts: by time where the first column is one, by names where it is a text. Pure. */

import type { Json } from '../../api/json.ts';
import type { Answered, Asked } from '../../question/answer.ts';
import type { Column as Series, Table } from '../../question/table.ts';
import type { ChartKind } from '../../charts/input.ts';
import type { Interval } from '../../time/range.ts';
import { isNumeric } from './cells.ts';
import type { Column } from './statement.ts';

const TIME = /^(date|timestamp)/;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** More parts than this cannot be told apart. */
export const MOST_SERIES = 30;

export interface Chartable {
  readonly kinds: readonly ChartKind[];
  readonly by: Column;
  readonly values: readonly Column[];
  /** One of the values is drawn at a time: the series are told apart by something else. */
  readonly oneValue: boolean;
  /** Where a time has several rows: the columns that tell them apart, a series for each. */
  readonly parts: readonly Column[];
}

/** How rows can be drawn: null where they cannot. */
export function chartable(columns: readonly Column[], rows: readonly Json[]): Chartable | null {
  const by = columns[0];
  const values = columns.slice(1).filter(({ type }) => isNumeric(type));
  if (!by || values.length === 0 || rows.length === 0) return null;
  if (TIME.test(by.type)) {
    const dated = rows.filter((row) => timeOf(row[by.name]) !== null);
    return overTime(by, columns.slice(1), values, dated);
  }
  if (isNumeric(by.type) || rows.length > MOST_SERIES) return null;
  return { kinds: ['bar', 'pie'], by, values, oneValue: true, parts: [] };
}

/** With the value that is to be drawn, where only one can be; the first unless another is named. */
export function withValue(drawn: Chartable, name: string | null): Chartable {
  if (!drawn.oneValue) return drawn;
  const value = drawn.values.find((one) => one.name === name) ?? drawn.values[0];
  return { ...drawn, values: value ? [value] : [] };
}

function overTime(
  by: Column,
  rest: readonly Column[],
  values: readonly Column[],
  rows: readonly Json[],
): Chartable | null {
  const kinds: readonly ChartKind[] = ['line', 'area', 'bar', 'stacked'];
  const distinct = (columns: readonly Column[]) => new Set(rows.map((row) => keyOf(columns, row))).size;
  const times = distinct([by]);
  if (times < 2) return null;
  if (times === rows.length) return { kinds, by, values, oneValue: false, parts: [] };
  const parts = rest.filter(({ type }) => !isNumeric(type));
  // Several rows of one time that nothing tells apart are no line.
  const toldApart = distinct([by, ...parts]) === rows.length && distinct(parts) <= MOST_SERIES;
  return toldApart ? { kinds, by, values, oneValue: true, parts } : null;
}

const keyOf = (columns: readonly Column[], row: Json): string => JSON.stringify(columns.map(({ name }) => row[name]));

/** Times of SQL are UTC without an offset. */
function timeOf(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const at = new Date(`${value.replace(' ', 'T')}${value.length > 10 ? 'Z' : ''}`);
  return Number.isNaN(at.getTime()) ? null : at;
}

const numberOf = (value: unknown): number | null =>
  value === null || value === undefined || Number.isNaN(Number(value)) ? null : Number(value);

function asked(name: string): Asked {
  const none = { source: '', watermark: null, late: false, comparison: null };
  return { name, title: name, unit: '', kind: 'derived', ...none };
}

export function tableOfRows(drawn: Chartable, rows: readonly Json[]): Table {
  return TIME.test(drawn.by.type) ? tableOverTime(drawn, rows) : tableOfNames(drawn, rows);
}

function tableOverTime({ by, values, parts }: Chartable, rows: readonly Json[]): Table {
  const starts = [...new Set(rows.flatMap((row) => timeOf(row[by.name])?.getTime() ?? []))].sort((a, b) => a - b);
  const interval = intervalOf(starts, by.type.startsWith('date'));
  const last = starts.at(-1) ?? 0;
  const usual = Math.min(...gapsOf(starts));
  const buckets = starts.map((start, index) => ({
    start: new Date(start),
    end: new Date(starts[index + 1] ?? last + usual),
    partial: false,
  }));
  const columns = [...rowsOf(parts, rows).values()].flatMap((own) => {
    const at = new Map(own.map((row) => [timeOf(row[by.name])?.getTime(), row]));
    const part = parts.map(({ name }) => wordsOf(own[0]?.[name])).join(' · ');
    return values.map(({ name }) =>
      series(
        part ? `${name} ${part}` : name,
        part || name,
        starts.map((start) => numberOf(at.get(start)?.[name])),
      ),
    );
  });
  return { ...tableOf(buckets, columns, interval), unadded: true };
}

const gapsOf = (starts: readonly number[]): number[] =>
  starts.slice(1).map((start, index) => start - (starts[index] ?? start));

/** What the rows are of: the longest period at whose beginnings all of them lie. */
export function intervalOf(starts: readonly number[], days: boolean): Interval {
  const months = starts.map((start) => {
    const at = new Date(start);
    return start % DAY_MS === 0 && at.getUTCDate() === 1 ? at.getUTCMonth() : null;
  });
  const gaps = gapsOf(starts);
  if (months.every((month) => month === 0)) return 'P1Y';
  if (months.every((month) => month !== null)) return months.every((month) => month % 3 === 0) ? 'P3M' : 'P1M';
  if (gaps.every((gap) => gap % (7 * DAY_MS) === 0)) return 'P1W';
  if (days || gaps.every((gap) => gap % DAY_MS === 0)) return 'P1D';
  return gaps.every((gap) => gap % HOUR_MS === 0) ? 'PT1H' : 'PT15M';
}

function rowsOf(parts: readonly Column[], rows: readonly Json[]): Map<string, Json[]> {
  const found = new Map<string, Json[]>();
  for (const row of rows) {
    const key = keyOf(parts, row);
    const own = found.get(key);
    if (own) own.push(row);
    else found.set(key, [row]);
  }
  return found;
}

function tableOfNames({ by, values }: Chartable, rows: readonly Json[]): Table {
  const [value] = values;
  const bucket = { start: new Date(0), end: new Date(DAY_MS), partial: false, name: value?.name ?? '' };
  const columns = rows.map((row, index) =>
    series(`${index}`, wordsOf(row[by.name]), [numberOf(value && row[value.name])]),
  );
  // Of no time: it ends where it begins.
  const table = tableOf([bucket], columns, 'P1D');
  return { ...table, answer: { ...table.answer, to: table.answer.from } };
}

const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

function tableOf(buckets: Table['buckets'], columns: readonly Series[], interval: Interval): Table {
  const [from, to] = [buckets[0]?.start ?? new Date(0), buckets.at(-1)?.end ?? new Date(0)];
  return { buckets, columns, answer: answered(columns, from, to, interval) };
}

function series(key: string, name: string, values: (number | null)[]): Series {
  const total = { value: values.length === 1 ? (values[0] ?? null) : null, before: null, change: null, ratio: null };
  return { key, name, metric: asked(name), group: { members: [], other: false }, values, before: null, total };
}

function answered(columns: readonly Series[], from: Date, to: Date, interval: Interval): Answered {
  return {
    rows: [],
    totals: [],
    metrics: columns.map(({ metric }) => metric),
    groupBy: [],
    from,
    to,
    interval,
    zone: 'UTC',
    filter: null,
    transform: null,
    watermark: null,
    partial: false,
    late: false,
    warnings: [],
  };
}
