/** Questions and changes as Preact hooks. */

import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { ApiProblem, type Change, type Client, type Reply } from './client.ts';
import { keyOf, NOTHING, REFRESH_MS, type Standing, type Store } from './store.ts';
import type { Listed } from './whole.ts';

export interface Api {
  readonly client: Client;
  readonly store: Store;
}

export const ApiContext = createContext<Api | null>(null);

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error('There is no API around this.');
  return api;
}

export interface Answer<T> {
  /** The last answer; of an earlier question while `outdated`. */
  readonly data: T | null;
  /** The version of `data`, for `If-Match`. */
  readonly etag: string | null;
  readonly outdated: boolean;
  readonly error: ApiProblem | null;
  readonly loading: boolean;
  readonly slow: boolean;
  readonly fetchedAt: Date | null;
  readonly retry: () => void;
}

interface Seen<T> {
  key: string;
  reply: Reply;
  data: T | null;
  problem: ApiProblem | null;
}

/** Ask; null asks nothing. `parse` has to be the same function from one call to the next. `every`: milliseconds until
 * it is asked again, `Infinity` for never. */
export function useQuery<T>(
  ask: Listed | string | null,
  parse: (json: unknown) => T,
  every: number = REFRESH_MS,
): Answer<T> {
  const { store } = useApi();
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const wanted = typeof ask === 'string' ? { path: ask } : ask;
  const key = wanted ? keyOf(wanted) : '';
  const held = useRef<Listed | null>(wanted);
  held.current = wanted;

  const standing = key ? store.standing(key) : NOTHING;
  const shown = useRef(standing);
  shown.current = standing;

  useEffect(() => {
    if (!held.current) return;
    return store.listen(held.current, every, () => redraw(undefined), shown.current);
  }, [store, key, every]);

  const last = useRef<Seen<T> | null>(null);
  const lastParse = useRef(parse);
  if (standing.reply && (last.current?.reply !== standing.reply || lastParse.current !== parse)) {
    last.current = read(key, standing.reply, parse);
    lastParse.current = parse;
  }
  const retry = useCallback(() => store.refresh(key), [store, key]);
  return answerOf(key, standing, last.current, retry);
}

function read<T>(key: string, reply: Reply, parse: (json: unknown) => T): Seen<T> {
  try {
    return { key, reply, data: parse(reply.json), problem: null };
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : new ApiProblem(200, 'The page failed', String(error));
    return { key, reply, data: null, problem };
  }
}

function answerOf<T>(key: string, standing: Standing, seen: Seen<T> | null, retry: () => void): Answer<T> {
  const current = seen?.key === key ? seen : null;
  return {
    data: seen?.data ?? null,
    etag: seen?.reply.etag ?? null,
    outdated: seen?.data != null && current === null,
    error: standing.error ?? current?.problem ?? null,
    loading: key !== '' && standing.loading,
    slow: standing.slow,
    fetchedAt: standing.fetchedAt,
    retry,
  };
}

export interface Action<A extends unknown[]> {
  /** Do it; true when it was done. */
  readonly run: (...given: A) => Promise<boolean>;
  readonly busy: boolean;
  readonly problem: ApiProblem | null;
  readonly forget: () => void;
}

/** Something that people set off: one at a time, with its problem at hand. What was changed is asked for again. */
export function useAction<A extends unknown[]>(
  act: (client: Client, ...given: A) => Promise<unknown>,
  changes: readonly string[] = [],
): Action<A> {
  const { client, store } = useApi();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const latest = useRef(act);
  latest.current = act;
  const paths = changes.join(' ');
  const run = useCallback(
    async (...given: A) => {
      setBusy(true);
      setProblem(null);
      try {
        await latest.current(client, ...given);
        for (const path of paths.split(' ').filter(Boolean)) store.refresh(path);
        return true;
      } catch (error) {
        setProblem(error instanceof ApiProblem ? error : new ApiProblem(200, 'The page failed', String(error)));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [client, store, paths],
  );
  const forget = useCallback(() => setProblem(null), []);
  return useMemo(() => ({ run, busy, problem, forget }), [run, busy, problem, forget]);
}

export type { Change, Reply };
