/** A chart as a picture of its own: title, range, legend, and up to when it is complete, set around the chart. Pure: what
 * measures words is handed in, and what is answered are shapes, which `sheet-svg.ts` and `sheet-canvas.ts` draw. */

import { isRefusal, type ChartInput } from '../charts/input.ts';
import { shortened } from '../charts/marks.ts';
import { drawing } from '../charts/options.ts';
import { BEFORE_DASH, colourOf, INK, type Stroke, strokeOf } from '../charts/palette.ts';
import { isDated } from '../question/answer.ts';
import { comparedName } from '../question/compared.ts';
import { figureShort } from '../question/figure.ts';
import { instant, span } from '../time/format.ts';
import { INTERVAL_NAMES } from '../time/range.ts';

export interface Words {
  readonly shape: 'words';
  readonly x: number;
  /** Of the base line. */
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly weight: number;
  readonly colour: string;
}

export interface Sign {
  readonly shape: 'sign';
  readonly x: number;
  /** Of its middle. */
  readonly y: number;
  readonly colour: string;
  /** Null: a patch; else a line. */
  readonly stroke: Stroke | null;
}

export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly chart: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly shapes: readonly (Words | Sign)[];
}

/** How wide some words are. */
export type Measure = (text: string, size: number, weight: number) => number;

const WIDTH = 1200;
const MARGIN = 36;
const CHART_HEIGHT = 520;
const LEGEND_LINE = 26;
const LEGEND_ROWS = 6;
const INNER = WIDTH - 2 * MARGIN;

/** Pictures are for paper and slides: always on light ground, never moving, as wide as the sheet. */
export function forPaper(input: ChartInput): ChartInput {
  return { ...input, theme: 'light', animate: false, narrow: false };
}

export function sheetOf(title: string, input: ChartInput, now: Date, measure: Measure): Sheet {
  const ink = INK.light;
  const { answer } = input.table;
  const { locale } = input;
  const shapes: (Words | Sign)[] = [];
  const say = (text: string, y: number, size: number, weight: number, colour: string, x = MARGIN) =>
    shapes.push({ shape: 'words', x, y, text: fitted(text, INNER, size, weight, measure), size, weight, colour });
  say(title, MARGIN + 20, 24, 620, ink.strong);
  const range = isDated(answer)
    ? `${span(answer.from, answer.to, locale)} · ${INTERVAL_NAMES[answer.interval]} · ${answer.zone}`
    : '';
  say(answer.filter ? `${range} · ${answer.filter}` : range, MARGIN + 46, 14, 450, ink.text);
  const top = MARGIN + 62;
  let y = top + CHART_HEIGHT + 30;
  if (input.kind !== 'scatter') {
    const legend = legendOf(input, y, measure);
    shapes.push(...legend.shapes);
    y = legend.bottom;
  }
  const drawn = drawing(forPaper(input));
  for (const note of isRefusal(drawn) ? [] : drawn.notes) {
    say(note, y, 12, 450, ink.text);
    y += 20;
  }
  const until = answer.watermark
    ? `Complete up to ${instant(answer.watermark, locale, now)}`
    : 'Not known how far complete';
  const late = answer.late ? 'Late. ' : '';
  say(
    `${late}${until}${answer.partial ? '; what is dashed is still growing' : ''} · Headwater`,
    y + 4,
    13,
    550,
    ink.text,
  );
  return {
    width: WIDTH,
    height: Math.ceil(y + 4 + MARGIN * 0.7),
    chart: { x: MARGIN, y: top, width: INNER, height: CHART_HEIGHT },
    shapes,
  };
}

interface Entry {
  readonly text: string;
  readonly colour: string;
  readonly stroke: Stroke | null;
}

function entriesOf({ table, kind, hidden, locale }: ChartInput): Entry[] {
  const entries: Entry[] = table.columns.flatMap((column, index) => {
    if (hidden.has(column.key)) return [];
    const { other } = column.group;
    const value = table.unadded ? '' : `  ${figureShort(column.total.value, column.metric, locale.language)}`;
    const stroke = kind === 'line' ? strokeOf(other ? 0 : index) : null;
    const text = `\u2068${shortened(column.name, 60)}\u2069${value}`;
    return [{ text, colour: colourOf(index, other, 'light'), stroke }];
  });
  const compared = table.columns.find(({ metric }) => metric.comparison)?.metric.comparison;
  if (compared && (kind === 'line' || kind === 'area' || kind === 'bar'))
    entries.push({
      text: comparedName(compared),
      colour: INK.light.text,
      stroke: kind === 'bar' ? null : { dash: BEFORE_DASH, marker: null },
    });
  return entries;
}

function legendOf(input: ChartInput, top: number, measure: Measure): { shapes: (Words | Sign)[]; bottom: number } {
  const shapes: (Words | Sign)[] = [];
  const entries = entriesOf(input);
  let x = MARGIN;
  let row = 0;
  for (const [index, { text, colour, stroke }] of entries.entries()) {
    const sign = stroke ? 28 : 18;
    const shown = fitted(text, INNER - sign, 13, 450, measure);
    const width = sign + measure(shown, 13, 450) + 24;
    if (x > MARGIN && x + width > MARGIN + INNER) {
      x = MARGIN;
      row += 1;
    }
    const y = top + row * LEGEND_LINE;
    if (row >= LEGEND_ROWS) {
      const more = `… and ${entries.length - index} more`;
      shapes.push({ shape: 'words', x, y, text: more, size: 13, weight: 450, colour: INK.light.text });
      break;
    }
    shapes.push({ shape: 'sign', x, y: y - 5, colour, stroke });
    shapes.push({ shape: 'words', x: x + sign, y, text: shown, size: 13, weight: 450, colour: INK.light.strong });
    x += width;
  }
  return { shapes, bottom: entries.length === 0 ? top : top + (row + 1) * LEGEND_LINE };
}

/** As many letters as there is room for. */
function fitted(text: string, room: number, size: number, weight: number, measure: Measure): string {
  if (measure(text, size, weight) <= room) return text;
  let [low, high] = [1, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(shortened(text, middle), size, weight) <= room) low = middle;
    else high = middle - 1;
  }
  return shortened(text, low);
}
