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

const AGAIN_MS = 5_000;
const SLOW_MS = 4_000;

export function useRuleOnce(id: string) {
  const { client } = useApi();
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [slow, setSlow] = useState(false);
  const under = useRef<AbortController | null>(null);
  const timer = useRef(0);
  const load = useCallback(() => {
    under.current?.abort();
    clearTimeout(timer.current);
    const controller = new AbortController();
    under.current = controller;
    setProblem(null);
    setSlow(false);
    timer.current = window.setTimeout(() => setSlow(true), SLOW_MS);
    const failed = (error: unknown) => {
      if (controller.signal.aborted) return;
      const known = error instanceof ApiProblem ? error : new ApiProblem(200, 'The page failed', String(error));
      setProblem(known);
      clearTimeout(timer.current);
      if (known.passing) timer.current = window.setTimeout(load, AGAIN_MS);
    };
    newest(client, id, controller.signal).then((one) => {
      clearTimeout(timer.current);
      setFound(one);
    }, failed);
  }, [client, id]);
  useEffect(() => {
    load();
    return () => {
      under.current?.abort();
      clearTimeout(timer.current);
    };
  }, [load]);
  return { found, problem, slow, load };
}
