import { describe, expect, it } from 'vitest';
import { chartable, tableOfRows } from '../../src/pages/sql/rows-chart.ts';
import { marksIn, readValue, writeValue } from '../../src/pages/sql/statement.ts';

describe('the question marks of a statement', () => {
  it.each([
    ['SELECT 1', 0],
    ['SELECT ? , ?', 2],
    [`SELECT 'what?', "who?" -- why?\n/* how? */ WHERE a = ?`, 1],
    [`SELECT 'it''s ?' WHERE a = ?`, 1],
  ])('of %s are %i', (sql, count) => {
    expect(marksIn(sql)).toBe(count);
  });

  it.each([
    ['2026-11-01', { date: '2026-11-01' }],
    ['2026-11-01 10:00:00', { timestamp: '2026-11-01T10:00:00' }],
    ['12.5', 12.5],
    ['true', true],
    ['null', null],
    ['3.10.0', '3.10.0'],
    [`'2026-11-01'`, '2026-11-01'],
    [`'it''s'`, "it's"],
  ])('take %s as it is meant', (typed, value) => {
    expect(readValue(typed)).toEqual(value);
  });

  it.each([{ date: '2026-11-01' }, { timestamp: '2026-11-01T10:00:00' }, 12.5, true, null, 'plain', '12', "it's", ''])(
    'are written so that they are read the same: %j',
    (value) => {
      expect(readValue(writeValue(value))).toEqual(value);
    },
  );
});

describe('rows as a chart', () => {
  const day = { name: 'day', type: 'date' };
  const n = { name: 'n', type: 'bigint' };
  const amount = { name: 'amount', type: 'decimal(18,2)' };

  it('are over time where the first column is one, in order, and gaps stay gaps', () => {
    const rows = [
      { day: '2026-11-02', n: null, amount: '2.50' },
      { day: '2026-11-01', n: 4, amount: '1.25' },
      { day: null, n: 9, amount: '9' },
    ];
    const drawn = chartable([day, n, amount], rows);

    expect(drawn?.kinds).toContain('line');
    const table = tableOfRows(drawn as never, rows);
    expect(table.buckets.map(({ start }) => start.toISOString())).toEqual([
      '2026-11-01T00:00:00.000Z',
      '2026-11-02T00:00:00.000Z',
    ]);
    expect(table.columns.map(({ values }) => values)).toEqual([
      [4, null],
      [1.25, 2.5],
    ]);
  });

  it('are by name where it is a text', () => {
    const rows = [
      { version: '1.0', n: 3 },
      { version: null, n: 1 },
    ];
    const drawn = chartable([{ name: 'version', type: 'varchar' }, n], rows);

    expect(drawn?.kinds).toEqual(['bar', 'pie']);
    expect(tableOfRows(drawn as never, rows).columns.map(({ name, values }) => [name, values])).toEqual([
      ['1.0', [3]],
      ['null', [1]],
    ]);
  });

  it.each([
    ['no number', [day], [{ day: '2026-11-01' }]],
    ['no rows', [day, n], []],
    ['one row over time', [day, n], [{ day: '2026-11-01', n: 1 }]],
    ['a number first', [n, amount], [{ n: 1, amount: '1' }]],
  ])('are none with %s', (_, columns, rows) => {
    expect(chartable(columns, rows)).toBeNull();
  });
});
