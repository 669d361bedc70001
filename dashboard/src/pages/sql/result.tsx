/** The rows of a run: as a table, as a chart, as files; what was read for them and what it cost. */

import { useMemo, useState } from 'preact/hooks';
import type { Client } from '../../api/client.ts';
import type { Json } from '../../api/json.ts';
import { useAction } from '../../api/query.ts';
import { object, text } from '../../api/json.ts';
import { bytes } from '../../question/units.ts';
import { usePage } from '../../shell/page.ts';
import { number } from '../../time/format.ts';
import { FormProblem } from '../../ui/form.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SortHead } from '../../ui/sort-head.tsx';
import { Empty } from '../../ui/states.tsx';
import { cellWords, formatter, isNumeric, rowsAtOnce } from './cells.ts';
import { chartable } from './rows-chart.ts';
import { RowsChart } from './rows-chart-view.tsx';
import { nextOrder, type RowOrder, rowsInOrder } from './rows-order.ts';
import { type Column, parseRows, type Rows } from './statement.ts';

const FILES = ['csv', 'xlsx', 'parquet'] as const;

export function Result({ first }: { readonly first: Rows }) {
  const { locale } = usePage();
  const [pages, setPages] = useState<readonly Rows[]>([first]);
  const [as, setAs] = useState<'table' | 'chart'>('table');
  const last = pages.at(-1) ?? first;
  const rows = useMemo(() => pages.flatMap((page) => page.rows), [pages]);
  const more = useAction(async (client) => {
    const path = `/v1/sql/${encodeURIComponent(first.run)}/rows?cursor=${encodeURIComponent(last.next ?? '')}`;
    const reply = await client.ask({ path, exact: true }, new AbortController().signal);
    const next = parseRows(reply.json);
    setPages((old) => [...old, next]);
  });
  const step = rowsAtOnce(first.columns.length);
  const [listed, setListed] = useState(step);
  const further = async () => {
    if (listed < rows.length || (await more.run())) setListed(listed + step);
  };
  const [order, setOrder] = useState<RowOrder | null>(null);
  const ordered = useMemo(() => rowsInOrder(rows, order), [rows, order]);
  const drawn = useMemo(() => chartable(first.columns, rows), [first, rows]);
  return (
    <Panel
      title="Result"
      note={`${number(rows.length, locale.language)}${last.next ? ' rows so far' : rows.length === 1 ? ' row' : ' rows'}; ${bytes(first.scannedBytes, locale.language)} read, US$ ${first.costUsd}, ${number(first.engineMs, locale.language)} ms`}
      tools={
        <>
          {drawn && (
            <Segmented
              label="Show the result as"
              options={[
                { value: 'table', label: 'Table' },
                { value: 'chart', label: 'Chart' },
              ]}
              value={as}
              onChange={setAs}
            />
          )}
          <Files run={first.run} />
        </>
      }
    >
      {first.warnings.map((warning) => (
        <p class="note" key={warning}>
          {warning}
        </p>
      ))}
      {rows.length === 0 ? (
        <Empty title="No rows">The statement was answered, and nothing fits it.</Empty>
      ) : as === 'chart' && drawn ? (
        <RowsChart drawn={drawn} rows={ordered} />
      ) : (
        <RowsTable columns={first.columns} rows={ordered.slice(0, listed)} order={order} onOrder={setOrder} />
      )}
      <FormProblem problem={more.problem} />
      {(last.next !== null || (as === 'table' && listed < rows.length)) && (
        <div class="buttons">
          <button type="button" class="button" disabled={more.busy} onClick={() => void further()}>
            More rows
          </button>
          {as === 'table' && listed < rows.length && (
            <span class="muted">{`${number(listed, locale.language)} of them are listed; a file has all.`}</span>
          )}
          {as === 'table' && order && last.next !== null && (
            <span class="muted">The order is that of the rows so far, not of all that there are.</span>
          )}
        </div>
      )}
    </Panel>
  );
}

interface TableProps {
  readonly columns: readonly Column[];
  readonly rows: readonly Json[];
  readonly order: RowOrder | null;
  readonly onOrder: (order: RowOrder | null) => void;
}

function RowsTable({ columns, rows, order, onOrder }: TableProps) {
  const { locale } = usePage();
  const shown = useMemo(
    () =>
      columns.map(({ name, type }) => ({
        name,
        look: isNumeric(type) ? 'numeric' : undefined,
        format: formatter(type, locale.language),
      })),
    [columns, locale.language],
  );
  return (
    <section class="table-box" aria-label="Rows" tabIndex={0}>
      <table class="sql-rows">
        <thead>
          <tr>
            {columns.map((column, at) => (
              <SortHead
                key={column.name}
                class={shown[at]?.look}
                order={order?.by.name === column.name ? (order.down ? 'down' : 'up') : null}
                onOrder={() => onOrder(nextOrder(order, column))}
              >
                <bdi>{column.name}</bdi> <span class="form-hint">{column.type}</span>
              </SortHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {shown.map(({ name, look, format }) => (
                <td key={name} class={look}>
                  <Cell words={cellWords(row[name], format)} numeric={look !== undefined} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What is missing is said, and is not an empty text. */
function Cell({ words, numeric }: { readonly words: string | null; readonly numeric: boolean }) {
  if (words === null) return <span class="muted">null</span>;
  if (numeric) return <>{words}</>;
  return (
    <bdi class="cut" title={words}>
      {words}
    </bdi>
  );
}

function Files({ run }: { readonly run: string }) {
  const making = useAction(async (client: Client, format: string) => {
    const path = `/v1/sql/${encodeURIComponent(run)}/file?format=${format}&redirect=false`;
    const reply = await client.ask({ path }, new AbortController().signal);
    location.assign(text(object(reply.json).link));
  });
  return (
    <>
      {FILES.map((format) => (
        <button
          key={format}
          type="button"
          class="button"
          disabled={making.busy}
          onClick={() => void making.run(format)}
        >
          {format.toUpperCase()}
        </button>
      ))}
      <FormProblem problem={making.problem} />
    </>
  );
}
