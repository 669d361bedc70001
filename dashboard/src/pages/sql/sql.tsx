/** SQL over the lake: write, see what it would cost, run, look, keep. */

import { useLocation, useRoute } from 'preact-iso';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import { bytes } from '../../question/units.ts';
import { maySql, usePage } from '../../shell/page.ts';
import { FormProblem } from '../../ui/form.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Editor } from './editor.tsx';
import { History } from './history.tsx';
import { Result } from './result.tsx';
import { SavedList } from './saved.tsx';
import { SaveBar } from './save-bar.tsx';
import { Schema } from './schema.tsx';
import { marksIn, parseCatalog, parseSaved, readValue, type Relation, type Saved, writeValue } from './statement.ts';
import { type Standing, useRuns } from './use-runs.ts';
import { Values } from './values.tsx';
import './sql.css';

const DRAFT = 'headwater.sql';
const START =
  'SELECT version, sum(downloads) AS downloads\nFROM v_downloads\nGROUP BY version\nORDER BY downloads DESC';
const NO_RELATIONS: readonly Relation[] = [];

export default function Sql() {
  const page = usePage();
  const { params } = useRoute();
  if (page.me && !maySql(page)) return <NotAllowed />;
  return (
    <main id="content" tabIndex={-1}>
      {params.id ? <SavedOne key={params.id} id={params.id} /> : <Desk saved={null} etag={null} />}
    </main>
  );
}

function NotAllowed() {
  return (
    <main id="content" tabIndex={-1}>
      <PageHead title="SQL" note="Ask the lake anything, in Trino’s SQL." />
      <Panel title="It needs a token that may run SQL">
        <p>
          Statements cost money by what they read, so they need a token of scope <code>sql</code>: ask whoever looks
          after Headwater. Numbers that are already added up are in <a href="/explore">Explore</a>.
        </p>
      </Panel>
    </main>
  );
}

function SavedOne({ id }: { readonly id: string }) {
  const answer = useQuery(`/v1/sql/saved/${encodeURIComponent(id)}`, parseSaved, Infinity);
  if (!answer.data) return <Panel title="Saved query">{answer.error ? answer.error.detail : 'Loading…'}</Panel>;
  return <Desk key={answer.data.id} saved={answer.data} etag={answer.etag} />;
}

interface DeskProps {
  readonly saved: Saved | null;
  readonly etag: string | null;
}

function Desk({ saved, etag }: DeskProps) {
  const { route } = useLocation();
  const [text, setText] = useState(() => saved?.sql ?? sessionStorage.getItem(DRAFT) ?? START);
  const [values, setValues] = useState<readonly string[]>(() => examplesOf(saved));
  const catalog = useQuery('/v1/catalog', parseCatalog, Infinity);
  const { standing, run, explain, cancel } = useRuns();
  const marks = marksIn(text);
  const names = useMemo(
    () => Array.from({ length: marks }, (_, at) => saved?.marks[at] ?? `Value ${at + 1}`),
    [marks, saved],
  );
  const statement = { sql: text, parameters: names.map((_, at) => readValue(values[at] ?? '')) };
  const go = useRef(() => run(statement));
  go.current = () => run(statement);
  useEffect(() => {
    if (!saved) sessionStorage.setItem(DRAFT, text);
  }, [saved, text]);
  const insert = (name: string) => setText((old) => `${old.replace(/\s+$/, '')} ${name}`);
  return (
    <>
      <PageHead
        title={saved?.name ?? 'SQL'}
        note={saved?.description ?? 'Ask the lake anything, in Trino’s SQL. Ctrl+Enter runs; Tab leaves the editor.'}
        actions={
          saved && (
            <button type="button" class="button" onClick={() => route('/sql')}>
              A new statement
            </button>
          )
        }
      />
      <div class="sql-desk">
        <div class="sql-work">
          <Panel title="Statement" busy={standing.busy}>
            <Editor
              label="SQL statement"
              value={text}
              onChange={setText}
              onRun={() => go.current()}
              relations={catalog.data ?? NO_RELATIONS}
              faults={standing.faults}
            />
            <Values names={names} hints={hintsOf(saved)} values={values} onChange={setValues} />
            <div class="buttons">
              <button type="button" class="button primary" disabled={standing.busy} onClick={() => run(statement)}>
                Run
              </button>
              <button type="button" class="button" disabled={standing.busy} onClick={() => explain(statement)}>
                What would it read?
              </button>
              {standing.busy && standing.run && (
                <button type="button" class="button danger" onClick={() => void cancel()}>
                  Cancel
                </button>
              )}
              <SaveBar saved={saved} etag={etag} sql={text} values={values} names={names} />
            </div>
            <Progress standing={standing} />
          </Panel>
          {standing.rows && <Result key={standing.rows.run} first={standing.rows} />}
          <History onOpen={setText} />
        </div>
        <div class="sql-side">
          <SavedList current={saved?.id ?? null} />
          <Schema answer={catalog} onInsert={insert} />
        </div>
      </div>
    </>
  );
}

function examplesOf(saved: Saved | null): string[] {
  return (saved?.marks ?? []).map((mark) => {
    const example = saved?.parameters.find(({ name }) => name === mark)?.example;
    return example === undefined ? '' : writeValue(example);
  });
}

function hintsOf(saved: Saved | null): string[] {
  return (saved?.marks ?? []).map((mark) => saved?.parameters.find(({ name }) => name === mark)?.description ?? '');
}

/** What is going on, what is wrong, or what it would cost. */
function Progress({ standing }: { readonly standing: Standing }) {
  const { locale } = usePage();
  const { problem, faults, run, estimate, busy } = standing;
  return (
    <div role="status">
      {busy && (
        <>
          <progress class="busy-line" aria-label="The statement is running" />
          <p class="muted">
            {run?.state === 'running' ? `Running: ${bytes(run.scannedBytes, locale.language)} read so far.` : 'Asking…'}
          </p>
        </>
      )}
      {run?.state === 'cancelled' && <p>It was cancelled. What it had read is billed.</p>}
      {faults.map(({ detail, line }) => (
        <p class="field-problem" key={detail}>
          {line && !detail.startsWith('line') ? `Line ${line}: ` : ''}
          {detail}
        </p>
      ))}
      {problem && faults.length === 0 && <FormProblem problem={problem} />}
      {estimate && (
        <div class="sql-estimate">
          <p>
            It would read at most <strong>{bytes(estimate.maxBytes, locale.language)}</strong>, for US${' '}
            <strong>{estimate.maxCostUsd}</strong>.
          </p>
          <ul>
            {estimate.tables.map(({ name, partitions, bytes: size }) => (
              <li key={name}>
                <code>{name}</code>: {partitions} partitions, {bytes(size, locale.language)}
              </li>
            ))}
          </ul>
          <details>
            <summary>How the engine goes about it</summary>
            <pre class="letter" tabIndex={0}>
              {estimate.plan}
            </pre>
          </details>
        </div>
      )}
    </div>
  );
}
