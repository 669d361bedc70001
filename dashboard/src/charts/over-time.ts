/** Lines, areas, bars and stacked bars over time; what is compared is laid on the same axis, the partial part dashed. */

import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import { toNumber, type Value } from '../question/answer.ts';
import { type Column, firstPartial, type Table } from '../question/table.ts';
import { bucketShort, compact } from '../time/format.ts';
import type { ChartInput } from './input.ts';
import type { ChartOption } from './options.ts';
import { colourOf, dashOf, INK } from './palette.ts';
import { tooltipNode } from './tooltip.ts';

export const FONT = "'Inter Variable', system-ui, sans-serif";

export function overTime(input: ChartInput): ChartOption {
  const { table, locale, theme, kind } = input;
  const { interval } = table.answer;
  const ink = INK[theme];
  const bars = kind === 'bar' || kind === 'stacked';
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
      boundaryGap: bars,
      axisLine: { lineStyle: { color: ink.axis } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true, interval: labelStep(table.buckets.length, input.narrow), margin: 10 },
    },
    yAxis: {
      type: 'value',
      scale: kind === 'line',
      splitNumber: 4,
      axisLabel: { ...text, formatter: (value: number) => compact(value, locale.language) },
      splitLine: { lineStyle: { color: ink.grid } },
    },
    tooltip: {
      trigger: 'axis',
      confine: true,
      className: 'chart-tooltip',
      padding: 0,
      borderWidth: 0,
      backgroundColor: 'transparent',
      axisPointer: { type: bars ? 'shadow' : 'line', lineStyle: { color: ink.axis } },
      formatter: (shown: unknown) => tooltipNode(input, firstIndex(shown)),
    },
    series: bars ? barSeries(input) : lineSeries(input),
  };
}

/** ECharts hands the hovered items over as a list; all of them are of one bucket. */
function firstIndex(shown: unknown): number {
  const first: unknown = Array.isArray(shown) ? (shown as unknown[])[0] : shown;
  return Number((first as { dataIndex?: unknown } | undefined)?.dataIndex ?? 0);
}

function lengthMs({ buckets }: Table): number {
  return (buckets.at(-1)?.end.getTime() ?? 0) - (buckets[0]?.start.getTime() ?? 0);
}

/** Show some 3 labels on a phone, some 10 elsewhere; ECharts counts the labels to leave out between two. */
export function labelStep(buckets: number, narrow: boolean): number {
  return Math.max(0, Math.ceil(buckets / (narrow ? 3 : 10)) - 1);
}

function barSeries({ table, theme, hidden, kind }: ChartInput): BarSeriesOption[] {
  return table.columns.flatMap((column, index) => {
    if (hidden.has(column.key)) return [];
    const color = colourOf(index, column.group.other, theme);
    return {
      type: 'bar' as const,
      name: column.name,
      ...(kind === 'stacked' ? { stack: 'all' } : {}),
      barMaxWidth: 44,
      barCategoryGap: table.buckets.length > 120 ? '8%' : '22%',
      itemStyle: { color, borderColor: INK[theme].surface, borderWidth: table.buckets.length > 60 ? 0 : 1 },
      emphasis: { disabled: true },
      data: table.buckets.map(({ partial }, at) => ({
        value: toNumber(column.values[at] ?? null) as number,
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

function lineSeries(input: ChartInput): LineSeriesOption[] {
  const { table, kind, theme, hidden } = input;
  const cut = firstPartial(table);
  return table.columns.flatMap((column, index) => {
    if (hidden.has(column.key)) return [];
    const color = colourOf(index, column.group.other, theme);
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
    const dash = kind === 'line' ? dashOf(index) : 'solid';
    const whole = { ...base, lineStyle: { color, width: 2, type: dash }, ...stacked(kind, 'whole', color, 0.72) };
    const open = { ...base, lineStyle: { color, width: 2, type: [3, 4] }, ...stacked(kind, 'open', color, 0.25) };
    const complete = { ...whole, showSymbol: isLonely(column, cut), data: split(column.values, 0, cut) };
    if (cut >= table.buckets.length) return [complete];
    return [complete, { ...open, data: split(column.values, cut - 1, table.buckets.length) }];
  });
}

function stacked(kind: ChartInput['kind'], stack: string, color: string, opacity: number): Partial<LineSeriesOption> {
  return kind === 'area' ? { stack, areaStyle: { color, opacity } } : {};
}

/** The values from one bucket to another, the rest left empty; the open part starts at the last whole bucket, so that
 * the two lines meet. */
function split(values: readonly Value[], from: number, to: number): (number | null)[] {
  return values.map((value, index) => (index >= from && index < to ? toNumber(value) : null));
}

/** A line through one point is invisible: then the point is drawn. */
function isLonely({ values }: Column, cut: number): boolean {
  return values.slice(0, cut).filter((value) => value !== null).length === 1;
}

export function faded(hex: string, opacity: number): string {
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return `rgba(${part(1)},${part(3)},${part(5)},${opacity})`;
}
