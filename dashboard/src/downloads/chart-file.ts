/** What one sees of a chart, as a file: made in the browser of what is drawn, on light ground. */

import { type ChartInput, isRefusal } from '../charts/input.ts';
import { drawing } from '../charts/options.ts';
import { isDated } from '../question/answer.ts';
import { dateIn } from '../time/zones.ts';
import { measureIn, sheetCanvas } from './sheet-canvas.ts';
import { sheetSvg } from './sheet-svg.ts';
import { forPaper, sheetOf } from './sheet.ts';

export type PictureForm = 'png' | 'svg';

/** Points of a picture for each of the sheet. */
const SCALE = 2;

export async function chartFile(title: string, seen: ChartInput, form: PictureForm, now: Date): Promise<Blob> {
  const input = forPaper(seen);
  const drawn = drawing(input);
  if (isRefusal(drawn)) throw new Error(drawn.refused);
  await document.fonts.ready;
  const context = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
  const sheet = sheetOf(title, input, now, measureIn(context));
  const { width, height } = sheet.chart;
  if (form === 'svg') {
    const { chartSvg } = await import('./svg-renderer.ts');
    return new Blob([sheetSvg(sheet, chartSvg(drawn.option, width, height))], { type: 'image/svg+xml' });
  }
  const { init } = await import('../charts/echarts.ts');
  const chart = init(document.createElement('div'), null, { width, height, devicePixelRatio: SCALE });
  try {
    chart.setOption(drawn.option);
    return await png(sheetCanvas(sheet, chart.renderToCanvas({ pixelRatio: SCALE }), SCALE));
  } finally {
    chart.dispose();
  }
}

function png(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The browser could not make a picture of this size.'));
    }, 'image/png');
  });
}

/** `downloads-by-version-2026-10-27-to-2026-11-26.png`: letters and digits of any script, the last day included. */
export function fileNameOf(title: string, { table, locale }: ChartInput, form: string): string {
  const words = title
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join('-');
  const { from, to } = table.answer;
  const days = isDated(table.answer) ? [from, new Date(to.getTime() - 1)].map((at) => dateIn(locale.zone, at)) : [];
  return `${[words.slice(0, 80) || 'chart', days.join('-to-')].filter(Boolean).join('-')}.${form}`;
}
