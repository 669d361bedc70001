/** SQL over the lake: write, see what it would cost, run, look, keep. */

import { useRoute } from 'preact-iso';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Reply } from '../../api/client.ts';
import { useQuery } from '../../api/query.ts';
import { useStanding } from '../../api/standing.ts';
import { bytes } from '../../question/units.ts';
import { maySql, usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { Allowed } from '../../ui/allowed.tsx';
import { FormProblem } from '../../ui/form.tsx';
import { LoadedPage } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useUnsaved } from '../../ui/unsaved.ts';
import { Editor, type EditorHandle } from './editor.tsx';
import { History } from './history.tsx';
import { Result } from './result.tsx';
import { SavedList } from './saved.tsx';
import { SaveBar } from './save-bar.tsx';
import { Schema } from './schema.tsx';
import {
  marksIn,
  parseCatalog,
  parseSaved,
  readValue,
  type Relation,
  type Run,
  type Saved,
  writeValue,
} from './statement.ts';
import { type Standing, useRuns } from './use-runs.ts';
import { Values } from './values.tsx';
import './sql.css';

const DRAFT = 'headwater.sql';
const START =
  'SELECT version, sum(downloads) AS downloads\nFROM v_downloads\nGROUP BY version\nORDER BY downloads DESC';
const NO_RELATIONS: readonly Relation[] = [];

export default function Sql() {
  const { params } = useRoute();
  return (
    <main id="content" tabIndex={-1}>
      <Allowed may={maySql} otherwise={<NotAllowed />} head={<PageHead title="SQL" />}>
        {params.id ? (
          <SavedOne key={params.id} id={params.id} />
        ) : (
          <Desk saved={null} etag={null} onNewest={() => undefined} />
        )}
      </Allowed>
    </main>
  );
}

function NotAllowed() {
  return (
    <>
      <PageHead title="SQL" note="Ask the lake anything, in Trino’s SQL." />
      <Panel title="It needs a token that may run SQL">
        <p>
          Statements cost money by what they read, so they need a token of scope <code>sql</code>: ask whoever looks
          after Headwater. Numbers that are already added up are in <a href="/explore">Explore</a>.
        </p>
      </Panel>
    </>
  );
}

function SavedOne({ id }: { readonly id: string }) {
  const answer = useStanding(`/v1/sql/saved/${encodeURIComponent(id)}`, parseSaved);
  return (
    <LoadedPage answer={answer} title="Saved query" back={{ href: '/sql', label: 'SQL' }}>
      {(saved) => <Desk saved={saved} etag={answer.etag} onNewest={answer.take} />}
    </LoadedPage>
  );
}

interface DeskProps {
  readonly saved: Saved | null;
  readonly etag: string | null;
  readonly onNewest: (newest: Reply) => void;
}

function Desk({ saved, etag, onNewest }: DeskProps) {
  const [text, setText] = useState(() => saved?.sql ?? sessionStorage.getItem(DRAFT) ?? START);
  const [values, setValues] = useState<readonly string[]>(() => examplesOf(saved));
  const catalog = useQuery('/v1/catalog', parseCatalog, Infinity);
  const desk = useDeskRuns(setText, !saved && sessionStorage.getItem(DRAFT) === null);
  const { standing, run, explain, cancel } = desk;
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
  const editor = useRef<EditorHandle>(null);
  // A statement that nobody has saved yet is kept by the tab.
  useUnsaved(saved !== null && text !== saved.sql);
  const begin = (newest: Reply) => {
    const read = parseSaved(newest.json);
    onNewest(newest);
    setText(read.sql);
    setValues(examplesOf(read));
  };
  return (
    <>
      <PageHead
        title={saved?.name ?? 'SQL'}
        back={saved ? { href: '/sql', label: 'A new statement' } : undefined}
        note={saved?.description ?? 'Ask the lake anything, in Trino’s SQL. Ctrl+Enter runs; Tab leaves the editor.'}
      />
      <div class="sql-desk">
        <div class="sql-work">
          <Panel title="Statement" busy={standing.busy}>
            <Editor
              label="SQL statement"
              value={text}
              onChange={setText}
              onRun={() => go.current()}
              handle={editor}
              relations={catalog.data ?? NO_RELATIONS}
              faults={standing.faults}
            />
            <Values
              names={names}
              hints={hintsOf(saved)}
              values={values}
              problem={standing.problem}
              onChange={setValues}
            />
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
              <SaveBar saved={saved} etag={etag} onNewest={begin} sql={text} values={values} names={names} />
            </div>
            <Progress standing={standing} />
          </Panel>
          {standing.rows && <Result key={standing.rows.run} first={standing.rows} />}
          <History current={desk.asked} onOpen={desk.reopen} />
        </div>
        <div class="sql-side">
          <SavedList current={saved?.id ?? null} />
          <Schema answer={catalog} onInsert={(name, event) => editor.current?.insert(name, event.detail > 0)} />
        </div>
      </div>
    </>
  );
}

/** The address says whose rows are shown: after a reload, or for who comes back, they are there without being paid again.
 * `fills`: the statement of the address's run is put into the editor, where nothing was begun in this tab. */
function useDeskRuns(setText: (sql: string) => void, fills: boolean) {
  const [query, set] = useParameters();
  const asked = query.get('run');
  const shown = useRef<string | null>(null);
  const runs = useRuns((id) => {
    shown.current = id;
    set({ run: id }, true);
  });
  const { open, standing } = runs;
  const filling = useRef(fills);
  useEffect(() => {
    if (!asked || asked === shown.current) return;
    shown.current = asked;
    open(asked);
  }, [asked, open]);
  useEffect(() => {
    if (!filling.current || !standing.run) return;
    filling.current = false;
    if (standing.run.id === asked) setText(standing.run.sql);
  }, [asked, standing.run, setText]);
  const reopen = ({ id, sql }: Run) => {
    setText(sql);
    set({ run: id });
  };
  return { ...runs, asked, reopen };
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
      {problem && faults.length === 0 && <FormProblem problem={problem} shown={['parameters']} />}
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
