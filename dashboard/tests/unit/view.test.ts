import { expect, it } from 'vitest';
import { DEFAULT_VIEW, formatView, parseView, resolve, type View } from '../../src/state/view.ts';

const views: View[] = [
  DEFAULT_VIEW,
  { ...DEFAULT_VIEW, range: '90d', interval: 'P1W', zone: 'Asia/Kathmandu', downloads: 'table' },
  { ...DEFAULT_VIEW, range: { from: '2026-01-01', to: '2026-02-01' }, repositories: 'forks', repositoriesAs: 'table' },
];

it.each(views)('survives the address: %o', (view) => {
  expect(parseView(formatView(view))).toEqual(view);
});

it('leaves defaults out of the address', () => {
  expect(formatView(DEFAULT_VIEW)).toBe('');
});

it.each([
  '?range=1000d',
  '?from=2026-02-01&to=2026-01-01',
  '?from=2026-02-30&to=2026-03-05',
  '?interval=PT1S&tz=Mars/Olympus&downloads=pie',
  '?range=__proto__',
  '?range=toString',
])('opens a broken link with the defaults: %s', (search) => {
  expect(parseView(search)).toEqual(DEFAULT_VIEW);
});

it('does not ask for more buckets than one can see', () => {
  const question = resolve({ ...DEFAULT_VIEW, range: '90d', interval: 'PT15M' }, 'UTC', '2026-11-22');

  expect(question.interval).toBe('P1D');
});
