/** The chart's numbers as a table: the newest bucket first, a column per group, everything in full. */

import type { Pivot } from '../charts/table.ts';
import { totals } from '../charts/table.ts';
import { bucketLong, type Locale, number } from '../time/format.ts';
import type { Interval } from '../time/range.ts';

interface Props {
  readonly table: Pivot;
  readonly interval: Interval;
  readonly locale: Locale;
  readonly label: string;
  /** Add a column with the sum: for what adds up. */
  readonly withTotal: boolean;
}

/** More rows than this would make the page slow; the rest is one click away. */
const FIRST_ROWS = 400;

export function DataTable({ table, interval, locale, label, withTotal }: Props) {
  const sums = withTotal ? totals(table) : null;
  const rows = table.buckets.map((bucket, index) => ({ bucket, index })).reverse();
  const cell = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : number(value, locale.language);
  return (
    <section class="table-box" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Period</th>
            {sums && <th scope="col">Total</th>}
            {table.columns.map((column) => (
              <th scope="col" key={column.name} title={column.name}>
                <bdi class="cut">{column.name}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, FIRST_ROWS).map(({ bucket, index }) => (
            <tr key={bucket.start.getTime()} class={bucket.partial ? 'partial' : undefined}>
              <th scope="row">
                {bucketLong(bucket.start, bucket.end, interval, locale)}
                {bucket.partial && <span class="tag">partial</span>}
              </th>
              {sums && <td>{cell(sums[index])}</td>}
              {table.columns.map((column) => (
                <td key={column.name}>{cell(column.values[index])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > FIRST_ROWS && (
        <p class="note">
          The newest {number(FIRST_ROWS, locale.language)} of {number(rows.length, locale.language)} periods are listed.
          A shorter range or a longer interval shows all.
        </p>
      )}
    </section>
  );
}
