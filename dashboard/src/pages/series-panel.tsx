/** One metric by one dimension over time: a chart or a table, with its legend, and all that has to be said of it. */

import type { ComponentChildren } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import { useQuery } from '../api/query.ts';
import { type Metric, parseSeries, type Series, seriesPath } from '../api/shapes.ts';
import { Chart } from '../charts/chart.tsx';
import { chartOption } from '../charts/options.ts';
import type { Theme } from '../charts/palette.ts';
import { type Pivot, pivot, topColumns } from '../charts/table.ts';
import { tooltipNode } from '../charts/tooltip.ts';
import type { Question } from '../state/view.ts';
import { instant, type Locale, number, span } from '../time/format.ts';
import { startOfDay } from '../time/zones.ts';
import { useMedia } from '../ui/browser.ts';
import { DataTable } from '../ui/data-table.tsx';
import { Legend } from '../ui/legend.tsx';
import { Panel } from '../ui/panel.tsx';
import { ChartSkeleton, Empty, ProblemBox, StaleNote } from '../ui/states.tsx';
import { kindOf } from './tile.tsx';

export type Shape = 'bars' | 'area' | 'lines' | 'table';

interface Props {
  readonly metric: Metric;
  readonly dimension: string;
  readonly title: string;
  readonly shape: Shape;
  readonly question: Question;
  readonly locale: Locale;
  readonly theme: Theme;
  readonly now: Date;
  readonly tools: ComponentChildren;
}

const GROWING: Record<Shape, string> = {
  bars: '; the lighter, dashed part is still growing',
  area: '; the lighter, dashed part is still growing',
  lines: '; the dotted end is still growing',
  table: '; periods marked partial are still growing',
};

/** As many colours as people tell apart; what is beyond is added up and can be read in the table. */
const KEEP = 7;

export function SeriesPanel(props: Props) {
  const { metric, dimension, question, locale, now, shape } = props;
  const kind = kindOf(metric);
  const { range, interval, zone } = question;
  const parse = useCallback((json: unknown) => parseSeries(json, dimension), [dimension]);
  const path = seriesPath({ metric: metric.name, from: range.from, to: range.to, interval, zone, groupBy: dimension });
  const answer = useQuery(path, parse);
  const { data } = answer;
  const table = useMemo(() => (data ? pivot(data, kind) : null), [data, kind]);

  return (
    <Panel
      title={props.title}
      note={data ? <Complete series={data} locale={locale} now={now} shape={shape} /> : metric.description}
      tools={props.tools}
      busy={answer.loading}
      class={answer.outdated ? 'outdated' : ''}
    >
      <StaleNote answer={answer} at={answer.fetchedAt ? instant(answer.fetchedAt, locale, now) : ''} />
      {answer.outdated && answer.loading && <progress class="busy-line" aria-label="Loading the new numbers" />}
      {answer.error && (answer.outdated || !data) ? (
        <ProblemBox problem={answer.error} retry={answer.retry} />
      ) : !table || !data ? (
        <ChartSkeleton slow={answer.slow} />
      ) : isEmpty(table, kind) ? (
        <Empty title={`No ${metric.unit || 'values'} in this range`}>
          {`Nothing was counted ${span(startOfDay(zone, range.from), startOfDay(zone, range.to), locale)}. Choose a longer or an earlier range.`}
        </Empty>
      ) : shape === 'table' ? (
        <DataTable
          table={table}
          interval={interval}
          locale={locale}
          label={`${props.title}, as a table`}
          withTotal={kind === 'counter'}
        />
      ) : (
        <Drawn
          {...props}
          shape={shape}
          table={kind === 'counter' ? topColumns(table, KEEP, (n) => `${n} others`) : table}
        />
      )}
      {data && <Caveats series={data} />}
    </Panel>
  );
}

function isEmpty(table: Pivot, kind: 'counter' | 'gauge'): boolean {
  return table.columns.every((column) => (kind === 'counter' ? !column.summary : column.summary === null));
}

interface CompleteProps {
  readonly series: Series;
  readonly locale: Locale;
  readonly now: Date;
  readonly shape: Shape;
}

/** Up to when the numbers are complete, and what the lighter part means. */
function Complete({ series, locale, now, shape }: CompleteProps) {
  if (!series.watermark) return <>Not known yet how far this is complete</>;
  const ago = instant(series.watermark, locale, now);
  return (
    <>
      Complete up to <strong>{ago}</strong>
      {series.buckets.some((bucket) => bucket.partial) && GROWING[shape]}
    </>
  );
}

function Caveats({ series }: { readonly series: Series }) {
  const notes = [
    ...(series.truncated ? ['This answer was cut short: choose a shorter range or a longer interval.'] : []),
    ...(series.approximate ? ['These numbers are approximate.'] : []),
    ...series.warnings,
  ];
  if (notes.length === 0) return null;
  return (
    <ul class="caveats">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

function Drawn(props: Props & { readonly table: Pivot; readonly shape: 'bars' | 'area' | 'lines' }) {
  const { table, shape, question, locale, theme, metric } = props;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const calm = useMedia('(prefers-reduced-motion: reduce)');
  const narrow = useMedia('(max-width: 600px)');
  const { interval } = question;
  const option = useMemo(
    () =>
      chartOption({
        table,
        shape,
        interval,
        locale,
        theme,
        hidden,
        narrow,
        animate: !calm && table.buckets.length < 400,
        tooltip: (bucket) =>
          tooltipNode({ table, bucket, interval, locale, theme, hidden, withTotal: kindOf(metric) === 'counter' }),
      }),
    [table, shape, interval, locale, theme, hidden, narrow, calm, metric],
  );
  const toggle = (name: string) =>
    setHidden((old) => {
      const next = new Set(old);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  return (
    <>
      <Chart option={option} label={describe(props.title, table, metric, locale)} />
      <Legend
        columns={table.columns}
        hidden={hidden}
        onToggle={toggle}
        theme={theme}
        language={locale.language}
        label={`${props.title}: switch parts off and on`}
      />
    </>
  );
}

/** The chart in one sentence, for those who do not see it; the table has every number. */
function describe(title: string, table: Pivot, metric: Metric, locale: Locale): string {
  const parts = table.columns
    .slice(0, 4)
    .map((c) => `${c.name} ${c.summary === null ? 'unknown' : number(c.summary, locale.language)}`);
  const first = table.buckets[0];
  const last = table.buckets.at(-1);
  const when = first && last ? span(first.start, last.end, locale) : '';
  return `Chart: ${title}, ${when}. ${parts.join(', ')} ${metric.unit}. Switch to the table for every number.`;
}
