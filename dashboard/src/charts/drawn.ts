/** One chart of ECharts in a box: made when it comes near the view, taken down when it is far from it or gone, kept at
 * the size of its box. */

import type { EChartsType } from 'echarts/core';
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { isPrinting } from '../ui/printing.ts';
import { drawNow, drawSoon } from './queue.ts';

type Library = typeof import('./echarts.ts');
let library: Library | null = null;

/** So near that it is drawn before it is seen; further than this and back it is drawn again. */
const NEAR = '900px';
/** Twice the points of a plain screen: printed charts are sharp too. */
const LEAST_PIXEL_RATIO = 2;

export interface Held {
  readonly chart: EChartsType | null;
  readonly failed: boolean;
}

export function useDrawn(box: RefObject<HTMLElement | null>): Held {
  const [chart, setChart] = useState<EChartsType | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const node = box.current;
    if (!node) return;
    let instance: EChartsType | null = null;
    let near = false;
    let ended = false;
    let printing = isPrinting();
    const make = () => {
      if (ended || !near || instance || !library) return;
      instance = library.init(node, null, { devicePixelRatio: Math.max(LEAST_PIXEL_RATIO, devicePixelRatio) });
      resize.observe(node);
      setChart(instance);
    };
    const takeDown = () => {
      resize.disconnect();
      instance?.dispose();
      instance = null;
      node.dataset.drawn = 'far';
      if (!ended) setChart(null);
    };
    const resize = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = node;
      // A box without a size is not shown; it is told when it is again.
      if (clientWidth > 0 && clientHeight > 0) instance?.resize({ animation: { duration: 0 } });
    });
    const come = () => {
      near = true;
      if (!instance) node.dataset.drawn = 'no';
      loaded().then(
        () => drawSoon(make),
        () => setFailed(true),
      );
    };
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries.at(-1); // of several at once, the newest holds
        if (entry?.isIntersecting) come();
        else if (!printing) {
          near = false;
          takeDown(); // whoever waits for a page to be drawn does not wait for this one
        }
      },
      { rootMargin: NEAR },
    );
    const beforePrint = () => {
      printing = true; // at the paper's measures other charts are near: none is taken down before all are printed
      near = true;
      if (!instance) node.dataset.drawn = 'no';
      make();
      drawNow();
      if (!library) come();
    };
    const afterPrint = () => {
      printing = false;
      observer.unobserve(node);
      observer.observe(node); // and says where it is now
    };
    if (printing) come(); // its answer came meanwhile
    observer.observe(node);
    addEventListener('beforeprint', beforePrint);
    addEventListener('afterprint', afterPrint);
    return () => {
      ended = true;
      observer.disconnect();
      removeEventListener('beforeprint', beforePrint);
      removeEventListener('afterprint', afterPrint);
      takeDown();
    };
  }, [box]);
  return { chart, failed };
}

async function loaded(): Promise<void> {
  library ??= await import('./echarts.ts');
}

/** Have it at hand soon. That it cannot be had is said where a chart is drawn. */
export function fetchLibrary(): void {
  loaded().catch(() => undefined);
}
