/** A widget: asks its question when it comes into view, and shows the answer, or why there is none. */

import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ApiProblem } from '../api/client.ts';
import { type Answer, useQuery } from '../api/query.ts';
import { ChartComing } from '../charts/coming.tsx';
import type { ChartInput } from '../charts/input.ts';
import { ChartPanel } from '../charts/panel.tsx';
import { DownloadMenu } from '../downloads/menu.tsx';
import { type Answered, parseAnswer } from '../question/answer.ts';
import { askOf, type Frame } from '../question/question.ts';
import { isEmpty, type Table, tableOf } from '../question/table.ts';
import { usePage } from '../shell/page.ts';
import { instant, type Locale, span } from '../time/format.ts';
import { isOfDays } from '../time/words.ts';
import { viewerZone } from '../time/zones.ts';
import { DataTable } from '../ui/data-table.tsx';
import { ranked } from '../question/ranking.ts';
import { RankTable } from './rank-table.tsx';
import { Open } from '../ui/icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { ChartSkeleton, StaleNote } from '../ui/states.tsx';
import { AlertsWidget } from './alerts-list.tsx';
import { Caveats } from './caveats.tsx';
import { explorerAddress } from './explore-address.ts';
import { SourcesWidget } from './sources-list.tsx';
import { Tile } from './tile.tsx';
import { titleOf } from './title.ts';
import { isTooFine, Nothing, TryAgain, Unanswered } from './unanswered.tsx';
import { askedBy, type Widget } from './widget.ts';
import './widgets.css';

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
        <Standing widget={widget}>
          <Panel title={widget.title || 'Note'} tools={tools}>
            <p class="widget-text widget-body">
              <bdi>{widget.text}</bdi>
            </p>
          </Panel>
        </Standing>
      );
    case 'sources':
      return (
        <Standing widget={widget}>
          <SourcesWidget title={widget.title} tools={tools} />
        </Standing>
      );
    case 'alerts':
      return (
        <Standing widget={widget}>
          <AlertsWidget title={widget.title} tools={tools} />
        </Standing>
      );
    default:
      return <Asking widget={widget} frame={frame} tools={tools} />;
  }
}

/** What needs no question of its own. */
function Standing({ widget, children }: { readonly widget: Widget; readonly children: ComponentChildren }) {
  return (
    <div class="widget" data-widget={widget.id} data-kind={widget.kind}>
      {children}
    </div>
  );
}

