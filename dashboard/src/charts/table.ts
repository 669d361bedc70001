/** A series of the API, turned into columns: one per group, the largest first. Pure. */

import type { Bucket, Series } from '../api/shapes.ts';

export interface Column {
  readonly name: string;
  /** One value a bucket, in the order of `Pivot.buckets`; null where nothing is known. */
  readonly values: readonly (number | null)[];
  /** Counters: the sum; gauges: the last known value. */
  readonly summary: number | null;
  /** How many groups were added up into this column; 1 for a group of its own. */
  readonly groups: number;
}

export interface PivotBucket {
  readonly start: Date;
  readonly end: Date;
  readonly partial: boolean;
}

export interface Pivot {
  readonly buckets: readonly PivotBucket[];
  readonly columns: readonly Column[];
}

export type Kind = 'counter' | 'gauge';

export function summarise(values: readonly (number | null)[], kind: Kind): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return kind === 'counter' ? known.reduce((sum, value) => sum + value, 0) : (known.at(-1) ?? null);
}

export function pivot(series: Series, kind: Kind): Pivot {
  const buckets = distinctBuckets(series.buckets);
  const position = new Map(buckets.map((bucket, index) => [bucket.start.getTime(), index]));
  const groups = new Map<string, (number | null)[]>();
  for (const { group, start, value } of series.buckets) {
    let values = groups.get(group);
    if (!values) {
      values = new Array<number | null>(buckets.length).fill(null);
      groups.set(group, values);
    }
    values[position.get(start.getTime()) as number] = value;
  }
  const columns = [...groups].map(([name, values]) => ({ name, values, summary: summarise(values, kind), groups: 1 }));
  columns.sort((a, b) => (b.summary ?? -1) - (a.summary ?? -1) || compareNames(a.name, b.name));
  return { buckets, columns };
}

function distinctBuckets(rows: readonly Bucket[]): PivotBucket[] {
  const seen = new Map<number, PivotBucket>();
  for (const { start, end, partial } of rows) {
    const known = seen.get(start.getTime());
    seen.set(start.getTime(), { start, end, partial: partial || (known?.partial ?? false) });
  }
  return [...seen.values()].sort((a, b) => a.start.getTime() - b.start.getTime());
}

/** Version numbers newest first, other names in order. */
export function compareNames(a: string, b: string): number {
  const numeric = /^v?\d/;
  const order = a.localeCompare(b, 'en', { numeric: true });
  return numeric.test(a) && numeric.test(b) ? -order : order;
}

/** Keep the columns that are ever largest and add the rest up into one, so that nothing is lost and a legend stays
 * readable. By the peak rather than the sum: a version of last week would vanish in a year. Counters only: gauges of
 * different things do not always add up. */
export function topColumns(table: Pivot, keep: number, nameRest: (groups: number) => string): Pivot {
  if (table.columns.length <= keep + 1) return table;
  const peak = (column: Column) => Math.max(0, ...column.values.map((value) => value ?? 0));
  const kept = new Set([...table.columns].sort((a, b) => peak(b) - peak(a)).slice(0, keep));
  const rest = table.columns.filter((column) => !kept.has(column));
  const values = table.buckets.map((_, index) =>
    summarise(
      rest.map((c) => c.values[index] ?? null),
      'counter',
    ),
  );
  const other = { name: nameRest(rest.length), values, summary: summarise(values, 'counter'), groups: rest.length };
  return { buckets: table.buckets, columns: [...table.columns.filter((column) => kept.has(column)), other] };
}

export function total(table: Pivot): number {
  return table.columns.reduce((sum, column) => sum + (column.summary ?? 0), 0);
}

/** The sum of all columns, bucket by bucket. */
export function totals(table: Pivot): (number | null)[] {
  return table.buckets.map((_, index) =>
    summarise(
      table.columns.map((c) => c.values[index] ?? null),
      'counter',
    ),
  );
}

/** The index of the first partial bucket; the number of buckets when all are complete. */
export function firstPartial(table: Pivot): number {
  const index = table.buckets.findIndex((bucket) => bucket.partial);
  return index < 0 ? table.buckets.length : index;
}
