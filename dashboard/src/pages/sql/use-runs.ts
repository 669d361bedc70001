/** Running a statement: what it would read first, then the run until it has ended, and its end before that. */

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem, type Client } from '../../api/client.ts';
import { useApi } from '../../api/query.ts';
import {
  type Estimate,
  type Fault,
  isAtWork,
  parseEstimate,
  parseRows,
  parseRun,
  type Rows,
  type Run,
} from './statement.ts';

const FIRST_LOOK_MS = 500;
const LATEST_LOOK_MS = 3_000;

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export interface Standing {
  readonly busy: boolean;
  readonly run: Run | null;
  readonly rows: Rows | null;
  readonly estimate: Estimate | null;
  readonly problem: ApiProblem | null;
  readonly faults: readonly Fault[];
}

type Update = (part: Partial<Standing>) => void;
type Work = (signal: AbortSignal, update: Update) => Promise<void>;

const IDLE: Standing = {
  busy: false,
  run: null,
  rows: null,
  estimate: null,
  problem: null,
  faults: [],
};

/** `onRun` is told which run is looked at, as soon as it has a name; none is while another begins. */
export function useRuns(onRun: (id: string | null) => void) {
  const { client, store } = useApi();
  const [standing, setStanding] = useState<Standing>(IDLE);
  const going = useRef<AbortController | null>(null);
  const tell = useRef(onRun);
  tell.current = onRun;
  useEffect(() => () => going.current?.abort(), []);

  const begin = useCallback(
    async (work: Work, kept: Partial<Standing> = {}) => {
      going.current?.abort();
      const controller = new AbortController();
      going.current = controller;
      const update: Update = (part) => {
        if (!controller.signal.aborted) setStanding((old) => ({ ...old, ...part }));
      };
      setStanding({ ...IDLE, ...kept, busy: true });
      try {
        await work(controller.signal, update);
      } catch (error) {
        const problem = error instanceof ApiProblem ? error : new ApiProblem(200, 'The page failed', String(error));
        update({ problem, faults: faultsOf(problem) });
      } finally {
        update({ busy: false });
        if (going.current === controller) going.current = null;
        store.refresh('/v1/sql');
      }
    },
    [store],
  );
  // Two presses of the keys that run are one run: each costs money.
  const run = useCallback(
    (statement: Statement) => {
      if (going.current) return;
      tell.current(null);
      void begin((signal, update) => start(client, statement, signal, update, tell.current));
    },
    [begin, client],
  );
  const open = useCallback(
    (id: string) => void begin((signal, update) => look(client, id, signal, update)),
    [begin, client],
  );
  const explain = useCallback(
    (statement: Statement) => {
      const work: Work = async (signal, update) => {
        const reply = await client.ask({ path: '/v1/sql/explain', body: statement }, signal);
        update({ estimate: parseEstimate(reply.json) });
      };
      if (!going.current) void begin(work, { rows: standing.rows });
    },
    [begin, client, standing.rows],
  );
  const cancel = useCallback(async () => {
    const id = standing.run?.id;
    if (!id) return;
    try {
      await client.change({ method: 'DELETE', path: pathOf(id) });
    } catch (error) {
      if (error instanceof ApiProblem) setStanding((old) => ({ ...old, problem: error }));
    }
  }, [client, standing.run]);
  return { standing, run, open, explain, cancel };
}

const pathOf = (id: string) => `/v1/sql/${encodeURIComponent(id)}`;

/** The API answers at once what is quick, and else a run that is looked at until it has ended. */
async function start(
  client: Client,
  statement: Statement,
  signal: AbortSignal,
  update: Update,
  onRun: (id: string | null) => void,
): Promise<void> {
  const body = { ...statement, wait_s: 2 };
  const change = { method: 'POST', path: '/v1/sql', body, idempotencyKey: crypto.randomUUID(), exact: true } as const;
  const first = await client.change(change, signal);
  if (first.status === 200) {
    const rows = parseRows(first.json);
    update({ rows });
    onRun(rows.run);
    return;
  }
  const run = parseRun(first.json);
  onRun(run.id);
  await follow(client, run, signal, update);
}

/** A run of before: its rows are kept, and reading them again costs nothing. */
async function look(client: Client, id: string, signal: AbortSignal, update: Update): Promise<void> {
  await follow(client, parseRun((await client.ask({ path: pathOf(id) }, signal)).json), signal, update);
}

async function follow(client: Client, given: Run, signal: AbortSignal, update: Update): Promise<void> {
  let run = given;
  for (let pause = FIRST_LOOK_MS; isAtWork(run); pause = Math.min(LATEST_LOOK_MS, pause * 1.5)) {
    update({ run });
    await new Promise((resolve) => setTimeout(resolve, pause));
    run = parseRun((await client.ask({ path: pathOf(run.id) }, signal)).json);
  }
  update({ run });
  if (run.state === 'done') {
    const ask = { path: `${pathOf(run.id)}/rows`, exact: true };
    update({ rows: parseRows((await client.ask(ask, signal)).json) });
  } else if (run.error) update({ faults: [run.error] });
}

function faultsOf({ errors }: ApiProblem): Fault[] {
  return errors.filter(({ parameter }) => parameter === 'sql');
}
