/** Colours that people with any colour vision can tell apart: Okabe and Ito's (jfly.uni-koeln.de/color), for light
 * ground with the yellow darkened and for dark ground with the blue lightened, so that each keeps 3:1 against its
 * ground (WCAG 1.4.11). Order: neighbours in a stack differ in lightness too. */

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
export const INK: Record<Theme, { text: string; grid: string; axis: string; surface: string }> = {
  light: { text: '#566070', grid: '#e6e9ee', axis: '#c3cad3', surface: '#ffffff' },
  dark: { text: '#9aa6b5', grid: '#26303b', axis: '#3b4754', surface: '#151b22' },
};

/** A dash for each line beside its colour: a second sign for whoever does not see the first. */
export function dashOf(index: number): 'solid' | number[] {
  const dashes: ('solid' | number[])[] = ['solid', [7, 3], [2, 3], [9, 3, 2, 3]];
  return dashes[Math.floor(index / 2) % dashes.length] as 'solid' | number[];
}
