/** What was made of a report, newest first; what is at work is looked at until it has ended. */

import type { Client } from '../../api/client.ts';
import { useAction, useQuery } from '../../api/query.ts';
import { bytes } from '../../question/units.ts';
import { usePage } from '../../shell/page.ts';
import { instant } from '../../time/format.ts';
import { FormProblem } from '../../ui/form.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { isAtWork, parseRun, parseRuns, type ReportRun } from './report.ts';

const WORK_MS = 2_500;

export function Runs({ path }: { readonly path: string }) {
  const { locale, now } = usePage();
  const answer = useQuery(`${path}/runs`, parseRuns, WORK_MS);
  const opening = useAction(async (client: Client, run: ReportRun) => {
    // Links are good for 15 minutes: each is made when it is needed.
    const at = `${path}/runs/${encodeURIComponent(run.id)}`;
    const { link } = parseRun((await client.ask({ path: at }, new AbortController().signal)).json);
    if (link) location.assign(link);
  });
  return (
    <Panel title="What was made" busy={answer.loading && answer.data === null}>
      <FormProblem problem={opening.problem} />
      <Loaded answer={answer}>
        {(runs) =>
          runs.length === 0 ? (
            <Empty title="Nothing yet">It is made when it is due, or when somebody asks.</Empty>
          ) : (
            <ListTable
              label="What was made of the report"
              rows={runs}
              rowKey={({ id }) => id}
              columns={[
                { title: 'When', short: true, cell: ({ dueAt }) => (dueAt ? instant(dueAt, locale, now) : '') },
                { title: 'Period', cell: ({ period }) => period || '–' },
                { title: 'Asked by', cell: ({ askedBy }) => askedBy ?? 'its schedule' },
                { title: 'State', cell: (run) => <Standing run={run} /> },
                {
                  title: 'File',
                  cell: (run) =>
                    run.state === 'done' && (
                      <button type="button" class="link" disabled={opening.busy} onClick={() => void opening.run(run)}>
                        {run.filename}
                        {run.sizeBytes !== null && `, ${bytes(run.sizeBytes, locale.language)}`}
                      </button>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

function Standing({ run }: { readonly run: ReportRun }) {
  if (isAtWork(run)) return <progress aria-label="It is being made" />;
  if (run.state === 'failed') return <span class="field-problem">{run.error ?? 'It failed.'}</span>;
  if (run.problems.length === 0) return <span class="badge good">Made</span>;
  return (
    <>
      <span class="badge warn">Made, but not all of it</span>
      <ul class="form-hint">
        {run.problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </>
  );
}
