/** One chart that can be read in three ways: with the eyes, with the arrow keys, and by a screen reader. */

import type { EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useDrawn } from './drawn.ts';
import type { Drawing } from './input.ts';
import { type Place, placeAfter, spanOf } from './keys.ts';
import { type OnPick, watchPicks } from './picking.ts';
import { drawSoon } from './queue.ts';

interface Props {
  readonly drawing: Drawing;
  /** What the chart shows, for those who do not see it. */
  readonly label: string;
  /** Choosing a bucket, or some, leads somewhere. */
  readonly onPick?: OnPick | undefined;
  /** A step that something outside of the chart points at. */
  readonly pointed?: number | null;
}

export function Chart({ drawing, label, onPick, pointed = null }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { chart, failed } = useDrawn(box);
  const [place, setPlace] = useState<Place | null>(null);
  useOption(chart, box.current, drawing);
  const pick = drawing.overTime ? onPick : undefined;
  useEffect(() => (chart && pick && box.current ? watchPicks(chart, box.current, pick) : undefined), [chart, pick]);
  const at = place && place.at < drawing.steps ? place : null;
  const shown = at?.at ?? pointed;
  useEffect(() => {
    if (!chart) return;
    if (shown === null) return;
    chart.dispatchAction({ type: 'showTip', ...drawing.item(shown) });
    return () => {
      if (!chart.isDisposed()) chart.dispatchAction({ type: 'hideTip' });
    };
  }, [chart, shown, drawing]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = placeAfter(event.key, event.shiftKey, drawing.steps, at);
    if (next) setPlace(next);
    else if (event.key === 'Escape' && at) setPlace(null);
    else if (event.key === 'Enter' && at && pick) pick(...spanOf(at));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  if (failed) return <p class="note">The chart's code could not be loaded. Reload the page, or switch to the table.</p>;
  const hint = pick ? ' Enter looks at it more closely, Shift with the arrows chooses several.' : '';
  return (
    <>
      <div
        class="chart"
        ref={box}
        role="application"
        aria-roledescription="chart"
        aria-label={`${label} The arrow keys go through it.${hint}`}
        tabIndex={0}
        data-drawn="no"
        onKeyDown={onKeyDown}
        onBlur={() => setPlace(null)}
      />
      <p class="hidden" aria-live="polite">
        {at && `${drawing.words(at.at)}${chosenWords(drawing, at)}`}
      </p>
    </>
  );
}

function chosenWords({ words }: Drawing, place: Place): string {
  if (place.anchor === null || place.anchor === place.at) return '';
  const begin = words(place.anchor).split('.')[0] ?? '';
  return `. Chosen from ${begin}`;
}

/** Tell ECharts what to draw; `data-drawn` says when it has. */
function useOption(chart: EChartsType | null, box: HTMLElement | null, { option }: Drawing): void {
  useEffect(() => {
    if (!chart || !box) return;
    box.dataset.drawn = 'no';
    const done = () => {
      box.dataset.drawn = 'yes';
      performance.mark('chart-drawn');
    };
    chart.on('finished', done);
    const forget = drawSoon(() => {
      if (!chart.isDisposed()) chart.setOption(option, { notMerge: true });
    });
    return () => {
      forget();
      if (!chart.isDisposed()) chart.off('finished', done);
    };
  }, [chart, box, option]);
}
