/** A filter as rows that can be edited one by one: conditions that all have to hold, or of which one has to. What nests
 * deeper has no rows; it is edited as text. Pure. */

import { type Condition, faultIn, type Filter, type Operator, parseFilter, printFilter } from './filter.ts';

/** `is_empty` and `is_filled` are how people say `is null` and `is_not null`; the rest with `not` before it. */
export const ROW_OPERATORS = [
  'is',
  'is_not',
  'contains',
  'not_contains',
  'matches',
  'not_matches',
  'is_empty',
  'is_filled',
] as const;
export type RowOperator = (typeof ROW_OPERATORS)[number];
export const OPERATOR_NAMES: Record<RowOperator, string> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  not_contains: 'does not contain',
  matches: 'matches (RE2)',
  not_matches: 'does not match (RE2)',
  is_empty: 'is empty',
  is_filled: 'is not empty',
};

export interface FilterRow {
  readonly dimension: string;
  readonly operator: RowOperator;
  readonly value: string;
}

export interface FilterRows {
  readonly join: 'and' | 'or';
  readonly rows: readonly FilterRow[];
}

export const NO_ROWS: FilterRows = { join: 'and', rows: [] };
export const takesValue = (operator: RowOperator): boolean => operator !== 'is_empty' && operator !== 'is_filled';

/** The rows of a filter; null when it nests deeper than rows can show. */
export function rowsOf(filter: Filter | null): FilterRows | null {
  if (!filter) return NO_ROWS;
  const [join, parts] =
    filter.kind === 'and' || filter.kind === 'or' ? [filter.kind, filter.of] : ['and' as const, [filter]];
  const rows = parts.map(rowOf);
  return rows.every((row) => row !== null) ? { join, rows } : null;
}

/** The rows of a text; null when it has none, or is no filter. */
export function rowsOfText(text: string | null): FilterRows | null {
  if (!text?.trim()) return NO_ROWS;
  return faultIn(text) ? null : rowsOf(parseFilter(text));
}

export function filterOfRows({ join, rows }: FilterRows): Filter | null {
  const parts = rows.map(conditionOf);
  if (parts.length === 0) return null;
  return parts.length === 1 ? (parts[0] as Filter) : { kind: join, of: parts };
}

export function textOfRows(rows: FilterRows): string | null {
  const filter = filterOfRows(rows);
  return filter && printFilter(filter);
}

function rowOf(filter: Filter): FilterRow | null {
  if (filter.kind === 'condition') return plainRow(filter);
  if (filter.kind !== 'not' || filter.of.kind !== 'condition') return null;
  const row = plainRow(filter.of);
  return { ...row, operator: OPPOSITE[row.operator] };
}

function plainRow({ dimension, operator, value }: Condition): FilterRow {
  if (value === null) return { dimension, operator: operator === 'is' ? 'is_empty' : 'is_filled', value: '' };
  return { dimension, operator, value };
}

const OPPOSITE: Record<RowOperator, RowOperator> = {
  is: 'is_not',
  is_not: 'is',
  contains: 'not_contains',
  not_contains: 'contains',
  matches: 'not_matches',
  not_matches: 'matches',
  is_empty: 'is_filled',
  is_filled: 'is_empty',
};

function conditionOf({ dimension, operator, value }: FilterRow): Filter {
  const condition = (plain: Operator, given: string | null): Filter => ({
    kind: 'condition',
    dimension,
    operator: plain,
    value: given,
  });
  switch (operator) {
    case 'is_empty':
      return condition('is', null);
    case 'is_filled':
      return condition('is_not', null);
    case 'not_contains':
      return { kind: 'not', of: condition('contains', value) };
    case 'not_matches':
      return { kind: 'not', of: condition('matches', value) };
    default:
      return condition(operator, value);
  }
}
