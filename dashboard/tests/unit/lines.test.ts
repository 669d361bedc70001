import { expect, it } from 'vitest';
import { knownYet } from '../../src/question/table.ts';

const day = (n: number) => new Date(Date.UTC(2026, 10, n));
const bucket = (n: number) => ({ start: day(n), end: day(n + 1), partial: n >= 2 });

it('no line falls to zero for a bucket of which nothing is known yet', () => {
  const column = { values: [4, 0, 0, 3], metric: { watermark: day(3) } };
  const table = { buckets: [1, 2, 3, 4].map(bucket) };

  expect(knownYet(column as never, table as never)).toEqual([4, 0, null, 3]);
});

it('nor for one that its source is behind with; today, nothing so far is nothing so far', () => {
  const noon = new Date(day(3).getTime() + 43_200_000);
  const column = { values: [4, 3, 0, 0], metric: { watermark: noon } };
  const behind = { buckets: [1, 2, 3, 4].map(bucket) };
  const today = { buckets: [1, 2, 3].map(bucket) };

  expect(knownYet(column as never, behind as never)).toEqual([4, 3, null, null]);
  expect(knownYet({ ...column, values: [4, 3, 0] } as never, today as never)).toEqual([4, 3, 0]);
});
