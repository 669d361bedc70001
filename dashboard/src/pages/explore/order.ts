/** In which order groups stand. Pure. */

import { toNumber, type Value } from '../../question/answer.ts';
import type { Column } from '../../question/table.ts';

export interface Order {
  /** `given`: as the API answers them. */
  readonly by: 'given' | 'name' | 'total' | 'before' | 'change';
  readonly down: boolean;
}

/** The rest that `top` puts together is no group of its own: it stays last, as what is not known does. */
export function sortColumns(columns: readonly Column[], { by, down }: Order): readonly Column[] {
  if (by === 'given') return columns;
  const sign = down ? -1 : 1;
  return [...columns].sort((a, b) => {
    if (a.group.other !== b.group.other) return Number(a.group.other) - Number(b.group.other);
    if (by === 'name') return sign * a.name.localeCompare(b.name, undefined, { numeric: true });
    return compare(valueOf(a, by), valueOf(b, by), sign);
  });
}

function valueOf({ total }: Column, by: 'total' | 'before' | 'change'): number | null {
  const values: Record<typeof by, Value> = { total: total.value, before: total.before, change: total.change };
  return toNumber(values[by]);
}

function compare(a: number | null, b: number | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return sign * (a - b);
}
