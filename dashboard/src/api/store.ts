/** Every question is asked once, however many parts of the page show its answer: they share one request, one refresh and
 * one failure. It is cancelled when nobody wants it any more; the last answers stay at hand for who comes back. */

import { ApiProblem, type Client, type Reply } from './client.ts';
import { askListed, type Listed } from './whole.ts';

/** How long an answer is shown before the API is asked whether it still holds. */
export const REFRESH_MS = 60_000;
const SLOW_MS = 4_000;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;
/** Answers kept for who comes back to a page. */
const KEPT = 200;

export interface Standing {
  readonly reply: Reply | null;
  readonly error: ApiProblem | null;
  readonly loading: boolean;
  /** The request has been under way for longer than people expect. */
  readonly slow: boolean;
  readonly fetchedAt: Date | null;
}

export const NOTHING: Standing = { reply: null, error: null, loading: true, slow: false, fetchedAt: null };

/** How long to wait before the next try after a number of failures in a row; null: do not. */
export function retryDelay(problem: ApiProblem, failures: number): number | null {
  if (!problem.passing) return null;
  if (problem.retryAfterSeconds !== null) return Math.max(1_000, problem.retryAfterSeconds * 1_000);
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
}

export const keyOf = ({ path, body, whole }: Listed): string =>
  `${path}${whole ? ' whole' : ''}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`;

interface Entry {
  standing: Standing;
  listeners: Set<() => void>;
  ask: Listed;
  every: number;
  stop: (() => void) | null;
  wake: () => void;
}

export class Store {
  private readonly entries = new Map<string, Entry>();
  private readonly client: Client;

  constructor(client: Client) {
    this.client = client;
  }

  standing(key: string): Standing {
    return this.entries.get(key)?.standing ?? NOTHING;
  }

  /** Keep asking for as long as somebody listens; answers how to end it. Whoever has `seen` how it stood is told at once
   * where it stands otherwise since: an answer that others asked for may have come before they listened. */
  listen(ask: Listed, every: number, listener: () => void, seen?: Standing): () => void {
    const key = keyOf(ask);
    const entry = this.entries.get(key) ?? newEntry(ask, every);
    this.entries.delete(key);
    this.entries.set(key, entry); // the last used are at the end
    entry.listeners.add(listener);
    entry.every = Math.min(every, entry.stop ? entry.every : every);
    if (!entry.stop) this.start(entry);
    else if (seen && seen !== entry.standing) listener();
    return () => {
      entry.listeners.delete(listener);
      if (entry.listeners.size > 0) return;
      entry.stop?.();
      entry.stop = null;
      this.forgetOldest();
    };
  }

  /** Ask again now, whoever listens: what begins with `path` was changed. */
  refresh(path: string): void {
    for (const [key, entry] of this.entries) {
      if (!key.startsWith(path)) continue;
      if (entry.stop) entry.wake();
      else this.entries.delete(key);
    }
  }

  private start(entry: Entry): void {
    const update = (part: Partial<Standing>) => {
      entry.standing = { ...entry.standing, ...part };
      for (const listener of [...entry.listeners]) listener();
    };
    const loop = keepAsking(
      (signal) => askListed(this.client, entry.ask, signal),
      () => entry.every,
      () => update({ loading: true, slow: false }),
      () => update({ slow: true }),
      (reply) => update({ reply, error: null, loading: false, slow: false, fetchedAt: new Date() }),
      (error) => update({ error, loading: false, slow: false }),
    );
    entry.stop = loop.stop;
    entry.wake = loop.wake;
  }

  private forgetOldest(): void {
    for (const [key, entry] of this.entries) {
      if (this.entries.size <= KEPT) return;
      if (!entry.stop) this.entries.delete(key);
    }
  }
}

function newEntry(ask: Listed, every: number): Entry {
  return { standing: NOTHING, listeners: new Set(), ask, every, stop: null, wake: () => undefined };
}

/** The loop behind a question: again after a while, after a passing failure, and when the page is looked at again. */
function keepAsking(
  ask: (signal: AbortSignal) => Promise<Reply>,
  every: () => number,
  onStart: () => void,
  onSlow: () => void,
  onReply: (reply: Reply) => void,
  onError: (error: ApiProblem) => void,
): { stop: () => void; wake: () => void } {
  const controller = new AbortController();
  let timer = 0;
  let failures = 0;
  let busy = false;
  let again = false;
  const ended = () => controller.signal.aborted;

  const later = (ms: number) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (!document.hidden) void run(); // hidden: `onWake` asks when the page is looked at again
    }, ms);
  };
  const run = async () => {
    if (ended()) return;
    if (busy) {
      again = true; // what is under way may have been answered before the change
      return;
    }
    busy = true;
    clearTimeout(timer);
    onStart();
    const slow = window.setTimeout(onSlow, SLOW_MS);
    try {
      const reply = await ask(controller.signal);
      if (ended()) return;
      failures = 0;
      onReply(reply);
      if (Number.isFinite(every())) later(every());
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
      if (again && !ended()) {
        again = false;
        void run();
      }
    }
  };
  const onWake = () => {
    if (!document.hidden) later(0);
  };

  void run();
  addEventListener('online', onWake);
  document.addEventListener('visibilitychange', onWake);
  return {
    wake: () => void run(),
    stop: () => {
      controller.abort();
      clearTimeout(timer);
      removeEventListener('online', onWake);
      document.removeEventListener('visibilitychange', onWake);
    },
  };
}
