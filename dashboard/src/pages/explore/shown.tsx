/** The answer: the headline, the chart with what happened and what is watched, and how the data stands. */

import type { ComponentChildren, RefObject } from 'preact';
import { useMemo } from 'preact/hooks';
import { about, markOf } from '../../annotations/annotation.ts';
import { useAnnotations } from '../../annotations/use-annotations.ts';
import { RULES } from '../../api/lists.ts';
import { type Answer, useQuery } from '../../api/query.ts';
import type { Metric } from '../../api/shapes.ts';
import { ChartComing } from '../../charts/coming.tsx';
import type { ChartInput } from '../../charts/input.ts';
import { ChartPanel, NO_MARKS, NO_THRESHOLDS } from '../../charts/panel.tsx';
import { askOf, type Frame, type Question } from '../../question/question.ts';
import { isEmpty, type Table } from '../../question/table.ts';
import { usePage } from '../../shell/page.ts';
import { instant, type Locale, span } from '../../time/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Empty, StaleNote } from '../../ui/states.tsx';
import type { Chosen } from './chosen.ts';
import { Headlines } from './headline.tsx';
import { KindControl } from './kind-control.tsx';
import { isOverTime, type Shape, type ShownAs } from '../../question-form/kinds.ts';
import { Marks } from './marks.tsx';
import { parseTable } from './parse.ts';
import { TargetControl } from './target-control.tsx';
import { Unanswered } from './unanswered.tsx';
import { type LevelRule, parseLevelRules, thresholdOf, watched } from './thresholds.ts';

const NO_RULES: readonly LevelRule[] = [];

interface Props {
  readonly answer: Answer<Table>;
  readonly chosen: Chosen;
  readonly change: (part: Partial<Chosen>) => void;
  readonly shape: Shape;
  readonly as: ShownAs;
  /** Why it is not shown as was asked. */
  readonly instead: string | null;
  readonly title: string;
  readonly locale: Locale;
  readonly question: Question;
  readonly frame: Frame;
  readonly known: readonly Metric[];
  readonly titles: ReadonlyMap<string, string>;
  readonly onPick: ((first: number, last: number) => void) | undefined;
  readonly zoomBar: ComponentChildren;
  readonly seen: RefObject<ChartInput | null>;
}

export function Shown(props: Props) {
  const { answer, chosen, change, shape, as, instead, locale, question, frame } = props;
  const { now } = usePage();
  const { data: table } = answer;
  const whole = useMemo(
    () => askOf({ ...question, groupBy: [], top: null, transform: null }, frame),
    [question, frame],
  );
  const headlines = useQuery(whole, parseTable);
  const rules = useQuery(isOverTime(as) ? RULES : null, parseLevelRules).data ?? NO_RULES;
  return (
    <Panel
      title="Answer"
      note={table && <Standing table={table} locale={locale} />}
      busy={answer.loading}
      class={`explore-answer ${answer.outdated ? 'outdated' : ''}`}
      tools={<KindControl as={as} shape={shape} onChange={(next) => change({ as: next })} />}
    >
      <StaleNote answer={answer} at={answer.fetchedAt ? instant(answer.fetchedAt, locale, now) : ''} />
      {answer.outdated && answer.loading && <progress class="busy-line" aria-label="Loading the new numbers" />}
      {instead && (
        <p class="note" role="status">
          {instead} Shown as lines instead.
        </p>
      )}
      <div class="explore-top">
        {headlines.data && !headlines.error && <Headlines table={headlines.data} locale={locale} />}
        {props.zoomBar}
      </div>
      {as === 'gauge' && (
        <TargetControl key={chosen.target} target={chosen.target} onChange={(target) => change({ target })} />
      )}
      {answer.error && (answer.outdated || !table) ? (
        <Unanswered problem={answer.error} retry={answer.retry} />
      ) : !table ? (
        <ChartComing slow={answer.slow} />
      ) : isEmpty(table) ? (
        <Empty title={`No ${table.answer.metrics[0]?.unit || 'values'} in this range`}>
          {`Nothing was counted ${span(table.answer.from, table.answer.to, locale)}. Choose a longer or an earlier range, or another filter.`}
        </Empty>
      ) : (
        // As a table it is all the numbers, which stand below anyway.
        as !== 'table' && <Drawn {...props} as={as} table={table} rules={rules} />
      )}
      {table && <Caveats warnings={table.answer.warnings} />}
    </Panel>
  );
}

interface DrawnProps extends Props {
  readonly as: Exclude<ShownAs, 'table'>;
  readonly table: Table;
  readonly rules: readonly LevelRule[];
}

function Drawn(props: DrawnProps) {
  const { as, table, rules, chosen, change, title, locale, known, titles, onPick } = props;
  const overTime = isOverTime(as);
  const annotations = useAnnotations(overTime ? table.answer : null);
  const sources = useMemo(() => [...new Set(known.map(({ source }) => source))], [known]);
  const shown = useMemo(() => about(annotations.data ?? [], sources), [annotations.data, sources]);
  const { interval, filter } = table.answer;
  const levels = useMemo(() => watched(rules, chosen, interval, filter), [rules, chosen, interval, filter]);
  // The same empty lists each time: a chart is drawn anew for others only.
  const marks = useMemo(() => (chosen.notes && shown.length > 0 ? shown.map(markOf) : NO_MARKS), [chosen.notes, shown]);
  const thresholds = useMemo(
    () => (chosen.thresholds && levels.drawn.length > 0 ? levels.drawn.map(thresholdOf) : NO_THRESHOLDS),
    [chosen.thresholds, levels],
  );
  return (
    <>
      <ChartPanel
        title={title}
        kind={as}
        table={table}
        locale={locale}
        marks={marks}
        thresholds={thresholds}
        target={chosen.target === null ? null : Number(chosen.target)}
        onPick={onPick}
        seen={props.seen}
      />
      {overTime && (
        <Marks
          annotations={annotations}
          shown={shown}
          levels={levels}
          chosen={chosen}
          change={change}
          locale={locale}
          answered={table.answer}
          sources={sources.map((name) => ({ name, title: titles.get(name) ?? name }))}
        />
      )}
    </>
  );
}

/** Up to when the numbers are complete, and whether that is late. */
function Standing({ table, locale }: { readonly table: Table; readonly locale: Locale }) {
  const { now } = usePage();
  const { from, to, watermark, late, partial, filter } = table.answer;
  return (
    <>
      {late && <strong class="late">Late. </strong>}
      {span(from, to, locale)}, {locale.zone.replaceAll('_', ' ')}.{' '}
      {watermark ? (
        <>
          Complete up to <strong>{instant(watermark, locale, now)}</strong>
          {partial && '; what is dashed is still growing'}.
        </>
      ) : (
        'Not known yet how far this is complete.'
      )}
      {filter && (
        <>
          {' '}
          Where <bdi class="explore-where">{filter}</bdi>.
        </>
      )}
    </>
  );
}

function Caveats({ warnings }: { readonly warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul class="explore-caveats" aria-label="To know">
      {warnings.map((warning) => (
        <li key={warning}>{warning}</li>
      ))}
    </ul>
  );
}
