/** The API's tree of a filter as the line that people type (docs/questions.md). Pure. */

import { isObject, type Json } from '../../api/json.ts';

export function filterLine(tree: Json | null): string {
  return tree === null ? '' : written(tree);
}

function written(tree: Json): string {
  if (isObject(tree.not)) return `not ${inside(tree.not, ['and', 'or'])}`;
  if (Array.isArray(tree.and)) return joined(tree.and, ' and ', ['and', 'or']);
  if (Array.isArray(tree.or)) return joined(tree.or, ' or ', ['or']);
  const value = tree.value === null || tree.value === undefined ? 'null' : JSON.stringify(tree.value);
  return `${String(tree.dimension)} ${String(tree.operator)} ${value}`;
}

const joined = (parts: readonly unknown[], by: string, kinds: readonly string[]) =>
  parts
    .filter(isObject)
    .map((part) => inside(part, kinds))
    .join(by);

function inside(tree: Json, kinds: readonly string[]): string {
  return kinds.some((kind) => kind in tree) ? `(${written(tree)})` : written(tree);
}
