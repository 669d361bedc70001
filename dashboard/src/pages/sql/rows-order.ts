/** In which order rows are listed: as the engine answered them, or by a column. Pure. */

import type { Json } from '../../api/json.ts';
import { isNumeric } from './cells.ts';
import type { Column } from './statement.ts';

export interface RowOrder {
  readonly by: Column;
  readonly down: boolean;
}

/** The first press orders by the column, large numbers first; the second turns that; the third gives it up. */
export function nextOrder(order: RowOrder | null, by: Column): RowOrder | null {
  const first = isNumeric(by.type);
  if (order?.by.name !== by.name) return { by, down: first };
  return order.down === first ? { by, down: !first } : null;
}

/** What is missing comes last, whichever way. */
export function rowsInOrder(rows: readonly Json[], order: RowOrder | null): readonly Json[] {
  if (!order) return rows;
  const { by, down } = order;
  const compare = isNumeric(by.type) ? numbers : words;
  return [...rows].sort((one, other) => {
    const [a, b] = [one[by.name] ?? null, other[by.name] ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return down ? compare(b, a) : compare(a, b);
  });
}

/** Numbers too large for a number here are texts: two that are the same by it are told apart by their digits. */
function numbers(a: unknown, b: unknown): number {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
  if (x !== y) return x < y ? -1 : 1;
  return isWhole(a) && isWhole(b) ? Number(BigInt(a) - BigInt(b)) : 0;
}

const isWhole = (value: unknown): value is string => typeof value === 'string' && /^-?\d+$/.test(value);

const IN_WORDS = new Intl.Collator(undefined, { numeric: true });
const words = (a: unknown, b: unknown) => IN_WORDS.compare(said(a), said(b));
const said = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
