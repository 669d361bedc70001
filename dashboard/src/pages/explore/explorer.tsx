/** A question that is being explored: its controls, its chart, its numbers, and what can be done with it. */

import { useMemo, useRef } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import type { Metric } from '../../api/shapes.ts';
import type { ChartInput } from '../../charts/input.ts';
import { knownMetrics } from '../../question/dimensions.ts';
import { askOf, MOST_METRICS } from '../../question/question.ts';
import { Faults } from '../../question-form/faults.tsx';
import { drawnAs, isOverTime, type Shape } from '../../question-form/kinds.ts';
import { QuestionControls } from '../../question-form/question-controls.tsx';
import { faultsOf } from '../../question-form/suggestions.ts';
import { isEmpty, type Table } from '../../question/table.ts';
import type { Framing } from '../../state/address.ts';
import type { Locale } from '../../time/format.ts';
import { FrameBar } from '../../ui/frame-bar.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { titleOf } from '../../widgets/title.ts';
import type { Widget } from '../../widgets/widget.ts';
import { Actions } from './actions.tsx';
import { type Chosen, questionOf } from './chosen.ts';
import { Numbers } from './numbers.tsx';
import { parseTable } from './parse.ts';
import { Start } from './start.tsx';
import { Shown } from './shown.tsx';
import { useZoom } from './use-zoom.ts';
import { ZoomBar } from './zoom-bar.tsx';

interface Props {
  readonly catalog: readonly Metric[];
  readonly titles: ReadonlyMap<string, string>;
  readonly chosen: Chosen;
  readonly change: (part: Partial<Chosen>) => void;
  readonly framing: Framing;
  readonly locale: Locale;
}

export function Explorer({ catalog, titles, chosen, change, framing, locale }: Props) {
  const { frame } = framing;
  const question = useMemo(() => questionOf(chosen), [chosen]);
  const begun = chosen.metrics.length > 0;
  const ask = useMemo(() => askOf(question, frame), [question, frame]);
  const answer = useQuery(begun ? ask : null, parseTable);
  const table = answer.data;
  const known = useMemo(() => knownMetrics(chosen.metrics, catalog), [chosen.metrics, catalog]);
  // Money is grouped by its currency though nobody asked: what was answered decides.
  const grouped = chosen.groupBy.length > 0 || (table !== null && !answer.outdated && table.answer.groupBy.length > 0);
  const shape: Shape = { metrics: known, grouped, transform: chosen.transform, currencies: currenciesOf(table) };
  const { as, instead } = drawnAs(chosen.as, shape);
  const widget: Widget = {
    id: 'explored',
    kind: as,
    title: '',
    width: 12,
    height: 3,
    question,
    text: '',
    target: as === 'gauge' ? chosen.target : null,
  };
  const title = begun ? titleOf(widget, { metrics: [...(table?.answer.metrics ?? []), ...known] }) : 'Explore';
  const zoom = useZoom(chosen, framing, table);
  const seen = useRef<ChartInput | null>(null);
  const usable = begun && table && !answer.outdated && !isEmpty(table);
  return (
    <>
      <PageHead
        title={title}
        note={begun ? undefined : 'Any metric, cut, compared and drawn as you like.'}
        actions={
          begun && <Actions {...{ ask, widget, question, frame, title }} seen={as === 'table' ? undefined : seen} />
        }
      />
      <FrameBar framing={framing} uncompared="nothing" />
      <Panel title="Question" class="explore-question">
        <QuestionControls
          {...{ catalog, titles, shape, frame }}
          cut={chosen}
          most={MOST_METRICS}
          problem={answer.error}
          onChange={change}
        />
        <Faults faults={faultsOf(answer.error, OF_THE_FRAME)} />
      </Panel>
      {begun ? (
        <Shown
          {...{ answer, chosen, change, shape, as, instead, title, locale, question, frame, known, titles, seen }}
          onPick={isOverTime(as) ? zoom.pick : undefined}
          zoomBar={<ZoomBar trail={chosen.trail} framing={framing} locale={locale} onBack={zoom.back} />}
        />
      ) : (
        <Start metrics={catalog} sources={titles} />
      )}
      {usable && <Numbers table={table} locale={locale} onBucket={zoom.one} />}
    </>
  );
}

/** What is chosen above the controls, for all of the page. */
const OF_THE_FRAME = ['interval', 'range', 'from', 'to', 'tz', 'compare', 'match'];

/** In how many currencies the columns are. */
function currenciesOf(table: Table | null): number {
  const columns = table?.columns ?? [];
  return new Set(columns.flatMap(({ metric }) => metric.currency ?? [])).size;
}
