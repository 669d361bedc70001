/** Lines and areas: whole, still growing, and what they are compared with. Pure. */

import type { LineSeriesOption } from 'echarts/charts';
import { toNumber, type Value } from '../question/answer.ts';
import { type Column, firstPartial, knownYet } from '../question/table.ts';
import { axisOf, unitsOf } from './axes.ts';
import type { ChartInput } from './input.ts';
import { BEFORE_DASH, colourOf, OPEN_DASH, type Stroke, strokeOf } from './palette.ts';

/** Marks on a line of the second round of colours, so many at most. */
const MARKERS = 12;
/** More lines than this have no points that follow the pointer: they would cover one another. */
const FEW = 8;

type Point = number | null | { readonly value: number | null; readonly symbol: string; readonly symbolSize: number };

/** `steps`: the outline of bars that touch one another. */
export function lineSeries(input: ChartInput, stacked: boolean, steps = false): LineSeriesOption[] {
  const { table, theme, hidden } = input;
  const cut = firstPartial(table);
  const units = unitsOf(table);
  const emphasis = { disabled: table.columns.length > FEW, scale: false, lineStyle: { width: 2 } };
  return table.columns.flatMap((column, index) => {
    if (hidden.has(column.key)) return [];
    const color = colourOf(index, column.group.other, theme);
    const stroke = column.group.other || stacked ? strokeOf(0) : strokeOf(index);
    const base: LineSeriesOption = {
      type: 'line',
      name: column.name,
      yAxisIndex: axisOf(column, units),
      symbol: 'circle',
      symbolSize: 6,
      showSymbol: false,
      showAllSymbol: false,
      emphasis,
      itemStyle: { color },
      // Stacks would come apart: each line would leave out other points.
      ...(stacked ? {} : { sampling: 'lttb' as const }),
    };
    const line = (type: Stroke['dash'], width = 2) => ({ color, width, type: type as 'solid' });
    const whole: LineSeriesOption = {
      ...base,
      lineStyle: line(stroke.dash, stacked ? (steps ? 0 : 1) : 2),
      ...filled(input, stacked, 'whole', color, steps ? 1 : 0.72),
      ...(steps ? { step: 'middle' as const } : {}),
      ...lonely(column, cut),
      data: marked(split(column.values, 0, cut), stroke),
      ...(stroke.marker ? { symbol: 'none', showSymbol: true } : {}),
    };
    const open: LineSeriesOption = {
      ...base,
      lineStyle: line(OPEN_DASH),
      ...filled(input, stacked, 'open', color, 0.25),
      data: split(knownYet(column, table), cut - 1, table.buckets.length),
    };
    const before = column.before && !stacked ? [beforeLine(base, column, color)] : [];
    return [...before, whole, ...(cut < table.buckets.length ? [open] : [])];
  });
}

function beforeLine(base: LineSeriesOption, column: Column, color: string): LineSeriesOption {
  const dash = BEFORE_DASH as unknown as 'dotted';
  return {
    ...base,
    name: `${column.name}, before`,
    z: 1,
    emphasis: { disabled: true },
    lineStyle: { color, width: 1.5, type: dash, cap: 'round', opacity: 0.75 },
    data: column.before?.map(toNumber) ?? [],
  };
}

function filled(
  { kind }: ChartInput,
  stacked: boolean,
  stack: string,
  color: string,
  opacity: number,
): Partial<LineSeriesOption> {
  if (kind === 'line') return {};
  if (!stacked) return { areaStyle: { color, opacity: opacity * 0.2 } };
  return { stack, stackStrategy: 'all', areaStyle: { color, opacity } };
}

/** The values from one bucket to another, the rest left empty; the open part starts at the last whole bucket, so that
 * the two lines meet. */
export function split(values: readonly Value[], from: number, to: number): (number | null)[] {
  return values.map((value, index) => (index >= from && index < to ? toNumber(value) : null));
}

/** Shapes on some of the points: in step with the colour, so that a colour used twice is two lines. */
function marked(values: readonly (number | null)[], { marker }: Stroke): Point[] {
  if (!marker) return [...values];
  const step = Math.max(1, Math.round(values.length / MARKERS));
  const half = Math.floor(step / 2);
  return values.map((value, index) => (index % step === half ? { value, symbol: marker, symbolSize: 7 } : value));
}

/** A line through one point, with nothing known beside it, is invisible: then points are drawn. */
function lonely({ values }: Column, cut: number): Partial<LineSeriesOption> {
  const known = values.slice(0, cut).map((value) => value !== null);
  const alone = known.some((is, at) => is && !known[at - 1] && !known[at + 1]);
  return alone ? { showSymbol: true } : {};
}
