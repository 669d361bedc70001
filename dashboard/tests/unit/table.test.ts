import { describe, expect, it } from 'vitest';
import type { Bucket, Series } from '../../src/api/shapes.ts';
import { compareNames, firstPartial, pivot, topColumns, total, totals } from '../../src/charts/table.ts';

const series = (buckets: Bucket[]): Series => ({
  buckets,
  metric: 'downloads',
  unit: 'downloads',
  kind: 'counter',
  watermark: null,
  partial: false,
  truncated: false,
  approximate: false,
  warnings: [],
});

const bucket = (day: number, group: string, value: number | null, partial = false): Bucket => ({
  start: new Date(Date.UTC(2026, 10, day)),
  end: new Date(Date.UTC(2026, 10, day + 1)),
  group,
  value,
  partial,
});

const rows = [
  bucket(2, 'a', 5, true),
  bucket(1, 'a', 1),
  bucket(1, 'b', 10),
  bucket(2, 'b', 20, true),
  bucket(1, 'c', 2),
  bucket(2, 'c', null, true),
];

describe('a pivot', () => {
  it('has a column per group, the largest first, and its buckets in order', () => {
    const table = pivot(series(rows), 'counter');

    expect(table.columns.map(({ name, values, summary }) => ({ name, values, summary }))).toEqual([
      { name: 'b', values: [10, 20], summary: 30 },
      { name: 'a', values: [1, 5], summary: 6 },
      { name: 'c', values: [2, null], summary: 2 },
    ]);
    expect(firstPartial(table)).toBe(1);
    expect(totals(table)).toEqual([13, 25]);
  });

  it('takes the last known value of a gauge, never the sum', () => {
    const table = pivot(series(rows), 'gauge');

    expect(table.columns.map(({ name, summary }) => [name, summary])).toEqual([
      ['b', 20],
      ['a', 5],
      ['c', 2],
    ]);
  });

  it('of nothing is empty', () => {
    expect(pivot(series([]), 'counter')).toEqual({ buckets: [], columns: [] });
  });
});

it('loses nothing when small columns are added up into one', () => {
  const many = Array.from({ length: 30 }, (_, index) => bucket(1 + (index % 3), `1.${index}.0`, index + 1));
  const whole = pivot(series(many), 'counter');

  const top = topColumns(whole, 7, (n) => `${n} others`);

  expect(top.columns).toHaveLength(8);
  expect(top.columns.at(-1)).toMatchObject({ name: '23 others', groups: 23 });
  expect(total(top)).toBe(total(whole));
  expect(totals(top)).toEqual(totals(whole));
});

it('keeps a column that was large once, however young it is', () => {
  const old = Array.from({ length: 10 }, (_, index) => [
    bucket(1, `1.${String(index)}`, 50),
    bucket(2, `1.${String(index)}`, 50),
  ]);
  const table = pivot(series([...old.flat(), bucket(2, '2.0', 90)]), 'counter');

  expect(topColumns(table, 3, String).columns.map(({ name }) => name)).toContain('2.0');
});

it('does not make a column of others for a single one', () => {
  const eight = pivot(series(Array.from({ length: 8 }, (_, index) => bucket(1, `v${index}`, index))), 'counter');

  expect(topColumns(eight, 7, String).columns).toHaveLength(8);
});

it('orders versions newest first and names by name', () => {
  expect(['3.10.0', '3.9.1', '3.9.10'].sort(compareNames)).toEqual(['3.10.0', '3.9.10', '3.9.1']);
  expect(['web', 'api'].sort(compareNames)).toEqual(['api', 'web']);
});
