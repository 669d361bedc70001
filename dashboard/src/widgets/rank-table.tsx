/** A list of the most: a row for each group, its value over the whole range, and what it was before. */

import { barOf } from '../question/ranking.ts';
import { figure } from '../question/figure.ts';
import type { Column } from '../question/table.ts';
import type { Locale } from '../time/format.ts';
import { ChangeWords } from './tile.tsx';

interface Props {
  readonly columns: readonly Column[];
  /** What they are groups of, as the API names it: `utm_campaign`. */
  readonly dimensions: readonly string[];
  readonly locale: Locale;
  readonly label: string;
}

export function RankTable({ columns, dimensions, locale, label }: Props) {
  const { language } = locale;
  const compared = columns.some(({ before }) => before !== null);
  const [first] = columns;
  return (
    <section class="table-box ranking" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{dimensions.map(dimensionName).join(', ')}</th>
            <th scope="col">{first?.metric.title}</th>
            {compared && (
              <th scope="col" class="rank-before">
                Before
              </th>
            )}
            {compared && <th scope="col">Change</th>}
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.key} data-group={column.name}>
              <th scope="row" title={column.name}>
                <bdi class="cut">{column.name}</bdi>
                <svg class="rank-bar" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">
                  <rect width={barOf(column, columns)} height="3" />
                </svg>
              </th>
              <td class="rank-value">{figure(column.total.value, column.metric, language)}</td>
              {compared && <td class="rank-before">{figure(column.total.before, column.metric, language)}</td>}
              {compared && (
                <td>
                  {column.total.change === null ? (
                    <span class="muted">–</span>
                  ) : (
                    <ChangeWords figures={column.total} column={column} language={language} />
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** `lead_source` as people say it: `Lead source`. */
function dimensionName(name: string): string {
  const words = name.replaceAll('_', ' ').replace(/^utm /, 'UTM ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
