/** Rows of SQL as a table of the charts: by time where the first column is one, by names where it is a text. Pure. */

import type { Json } from '../../api/json.ts';
import type { Answered, Asked } from '../../question/answer.ts';
import type { Column as Series, Table } from '../../question/table.ts';
import type { ChartKind } from '../../charts/input.ts';
import type { Column } from './statement.ts';

const NUMBER = /^(tinyint|smallint|integer|bigint|real|double|decimal)/;
const TIME = /^(date|timestamp)/;
const DAY_MS = 86_400_000;
/** More parts than this cannot be told apart. */
export const MOST_SERIES = 30;

export interface Chartable {
  readonly kinds: readonly ChartKind[];
  readonly by: Column;
  readonly values: readonly Column[];
}

/** How rows can be drawn: null where they cannot. */
export function chartable(columns: readonly Column[], rows: readonly Json[]): Chartable | null {
  const by = columns[0];
  const values = columns.slice(1).filter(({ type }) => NUMBER.test(type));
  if (!by || values.length === 0 || rows.length === 0) return null;
  if (TIME.test(by.type)) return rows.length > 1 ? { kinds: ['line', 'area', 'bar', 'stacked'], by, values } : null;
  if (NUMBER.test(by.type) || rows.length > MOST_SERIES) return null;
  return { kinds: ['bar', 'pie'], by, values: values.slice(0, 1) };
}

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

export function tableOfRows({ by, values }: Chartable, rows: readonly Json[]): Table {
  const times = TIME.test(by.type);
  const kept = times ? byTime(rows, by) : rows;
  const at = (row: Json) => (times ? (timeOf(row[by.name]) as Date) : new Date(0));
  const buckets = times
    ? kept.map((row, index) => {
        const start = at(row);
        const next = kept[index + 1];
        return { start, end: next ? at(next) : new Date(start.getTime() + DAY_MS), partial: false };
      })
    : [{ start: new Date(0), end: new Date(DAY_MS), partial: false, name: (values[0] as Column).name }];
  const columns: Series[] = times
    ? values.map(({ name }) =>
        series(
          name,
          name,
          kept.map((row) => numberOf(row[name])),
        ),
      )
    : kept.map((row, index) => {
        const [value] = values;
        const label = row[by.name];
        const words = typeof label === 'string' ? label : JSON.stringify(label ?? null);
        return series(`${index}`, words, [numberOf(value && row[value.name])]);
      });
  const [from, to] = [buckets[0]?.start ?? new Date(0), buckets.at(-1)?.end ?? new Date(0)];
  return { buckets, columns, answer: answered(columns, from, to, by.type.startsWith('date')) };
}

function series(key: string, name: string, values: (number | null)[]): Series {
  const known = values.filter((value) => value !== null);
  const sum = known.length > 0 ? known.reduce((total, value) => total + value, 0) : null;
  const total = { value: sum, before: null, change: null, ratio: null };
  return { key, name, metric: asked(name), group: { members: [], other: false }, values, before: null, total };
}

/** In order, and only rows that say when. */
function byTime(rows: readonly Json[], by: Column): Json[] {
  return rows
    .filter((row) => timeOf(row[by.name]) !== null)
    .sort((a, b) => (timeOf(a[by.name]) as Date).getTime() - (timeOf(b[by.name]) as Date).getTime());
}

function answered(columns: readonly Series[], from: Date, to: Date, days: boolean): Answered {
  return {
    rows: [],
    totals: [],
    metrics: columns.map(({ metric }) => metric),
    groupBy: [],
    from,
    to,
    interval: days ? 'P1D' : 'PT1H',
    zone: 'UTC',
    filter: null,
    transform: null,
    watermark: null,
    partial: false,
    late: false,
    warnings: [],
  };
}
