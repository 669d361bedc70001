/** Bars beside or on one another; hollow behind them what they are compared with. Pure. */

import type { BarSeriesOption } from 'echarts/charts';
import { toNumber } from '../question/answer.ts';
import { knownYet } from '../question/table.ts';
import { axisOf, unitsOf } from './axes.ts';
import type { ChartInput } from './input.ts';
import { colourOf, faded, INK } from './palette.ts';

/** The part of a bucket that is left empty. */
const GAP = 0.22;
const DENSE_GAP = 0.08;
/** Bars with hollow ones behind them have no greatest width: few of them keep apart. */
const WIDE_GAP = 0.55;
const FEW = 8;
/** More bars than this are thinner than a pixel. */
const MANY = 4_000;
/** So many bars of one place each are drawn as one shape a column: a shape for each takes ECharts three times as long. */
const ONE_SHAPE = 400;
/** How wide a bar is where a hollow one stands behind it. */
const SLIM = 0.64;

export interface Layout {
  readonly barCategoryGap: string;
  readonly barGap: string;
}

/** Bars of `slim` of the width that their place has, each in the middle of it: so the hollow ones behind, which fill the
 * place, stand around them. */
export function layoutOf(bars: number, gap: number, slim: number): Layout {
  const place = (1 - gap) / Math.max(1, bars);
  const empty = gap + place * (1 - slim);
  return { barCategoryGap: `${percent(empty)}%`, barGap: `${percent((1 - slim) / slim)}%` };
}

const percent = (share: number) => Math.round(share * 10_000) / 100;

export function barSeries(input: ChartInput, stacked: boolean): BarSeriesOption[] {
  const { table, theme, hidden } = input;
  const shown = table.columns.filter(({ key }) => !hidden.has(key));
  const compared = !stacked && shown.some(({ before }) => before !== null);
  const gap = table.buckets.length > 120 ? DENSE_GAP : compared && table.buckets.length <= FEW ? WIDE_GAP : GAP;
  const places = stacked ? 1 : shown.length;
  const units = unitsOf(table);
  const slender = table.buckets.length * places > 60;
  const joined = places === 1 && !compared && table.buckets.length * shown.length >= ONE_SHAPE;
  return table.columns.flatMap((column, index) => {
    if (hidden.has(column.key)) return [];
    const color = colourOf(index, column.group.other, theme);
    const base = { type: 'bar' as const, name: column.name, yAxisIndex: axisOf(column, units), emphasis: DULL };
    const values = knownYet(column, table).map((value) => toNumber(value) as number);
    const partial = (at: number) => table.buckets[at]?.partial ?? false;
    const whole: BarSeriesOption = {
      ...base,
      ...(stacked || joined ? { stack: `all ${base.yAxisIndex}` } : {}),
      ...layoutOf(places, gap, compared ? SLIM : 1),
      ...(compared ? {} : { barMaxWidth: 44 }),
      itemStyle: { color, borderColor: INK[theme].surface, borderWidth: slender ? 0 : 1 },
      data: values.map((value, at) => ({ value, ...(partial(at) ? { itemStyle: open(color) } : {}) })),
    };
    if (joined) return joinedSeries(whole, values, partial, open(color));
    if (!compared || !column.before) return [whole];
    const before: BarSeriesOption = {
      ...base,
      name: `${column.name}, before`,
      xAxisIndex: 1, // bars of one axis would stand beside these, not before them
      z: 1,
      silent: true,
      ...layoutOf(places, gap, 1),
      itemStyle: { color: 'transparent', borderColor: color, borderWidth: 1.2, opacity: 0.75 },
      data: column.before.map((value) => toNumber(value) as number),
    };
    return [before, whole];
  });
}

/** All bars as one shape, which has one look; so those that still grow are a series of their own, in the same place. */
function joinedSeries(
  whole: BarSeriesOption,
  values: readonly number[],
  partial: (at: number) => boolean,
  openStyle: ReturnType<typeof open>,
): BarSeriesOption[] {
  const only = (wanted: boolean) => values.map((value, at) => (partial(at) === wanted ? value : '-'));
  const shape: BarSeriesOption = { ...whole, large: true, largeThreshold: 1, progressive: 0, data: only(false) };
  if (!values.some((_, at) => partial(at))) return [shape];
  return [shape, { ...whole, itemStyle: openStyle, data: only(true) }];
}

export const isMany = ({ table }: ChartInput): boolean => table.buckets.length * table.columns.length > MANY;

const DULL = { disabled: true };

function open(color: string) {
  return { color: faded(color, 0.28), borderColor: color, borderType: 'dashed' as const, borderWidth: 1.2 };
}
