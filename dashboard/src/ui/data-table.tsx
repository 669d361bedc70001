/** The chart's numbers as a table: the newest bucket first, a column per metric and group, everything in full. */

import type { Table } from '../question/table.ts';
import { figure } from '../question/figure.ts';
import { bucketLong, type Locale, number } from '../time/format.ts';
import { useGrowing } from './growing.ts';

interface Props {
  readonly table: Table;
  readonly locale: Locale;
  readonly label: string;
  /** Look closer at a bucket: its name becomes a button. */
  readonly onBucket?: ((index: number) => void) | undefined;
}

/** More rows than this would make the page slow; a file has all. */
const FIRST_ROWS = 400;
/** Cells that are made in one go. */
const CELLS = 240;

export function DataTable({ table, locale, label, onBucket }: Props) {
  const { language } = locale;
  const { interval } = table.answer;
  const rows = table.buckets.map((bucket, index) => ({ bucket, index })).reverse();
  const compared = table.columns.some(({ before }) => before !== null);
  const wanted = Math.min(rows.length, FIRST_ROWS);
  const shown = useGrowing(wanted, Math.max(10, Math.ceil(CELLS / table.columns.length)));
  return (
    <section class="table-box" aria-label={label} tabIndex={0} aria-busy={shown < wanted}>
      <table>
        <thead>
          <tr>
            <th scope="col">Period</th>
            {table.columns.map((column) => (
              <th scope="col" key={column.key} title={column.name}>
                <bdi class="cut">{column.name}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr class="sum">
            <th scope="row">Whole range</th>
            {table.columns.map(({ key, total, metric }) => (
              <td key={key}>
                {figure(total.value, metric, language)}
                {compared && <span class="before"> {figure(total.before, metric, language)}</span>}
              </td>
            ))}
          </tr>
          {rows.slice(0, shown).map(({ bucket, index }) => (
            <tr key={bucket.start.getTime()} class={bucket.partial ? 'partial' : undefined}>
              <th scope="row">
                {onBucket ? (
                  <button type="button" class="link plain" title="Look closer" onClick={() => onBucket(index)}>
                    {bucketLong(bucket.start, bucket.end, interval, locale)}
                  </button>
                ) : (
                  bucketLong(bucket.start, bucket.end, interval, locale)
                )}
                {bucket.partial && <span class="tag">partial</span>}
              </th>
              {table.columns.map(({ key, values, before, metric }) => (
                <td key={key}>
                  {figure(values[index] ?? null, metric, language)}
                  {before && <span class="before"> {figure(before[index] ?? null, metric, language)}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > FIRST_ROWS && (
        <p class="note">
          The newest {number(FIRST_ROWS, language)} of {number(rows.length, language)} periods are listed. A shorter
          range or a longer interval shows all, and so does a download.
        </p>
      )}
    </section>
  );
}
