/** Two metrics against one another: a point a group over the whole range, or a point a bucket. Pure. */

import { toNumber, type Value } from '../question/answer.ts';
import { figureAxis, figureSaid, namedUnit } from '../question/figure.ts';
import { groupName, type Column } from '../question/table.ts';
import { bucketLong } from '../time/format.ts';
import { FONT } from './axes.ts';
import type { ChartInput, Drawing, Refusal } from './input.ts';
import { cut } from './marks.ts';
import { colourOf, faded, INK } from './palette.ts';
import { plainNode, tooltip } from './tooltip.ts';

interface Point {
  readonly name: string;
  readonly across: Value;
  readonly up: Value;
  readonly partial: boolean;
  readonly index: number;
  readonly other: boolean;
}

export function scatter(input: ChartInput): Drawing | Refusal {
  const { table, theme, locale, narrow } = input;
  const [x, y] = table.answer.metrics;
  if (!x || !y || table.answer.metrics.length !== 2)
    return { refused: 'A scatter chart sets two metrics against one another: choose exactly two.' };
  const points = pointsOf(input).filter(({ across, up }) => across !== null && up !== null);
  const left = pointsOf(input).length - points.length;
  if (points.length === 0) return { refused: 'Nowhere are both values known: choose a longer range.' };
  const [across, up] = [table.columns[0] as Column, table.columns[1] as Column].map(({ metric }) => metric) as [
    Column['metric'],
    Column['metric'],
  ];
  const ink = INK[theme];
  const axis = (metric: Column['metric'], vertical: boolean) => ({
    type: 'value',
    scale: true,
    splitNumber: narrow ? 3 : 5,
    name: cut(namedUnit(metric.title, metric), narrow ? 32 : 60),
    nameLocation: vertical ? 'end' : 'middle',
    nameGap: vertical ? 14 : 30,
    nameTextStyle: { color: ink.text, fontFamily: FONT, fontSize: 12, align: vertical ? 'left' : 'center' },
    axisLine: { show: !vertical, lineStyle: { color: ink.axis } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: ink.grid } },
    axisLabel: {
      color: ink.text,
      fontFamily: FONT,
      fontSize: 12,
      hideOverlap: true,
      formatter: (value: number) => figureAxis(value, metric, locale.language),
    },
  });
  const lines = ({ across: a, up: b }: Point) =>
    [
      [x.title, figureSaid(a, across, locale.language)],
      [y.title, figureSaid(b, up, locale.language)],
    ] as const;
  return {
    option: {
      animation: input.animate,
      animationDuration: 250,
      aria: { enabled: false },
      grid: { left: 4, right: 18, top: 34, bottom: 34, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      xAxis: axis(across, false),
      yAxis: axis(up, true),
      tooltip: tooltip(({ dataIndex }) => {
        const point = points[dataIndex];
        return point ? plainNode(said(point), lines(point)) : plainNode('', []);
      }),
      series: [
        {
          type: 'scatter',
          symbolSize: points.length > 200 ? 7 : 11,
          emphasis: { scale: 1.3 },
          data: points.map((point) => ({
            value: [toNumber(point.across), toNumber(point.up)],
            itemStyle: style(point, input),
          })),
        },
      ],
    },
    steps: points.length,
    words: (step) => {
      const point = points[step];
      return point
        ? `${said(point)}: ${lines(point)
            .map((line) => line.join(' '))
            .join(', ')}`
        : '';
    },
    item: (step) => ({ seriesIndex: 0, dataIndex: step }),
    notes: left > 0 ? [`${left} of ${left + points.length} are left out: one of the two values is not known.`] : [],
    overTime: false,
    before: false,
  };
}

const said = ({ name, partial }: Point) => (partial ? `${name}, still growing` : name);

function pointsOf({ table, locale, hidden }: ChartInput): Point[] {
  const { answer, columns, buckets } = table;
  if (answer.groupBy.length === 0) {
    const [x, y] = columns;
    return buckets.map(({ start, end, partial }, at) => ({
      name: bucketLong(start, end, answer.interval, locale),
      across: x?.values[at] ?? null,
      up: y?.values[at] ?? null,
      partial,
      index: 0,
      other: false,
    }));
  }
  const first = columns.filter(({ metric }) => metric.name === answer.metrics[0]?.name);
  return first.flatMap((column) => {
    const other = columns.find((one) => one !== column && sameGroup(one, column));
    if (hidden.has(column.key) || (other && hidden.has(other.key))) return [];
    return [
      {
        name: groupName(column.group),
        across: column.total.value,
        up: other?.total.value ?? null,
        partial: answer.partial,
        index: 0,
        other: column.group.other,
      },
    ];
  });
}

function sameGroup(a: Column, b: Column): boolean {
  return a.group.other === b.group.other && JSON.stringify(a.group.members) === JSON.stringify(b.group.members);
}

function style({ partial, index, other }: Point, { theme }: ChartInput) {
  const color = colourOf(index, other, theme);
  if (!partial) return { color: faded(color, 0.75), borderColor: color, borderWidth: 1 };
  return { color: 'transparent', borderColor: color, borderWidth: 1.5, borderType: 'dashed' };
}
