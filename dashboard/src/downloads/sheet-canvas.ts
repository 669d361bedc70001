/** A sheet drawn on a canvas. */

import { FONT } from '../charts/axes.ts';
import type { Measure, Sheet, Sign } from './sheet.ts';
import { MARKER_PATHS } from './sheet-svg.ts';

const font = (size: number, weight: number) => `${weight} ${size}px ${FONT}`;

/** Words are as wide as this browser draws them. */
export function measureIn(context: CanvasRenderingContext2D): Measure {
  return (text, size, weight) => {
    context.font = font(size, weight);
    return context.measureText(text).width;
  };
}

export function sheetCanvas({ width, height, chart: at, shapes }: Sheet, chart: CanvasImageSource, scale: number) {
  const canvas = document.createElement('canvas');
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.scale(scale, scale);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.drawImage(chart, at.x, at.y, at.width, at.height);
  context.direction = 'ltr';
  for (const shape of shapes) {
    if (shape.shape === 'sign') drawSign(context, shape);
    else {
      context.font = font(shape.size, shape.weight);
      context.fillStyle = shape.colour;
      context.fillText(shape.text, shape.x, shape.y);
    }
  }
  return canvas;
}

function drawSign(context: CanvasRenderingContext2D, { x, y, colour, stroke }: Sign): void {
  context.save();
  context.translate(x, y);
  context.fillStyle = colour;
  if (!stroke) {
    context.beginPath();
    context.roundRect(0, -5.5, 11, 11, 3);
    context.fill();
  } else {
    context.strokeStyle = colour;
    context.lineWidth = 2.4;
    context.setLineDash(stroke.dash === 'solid' ? [] : [...stroke.dash]);
    context.beginPath();
    context.moveTo(0, 0);
    context.lineTo(24, 0);
    context.stroke();
    if (stroke.marker) context.fill(new Path2D(MARKER_PATHS[stroke.marker]));
  }
  context.restore();
}
