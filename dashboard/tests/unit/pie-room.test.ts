import { expect, it } from 'vitest';
import { type ChartInput, isRefusal } from '../../src/charts/input.ts';
import { drawing } from '../../src/charts/options.ts';
import { chartSvg } from '../../src/downloads/svg-renderer.ts';
import { table } from '../charts/tables.ts';

const INPUT: ChartInput = {
  kind: 'pie',
  table: table({ groups: ['aa', 'bb', 'cc'] }),
  locale: { language: 'en-GB', zone: 'UTC' },
  theme: 'light',
  hidden: new Set(),
  marks: [],
  thresholds: [],
  target: null,
  animate: false,
  narrow: false,
};

it.each([
  ['names its parts where there is room', 400, true],
  ['leaves names to the legend where there is none', 150, false],
])('a ring %s', (_, height, named) => {
  const made = drawing(INPUT);
  if (isRefusal(made)) throw new Error(made.refused);

  const drawn = chartSvg(made.option, 600, height);

  expect(drawn.includes('aa')).toBe(named);
});