function Asking({ widget, frame: page, tools }: Props) {
  const { locale: viewer, now } = usePage();
  const locale = useMemo(() => ({ ...viewer, zone: page.zone }), [viewer, page.zone]);
  const [box, near] = useNear();
  const question = askedBy(widget);
  const asked = useQuery(near && question ? askOf(question, page) : null, parseTable);
  // Of what is told by the day, a whole day or two have an answer all the same.
  const tooFine = asked.error && isTooFine(asked.error, question?.interval ?? page.interval);
  const coarser = tooFine && !question?.interval && isOfDays(question?.range ?? page.range);
  const frame = useMemo<Frame>(() => (coarser ? { ...page, interval: 'P1D' } : page), [coarser, page]);
  const byDay = useQuery(coarser && question ? askOf(question, frame) : null, parseTable);
  const answer = coarser ? byDay : asked;
  const { data } = answer;
  const seen = useRef<ChartInput | null>(null);
  const title = titleOf(widget, data?.answer ?? null);
  const tile = widget.kind === 'tile';
  const at = answer.fetchedAt ? instant(answer.fetchedAt, locale, now) : '';
  const stale = answer.error && data && !answer.outdated;
  // A headline has no room for it, and its one number is in the address of the explorer.
  const files = data && !tile && widget.question && (
    <DownloadMenu
      title={title}
      question={widget.question}
      frame={frame}
      {...(widget.kind === 'table' ? {} : { seen })}
    />
  );
  const lines = [...(tile && stale ? [staleWords(answer.error, at)] : []), ...(data?.answer.warnings ?? [])];
  return (
    <div class="widget" ref={box} data-widget={widget.id} data-kind={widget.kind} data-state={stateOf(answer)}>
      <Panel
        title={title}
        note={data && <Note answer={data.answer} locale={locale} now={now} kind={widget.kind} />}
        tools={
          <>
            <ExploreLink widget={widget} frame={frame} title={title} />
            {files}
            {tools}
            <Caveats lines={lines} wrong={tile && !!stale}>
              {tile && stale && <TryAgain retry={answer.retry} />}
            </Caveats>
          </>
        }
        busy={answer.loading}
        class={answer.outdated ? 'outdated' : ''}
      >
        {!tile && <StaleNote answer={answer} at={at} />}
        {answer.outdated && answer.loading && <progress class="busy-line" aria-label="Loading the new numbers" />}
        <div class="widget-body">
          {answer.error && (answer.outdated || !data) ? (
            <Unanswered
              problem={answer.error}
              retry={answer.retry}
              tile={tile}
              interval={widget.question?.interval ?? frame.interval}
              fixed={!!widget.question?.range}
            />
          ) : !data ? (
            tile ? (
              <TileSkeleton />
            ) : near && widget.kind !== 'table' ? (
              <ChartComing slow={answer.slow} />
            ) : (
              <ChartSkeleton slow={answer.slow} />
            )
          ) : (
            <Body widget={widget} title={title} table={data} locale={locale} seen={seen} />
          )}
        </div>
      </Panel>
    </div>
  );
}

function ExploreLink({
  widget,
  frame,
  title,
}: {
  readonly widget: Widget;
  readonly frame: Frame;
  readonly title: string;
}) {
  const viewer = useMemo(viewerZone, []);
  const href = explorerAddress(widget, frame, viewer);
  if (!href) return null;
  return (
    <a class="icon-button quiet" href={href} aria-label={`Explore ${title}`} title="Explore">
      <Open />
    </a>
  );
}

/** For whoever waits for a page to be whole, such as its print. */
function stateOf({ data, error, outdated }: Answer<Table>): string {
  return data && !outdated ? 'there' : error ? 'failed' : 'loading';
}

const staleWords = (problem: ApiProblem, at: string) =>
  `These are the numbers of ${at}. Bringing them up to date failed: ${problem.detail || problem.title}`;

function TileSkeleton() {
  return (
    <div class="skeleton-tile" role="status">
      <i />
      <i />
      <span class="hidden">Loading</span>
    </div>
  );
}

const parseTable = (json: unknown): Table => tableOf(parseAnswer(json));

interface BodyProps {
  readonly widget: Widget;
  readonly title: string;
  readonly table: Table;
  readonly locale: Locale;
  readonly seen: RefObject<ChartInput | null>;
}

function Body({ widget, title, table, locale, seen }: BodyProps) {
  const { kind } = widget;
  const { now } = usePage();
  if (kind === 'tile') return <Tile table={table} locale={locale} />;
  if (isEmpty(table)) return <Nothing answer={table.answer} locale={locale} now={now} />;
  if (kind === 'table') return <AsTable title={title} table={table} locale={locale} />;
  if (kind === 'text' || kind === 'sources' || kind === 'alerts') return null;
  return (
    <ChartPanel
      title={title}
      kind={kind}
      table={table}
      locale={locale}
      seen={seen}
      target={widget.target === null ? null : Number(widget.target)}
    />
  );
}

/** Groups of one metric are a list of the most; all else goes by its periods. The explorer has both as periods. */
function AsTable({ title, table, locale }: Pick<BodyProps, 'title' | 'table' | 'locale'>) {
  const label = `${title}, as a table`;
  const columns = ranked(table);
  if (!columns) return <DataTable table={table} locale={locale} label={label} />;
  return <RankTable columns={columns} dimensions={table.answer.groupBy} locale={locale} label={label} />;
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
