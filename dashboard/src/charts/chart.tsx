/** One chart: ECharts loaded when needed, kept at the size of its box, taken down with it. */

import type { EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChartOption } from './options.ts';
import { watchPicks } from './picking.ts';

interface Props {
  readonly option: ChartOption;
  /** What the chart shows, for those who do not see it. */
  readonly label: string;
  /** Somebody clicked on a bucket, or dragged over some: the first and the last of them. */
  readonly onPick?: ((first: number, last: number) => void) | undefined;
}

export function Chart({ option, label, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    let ended = false;
    let instance: EChartsType | null = null;
    const resize = new ResizeObserver(() => instance?.resize());
    import('./echarts.ts').then(
      ({ init }) => {
        if (ended || !box.current) return;
        instance = init(box.current);
        resize.observe(box.current);
        setChart(instance);
      },
      () => setFailed(true),
    );
    return () => {
      ended = true;
      resize.disconnect();
      instance?.dispose();
    };
  }, []);

  useEffect(() => {
    chart?.setOption(option, { notMerge: true });
  }, [chart, option]);

  useEffect(
    () => (chart && onPick && box.current ? watchPicks(chart, box.current, onPick) : undefined),
    [chart, onPick],
  );

  if (failed) return <p class="note">The chart's code could not be loaded. Reload the page, or switch to the table.</p>;
  return <div class="chart" ref={box} role="img" aria-label={label} data-drawn={chart ? 'yes' : 'no'} />;
}
