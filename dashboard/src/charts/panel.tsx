/** A chart with its legend: columns can be switched off, and it is said in a sentence to who does not see it. */

import type { RefObject } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { isDated } from '../question/answer.ts';
import { comparedName } from '../question/compared.ts';
import { figure } from '../question/figure.ts';
import type { Table } from '../question/table.ts';
import { usePage } from '../shell/page.ts';
import { type Locale, span } from '../time/format.ts';
import { useMedia } from '../ui/browser.ts';
import { Legend } from '../ui/legend.tsx';
import { Chart } from './chart.tsx';
import { type ChartInput, type ChartKind, isRefusal, type Mark, type Threshold } from './input.ts';
import './charts.css';
import { MarkList } from './mark-list.tsx';
import { drawing } from './options.ts';
import type { OnPick } from './picking.ts';

interface Props {
  readonly title: string;
  readonly kind: ChartKind;
  readonly table: Table;
  readonly locale: Locale;
  readonly marks?: readonly Mark[];
  readonly thresholds?: readonly Threshold[];
  readonly target?: number | null;
  /** Choosing a bucket or some (both ends included) by mouse or keyboard leads somewhere. */
  readonly onPick?: OnPick | undefined;
  /** What is seen, for whoever makes a file of it (`downloads/menu.tsx`). */
  readonly seen?: RefObject<ChartInput | null>;
}

export const NO_MARKS: readonly Mark[] = [];
export const NO_THRESHOLDS: readonly Threshold[] = [];
/** More points than this are not animated. */
const STILL_FROM = 400;

export function ChartPanel(props: Props) {
  const { title, kind, table, locale, marks = NO_MARKS, thresholds = NO_THRESHOLDS, target = null, seen } = props;
  const { theme } = usePage();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [pointed, setPointed] = useState<number | null>(null);
  const calm = useMedia('(prefers-reduced-motion: reduce)');
  const narrow = useMedia('(max-width: 600px)');
  const input = useMemo<ChartInput>(() => {
    const animate = !calm && table.buckets.length * table.columns.length < STILL_FROM;
    return { kind, table, locale, theme, hidden, marks, thresholds, target, narrow, animate };
  }, [kind, table, locale, theme, hidden, marks, thresholds, target, narrow, calm]);
  const drawn = useMemo(() => drawing(input), [input]);
  useEffect(() => {
    if (!seen) return;
    seen.current = isRefusal(drawn) ? null : input;
    return () => {
      seen.current = null;
    };
  }, [seen, input, drawn]);
  const toggle = (key: string) =>
    setHidden((old) => {
      const next = new Set(old);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  const compared = table.columns.find(({ metric }) => metric.comparison)?.metric.comparison ?? null;
  const over = !isRefusal(drawn) && drawn.before;
  return (
    <>
      {isRefusal(drawn) ? (
        <div class="state chart-refused">
          <p>{drawn.refused}</p>
        </div>
      ) : (
        <Chart drawing={drawn} label={describe(title, table, locale)} onPick={props.onPick} pointed={pointed} />
      )}
      {kind !== 'scatter' && (table.columns.length > 1 || (over && compared)) && (
        <Legend
          columns={table.columns}
          hidden={hidden}
          onToggle={toggle}
          theme={theme}
          language={locale.language}
          label={`${title}: switch parts off and on`}
          lines={kind === 'line'}
          bySize={kind === 'pie'}
          totals={!table.unadded}
          before={over && compared ? { name: comparedName(compared), lines: kind !== 'bar' } : null}
        />
      )}
      {!isRefusal(drawn) && drawn.overTime && (
        <MarkList marks={marks} buckets={table.buckets} locale={locale} onPoint={setPointed} />
      )}
      {!isRefusal(drawn) &&
        drawn.notes.map((note) => (
          <p class="chart-note" key={note}>
            {note}
          </p>
        ))}
    </>
  );
}

/** The chart in one sentence, for those who do not see it; the table has every number. */
function describe(title: string, table: Table, locale: Locale): string {
  const parts = table.columns
    .slice(0, 4)
    .map(({ name, total, metric }) =>
      table.unadded ? name : `${name} ${figure(total.value, metric, locale.language)}`,
    );
  const { from, to } = table.answer;
  const when = isDated(table.answer) ? `, ${span(from, to, locale)}` : '';
  return `${title}${when}. ${parts.join(', ')}.`;
}
