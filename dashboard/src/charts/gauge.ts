/** One value against its full mark. Pure. */

import { toNumber } from '../question/answer.ts';
import { figureAxis, figureSaid, figureShort, isShare } from '../question/figure.ts';
import { FONT, nice } from './axes.ts';
import type { ChartInput, Drawing, Refusal } from './input.ts';
import { cut } from './marks.ts';
import { colourOf, faded, INK } from './palette.ts';
import { plainNode, tooltip } from './tooltip.ts';

const WIDTH = 16;

export function gauge(input: ChartInput): Drawing | Refusal {
  const { table, theme, locale, narrow } = input;
  const column = table.columns.find(({ key }) => !input.hidden.has(key));
  if (table.columns.length !== 1 || !column)
    return { refused: 'A gauge shows one value: choose one metric without a group, or bars.' };
  const { metric, total } = column;
  const value = toNumber(total.value);
  const full = input.target ?? (isShare(metric) ? 1 : null);
  if (value === null) return { refused: 'There is no value over this range yet.' };
  if (full === null || !(full > 0))
    return { refused: 'A gauge needs a full mark above zero: set a target, or show a number.' };
  if (value < 0) return { refused: 'A value below zero is off the gauge: show it as a number or bars.' };
  const most = value > full ? nice(value * 1.04, Math.ceil, value) : full;
  const ink = INK[theme];
  const color = colourOf(0, false, theme);
  const share = percent(value / full, locale.language);
  const mark = figureSaid(full, metric, locale.language);
  // A share of 100 % says it itself.
  const against = input.target === null || (isShare(metric) && full === 1) ? '' : `${share} of ${mark}`;
  const open = table.answer.partial;
  const label = { color: ink.text, fontFamily: FONT, fontSize: 12 };
  const ring = { startAngle: 180, endAngle: 0, min: 0, max: most, center: ['50%', '72%'], radius: '90%' };
  return {
    option: {
      animation: input.animate,
      animationDuration: 250,
      aria: { enabled: false },
      tooltip: tooltip(() =>
        plainNode(
          metric.title,
          [
            ['Value', figureSaid(total.value, metric, locale.language)],
            ['Full mark', mark],
          ],
          color,
        ),
      ),
      series: [
        {
          ...ring,
          type: 'gauge',
          axisLine: { lineStyle: { width: WIDTH, color: zones(full / most, ink.grid, theme) } },
          progress: {
            show: true,
            width: WIDTH,
            itemStyle: open
              ? { color: faded(color, 0.4), borderColor: color, borderWidth: 1.5, borderType: 'dashed' }
              : { color },
          },
          pointer: { show: false },
          anchor: { show: false },
          axisTick: { show: false },
          splitLine: { show: false },
          axisLabel: { show: false },
          title: { show: against !== '', offsetCenter: [0, '-6%'], ...label, fontSize: 13 },
          detail: {
            offsetCenter: [0, against ? '-34%' : '-28%'],
            color: ink.strong,
            fontFamily: FONT,
            fontSize: narrow ? 24 : 28,
            fontWeight: 640,
            formatter: () => cut(figureShort(total.value, metric, locale.language), 24),
          },
          data: [{ value, name: cut(against, 60) }],
        },
        ends(
          ring,
          [0, most].map((at) => figureAxis(at, metric, locale.language)),
          label,
        ),
        ...(most > full ? [targetMark(ring, full, ink.strong, figureAxis(full, metric, locale.language))] : []),
      ],
    },
    steps: 1,
    words: () =>
      `${metric.title}: ${figureSaid(total.value, metric, locale.language)}${against && `, ${against}`}${open ? ', still growing' : ''}`,
    item: () => ({ seriesIndex: 0, dataIndex: 0 }),
    notes: [...(value > full ? [`Over the full mark of ${mark}, which the line across the ring shows.`] : [])],
    overTime: false,
    before: false,
  };
}

/** The ring up to the full mark, and what lies beyond. */
function zones(at: number, grid: string, theme: ChartInput['theme']): [number, string][] {
  const beyond = theme === 'light' ? '#fdf0d5' : '#35280e';
  return at < 1
    ? [
        [at, grid],
        [1, beyond],
      ]
    : [[1, grid]];
}

/** What the ends of the ring are, under them: labels of the axis would stand on the ring. */
function ends(ring: object, words: readonly string[], label: object) {
  return {
    ...ring,
    ...NOTHING,
    pointer: { show: false },
    data: words.map((name, index) => ({
      value: 0,
      name,
      title: { ...label, show: true, offsetCenter: [index === 0 ? '-92%' : '92%', '10%'] },
    })),
  };
}

/** A gauge without its parts. */
const NOTHING = {
  type: 'gauge',
  silent: true,
  axisLine: { show: false },
  axisTick: { show: false },
  splitLine: { show: false },
  axisLabel: { show: false },
  progress: { show: false },
  anchor: { show: false },
  title: { show: false },
  detail: { show: false },
};

/** A line across the ring where full is, when the value has passed it. */
function targetMark(ring: object, full: number, color: string, words: string) {
  return {
    ...ring,
    ...NOTHING,
    pointer: {
      icon: 'rect',
      width: 2.5,
      length: '17%',
      offsetCenter: [0, '-86%'],
      itemStyle: { color },
    },
    data: [{ value: full, name: words }],
  };
}

function percent(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}
