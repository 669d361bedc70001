/** How often which values are: the buckets' values put into bins. Pure. */

import { toNumber } from '../question/answer.ts';
import { figureAxis, figureSaid, isShare, namedUnit } from '../question/figure.ts';
import { type Column, firstPartial } from '../question/table.ts';
import { number } from '../time/format.ts';
import type { Interval } from '../time/range.ts';
import { FONT, unitsOf } from './axes.ts';
import { type Bin, binsOf, counted } from './bins.ts';
import type { ChartInput, Drawing, Refusal } from './input.ts';
import { cut } from './marks.ts';
import { colourOf, INK } from './palette.ts';
import { plainNode, tooltip } from './tooltip.ts';

const MOST_COLUMNS = 4;
const NAMES: Record<Interval, string> = {
  PT15M: 'quarters of an hour',
  PT1H: 'hours',
  P1D: 'days',
  P1W: 'weeks',
  P1M: 'months',
  P3M: 'quarters',
  P1Y: 'years',
};

export function histogram(input: ChartInput): Drawing | Refusal {
  const { table, theme, locale, hidden, narrow } = input;
  const shown = table.columns.flatMap((column, index) => (hidden.has(column.key) ? [] : [{ column, index }]));
  if (unitsOf(table).length > 1) return { refused: 'A histogram is of one unit: choose one metric.' };
  if (table.columns.length > MOST_COLUMNS)
    return { refused: `A histogram of ${table.columns.length} parts cannot be read: keep at most ${MOST_COLUMNS}.` };
  const unit = table.columns[0]?.metric;
  const known = new Map(shown.map(({ column }) => [column.key, valuesOf(column, firstPartial(table))]));
  const all = [...known.values()].flat();
  if (!unit || all.length < 2) return { refused: 'Fewer than two values have no distribution: choose a longer range.' };
  const bins = binsOf(all, !isShare(unit) && all.every(Number.isInteger));
  const { language } = locale;
  const what = NAMES[table.answer.interval];
  const span = ({ from, to }: Bin) => `${figureSaid(from, unit, language)} – ${figureSaid(to, unit, language)}`;
  const counts = new Map(shown.map(({ column }) => [column.key, counted(known.get(column.key) ?? [], bins)]));
  const lines = (bin: number) =>
    shown.map(
      ({ column }) => [column.name, `${number(counts.get(column.key)?.[bin] ?? 0, language)} ${what}`] as const,
    );
  const ink = INK[theme];
  const label = { color: ink.text, fontFamily: FONT, fontSize: 12 };
  const first = bins[0] as Bin;
  const last = bins.at(-1) as Bin;
  const width = first.to - first.from;
  /** A label every so many bins. */
  const every = Math.ceil((bins.length + 1) / (narrow ? 5 : 12));
  return {
    option: {
      animation: input.animate,
      animationDuration: 250,
      aria: { enabled: false },
      grid: { left: 4, right: 18, top: 34, bottom: 34, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      xAxis: {
        type: 'value',
        min: first.from,
        max: last.to,
        interval: every * width,
        containShape: false,
        name: cut(namedUnit(unit.title, unit), narrow ? 32 : 60),
        nameLocation: 'middle',
        nameGap: 30,
        nameTextStyle: label,
        axisLine: { lineStyle: { color: ink.axis } },
        splitLine: { show: false },
        axisLabel: {
          ...label,
          hideOverlap: true,
          showMaxLabel: bins.length % every === 0,
          formatter: (value: number) => figureAxis(value, unit, language),
        },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        splitNumber: 4,
        name: `Number of ${what}`,
        nameGap: 14,
        nameTextStyle: { ...label, align: 'left' },
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: label,
        splitLine: { lineStyle: { color: ink.grid } },
      },
      tooltip: tooltip(({ dataIndex }) => plainNode(bins[dataIndex] ? span(bins[dataIndex]) : '', lines(dataIndex))),
      series: shown.map(({ column, index }) => ({
        type: 'bar',
        name: column.name,
        barCategoryGap: '2%',
        barGap: '0%',
        emphasis: { disabled: true },
        itemStyle: { color: colourOf(index, column.group.other, theme) },
        data: bins.map(({ from, to }, bin) => [(from + to) / 2, counts.get(column.key)?.[bin] ?? 0]),
      })),
    },
    steps: bins.length,
    words: (step) =>
      bins[step]
        ? `${span(bins[step])}: ${lines(step)
            .map((line) => line.join(' '))
            .join(', ')}`
        : '',
    item: (step) => ({ seriesIndex: 0, dataIndex: step }),
    notes: notesOf(
      input,
      shown.map(({ column }) => column),
      what,
      figureSaid(width, unit, language),
    ),
    overTime: false,
    before: false,
  };
}

/** Whole buckets only: half a day is no day of little. */
function valuesOf({ values }: Column, cut: number): number[] {
  return values.slice(0, cut).flatMap((value) => toNumber(value) ?? []);
}

function notesOf({ table }: ChartInput, columns: readonly Column[], what: string, width: string): string[] {
  const cut = firstPartial(table);
  const unknown = columns.reduce(
    (sum, { values }) => sum + values.slice(0, cut).filter((value) => value === null).length,
    0,
  );
  const open = table.buckets.length - cut;
  const left = [
    ...(unknown > 0 ? [`${unknown} without a value`] : []),
    ...(open > 0 ? [`${open} not complete yet`] : []),
  ];
  return [`Bins of ${width}.${left.length > 0 ? ` Left out of the ${what}: ${left.join(', ')}.` : ''}`];
}
