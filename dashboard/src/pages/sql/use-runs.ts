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
  readonly startedAt: number | null;
}

const IDLE: Standing = {
  busy: false,
  run: null,
  rows: null,
  estimate: null,
  problem: null,
  faults: [],
  startedAt: null,
};

export function useRuns() {
  const { client, store } = useApi();
  const [standing, setStanding] = useState<Standing>(IDLE);
  const going = useRef<AbortController | null>(null);
  useEffect(() => () => going.current?.abort(), []);

  const begin = useCallback(
    async (work: (signal: AbortSignal, update: (part: Partial<Standing>) => void) => Promise<void>) => {
      going.current?.abort();
      const controller = new AbortController();
      going.current = controller;
      const update = (part: Partial<Standing>) => {
        if (!controller.signal.aborted) setStanding((old) => ({ ...old, ...part }));
      };
      setStanding({ ...IDLE, busy: true, startedAt: Date.now() });
      try {
        await work(controller.signal, update);
      } catch (error) {
        const problem = error instanceof ApiProblem ? error : new ApiProblem(200, 'The page failed', String(error));
        update({ problem, faults: faultsOf(problem) });
      } finally {
        update({ busy: false });
        store.refresh('/v1/sql');
      }
    },
    [store],
  );
  const run = useCallback(
    (statement: Statement) => void begin((signal, update) => finish(client, statement, signal, update)),
    [begin, client],
  );
  const explain = useCallback(
    (statement: Statement) =>
      void begin(async (signal, update) => {
        const reply = await client.ask({ path: '/v1/sql/explain', body: statement }, signal);
        update({ estimate: parseEstimate(reply.json) });
      }),
    [begin, client],
  );
  const cancel = useCallback(async () => {
    const id = standing.run?.id;
    if (id) await client.change({ method: 'DELETE', path: `/v1/sql/${encodeURIComponent(id)}` });
  }, [client, standing.run]);
  return { standing, run, explain, cancel };
}

/** The API answers at once what is quick, and else a run that is looked at until it has ended. */
async function finish(
  client: Client,
  statement: Statement,
  signal: AbortSignal,
  update: (part: Partial<Standing>) => void,
): Promise<void> {
  const body = { ...statement, wait_s: 2 };
  const change = { method: 'POST', path: '/v1/sql', body, idempotencyKey: crypto.randomUUID() } as const;
  const first = await client.change(change, signal);
  if (first.status === 200) {
    update({ rows: parseRows(first.json) });
    return;
  }
  let run = parseRun(first.json);
  for (let pause = FIRST_LOOK_MS; isAtWork(run); pause = Math.min(LATEST_LOOK_MS, pause * 1.5)) {
    update({ run });
    await new Promise((resolve) => setTimeout(resolve, pause));
    run = parseRun((await client.ask({ path: `/v1/sql/${encodeURIComponent(run.id)}` }, signal)).json);
  }
  update({ run });
  if (run.state === 'done') {
    const path = `/v1/sql/${encodeURIComponent(run.id)}/rows`;
    update({ rows: parseRows((await client.ask({ path }, signal)).json) });
  } else if (run.error) update({ faults: [run.error] });
}

function faultsOf({ errors }: ApiProblem): Fault[] {
  return errors.filter(({ parameter }) => parameter === 'sql');
}
