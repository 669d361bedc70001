/** What parts ask for: the titles of metrics, and saved queries where a part has one. */

import { useMemo } from 'preact/hooks';
import type { Json } from '../../api/json.ts';
import { SAVED_QUERIES } from '../../api/lists.ts';
import { useQuery } from '../../api/query.ts';
import { parseMetrics } from '../../api/shapes.ts';
import { parseSavedList } from '../sql/statement.ts';
import type { Known } from './parts.ts';

export function useKnown(parts: readonly Json[]): Known {
  const metrics = useQuery('/v1/metrics', parseMetrics).data;
  const asks = parts.some((part) => typeof part.saved_query === 'string');
  const saved = useQuery(asks ? SAVED_QUERIES : null, parseSavedList).data;
  return useMemo(
    () => ({
      metrics: new Map((metrics ?? []).map(({ name, title }) => [name, title])),
      saved: new Map((saved ?? []).map((query) => [query.id, query])),
    }),
    [metrics, saved],
  );
}
