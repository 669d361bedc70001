/** What one has run before: how each ended, what it cost, and its rows again for nothing. */

import { useState } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import { bytes } from '../../question/units.ts';
import { usePage } from '../../shell/page.ts';
import { ago, number } from '../../time/format.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { parseRuns, type Run } from './statement.ts';

const FIRST = 6;
/** Of a statement: what two lines hold. All of it comes into the editor. */
const MOST_LETTERS = 240;
const ENDED: Record<string, { readonly word: string; readonly tone: string }> = {
  done: { word: 'Done', tone: 'good' },
  failed: { word: 'Failed', tone: 'bad' },
  cancelled: { word: 'Cancelled', tone: 'idle' },
  queued: { word: 'Waits', tone: 'warn' },
  running: { word: 'Runs', tone: 'warn' },
};

interface Props {
  readonly current: string | null;
  readonly onOpen: (run: Run) => void;
}

export function History({ current, onOpen }: Props) {
  const answer = useQuery('/v1/sql?limit=20', parseRuns);
  const [all, setAll] = useState(false);
  return (
    <Panel
      title="What you ran before"
      note="Choose one to have its statement and its rows again; they are kept for a week, and cost nothing more."
      busy={answer.loading}
      class="sql-history"
    >
      <Loaded answer={answer}>
        {(runs) =>
          runs.length === 0 ? (
            <Empty title="Nothing yet">What you run is listed here, with what it cost.</Empty>
          ) : (
            <>
              <Runs runs={all ? runs : runs.slice(0, FIRST)} current={current} onOpen={onOpen} />
              {!all && runs.length > FIRST && (
                <button type="button" class="link" onClick={() => setAll(true)}>
                  {`The ${runs.length - FIRST} before them`}
                </button>
              )}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

/** What was read, and how long it took: `67.9 kB, 108 ms`. */
function readWords({ scannedBytes, engineMs }: Run, language: string): string {
  return `${bytes(scannedBytes, language)}${engineMs === null ? '' : `, ${number(engineMs, language)} ms`}`;
}

function Runs({ runs, current, onOpen }: Props & { readonly runs: readonly Run[] }) {
  const { locale, now } = usePage();
  return (
    <ListTable
      label="Earlier runs"
      rows={runs}
      rowKey={({ id }) => id}
      columns={[
        {
          title: 'Statement',
          cell: (run) => (
            <>
              <button
                type="button"
                class="link sql-past"
                aria-current={run.id === current ? 'true' : undefined}
                onClick={() => onOpen(run)}
              >
                <code>{run.sql.slice(0, MOST_LETTERS)}</code>
              </button>
              {run.error && <span class="form-hint">{run.error.detail}</span>}
            </>
          ),
        },
        {
          title: 'Ended',
          cell: ({ state }) => {
            const { word, tone } = ENDED[state] ?? { word: state, tone: 'idle' };
            return <span class={`badge ${tone}`}>{word}</span>;
          },
        },
        {
          title: 'Cost',
          numeric: true,
          cell: (run) => (
            <>
              US$ {run.costUsd}
              <span class="form-hint">{readWords(run, locale.language)}</span>
            </>
          ),
        },
        {
          title: 'When',
          short: true,
          cell: ({ submittedAt }) => submittedAt && ago(submittedAt, now, locale.language),
        },
      ]}
    />
  );
}
