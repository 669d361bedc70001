/** What an alert's chart is drawn of: the values, the mark, what is usual, the times in which it fires, and each message.
 * Pure. Bands and marks are series of their own, so that none of ECharts' larger parts has to be loaded. */

import type { LineSeriesOption } from 'echarts/charts';
import { FONT } from '../../charts/axes.ts';
import type { Drawing } from '../../charts/input.ts';
import { faded, INK, type Theme } from '../../charts/palette.ts';
import { tickLabels } from '../../charts/ticks.ts';
import { axisTooltip } from '../../charts/tooltip.ts';
import type { Unit } from '../../question/figure.ts';
import { figureAxis } from '../../question/figure.ts';
import type { Locale } from '../../time/format.ts';
import type { Interval } from '../../time/range.ts';
import { alertTip, alertWords } from './chart-tip.ts';
import { isActive, type Point, type What } from './preview.ts';
import type { Condition, Phase } from './rule.ts';

/** A message, at the bucket that it is about. */
export interface MessageMark {
  readonly bucket: number;
  readonly what: What;
  readonly subject: string;
  readonly at: Date;
}

export interface AlertChart {
  readonly points: readonly Point[];
  /** The value itself, or what was held against the mark. */
  readonly shows: 'value' | 'held';
  readonly condition: Condition;
  readonly messages: readonly MessageMark[];
  readonly interval: Interval;
  readonly unit: Unit;
  readonly locale: Locale;
  readonly theme: Theme;
  readonly animate: boolean;
  readonly narrow: boolean;
}

/** Beside the colours of series: red for what is bad, as everywhere on the site; each with a shape of its own. */
export const TONES: Record<Theme, { bad: string; good: string; warn: string; line: string }> = {
  light: { bad: '#c02636', good: '#13693f', warn: '#8a5500', line: '#196386' },
  dark: { bad: '#ff8f98', good: '#5fd39a', warn: '#f0bd5b', line: '#61b0ff' },
};

export const SHAPES: Record<What, { symbol: string; tone: 'bad' | 'good' | 'warn' }> = {
  fired: { symbol: 'triangle', tone: 'bad' },
  still: { symbol: 'diamond', tone: 'bad' },
  recovered: { symbol: 'circle', tone: 'good' },
  no_data: { symbol: 'rect', tone: 'warn' },
  error: { symbol: 'rect', tone: 'bad' },
  ended: { symbol: 'rect', tone: 'warn' },
};

/** The chart, and how it is gone through by keys. */
export function alertDrawing(chart: AlertChart): Drawing {
  const option = alertChartOption(chart);
  return {
    option,
    steps: chart.points.length,
    words: (step) => alertWords(chart, step),
    item: (step) => ({ seriesIndex: 0, dataIndex: step }),
    notes: [],
    overTime: true,
    before: false,
  };
}

export function alertChartOption(chart: AlertChart) {
  const { points, interval, locale, theme } = chart;
  const buckets = points.map(({ start, end }) => ({ start, end, partial: false }));
  const labels = tickLabels(buckets, interval, locale, chart.narrow ? 4 : 9);
  const ink = INK[theme];
  const text = { color: ink.text, fontFamily: FONT, fontSize: 12 };
  return {
    animation: chart.animate,
    animationDuration: 200,
    animationDurationUpdate: 150,
    aria: { enabled: false },
    grid: { left: 4, right: 14, top: 16, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category',
      data: points.map((_, index) => String(index)),
      boundaryGap: true,
      axisLine: { lineStyle: { color: ink.axis } },
      axisTick: { show: false },
      axisLabel: {
        ...text,
        hideOverlap: true,
        margin: 10,
        interval: (index: number) => labels[index] !== '',
        formatter: (value: string) => labels[Number(value)] ?? '',
      },
    },
    yAxis: [
      {
        type: 'value',
        scale: chart.shows === 'held',
        splitNumber: 4,
        axisLabel: { ...text, formatter: (value: number) => axisWords(value, chart) },
        splitLine: { lineStyle: { color: ink.grid } },
      },
      { type: 'value', show: false, min: 0, max: 1 },
    ],
    tooltip: axisTooltip(ink.axis, false, (bucket) => alertTip(chart, bucket)),
    series: [
      carrier(chart),
      ...stateBands(chart),
      ...usualBand(chart),
      values(chart),
      ...marks(chart),
      messages(chart),
    ],
  };
}

/** A line that nobody sees: the pointer finds each bucket by it, one without a value too. */
function carrier({ points }: AlertChart): LineSeriesOption {
  return {
    ...plainLine(
      '',
      points.map(() => 0),
    ),
    yAxisIndex: 1,
    animation: false,
    lineStyle: { opacity: 0, width: 0 },
  };
}

