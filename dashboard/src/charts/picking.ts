/** Choosing buckets on a chart over time: a click takes one, dragging a span. The keyboard's way is the table of numbers. */

import type { EChartsType } from 'echarts/core';

export type OnPick = (first: number, last: number) => void;
/** A hand that shakes while clicking does not drag. */
const DRAG_PX = 6;

/** Watch a chart whose first axis has buckets; answers how to end it. */
export function watchPicks(chart: EChartsType, box: HTMLElement, onPick: OnPick): () => void {
  const band = document.createElement('div');
  band.className = 'chart-band';
  band.hidden = true;
  let from: number | null = null;

  const xOf = (event: PointerEvent) => event.clientX - box.getBoundingClientRect().left;
  const down = (event: PointerEvent) => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const x = xOf(event);
    const y = event.clientY - box.getBoundingClientRect().top;
    from = chart.containPixel('grid', [x, y]) ? x : null;
  };
  const move = (event: PointerEvent) => {
    if (from === null) return;
    const [left, right] = inOrder(from, xOf(event));
    band.hidden = right - left < DRAG_PX;
    if (!band.isConnected) box.append(band);
    band.style.setProperty('left', `${left}px`);
    band.style.setProperty('width', `${right - left}px`);
  };
  const up = (event: PointerEvent) => {
    if (from === null) return;
    const [left, right] = inOrder(from, xOf(event));
    end();
    const [first, last] = right - left < DRAG_PX ? [left, left] : [left, right];
    const a = bucketAt(chart, first);
    const b = bucketAt(chart, last);
    if (a !== null && b !== null) onPick(a, b);
  };
  const end = () => {
    from = null;
    band.hidden = true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') end();
  };

  box.classList.add('pickable');
  box.addEventListener('pointerdown', down);
  addEventListener('pointermove', move);
  addEventListener('pointerup', up);
  addEventListener('pointercancel', end);
  addEventListener('keydown', onKeyDown);
  return () => {
    band.remove();
    box.classList.remove('pickable');
    box.removeEventListener('pointerdown', down);
    removeEventListener('pointermove', move);
    removeEventListener('pointerup', up);
    removeEventListener('pointercancel', end);
    removeEventListener('keydown', onKeyDown);
  };
}

const inOrder = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a]);

/** The bucket at a place across, the nearest one beyond the edges; null where the chart has no axis of buckets. */
function bucketAt(chart: EChartsType, x: number): number | null {
  const [axis] = (chart.getOption().xAxis ?? []) as { type?: string; data?: unknown[] }[];
  if (axis?.type !== 'category' || !axis.data) return null;
  const found: unknown = chart.convertFromPixel({ xAxisIndex: 0 }, x);
  if (typeof found !== 'number' || Number.isNaN(found)) return null;
  return Math.min(axis.data.length - 1, Math.max(0, Math.round(found)));
}
