/** A table of things: rules, tokens, messages. On a phone each row becomes a block whose cells name their column. */

import type { ComponentChildren } from 'preact';

export interface ListColumn<T> {
  readonly title: string;
  readonly cell: (row: T) => ComponentChildren;
  /** Numbers stand right. */
  readonly numeric?: boolean;
  /** Short words, as of a time, that stay in one line. */
  readonly short?: boolean;
}

interface Props<T> {
  readonly label: string;
  readonly rows: readonly T[];
  readonly columns: readonly ListColumn<T>[];
  readonly rowKey: (row: T) => string;
}

type Look = Pick<ListColumn<never>, 'numeric' | 'short'>;

const lookOf = ({ numeric, short }: Look) => (numeric ? 'numeric' : short ? 'short' : undefined);

/** What a cell says where there is nothing to say; on a phone it is left out. */
export const NONE = '–';

function Cell<T>({ column, row }: { readonly column: ListColumn<T>; readonly row: T }) {
  const { title, cell, ...look } = column;
  const said = cell(row);
  return (
    <td data-title={title} class={said === NONE ? 'none' : lookOf(look)}>
      {said}
    </td>
  );
}

export function ListTable<T>({ label, rows, columns, rowKey }: Props<T>) {
  return (
    <section class="table-box" aria-label={label} tabIndex={0}>
      <table class="list-table">
        <thead>
          <tr>
            {columns.map(({ title, ...look }) => (
              <th scope="col" key={title} class={lookOf(look)}>
                {title || <span class="hidden">What can be done</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} data-key={rowKey(row)}>
              {columns.map((column) => (
                <Cell key={column.title} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