function axisWords(value: number, { shows, condition, unit, locale }: AlertChart): string {
  if (shows === 'held' && condition.kind === 'change' && condition.of === 'ratio')
    return new Intl.NumberFormat(locale.language, { style: 'percent', maximumFractionDigits: 0 }).format(value);
  return figureAxis(value, unit, locale.language);
}

/** The ground behind a bucket says how the rule stood after it. One area of steps, and not a bar a bucket: thousands of
 * bars are wider than their place, and would lie on one another. */
function stateBands({ points, theme }: AlertChart): LineSeriesOption[] {
  const tone = TONES[theme];
  const band = (name: string, color: string, holds: (state: Phase) => boolean): LineSeriesOption => ({
    ...plainLine(
      name,
      points.map(({ state }) => (holds(state) ? 1 : 0)),
    ),
    yAxisIndex: 1,
    step: 'middle',
    animation: false,
    lineStyle: { opacity: 0, width: 0 },
    areaStyle: { color, opacity: 1 },
  });
  return [
    band('firing', faded(tone.bad, theme === 'light' ? 0.16 : 0.24), isActive),
    band('pending', faded(tone.warn, 0.14), (state) => state === 'pending' || state === 'no_data' || state === 'error'),
  ];
}

/** From `low` to `high`: a line that is not drawn, and the band stacked on it. */
function usualBand({ points, condition, shows, theme }: AlertChart): LineSeriesOption[] {
  if (condition.kind !== 'anomaly' || shows === 'held') return [];
  const { line } = TONES[theme];
  const base = {
    type: 'line' as const,
    stack: 'usual',
    stackStrategy: 'all' as const,
    showSymbol: false,
    silent: true,
    emphasis: { disabled: true },
    lineStyle: { opacity: 0 },
  };
  return [
    { ...base, name: 'from', data: points.map(({ low }) => low) },
    {
      ...base,
      name: 'to',
      areaStyle: { color: line, opacity: 0.16 },
      data: points.map(({ low, high }) => (low === null || high === null ? null : high - low)),
    },
    {
      ...plainLine(
        'usual',
        points.map(({ usual }) => usual),
      ),
      lineStyle: { color: line, width: 1.2, type: [2, 3], opacity: 0.8 },
    },
  ];
}

function plainLine(name: string, data: readonly (number | null)[]): LineSeriesOption {
  return { type: 'line', name, showSymbol: false, silent: true, emphasis: { disabled: true }, data: [...data] };
}

function values({ points, shows, theme }: AlertChart): LineSeriesOption {
  const { line } = TONES[theme];
  const data = points.map((point) => point[shows]);
  return {
    ...plainLine('value', data),
    z: 4,
    itemStyle: { color: line },
    lineStyle: { color: line, width: 2 },
    showSymbol: data.filter((value) => value !== null).length < 3,
    symbol: 'circle',
    symbolSize: 6,
  };
}

/** The marks of a condition, where they are of what is shown. */
export function marksOf(condition: Condition, shows: 'value' | 'held'): { bad: number | null; well: number | null } {
  const none = { bad: null, well: null };
  const read = (mark: string | null) =>
    mark === null || mark === '' || Number.isNaN(Number(mark)) ? null : Number(mark);
  if (condition.kind === 'level' && shows === 'value')
    return { bad: read(condition.threshold), well: read(condition.recover) };
  if (condition.kind === 'change' && shows === 'held')
    return { bad: read(condition.threshold), well: read(condition.recover) };
  return none;
}

function marks({ points, condition, shows, theme }: AlertChart): LineSeriesOption[] {
  const tone = TONES[theme];
  const { bad, well } = marksOf(condition, shows);
  const across = (name: string, at: number | null, color: string, type: number[]): LineSeriesOption[] =>
    at === null
      ? []
      : [
          {
            ...plainLine(
              name,
              points.map(() => at),
            ),
            z: 3,
            lineStyle: { color, width: 1.6, type },
            itemStyle: { color },
          },
        ];
  return [...across('bad', bad, tone.bad, [7, 4]), ...across('well', well, tone.good, [2, 4])];
}

function messages({ points, shows, messages: told, theme }: AlertChart): LineSeriesOption {
  const tone = TONES[theme];
  const data: object[] = points.map(() => ({ value: null }));
  for (const { bucket, what } of told) {
    const { symbol, tone: of } = SHAPES[what];
    const value = points[bucket]?.[shows] ?? 0;
    data[bucket] = {
      value,
      symbol,
      symbolSize: 11,
      itemStyle: { color: tone[of], borderColor: INK[theme].surface, borderWidth: 1.5 },
    };
  }
  return {
    ...plainLine('messages', []),
    z: 6,
    lineStyle: { opacity: 0 },
    showSymbol: true,
    showAllSymbol: true,
    data: data,
  };
}
