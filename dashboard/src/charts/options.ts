/** What ECharts is told to draw. Pure: columns in, an option object out. */

import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { bucketShort, compact, type Locale } from '../time/format.ts';
import type { Interval } from '../time/range.ts';
import { colourOf, dashOf, INK, type Theme } from './palette.ts';
import { firstPartial, type Pivot } from './table.ts';

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption
>;

export interface ChartInput {
  readonly table: Pivot;
  readonly shape: 'bars' | 'area' | 'lines';
  readonly interval: Interval;
  readonly locale: Locale;
  readonly theme: Theme;
  /** Names of columns that the reader switched off. */
  readonly hidden: ReadonlySet<string>;
  /** Draws the tooltip for one bucket; a node rather than HTML text, so that no name is ever read as markup. */
  readonly tooltip: (bucket: number) => HTMLElement;
  readonly animate: boolean;
  readonly narrow: boolean;
}

const FONT = "'Inter Variable', system-ui, sans-serif";

export function chartOption(input: ChartInput): ChartOption {
  const { table, interval, locale, theme, shape } = input;
  const ink = INK[theme];
  const severalDays = lengthMs(table) > 26 * 3_600_000;
  const text = { color: ink.text, fontFamily: FONT, fontSize: 12 };
  return {
    animation: input.animate,
    animationDuration: 250,
    animationDurationUpdate: 200,
    aria: { enabled: false }, // the canvas has a label of its own and a table beside it
    grid: { left: 4, right: 12, top: 12, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category',
      data: table.buckets.map(({ start }) => bucketShort(start, interval, locale, severalDays)),
      boundaryGap: shape === 'bars',
      axisLine: { lineStyle: { color: ink.axis } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true, interval: labelStep(table.buckets.length, input.narrow), margin: 10 },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      scale: shape === 'lines',
      splitNumber: 4,
      axisLabel: { ...text, formatter: (value: number) => compact(value, locale.language) },
      splitLine: { lineStyle: { color: ink.grid } },
    },
    tooltip: {
      trigger: 'axis',
      confine: true,
      className: 'chart-tooltip',
      axisPointer: {
        type: shape === 'bars' ? 'shadow' : 'line',
        lineStyle: { color: ink.axis, type: 'solid' },
        shadowStyle: { color: theme === 'light' ? 'rgba(20,40,70,.06)' : 'rgba(200,220,255,.07)' },
      },
      formatter: (shown: unknown) => input.tooltip(firstIndex(shown)),
    },
    series: shape === 'bars' ? bars(input) : lines(input),
  };
}

/** ECharts hands the hovered items over as a list; all of them are of one bucket. */
function firstIndex(shown: unknown): number {
  const first: unknown = Array.isArray(shown) ? (shown as unknown[])[0] : shown;
  return Number((first as { dataIndex?: unknown } | undefined)?.dataIndex ?? 0);
}

function lengthMs({ buckets }: Pivot): number {
  return (buckets.at(-1)?.end.getTime() ?? 0) - (buckets[0]?.start.getTime() ?? 0);
}

/** Show some 3 labels on a phone, some 10 elsewhere; ECharts counts the labels to leave out between two. */
export function labelStep(buckets: number, narrow: boolean): number {
  return Math.max(0, Math.ceil(buckets / (narrow ? 3 : 10)) - 1);
}

function bars({ table, theme, hidden }: ChartInput): BarSeriesOption[] {
  return table.columns.flatMap((column, index) => {
    if (hidden.has(column.name)) return [];
    const color = colourOf(index, column.groups > 1, theme);
    return {
      type: 'bar' as const,
      name: column.name,
      stack: 'all',
      barMaxWidth: 44,
      barCategoryGap: table.buckets.length > 120 ? '8%' : '22%',
      itemStyle: { color, borderColor: INK[theme].surface, borderWidth: table.buckets.length > 60 ? 0 : 1 },
      emphasis: { disabled: true },
      data: table.buckets.map(({ partial }, at) => ({
        value: column.values[at] ?? null,
        ...(partial
          ? {
              itemStyle: {
                color: faded(color, 0.28),
                borderColor: color,
                borderType: 'dashed' as const,
                borderWidth: 1.2,
              },
            }
          : {}),
      })),
    };
  });
}

function lines(input: ChartInput): LineSeriesOption[] {
  const { table, shape, theme, hidden } = input;
  const cut = firstPartial(table);
  return table.columns.flatMap((column, index) => {
    if (hidden.has(column.name)) return [];
    const color = colourOf(index, column.groups > 1, theme);
    const base: LineSeriesOption = {
      type: 'line',
      name: column.name,
      symbol: 'circle',
      symbolSize: 6,
      showSymbol: false,
      showAllSymbol: false,
      emphasis: { disabled: true },
      itemStyle: { color },
    };
    const dash = shape === 'lines' ? dashOf(index) : 'solid';
    const whole = { ...base, lineStyle: { color, width: 2, type: dash }, ...stacked(shape, 'whole', color, 0.72) };
    const open = { ...base, lineStyle: { color, width: 2, type: [3, 4] }, ...stacked(shape, 'open', color, 0.25) };
    const complete = { ...whole, showSymbol: isLonely(column.values, cut), data: split(column.values, 0, cut) };
    if (cut >= table.buckets.length) return [complete];
    return [complete, { ...open, data: split(column.values, cut - 1, table.buckets.length) }];
  });
}

function stacked(shape: ChartInput['shape'], stack: string, color: string, opacity: number): Partial<LineSeriesOption> {
  return shape === 'area' ? { stack, areaStyle: { color, opacity } } : {};
}

/** The values from one bucket to another, the rest left empty; the open part starts at the last whole bucket, so that
 * the two lines meet. */
function split(values: readonly (number | null)[], from: number, to: number): (number | null)[] {
  return values.map((value, index) => (index >= from && index < to ? value : null));
}

/** A line through one point is invisible: then the point is drawn. */
function isLonely(values: readonly (number | null)[], cut: number): boolean {
  return values.slice(0, cut).filter((value) => value !== null).length === 1;
}

export function faded(hex: string, opacity: number): string {
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return `rgba(${part(1)},${part(3)},${part(5)},${opacity})`;
}
