/** The API's tree of a filter. Pure. */

import { isObject, type Json, oneOf, text } from '../api/json.ts';
import { type Filter, OPERATORS, printFilter } from './filter.ts';

export function filterOf(json: Json): Filter {
  for (const kind of ['and', 'or'] as const) {
    const parts = json[kind];
    if (Array.isArray(parts)) return { kind, of: parts.filter(isObject).map(filterOf) };
  }
  if (isObject(json.not)) return { kind: 'not', of: filterOf(json.not) };
  return {
    kind: 'condition',
    dimension: text(json.dimension),
    operator: oneOf(OPERATORS, json.operator) ?? 'is',
    value: typeof json.value === 'string' ? json.value : null,
  };
}

/** A filter as the line that people type, whether the API tells it as a line or as a tree. */
export function filterLine(json: unknown): string | null {
  if (typeof json === 'string') return json || null;
  return isObject(json) ? printFilter(filterOf(json)) : null;
}
