/** A rule as it was when its form was opened: what is typed is not taken away by what somebody else changes meanwhile. */

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem, type Client } from '../../api/client.ts';
import { useApi } from '../../api/query.ts';
import { parseRule, type Rule } from './rule.ts';

export interface Found {
  readonly rule: Rule;
  /** What a change has to name. */
  readonly etag: string;
}

export async function newest(client: Client, id: string, signal: AbortSignal): Promise<Found> {
  const { json, etag } = await client.ask({ path: `/v1/alerts/${encodeURIComponent(id)}` }, signal);
  return { rule: parseRule(json), etag: etag ?? '' };
}

export function useRuleOnce(id: string) {
  const { client } = useApi();
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const under = useRef<AbortController | null>(null);
  const load = useCallback(() => {
    under.current?.abort();
    const controller = new AbortController();
    under.current = controller;
    setProblem(null);
    newest(client, id, controller.signal).then(setFound, (error: unknown) => {
      if (controller.signal.aborted) return;
      setProblem(error instanceof ApiProblem ? error : new ApiProblem(200, 'The page failed', String(error)));
    });
  }, [client, id]);
  useEffect(() => {
    load();
    return () => under.current?.abort();
  }, [load]);
  return { found, problem, load };
}
