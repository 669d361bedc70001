/** What one has run before: how each ended, and what it cost. */

import { useQuery } from '../../api/query.ts';
import { usePage } from '../../shell/page.ts';
import { relative } from '../../time/format.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { parseRuns } from './statement.ts';

export function History({ onOpen }: { readonly onOpen: (sql: string) => void }) {
  const { locale, now } = usePage();
  const answer = useQuery('/v1/sql?limit=20', parseRuns);
  return (
    <Panel title="What you ran before" busy={answer.loading}>
      <Loaded answer={answer}>
        {(runs) =>
          runs.length === 0 ? (
            <Empty title="Nothing yet">What you run is listed here, with what it cost.</Empty>
          ) : (
            <ListTable
              label="Earlier runs"
              rows={runs}
              rowKey={({ id }) => id}
              columns={[
                {
                  title: 'Statement',
                  cell: ({ sql }) => (
                    <button type="button" class="link sql-past" onClick={() => onOpen(sql)} title={sql}>
                      <code>{sql}</code>
                    </button>
                  ),
                },
                { title: 'Ended', cell: ({ state, error }) => error?.detail ?? state },
                { title: 'Cost', numeric: true, cell: ({ costUsd }) => `US$ ${costUsd}` },
                {
                  title: 'When',
                  // The page's clock moves on once in a while: what was just sent is not of the future.
                  cell: ({ submittedAt }) =>
                    submittedAt ? relative(submittedAt < now ? submittedAt : now, now, locale.language) : '',
                },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
