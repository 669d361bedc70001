/** Titles of what parts ask for: metrics, and saved queries where a part has one. */

import { useMemo } from 'preact/hooks';
import { type Json, results, text } from '../../api/json.ts';
import { SAVED_QUERIES } from '../../api/lists.ts';
import { useQuery } from '../../api/query.ts';
import { parseMetrics } from '../../api/shapes.ts';
import type { Known } from './parts.ts';

export interface SavedQuery {
  readonly id: string;
  readonly name: string;
  /** It is asked with values: a part would need them, too. */
  readonly asksValues: boolean;
}

export const parseSavedQueries = (json: unknown): SavedQuery[] =>
  results(json).map((row) => ({
    id: text(row.id),
    name: text(row.name),
    asksValues: Array.isArray(row.marks) && row.marks.length > 0,
  }));

export function useKnown(parts: readonly Json[]): Known {
  const metrics = useQuery('/v1/metrics', parseMetrics).data;
  const asks = parts.some((part) => typeof part.saved_query === 'string');
  const saved = useQuery(asks ? SAVED_QUERIES : null, parseSavedQueries).data;
  return useMemo(
    () => ({
      metrics: new Map((metrics ?? []).map(({ name, title }) => [name, title])),
      saved: new Map((saved ?? []).map(({ id, name }) => [id, name])),
    }),
    [metrics, saved],
  );
}
