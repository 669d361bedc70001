/** A widget: asks its question when it comes into view, and shows the answer, or why there is none. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useQuery } from '../api/query.ts';
import { ChartPanel } from '../charts/panel.tsx';
import { type Answered, parseAnswer } from '../question/answer.ts';
import { askOf, type Frame } from '../question/question.ts';
import { isEmpty, type Table, tableOf } from '../question/table.ts';
import { usePage } from '../shell/page.ts';
import { instant, type Locale, span } from '../time/format.ts';
import { DataTable } from '../ui/data-table.tsx';
import { Panel } from '../ui/panel.tsx';
import { ChartSkeleton, Empty, ProblemBox, StaleNote } from '../ui/states.tsx';
import { SourcesWidget } from './sources-list.tsx';
import { Tile } from './tile.tsx';
import { titleOf } from './title.ts';
import type { Widget } from './widget.ts';
import type { ComponentChildren } from 'preact';

interface Props {
  readonly widget: Widget;
  readonly frame: Frame;
  /** What can be done with it, at its right edge. */
  readonly tools?: ComponentChildren;
}

export function WidgetView({ widget, frame, tools }: Props) {
  switch (widget.kind) {
    case 'text':
      return (
        <Panel title={widget.title || 'Note'} tools={tools}>
          <p class="widget-text">{widget.text}</p>
        </Panel>
      );
    case 'sources':
      return <SourcesWidget title={widget.title} tools={tools} />;
    default:
      return <Asking widget={widget} frame={frame} tools={tools} />;
  }
}

function Asking({ widget, frame, tools }: Props) {
  const { locale: viewer, now } = usePage();
  const locale = useMemo(() => ({ ...viewer, zone: frame.zone }), [viewer, frame.zone]);
  const [box, near] = useNear();
  const ask = near && widget.question ? askOf(widget.question, frame, extraOf(widget)) : null;
  const answer = useQuery(ask, parseTable);
  const { data } = answer;
  const title = titleOf(widget, data?.answer ?? null);
  return (
    <div class="widget" ref={box} data-widget={widget.id} data-kind={widget.kind}>
      <Panel
        title={title}
        note={data && <Note answer={data.answer} locale={locale} now={now} kind={widget.kind} />}
        tools={tools}
        busy={answer.loading}
        class={answer.outdated ? 'outdated' : ''}
      >
        <StaleNote answer={answer} at={answer.fetchedAt ? instant(answer.fetchedAt, locale, now) : ''} />
        {answer.outdated && answer.loading && <progress class="busy-line" aria-label="Loading the new numbers" />}
        {answer.error && (answer.outdated || !data) ? (
          <ProblemBox problem={answer.error} retry={answer.retry} />
        ) : !data ? (
          <ChartSkeleton slow={answer.slow} />
        ) : (
          <Body widget={widget} title={title} table={data} locale={locale} />
        )}
        {data && <Caveats warnings={data.answer.warnings} />}
      </Panel>
    </div>
  );
}

const parseTable = (json: unknown): Table => tableOf(parseAnswer(json));

/** A headline is compared with the period before unless it says otherwise. */
function extraOf({ kind, question }: Widget): Record<string, unknown> {
  return kind === 'tile' && question && !question.compare ? { compare: 'previous_period' } : {};
}

interface BodyProps {
  readonly widget: Widget;
  readonly title: string;
  readonly table: Table;
  readonly locale: Locale;
}

function Body({ widget, title, table, locale }: BodyProps) {
  const { kind } = widget;
  if (kind === 'tile') return <Tile table={table} locale={locale} />;
  if (isEmpty(table)) return <Nothing answer={table.answer} locale={locale} />;
  if (kind === 'table') return <DataTable table={table} locale={locale} label={`${title}, as a table`} />;
  if (kind === 'text' || kind === 'sources' || kind === 'alerts') return null;
  return (
    <ChartPanel
      title={title}
      kind={kind}
      table={table}
      locale={locale}
      target={widget.target === null ? null : Number(widget.target)}
    />
  );
}

function Nothing({ answer, locale }: { readonly answer: Answered; readonly locale: Locale }) {
  return (
    <Empty title={`No ${answer.metrics[0]?.unit || 'values'} in this range`}>
      {`Nothing was counted ${span(answer.from, answer.to, locale)}. Choose a longer or an earlier range.`}
    </Empty>
  );
}

interface NoteProps {
  readonly answer: Answered;
  readonly locale: Locale;
  readonly now: Date;
  readonly kind: string;
}

/** Up to when the numbers are complete, and what the dashed part means. */
function Note({ answer, locale, now, kind }: NoteProps) {
  if (kind === 'tile' && !answer.late) return null;
  if (!answer.watermark) return <>Not known yet how far this is complete</>;
  return (
    <>
      {answer.late && <strong class="late">Late. </strong>}
      {answer.partial || answer.late ? (
        <>
          Complete up to <strong>{instant(answer.watermark, locale, now)}</strong>
          {answer.partial && kind !== 'tile' && '; what is dashed is still growing'}
        </>
      ) : (
        span(answer.from, answer.to, locale)
      )}
    </>
  );
}

function Caveats({ warnings }: { readonly warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <details class="caveats">
      <summary>{warnings.length === 1 ? 'One thing to know' : `${warnings.length} things to know`}</summary>
      <ul>
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </details>
  );
}

/** Whether a part of the page is, or has been, near the view: what is far below asks nothing yet. */
function useNear() {
  const box = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (near || !box.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
      },
      { rootMargin: '400px' },
    );
    observer.observe(box.current);
    const beforePrint = () => setNear(true);
    addEventListener('beforeprint', beforePrint);
    return () => {
      observer.disconnect();
      removeEventListener('beforeprint', beforePrint);
    };
  }, [near]);
  return [box, near] as const;
}
