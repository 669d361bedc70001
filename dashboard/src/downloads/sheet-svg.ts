/** A sheet as an SVG document. Pure. */

import { FONT } from '../charts/axes.ts';
import type { Marker } from '../charts/palette.ts';
import type { Sheet, Sign, Words } from './sheet.ts';

/** `chart`: the chart itself, an `<svg>` element as ECharts writes it. */
export function sheetSvg({ width, height, chart: at, shapes }: Sheet, chart: string): string {
  const drawn = shapes.map((shape) => (shape.shape === 'words' ? words(shape) : sign(shape))).join('\n');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<g transform="translate(${at.x} ${at.y})">${chart}</g>`,
    drawn,
    '</svg>\n',
  ].join('\n');
}

function words({ x, y, text, size, weight, colour }: Words): string {
  const look = `font-family="${escaped(FONT)}" font-size="${size}" font-weight="${weight}" fill="${colour}"`;
  return `<text x="${round(x)}" y="${round(y)}" xml:space="preserve" ${look}>${escaped(text)}</text>`;
}

export const MARKER_PATHS: Record<Marker, string> = {
  triangle: 'M12 -4 16 4H8Z',
  rect: 'M9 -3h6v6H9Z',
  diamond: 'M12 -4 16 0 12 4 8 0Z',
};

function sign({ x, y, colour, stroke }: Sign): string {
  const place = `transform="translate(${round(x)} ${round(y)})"`;
  if (!stroke) return `<rect ${place} y="-5.5" width="11" height="11" rx="3" fill="${colour}"/>`;
  const dash = stroke.dash === 'solid' ? '' : ` stroke-dasharray="${stroke.dash.join(' ')}"`;
  const line = `<path d="M0 0H24" fill="none" stroke="${colour}" stroke-width="2.4"${dash}/>`;
  const marker = stroke.marker ? `<path d="${MARKER_PATHS[stroke.marker]}" fill="${colour}"/>` : '';
  return `<g ${place}>${line}${marker}</g>`;
}

const round = (value: number) => Math.round(value * 10) / 10;
const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What XML cannot hold at all (most control characters, halves of pairs) is left out. */
export function escaped(text: string): string {
  const holds = text.replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '');
  return holds.replace(/[&<>"']/g, (sign) => SIGNS[sign] as string);
}
