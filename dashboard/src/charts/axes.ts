/** Axes by what the values are of: one for each unit, the first left, the second right. Pure. */

import type { YAXisComponentOption } from 'echarts';
import { toNumber } from '../question/answer.ts';
import { figureAxis, isShare, namesUnit, type Unit } from '../question/figure.ts';
import type { Column, Table } from '../question/table.ts';
import type { ChartInput } from './input.ts';
import { cut } from './marks.ts';
import { INK } from './palette.ts';

export const FONT = "'Inter Variable', system-ui, sans-serif";

/** Columns with the same key are measured on one axis. */
export const unitKey = ({ unit, currency }: Unit): string => (currency ? `money ${currency}` : unit);

/** The units of a table, in the order of its columns. */
export function unitsOf({ columns }: Table): Unit[] {
  const found = new Map<string, Unit>();
  for (const { metric } of columns) if (!found.has(unitKey(metric))) found.set(unitKey(metric), metric);
  return [...found.values()];
}

export function axisOf(column: Column, units: readonly Unit[]): number {
  return units.findIndex((unit) => unitKey(unit) === unitKey(column.metric));
}

/** Shares of one whole, so that all of them are 100 %: by `share_of_total`, and no ratio. */
export function sharesOfOne({ columns }: Table): boolean {
  return columns.length > 0 && columns.every(({ metric }) => isShare(metric) && metric.kind !== 'ratio');
}

export function valueAxes(input: ChartInput, stacked: boolean): YAXisComponentOption[] {
  const { table, theme, locale, thresholds, kind } = input;
  const ink = INK[theme];
  const whole = stacked && sharesOfOne(table) && input.hidden.size === 0;
  const units = unitsOf(table);
  return units.map((unit, index) => {
    const columns = table.columns.filter((column) => unitKey(column.metric) === unitKey(unit));
    // A line of what is counted begins at nothing; what is a standing or a ratio may show how it moves.
    const scale = kind === 'line' && columns.every(({ metric }) => metric.kind === 'gauge' || metric.kind === 'ratio');
    const marks = index === 0 ? thresholds.map(({ value }) => value) : [];
    const low = (least: number) => Math.min(least, ...marks);
    const high = (most: number) => Math.max(most, ...marks);
    return {
      type: 'value',
      show: index < 2,
      position: index === 1 ? 'right' : 'left',
      ...(axesNamed(units) ? named(unit, index, ink.text) : {}),
      scale,
      splitNumber: 4,
      ...(unit.unit === 'seconds' ? clock(columns, marks, stacked) : {}),
      ...(whole ? { max: 1, interval: 0.25 } : marks.length > 0 ? stretched(low, high, scale) : {}),
      ...(columns.every(isWhole) ? { minInterval: 1 } : {}),
      axisLabel: {
        color: ink.text,
        fontFamily: FONT,
        fontSize: 12,
        formatter: (value: number) => figureAxis(value, unit, locale.language),
      },
      splitLine: { show: index === 0, lineStyle: { color: ink.grid } },
    } satisfies YAXisComponentOption;
  });
}

/** Where there are two, whoever reads has to know which is whose; most figures say so themselves. */
export function axesNamed(units: readonly Unit[]): boolean {
  return units.length > 1 && units.slice(0, 2).some((unit) => !namesUnit('', unit));
}

function named(unit: Unit, index: number, color: string) {
  if (namesUnit('', unit)) return {};
  const align = index === 1 ? ('right' as const) : ('left' as const);
  return { name: cut(unit.unit, 24), nameGap: 12, nameTextStyle: { color, fontFamily: FONT, fontSize: 12, align } };
}

/** Seconds have steps of a clock: 15, 30, a minute, five, an hour. */
const CLOCK = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400];
const STEPS = 5;

function clock(columns: readonly Column[], marks: readonly number[], stacked: boolean): { interval?: number } {
  const sums = columns[0]?.values.map((_, at) =>
    columns
      .map(({ values }) => toNumber(values[at] ?? null) ?? 0)
      .reduce((a, b) => (stacked ? a + b : Math.max(a, b)), 0),
  );
  const most = Math.max(0, ...marks, ...(sums ?? []));
  const interval = CLOCK.find((step) => most <= step * STEPS);
  return interval && most > 5 ? { interval } : {};
}

/** So that every threshold is on the axis, with a little room: none is told from the edge. */
function stretched(low: (least: number) => number, high: (most: number) => number, scale: boolean) {
  const room = (min: number, max: number) => (high(max) - low(min)) * 0.06;
  return {
    min: ({ min, max }: { min: number; max: number }) => {
      const least = scale ? low(min) : Math.min(0, low(min));
      return least >= 0 && !scale ? 0 : nice(least - room(min, max), Math.floor, high(max) - least);
    },
    max: ({ min, max }: { min: number; max: number }) => {
      const most = high(max);
      return nice(most + room(min, max), Math.ceil, most - low(min));
    },
  };
}

/** A round number next to a value, by the size of the span that it bounds. */
export function nice(value: number, round: (value: number) => number, span: number): number {
  if (!(span > 0) || !Number.isFinite(value)) return value;
  const step = 10 ** Math.floor(Math.log10(span)) / 2;
  return Number((round(value / step) * step).toPrecision(12));
}

function isWhole({ values, metric }: Column): boolean {
  return !isShare(metric) && values.every((value) => value === null || Number.isInteger(toNumber(value)));
}
