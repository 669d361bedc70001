/** A ring of the parts of a whole, over the whole range: the largest first, the rest last. Pure. */

import { toNumber } from '../question/answer.ts';
import { figureSaid, figureShort } from '../question/figure.ts';
import { largestFirst } from '../question/ranking.ts';
import { addsUp, type Column } from '../question/table.ts';
import { FONT, sharesOfOne, unitsOf } from './axes.ts';
import type { ChartInput, Drawing, Refusal } from './input.ts';
import { cut } from './marks.ts';
import { colourOf, INK } from './palette.ts';
import { plainNode, tooltip } from './tooltip.ts';

/** Pixels of height. */
const SMALL = 170;
/** More slices cannot be told apart. */
const MOST_SLICES = 8;

interface Slice {
  readonly column: Column;
  readonly index: number;
  readonly size: number;
}

export function pie(input: ChartInput): Drawing | Refusal {
  const { table, theme, locale, hidden, narrow } = input;
  const refused = refusalOf(input);
  if (refused) return { refused };
  const slices = slicesOf(input);
  const shown = slices.filter(({ column }) => !hidden.has(column.key));
  const whole = shown.reduce((sum, { size }) => sum + size, 0);
  const ink = INK[theme];
  const unit = table.columns[0]?.metric ?? { unit: '', kind: '' };
  const share = (size: number) => percentOf(size, whole, locale.language);
  const said = ({ column, size }: Slice) => figureSaid(column.total.value ?? size, column.metric, locale.language);
  const radius = narrow ? ['42%', '64%'] : ['45%', '68%'];
  const open = table.answer.partial;
  return {
    option: {
      animation: input.animate,
      animationDuration: 250,
      aria: { enabled: false },
      tooltip: tooltip(({ dataIndex, seriesIndex }) => {
        const slice = seriesIndex === 0 ? shown[dataIndex] : undefined;
        if (!slice)
          return plainNode('Everything', [
            [open ? 'Still growing' : 'Whole', figureShort(whole, unit, locale.language)],
          ]);
        const colour = colourOf(slice.index, slice.column.group.other, theme);
        return plainNode(slice.column.name, [[share(slice.size), said(slice)]], colour);
      }),
      // Where there is no room for names around the ring, the legend has them.
      media: [
        { query: { maxHeight: SMALL }, option: sized(false, ['58%', '94%'], 17) },
        { option: sized(true, radius, 20) },
      ],
      series: [
        {
          type: 'pie',
          radius,
          center: ['50%', '50%'],
          startAngle: 90,
          minAngle: 1,
          itemStyle: { borderColor: ink.surface, borderWidth: 2 },
          emphasis: { scale: true, scaleSize: 4 },
          labelLine: { lineStyle: { color: ink.axis }, length: 13, length2: 0 },
          label: {
            // Names have all the room there is: the ring's panel may be a narrow one.
            bleedMargin: 0,
            distanceToLabelLine: 3,
            color: ink.text,
            fontFamily: FONT,
            fontSize: 12,
            lineHeight: 15,
            overflow: 'truncate',
            formatter: ({ dataIndex }: { dataIndex: number }) => {
              const slice = shown[dataIndex];
              // Two short lines: beside a ring in a narrow panel one long one would lose its share.
              return slice ? `${cut(slice.column.name, narrow ? 12 : 20)}\n${share(slice.size)}` : '';
            },
          },
          data: shown.map(({ column, index, size }) => ({
            value: size,
            name: column.key,
            itemStyle: { color: colourOf(index, column.group.other, theme) },
          })),
        },
        centre(figureShort(whole, unit, locale.language), open, radius, input),
      ],
    },
    steps: shown.length,
    words: (step) => {
      const slice = shown[step];
      return slice ? `${slice.column.name}: ${said(slice)}, ${share(slice.size)}` : '';
    },
    item: (step) => ({ seriesIndex: 0, dataIndex: step }),
    notes: [],
    overTime: false,
    before: false,
  };
}

/** The ring, and the whole in its middle, by the room that there is. */
function sized(named: boolean, radius: readonly string[], fontSize: number) {
  return {
    series: [
      { radius, label: { show: named }, labelLine: { show: named } },
      { radius: [0, insideOf(radius)], label: { fontSize } },
    ],
  };
}

/** How far the middle reaches: a little less than to the ring. */
const insideOf = ([inner = '']: readonly string[]): string => `${Number.parseInt(inner, 10) - 4}%`;

/** The whole in the middle; the ring around it is dashed while the range is still growing. */
function centre(words: string, open: boolean, ring: readonly string[], { theme }: ChartInput) {
  const ink = INK[theme];
  return {
    type: 'pie',
    radius: [0, insideOf(ring)],
    silent: true,
    z: 1,
    animation: false,
    label: {
      show: true,
      position: 'center',
      formatter: words,
      color: ink.strong,
      fontFamily: FONT,
      fontSize: 20,
      fontWeight: 620,
    },
    labelLine: { show: false },
    data: [
      {
        value: 1,
        name: '',
        itemStyle: {
          color: 'transparent',
          borderColor: open ? ink.text : 'transparent',
          borderWidth: 1,
          borderType: 'dashed',
        },
      },
    ],
  };
}

function slicesOf({ table }: ChartInput): Slice[] {
  return largestFirst(table.columns).flatMap(({ column, index }) => {
    const size = toNumber(column.total.value);
    return size ? [{ column, index, size }] : [];
  });
}

function refusalOf(input: ChartInput): string | null {
  const { table } = input;
  if (unitsOf(table).length > 1)
    return 'A pie is of one unit: choose one metric and a group, or another kind of chart.';
  if (!addsUp(table) && !sharesOfOne(table) && table.answer.metrics.length === 1)
    return 'These parts make up no whole (somebody may be in two of them): choose bars.';
  const values = slicesOf(input);
  if (values.some(({ size }) => size < 0)) return 'A part below zero has no slice: choose bars.';
  if (values.length < 2) return 'One part is the whole: choose a group with several, or show it as a number.';
  if (values.length > MOST_SLICES + 1)
    return `${values.length} slices cannot be told apart: keep the top ${MOST_SLICES}, and the rest as one, or choose bars.`;
  return null;
}

export function percentOf(part: number, whole: number, language: string): string {
  const share = whole === 0 ? 0 : part / whole;
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(
    share,
  );
}
