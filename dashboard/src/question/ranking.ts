/** The groups of an answer in the order of what they came to over the whole range: what a list of the most is. Pure. */

import { toNumber } from './answer.ts';
import type { Column, Table } from './table.ts';

/** Answer one metric's groups, the best first and the rest last, without those of which there is and was none; null where they have no totals to be ordered by. */
export function ranked({ answer, columns }: Table): readonly Column[] | null {
  const { metrics, groupBy } = answer;
  if (metrics.length !== 1 || groupBy.length === 0) return null;
  if (!columns.some(({ total }) => total.value !== null)) return null;
  const lowerFirst = metrics[0]?.better === 'lower';
  const some = columns.filter(({ total }) => toNumber(total.value) || toNumber(total.before));
  return [...(some.length > 0 ? some : columns)].sort(
    (a, b) => Number(a.group.other) - Number(b.group.other) || order(a, b, lowerFirst),
  );
}

/** What has no value comes behind what has. */
function order(a: Column, b: Column, lowerFirst: boolean): number {
  const [left, right] = [toNumber(a.total.value), toNumber(b.total.value)];
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return lowerFirst ? left - right : right - left;
}

/** Columns with their places, by which they are coloured: the largest first and the rest last. */
export function largestFirst(columns: readonly Column[]): { readonly column: Column; readonly index: number }[] {
  const placed = columns.map((column, index) => ({ column, index }));
  return placed.sort(
    (a, b) => Number(a.column.group.other) - Number(b.column.group.other) || order(a.column, b.column, false),
  );
}

/** How long a bar is beside the longest, from 0 to 100; 0 where a bar says nothing. */
export function barOf(column: Column, all: readonly Column[]): number {
  const values = all.map(({ total }) => toNumber(total.value) ?? 0);
  const most = Math.max(...values, 0);
  const value = toNumber(column.total.value) ?? 0;
  return most > 0 && value > 0 ? Math.round((value / most) * 1000) / 10 : 0;
}
