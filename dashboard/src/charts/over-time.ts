/** Lines, areas, bars and stacked bars over time; what is compared is laid on the same axis, the partial part dashed. */

import type { LineSeriesOption } from 'echarts/charts';
import { comparedName, nothingBeside } from '../question/compared.ts';
import { addsUp, knownYet, type Table } from '../question/table.ts';
import { number } from '../time/format.ts';
import { axesNamed, FONT, sharesOfOne, unitsOf, valueAxes } from './axes.ts';
import { barSeries, isMany } from './bars.ts';
import type { ChartInput, Drawing, Refusal } from './input.ts';
import { lineSeries } from './lines.ts';
import { flags, spans, thresholdLines } from './marks.ts';
import { INK } from './palette.ts';
import { readBucket } from './reading.ts';
import { tickLabels } from './ticks.ts';
import { axisTooltip, bucketNode } from './tooltip.ts';

/** More buckets than this have more points than a chart is wide. */
const THINNED = 700;

export function overTime(given: ChartInput): Drawing | Refusal {
  const { columns, buckets } = given.table;
  if (given.kind === 'bar' && columns.length > 1 && isMany(given))
    return {
      refused: `${columns.length} bars for each of ${buckets.length} periods cannot be told apart: choose lines or a longer interval.`,
    };

  const input = { ...given, table: withoutUnknown(given.table) };
  const { table, kind, theme, locale, narrow } = input;
  const ink = INK[theme];
  const bars = kind === 'bar' || kind === 'stacked';
  const stacked = isStacked(input);
  const labels = tickLabels(table.buckets, table.answer.interval, locale, narrow ? 4 : 9);
  const yAxis = valueAxes(input, stacked);
  // Stacks of so many bars that none stands apart are steps: the same picture, drawn as one shape a column.
  const steps = stacked && bars && isMany(input);
  const series = bars && !steps ? barSeries(input, stacked) : lineSeries(input, stacked, steps);
  const category = { type: 'category' as const, data: table.buckets.map((_, index) => String(index)) };
  return {
    option: {
      animation: input.animate,
      animationDuration: 250,
      animationDurationUpdate: 200,
      aria: { enabled: false }, // the canvas has a label of its own and a table beside it
      grid: {
        left: 4,
        right: yAxis.length > 1 ? 4 : 14,
        top: (input.marks.length > 0 ? 24 : 12) + (axesNamed(unitsOf(table)) ? 16 : 0),
        bottom: 8,
        outerBoundsMode: 'same',
        outerBoundsContain: 'axisLabel',
      },
      xAxis: [
        {
          ...category,
          boundaryGap: bars,
          // Else it stands at the nothing of the carrier's axis, amid a line that begins far above its own.
          axisLine: { onZeroAxisIndex: 0, lineStyle: { color: ink.axis } },
          axisTick: { show: false },
          axisLabel: {
            color: ink.text,
            fontFamily: FONT,
            fontSize: 12,
            hideOverlap: true,
            margin: 10,
            interval: (index: number) => labels[index] !== '',
            formatter: (value: string) => labels[Number(value)] ?? '',
          },
        },
        { ...category, show: false, axisPointer: { show: false } },
      ],
      yAxis: [...yAxis, { type: 'value', show: false, min: -1, max: 1 }],
      tooltip: axisTooltip(ink.axis, bars, (index) => bucketNode(input, index)),
      series: [carrier(input, yAxis.length), watched(input), ...series],
    },
    steps: table.buckets.length,
    words: (step) => readBucket(input, step),
    item: (step) => ({ seriesIndex: 0, dataIndex: step }),
    notes: notesOf(input, stacked),
    overTime: true,
    before: !stacked && hasBefore(table),
  };
}

/** Whether anything is drawn of what is compared with. */
const hasBefore = ({ columns }: Table): boolean =>
  columns.some(({ before }) => before?.some((value) => value !== null) ?? false);

/** A line that nobody sees, one point a bucket, the first of the series: the pointer finds each bucket by it, one without
 * a value too; marks hang on it. */
function carrier(input: ChartInput, yAxisIndex: number): LineSeriesOption {
  return {
    type: 'line',
    name: '',
    yAxisIndex,
    data: input.table.buckets.map(() => 0),
    symbol: 'none',
    silent: true,
    animation: false,
    emphasis: { disabled: true },
    lineStyle: { opacity: 0, width: 0 },
    markLine: flags(input),
    markArea: spans(input),
  };
}

/** Thresholds need a line of the first axis to hang on. */
function watched(input: ChartInput): LineSeriesOption {
  return { type: 'line', name: '', data: [], silent: true, markLine: thresholdLines(input.thresholds, input) };
}

/** Whether values stand on one another: what adds up does, whatever it is drawn as. */
function isStacked({ kind, table }: ChartInput): boolean {
  if (kind === 'stacked') return true;
  return kind === 'area' && table.columns.length > 1 && (addsUp(table) || sharesOfOne(table));
}

/** Nothing of what it is compared with is drawn past the cut up to which both are known, nor beside what is left out. */
function withoutUnknown(table: Table): Table {
  const columns = table.columns.map((column) => {
    const cut = column.metric.comparison?.current.to;
    if (!column.before || !cut) return column;
    const shown = knownYet(column, table);
    const known = column.before.map((value, at) => {
      const cutOff = shown[at] === null && column.values[at] !== null;
      return cutOff || (table.buckets[at]?.start ?? cut) >= cut ? null : value;
    });
    return { ...column, before: known };
  });
  return { ...table, columns };
}

function notesOf({ table, kind, locale }: ChartInput, stacked: boolean): string[] {
  const notes: string[] = [];
  const { length } = table.buckets;
  const metric = table.columns.find((column) => column.metric.comparison)?.metric;
  const compared = metric?.comparison;
  if (!stacked && compared && !hasBefore(table)) {
    const { said, why } = nothingBeside(metric, locale);
    notes.push(`${why ? `${said}: ${why}` : said}.`);
  }
  if (stacked && compared)
    notes.push(`Stacks are drawn without ${comparedName(compared)}: choose lines to see both, or read the table.`);
  if (stacked && !addsUp(table) && !sharesOfOne(table))
    notes.push('What stands on one another may overlap here: the height is no total.');
  if (kind === 'line' && length > THINNED)
    notes.push(
      `${number(length, locale.language)} points a line: where that is more than the chart is wide, it is thinned for ` +
        'drawing only. What is read, and the table, have all.',
    );
  if (unitsOf(table).length > 2)
    notes.push('Only the first two units have an axis; each other has a scale of its own.');
  return notes;
}
