/** A chart with its legend: columns can be switched off, and it is said in a sentence to who does not see it. */

import { useMemo, useState } from 'preact/hooks';
import { figure } from '../question/figure.ts';
import type { Table } from '../question/table.ts';
import { usePage } from '../shell/page.ts';
import { type Locale, span } from '../time/format.ts';
import { useMedia } from '../ui/browser.ts';
import { Legend } from '../ui/legend.tsx';
import { Chart } from './chart.tsx';
import type { ChartKind, Mark, Threshold } from './input.ts';
import { chartOption } from './options.ts';

interface Props {
  readonly title: string;
  readonly kind: ChartKind;
  readonly table: Table;
  readonly locale: Locale;
  readonly marks?: readonly Mark[];
  readonly thresholds?: readonly Threshold[];
  readonly target?: number | null;
  /** Somebody clicked on a bucket, or dragged over some. */
  readonly onPick?: ((first: number, last: number) => void) | undefined;
}

const NO_MARKS: readonly Mark[] = [];
const NO_THRESHOLDS: readonly Threshold[] = [];

export function ChartPanel(props: Props) {
  const { title, kind, table, locale, marks = NO_MARKS, thresholds = NO_THRESHOLDS, target = null, onPick } = props;
  const { theme } = usePage();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const calm = useMedia('(prefers-reduced-motion: reduce)');
  const narrow = useMedia('(max-width: 600px)');
  const option = useMemo(() => {
    const animate = !calm && table.buckets.length < 400;
    return chartOption({ kind, table, locale, theme, hidden, marks, thresholds, target, narrow, animate });
  }, [kind, table, locale, theme, hidden, marks, thresholds, target, narrow, calm]);
  const toggle = (key: string) =>
    setHidden((old) => {
      const next = new Set(old);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  return (
    <>
      <Chart option={option} label={describe(title, table, locale)} onPick={onPick} />
      {table.columns.length > 1 && (
        <Legend
          columns={table.columns}
          hidden={hidden}
          onToggle={toggle}
          theme={theme}
          language={locale.language}
          label={`${title}: switch parts off and on`}
        />
      )}
    </>
  );
}

/** The chart in one sentence, for those who do not see it; the table has every number. */
function describe(title: string, table: Table, locale: Locale): string {
  const parts = table.columns
    .slice(0, 4)
    .map(({ name, total, metric }) => `${name} ${figure(total.value, metric, locale.language)}`);
  const { from, to } = table.answer;
  return `Chart: ${title}, ${span(from, to, locale)}. ${parts.join(', ')}. As a table it has every number.`;
}
