/** A headline: one metric's number over the range, how it compares, and its shape. */

import { useMemo } from 'preact/hooks';
import { useQuery } from '../api/query.ts';
import { type Metric, parseSeries, type Series, seriesPath } from '../api/shapes.ts';
import { Spark } from '../charts/spark.tsx';
import { firstPartial, type Kind, pivot } from '../charts/table.ts';
import type { Question } from '../state/view.ts';
import { number, percent, signed, span } from '../time/format.ts';
import { comparison, sparkInterval } from '../time/range.ts';
import { advice } from '../ui/states.tsx';

interface Props {
  readonly metric: Metric;
  readonly question: Question;
  readonly language: string;
  readonly small?: boolean;
}

const parse = (json: unknown): Series => parseSeries(json, null);

export const kindOf = (metric: Metric): Kind => (metric.kind === 'gauge' ? 'gauge' : 'counter');

export function Tile({ metric, question, language, small }: Props) {
  const { range, zone } = question;
  const kind = kindOf(metric);
  const base = { metric: metric.name, interval: sparkInterval(range), zone };
  const current = useQuery(seriesPath({ ...base, from: range.from, to: range.to }), parse);

  const ready = current.data && !current.outdated ? current.data : null;
  // Nothing known of the watermark: the comparison then takes the range as it is.
  const spans = ready ? comparison(range, zone, ready.watermark) : null;
  const previous = useQuery(spans && seriesPath({ ...base, ...spans.previous }), parse);
  // Of a range that is still growing, only the part that is complete is fair to compare.
  const whole = useQuery(spans?.cut && kind === 'counter' ? seriesPath({ ...base, ...spans.current }) : null, parse);

  const shown = useMemo(() => (current.data ? figures(current.data, kind) : null), [current.data, kind]);
  const compared = spans?.cut && kind === 'counter' ? whole : current;
  const change =
    compared.data && previous.data && !previous.outdated && !compared.outdated
      ? compare(figures(compared.data, kind).value, figures(previous.data, kind).value)
      : null;
  const locale = { language, zone };
  const against = spans && span(spans.previous.from, spans.previous.to, locale);
  // A headline stands by itself, a small tile under its panel's heading.
  const Title = small ? 'h3' : 'h2';
  const failed = current.data ? null : current.error;

  return (
    <article class={`tile ${small ? 'small' : ''}`} data-metric={metric.name} aria-busy={current.loading}>
      <Title title={metric.description}>{metric.title}</Title>
      {failed ? (
        <p class="tile-problem" role="alert">
          {failed.detail || failed.title} <span class="muted">{advice(failed)}</span>{' '}
          <button type="button" class="link" onClick={current.retry}>
            Try again
          </button>
        </p>
      ) : shown ? (
        <>
          <p class={`tile-value ${current.outdated ? 'outdated' : ''}`} data-value={shown.value ?? ''}>
            {shown.value === null ? '–' : number(shown.value, language)}
          </p>
          <p class="tile-change" title={against ? `Compared with ${against}, the same elapsed time` : undefined}>
            {change ? (
              <Change change={change} language={language} />
            ) : (
              <span class="muted">{nothingToCompare(shown.value, spans !== null)}</span>
            )}
            {change && against && !small && <span class="muted"> vs {against}</span>}
          </p>
          <Spark values={shown.values} partialFrom={shown.partialFrom} />
        </>
      ) : (
        <div class="skeleton-tile" role="status">
          <i />
          <i />
          <span class="hidden">Loading {metric.title}</span>
        </div>
      )}
    </article>
  );
}

function nothingToCompare(value: number | null, complete: boolean): string {
  if (value === null) return 'No data in this range';
  return complete ? 'Nothing to compare with' : 'Nothing complete to compare yet';
}

interface Figures {
  readonly value: number | null;
  readonly values: readonly (number | null)[];
  readonly partialFrom: number;
}

export function figures(series: Series, kind: Kind): Figures {
  const table = pivot(series, kind);
  const column = table.columns[0];
  return { value: column?.summary ?? null, values: column?.values ?? [], partialFrom: firstPartial(table) };
}

export interface Difference {
  readonly absolute: number;
  /** Null when there was nothing before: no ratio says that. */
  readonly ratio: number | null;
}

export function compare(now: number | null, before: number | null): Difference | null {
  if (now === null || before === null) return null;
  return { absolute: now - before, ratio: before === 0 ? null : (now - before) / before };
}

function Change({ change, language }: { readonly change: Difference; readonly language: string }) {
  const tone = change.absolute > 0 ? 'up' : change.absolute < 0 ? 'down' : 'same';
  const arrow = { up: '▲', down: '▼', same: '■' }[tone];
  const word = { up: 'more: ', down: 'less: ', same: 'the same: ' }[tone];
  return (
    <span class={`change ${tone}`}>
      <span aria-hidden="true">{arrow}</span> <span class="hidden">{word}</span>
      {signed(change.absolute, language)}
      {change.ratio !== null && ` (${percent(change.ratio, language)})`}
    </span>
  );
}
