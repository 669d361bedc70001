/** A question to the API as a Preact hook: one request at a time, cancelled when nobody wants its answer any more,
 * asked again by itself when it failed for a passing reason and while the page is looked at. */

import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useState } from 'preact/hooks';
import { ApiProblem, type Client } from './client.ts';

export const ClientContext = createContext<Client | null>(null);

/** How long an answer is shown before the API is asked whether it still holds. */
export const REFRESH_MS = 60_000;
const SLOW_MS = 4_000;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;

export interface Answer<T> {
  /** The last answer; of an earlier question while `outdated`. */
  readonly data: T | null;
  readonly outdated: boolean;
  readonly error: ApiProblem | null;
  readonly loading: boolean;
  /** The request has been under way for longer than people expect. */
  readonly slow: boolean;
  readonly fetchedAt: Date | null;
  readonly retry: () => void;
}

interface State<T> {
  path: string | null;
  data: T | null;
  dataPath: string | null;
  error: ApiProblem | null;
  loading: boolean;
  slow: boolean;
  fetchedAt: Date | null;
}

/** How long to wait before the next try after a number of failures in a row; null: do not. */
export function retryDelay(problem: ApiProblem, failures: number): number | null {
  if (!problem.passing) return null;
  if (problem.retryAfterSeconds !== null) return Math.max(1_000, problem.retryAfterSeconds * 1_000);
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
}

/** Ask for `path`; null asks nothing. `parse` has to be the same function from one call to the next. */
export function useQuery<T>(path: string | null, parse: (json: unknown) => T): Answer<T> {
  const client = useContext(ClientContext);
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<State<T>>(() => nothing<T>());

  useEffect(() => {
    if (!client || path === null) return;
    const update = (part: Partial<State<T>>) => setState((old) => ({ ...old, ...part }));
    return keepAsking(
      (signal) => client.get(path, signal).then(parse),
      () => update({ path, loading: true, slow: false }),
      () => update({ slow: true }),
      (data) => update({ data, dataPath: path, error: null, loading: false, slow: false, fetchedAt: new Date() }),
      (error) => update({ error, loading: false, slow: false }),
    );
  }, [client, path, parse, attempt]);

  const retry = useCallback(() => setAttempt((n) => n + 1), []);
  const fresh = state.path === path;
  return {
    data: state.data,
    outdated: state.data !== null && state.dataPath !== path,
    error: fresh ? state.error : null,
    loading: path !== null && (!fresh || state.loading),
    slow: fresh && state.slow,
    fetchedAt: state.fetchedAt,
    retry,
  };
}

function nothing<T>(): State<T> {
  return { path: null, data: null, dataPath: null, error: null, loading: false, slow: false, fetchedAt: null };
}

/** The loop behind a question; answers how to end it. */
function keepAsking<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  onStart: () => void,
  onSlow: () => void,
  onData: (data: T) => void,
  onError: (error: ApiProblem) => void,
): () => void {
  const controller = new AbortController();
  let timer = 0;
  let failures = 0;
  let busy = false;
  const ended = () => controller.signal.aborted;

  const later = (ms: number) => {
    clearTimeout(timer);
    timer = window.setTimeout(again, ms);
  };
  const again = () => {
    if (document.hidden) return; // `onWake` asks when the page is looked at again
    void run();
  };
  const run = async () => {
    if (busy || ended()) return;
    busy = true;
    clearTimeout(timer);
    onStart();
    const slow = window.setTimeout(onSlow, SLOW_MS);
    try {
      const data = await ask(controller.signal);
      if (ended()) return;
      failures = 0;
      onData(data);
      later(REFRESH_MS);
    } catch (error) {
      if (ended()) return;
      const problem = error instanceof ApiProblem ? error : new ApiProblem(200, 'The page failed', String(error));
      failures += 1;
      onError(problem);
      const delay = retryDelay(problem, failures);
      if (delay !== null) later(delay);
    } finally {
      busy = false;
      clearTimeout(slow);
    }
  };
  const onWake = () => {
    if (!document.hidden) later(0);
  };

  void run();
  addEventListener('online', onWake);
  document.addEventListener('visibilitychange', onWake);
  return () => {
    controller.abort();
    clearTimeout(timer);
    removeEventListener('online', onWake);
    document.removeEventListener('visibilitychange', onWake);
  };
}
