/** Colours that people with any colour vision can tell apart: after Okabe and Ito (jfly.uni-koeln.de/color), for light
 * ground darkened and for dark ground lightened until each keeps 3:1 against its ground (WCAG 1.4.11).
 * `tests/unit/palette.test.ts` holds neighbours apart in all four kinds of colour vision. */

export type Theme = 'light' | 'dark';

const LIGHT = ['#0072b2', '#d55e00', '#009e73', '#b0568c', '#a87800', '#3a93c4', '#5b4a9c', '#8a5a3c'];
const DARK = ['#56a9e0', '#e8853b', '#2fbf94', '#d98cb8', '#e3c03f', '#8fd0f2', '#a79be0', '#c99a7a'];

export const OTHER: Record<Theme, string> = { light: '#7a828c', dark: '#8b95a1' };

export function colours(theme: Theme): readonly string[] {
  return theme === 'light' ? LIGHT : DARK;
}

export function colourOf(index: number, isOther: boolean, theme: Theme): string {
  const list = colours(theme);
  return isOther ? OTHER[theme] : (list[index % list.length] as string);
}

/** Text, lines and grounds of the charts; the page's own are in `styles/tokens.css`. */
export const INK: Record<Theme, { strong: string; text: string; grid: string; axis: string; surface: string }> = {
  light: { strong: '#141b24', text: '#566070', grid: '#e6e9ee', axis: '#c3cad3', surface: '#ffffff' },
  dark: { strong: '#e9eef4', text: '#9aa6b5', grid: '#26303b', axis: '#3b4754', surface: '#151b22' },
};

/** A line's second sign beside its colour: when the colours begin again, another dash and marks of another shape. */
export interface Stroke {
  readonly dash: 'solid' | readonly number[];
  readonly marker: Marker | null;
}
export type Marker = 'triangle' | 'rect' | 'diamond';

const STROKES: readonly Stroke[] = [
  { dash: 'solid', marker: null },
  { dash: [12, 3], marker: 'triangle' },
  { dash: [12, 3, 2, 3], marker: 'rect' },
  { dash: [18, 4], marker: 'diamond' },
];

export function strokeOf(index: number): Stroke {
  return STROKES[Math.floor(index / LIGHT.length) % STROKES.length] as Stroke;
}

/** What is not complete yet. */
export const OPEN_DASH: readonly number[] = [3, 4];
/** What it is compared with. */
export const BEFORE_DASH: readonly number[] = [1, 3];

/** Thresholds by how bad it is: a colour and a dash, so that none is known by its colour alone. */
export function severityStroke(severity: string, theme: Theme): { readonly colour: string; readonly dash: number[] } {
  const light = theme === 'light';
  if (severity === 'critical') return { colour: light ? '#a81d2b' : '#ff8f98', dash: [8, 3] };
  if (severity === 'warning') return { colour: light ? '#7d4d00' : '#f0bd5b', dash: [5, 4] };
  return { colour: light ? '#0b5cad' : '#6cb2f2', dash: [2, 4] };
}

export function faded(hex: string, opacity: number): string {
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return `rgba(${part(1)},${part(3)},${part(5)},${opacity})`;
}
