/** What the whole range comes to, and against what exactly it is held. */

import type { Compared } from '../../question/answer.ts';
import { nothingBeside } from '../../question/compared.ts';
import { figure, figureShort, namesUnit } from '../../question/figure.ts';
import { type Column, groupName, type Table } from '../../question/table.ts';
import { instant, type Locale, span } from '../../time/format.ts';
import { usePage } from '../../shell/page.ts';
import { ChangeWords } from '../../widgets/tile.tsx';

const MOST = 10;

interface Props {
  /** The question without its groups. */
  readonly table: Table;
  readonly locale: Locale;
}

export function Headlines({ table, locale }: Props) {
  return (
    <ul class="explore-headlines" aria-label="Over the whole range">
      {table.columns.slice(0, MOST).map((column) => (
        <Headline key={column.key} column={column} table={table} locale={locale} />
      ))}
    </ul>
  );
}

function Headline({ column, table, locale }: Props & { readonly column: Column }) {
  const { now } = usePage();
  const { metric, total } = column;
  const { comparison } = metric;
  const nothing = total.change === null ? nothingBeside(metric, locale) : null;
  const { language } = locale;
  const of = table.answer.groupBy.length > 0 ? `: ${groupName(column.group)}` : '';
  return (
    <li data-headline={metric.name} data-value={total.value ?? ''}>
      <p class="explore-headline-name">
        <bdi class="cut" title={`${metric.title}${of}`}>
          {metric.title}
          {of}
        </bdi>
      </p>
      <p class="tile-value" title={figure(total.value, metric, language)}>
        {figureShort(total.value, metric, language)}
        {metric.unit !== 'money' && !namesUnit(metric.title, metric) && <span class="tile-unit"> {metric.unit}</span>}
      </p>
      {comparison && (
        <p class="explore-change">
          {nothing ? (
            <span class="muted">{[nothing.said, nothing.why].filter(Boolean).join(': ')}.</span>
          ) : (
            <ChangeWords figures={total} column={column} language={language} />
          )}{' '}
          <span class="muted">{against(comparison, locale, now)}</span>
        </p>
      )}
    </li>
  );
}

/** `1–24 Nov 2026 against 1–24 Oct 2026`; to the minute where the compared time ends within a day. */
function against({ current, before }: Compared, locale: Locale, now: Date): string {
  const whole = [current, before].every(({ from, to }) => isMidnight(from, locale) && isMidnight(to, locale));
  const words = ({ from, to }: { from: Date; to: Date }) =>
    whole ? span(from, to, locale) : `${instant(from, locale, now)} – ${instant(to, locale, now)}`;
  return `${words(current)} against ${words(before)}`;
}

function isMidnight(at: Date, { zone }: Locale): boolean {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(at);
  return time === '00:00';
}
