/** A headline: one number over the range, how it compares, and its shape. */

import { Spark } from '../charts/spark.tsx';
import { type Figures, toNumber } from '../question/answer.ts';
import { nothingBeside } from '../question/compared.ts';
import { difference, differenceShort, figure, figureShort, isShare, namesUnit, newsOf } from '../question/figure.ts';
import { type Column, firstPartial, knownYet, movesAcrossZero, type Table } from '../question/table.ts';
import { usePage } from '../shell/page.ts';
import { percent, span, spanShort, type Locale } from '../time/format.ts';

/** What is longer would take the place of the number's shape. */
const LONGEST_UNIT = 12;

interface Props {
  readonly table: Table;
  readonly locale: Locale;
}

export function Tile({ table, locale }: Props) {
  const column = table.columns[0];
  if (!column) return <p class="tile-value">–</p>;
  const { metric, total } = column;
  const unit = namesUnit(metric.title, metric) ? '' : ` ${metric.unit}`;
  return (
    <div class="tile" data-metric={metric.name} data-value={total.value ?? ''}>
      <div class="tile-row">
        <p class="tile-value" title={`${figure(total.value, metric, locale.language)}${unit}`}>
          {figureShort(total.value, metric, locale.language)}
          {unit && <span class={unit.length > LONGEST_UNIT ? 'hidden' : 'tile-unit'}>{unit}</span>}
        </p>
        <Spark values={knownYet(column, table).map(toNumber)} partialFrom={firstPartial(table)} />
      </div>
      <Against column={column} locale={locale} />
    </div>
  );
}

function Against({ column, locale }: { readonly column: Column; readonly locale: Locale }) {
  const { now } = usePage();
  const { metric, total } = column;
  const { comparison } = metric;
  if (!comparison) return <p class="tile-change muted">Not compared</p>;
  const { from, to } = comparison.before;
  const nothing = total.change === null ? nothingBeside(metric, locale) : null;
  return (
    <div class="tile-against" title={`Compared with ${span(from, to, locale)}, the same elapsed time`}>
      <p class="tile-change cut">
        {nothing ? (
          <span class="muted">{nothing.said}</span>
        ) : (
          <ChangeWords figures={total} column={column} language={locale.language} />
        )}
      </p>
      {nothing?.why && <p class="tile-than muted cut">{nothing.why}</p>}
      {!nothing && (
        <p class="tile-than muted cut">
          vs <bdi>{spanShort(from, to, locale, now)}</bdi>
        </p>
      )}
    </div>
  );
}

interface ChangeProps {
  readonly figures: Figures;
  readonly column: Column;
  readonly language: string;
}

/** A difference by arrow, word, colour and number: never by colour alone. */
export function ChangeWords({ figures, column, language }: ChangeProps) {
  const change = toNumber(figures.change) ?? 0;
  const tone = change > 0 ? 'up' : change < 0 ? 'down' : 'same';
  const arrow = { up: '▲', down: '▼', same: '■' }[tone];
  const word = { up: 'more: ', down: 'less: ', same: 'the same: ' }[tone];
  // Of shares the points say it; of what moves across nothing a percentage says anything.
  const ratio = isShare(column.metric) || movesAcrossZero(column) ? null : figures.ratio;
  return (
    <span class={`change ${newsOf(change, column.metric.better)}`}>
      <span aria-hidden="true">{arrow}</span> <span class="hidden">{word}</span>
      <bdi title={difference(figures.change, column.metric, language)}>
        {differenceShort(figures.change, column.metric, language)}
      </bdi>
      {ratio !== null && (
        <span class="change-ratio">
          {' '}
          (<bdi>{percent(ratio, language)}</bdi>)
        </span>
      )}
      {change > 0 && toNumber(figures.before) === 0 && !isShare(column.metric) && (
        <span class="change-ratio"> (none before)</span>
      )}
    </span>
  );
}
