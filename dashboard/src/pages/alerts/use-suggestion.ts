/** The suggested mark for what is typed: of the numbers of the last 90 days. */

import { useMemo } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import type { Draft } from './draft.ts';
import { parsePreview } from './preview.ts';
import { historyBody, type Suggestion, suggestion } from './suggestion.ts';
import { useSettled } from '../../ui/settled.ts';

export interface Suggested {
  readonly found: Suggestion | null;
  /** It is being looked for. */
  readonly waiting: boolean;
}

export function useSuggestion(draft: Draft): Suggested {
  const said = JSON.stringify(historyBody(draft));
  const settled = useSettled(said);
  const body = useMemo(() => JSON.parse(settled) as unknown, [settled]);
  const answer = useQuery(body === null ? null : { path: '/v1/alerts/preview', body }, parsePreview, Infinity);
  const { data } = answer;
  const waiting = said !== settled || (body !== null && answer.loading);
  const found = useMemo(
    () => (data && !answer.outdated ? suggestion(data.lines, draft) : null),
    [data, answer.outdated, draft],
  );
  return { found, waiting };
}
