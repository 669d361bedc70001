/** Colours that people with any colour vision can tell apart: near those of Okabe and Ito (jfly.uni-koeln.de/color), of
 * which some pairs are alike to who sees no red or no green; moved, by search, until any two differ in all four kinds of
 * vision, and each keeps 3:1 against its ground (WCAG 1.4.11). `tests/unit/palette.test.ts` holds them to that. */

export type Theme = 'light' | 'dark';

const LIGHT = ['#196386', '#e26e0a', '#06a072', '#be5faf', '#866918', '#0b9ae7', '#6848c3', '#804c32'];
const DARK = ['#61b0ff', '#e38740', '#6ea986', '#e992c8', '#eece1b', '#98d8f7', '#9d7ec9', '#b17645'];

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
