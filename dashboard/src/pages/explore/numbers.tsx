/** Every number of the chart: by period, and by group with what each comes to. */

import { useState } from 'preact/hooks';
import { toNumber } from '../../question/answer.ts';
import { figure } from '../../question/figure.ts';
import type { Column, Table } from '../../question/table.ts';
import type { Locale } from '../../time/format.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SortHead } from '../../ui/sort-head.tsx';
import { ChangeWords } from '../../widgets/tile.tsx';
import { type Order, sortColumns } from './order.ts';

interface Props {
  readonly table: Table;
  readonly locale: Locale;
  readonly onBucket: ((index: number) => void) | undefined;
}

export function Numbers({ table, locale, onBucket }: Props) {
  const [by, setBy] = useState<'period' | 'group'>('period');
  const [order, setOrder] = useState<Order>({ by: 'given', down: true });
  const columns = sortColumns(table.columns, order);
  const grouped = table.columns.length > 1;
  return (
    <Panel
      title="All numbers"
      note={onBucket && by === 'period' ? 'Choose a period to look closer at it.' : undefined}
      tools={
        grouped && (
          <Segmented
            label="The numbers by"
            options={[
              { value: 'period', label: 'By period' },
              { value: 'group', label: 'By group' },
            ]}
            value={by}
            onChange={setBy}
          />
        )
      }
    >
      {by === 'group' && grouped ? (
        <Groups columns={columns} locale={locale} order={order} onOrder={setOrder} />
      ) : (
        <DataTable table={{ ...table, columns }} locale={locale} label="Numbers of every period" onBucket={onBucket} />
      )}
    </Panel>
  );
}

interface GroupsProps {
  readonly columns: readonly Column[];
  readonly locale: Locale;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
}

const HEADS: readonly { readonly by: Order['by']; readonly title: string }[] = [
  { by: 'name', title: 'Group' },
  { by: 'total', title: 'Whole range' },
  { by: 'before', title: 'Before' },
  { by: 'change', title: 'Change' },
];

function Groups({ columns, locale, order, onOrder }: GroupsProps) {
  const compared = columns.some(({ before }) => before !== null);
  const heads = compared ? HEADS : HEADS.slice(0, 2);
  const { language } = locale;
  return (
    <section class="table-box" aria-label="Groups over the whole range" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {heads.map(({ by, title }) => {
              const here = order.by === by;
              return (
                <SortHead
                  key={by}
                  order={here ? (order.down ? 'down' : 'up') : null}
                  onOrder={() => onOrder({ by, down: here ? !order.down : by !== 'name' })}
                >
                  {title}
                </SortHead>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.key} data-value={toNumber(column.total.value)}>
              <th scope="row" title={column.name}>
                <bdi class="cut explore-name">{column.name}</bdi>
              </th>
              <td>{figure(column.total.value, column.metric, language)}</td>
              {compared && <td>{figure(column.total.before, column.metric, language)}</td>}
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
