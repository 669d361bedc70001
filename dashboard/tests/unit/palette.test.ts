/** The palette as people with each kind of colour vision see it. Simulated by the matrices of Machado, Oliveira and
 * Fernandes (2009, severity 1.0) in linear light; differences by CIEDE2000. */

import { describe, expect, it } from 'vitest';
import { colourOf, colours, INK, OTHER, severityStroke, strokeOf, type Theme } from '../../src/charts/palette.ts';

type Triple = readonly [number, number, number];
const VISIONS: Record<string, readonly [Triple, Triple, Triple]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
/** CIEDE2000: about 2 is just noticeable side by side; a line and its name in the legend are further apart. */
const NEIGHBOURS = 14;
const ANY_TWO = 9;

const linear = (hex: string): Triple =>
  [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
const times = (matrix: readonly [Triple, Triple, Triple], v: Triple): Triple =>
  matrix.map((row) => Math.min(1, Math.max(0, row[0] * v[0] + row[1] * v[1] + row[2] * v[2]))) as unknown as Triple;
const luminance = (hex: string) => {
  const [r, g, b] = linear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string) => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

function lab([r, g, b]: Triple): Triple {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** CIEDE2000 (Sharma, Wu, Dalal 2005). */
function difference([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const rad = Math.PI / 180;
  const mean7 = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7;
  const g = 0.5 * (1 - Math.sqrt(mean7 / (mean7 + 25 ** 7)));
  const [p1, p2] = [a1 * (1 + g), a2 * (1 + g)];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const hue = (a: number, b: number) => (a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / rad + 360) % 360);
  const [h1, h2] = [hue(p1, b1), hue(p2, b2)];
  let dh = c1 * c2 === 0 ? 0 : h2 - h1;
  if (dh > 180) dh -= 360;
  if (dh < -180) dh += 360;
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin((dh / 2) * rad);
  const l = (l1 + l2) / 2;
  const c = (c1 + c2) / 2;
  const far = Math.abs(h1 - h2) > 180;
  const h = c1 * c2 === 0 ? h1 + h2 : far ? (h1 + h2 + (h1 + h2 < 360 ? 360 : -360)) / 2 : (h1 + h2) / 2;
  const cos = (angle: number) => Math.cos(angle * rad);
  const t = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63);
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2);
  const [sc, sh] = [1 + 0.045 * c, 1 + 0.015 * c * t];
  const rc = 2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  const rt = -Math.sin(60 * Math.exp(-(((h - 275) / 25) ** 2)) * rad) * rc;
  const [dl, dc, dhs] = [(l2 - l1) / sl, (c2 - c1) / sc, dH / sh];
  return Math.sqrt(dl ** 2 + dc ** 2 + dhs ** 2 + rt * dc * dhs);
}

it('measures as the paper does', () => {
  // Of the 34 pairs of Sharma, Wu and Dalal: the 1st, the 7th and the 17th.
  expect(difference([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4);
  expect(difference([50, 0, 0], [50, -1, 2])).toBeCloseTo(2.3669, 4);
  expect(difference([50, 2.5, 0], [73, 25, -18])).toBeCloseTo(27.1492, 4);
});

describe.each<Theme>(['light', 'dark'])('on %s ground', (theme) => {
  const list = colours(theme);

  it('keeps 3:1 against the ground', () => {
    for (const colour of [...list, OTHER[theme]])
      expect(contrast(colour, INK[theme].surface), colour).toBeGreaterThanOrEqual(3);
    for (const severity of ['info', 'warning', 'critical'])
      expect(contrast(severityStroke(severity, theme).colour, INK[theme].surface)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(INK[theme].text, INK[theme].surface)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.entries(VISIONS))('tells the colours apart with %s', (_name, matrix) => {
    const seen = [...list, OTHER[theme]].map((hex) => lab(times(matrix, linear(hex))));
    const pairs = seen.flatMap((a, at) =>
      seen.slice(at + 1).map((b, off) => ({ at, next: off === 0, d: difference(a, b) })),
    );
    const near = Math.min(...pairs.filter(({ next }) => next).map(({ d }) => d));
    const any = Math.min(...pairs.map(({ d }) => d));

    expect(near).toBeGreaterThanOrEqual(NEIGHBOURS);
    expect(any).toBeGreaterThanOrEqual(ANY_TWO);
  });
});

it('gives twenty columns twenty signs', () => {
  const signs = Array.from({ length: 20 }, (_, index) =>
    JSON.stringify([colourOf(index, false, 'light'), strokeOf(index)]),
  );

  expect(new Set(signs).size).toBe(20);
});
