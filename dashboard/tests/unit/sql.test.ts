import { describe, expect, it } from 'vitest';
import { exactJson } from '../../src/api/client.ts';
import { isDated } from '../../src/question/answer.ts';
import { cellWords, formatter, rowsAtOnce } from '../../src/pages/sql/cells.ts';
import { type Chartable, chartable, intervalOf, tableOfRows, withValue } from '../../src/pages/sql/rows-chart.ts';
import { nextOrder, rowsInOrder } from '../../src/pages/sql/rows-order.ts';
import {
  columnIn,
  columnsOffered,
  marksIn,
  readValue,
  type Relation,
  writeValue,
} from '../../src/pages/sql/statement.ts';

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

describe('the order of rows', () => {
  const number = { name: 'n', type: 'bigint' };
  const word = { name: 'w', type: 'varchar' };
  const rows = [
    { n: '9007199254740993', w: '3.10.0' },
    { n: null, w: '3.9.0' },
    { n: '9007199254740992', w: null },
    { n: 7, w: '3.9.0' },
  ];
  const places = (by: typeof number, down: boolean) =>
    rowsInOrder(rows, { by, down }).map((row) => rows.findIndex((one) => one === row));

  it('is that of numbers to their last digit, and of words as people count; what is missing is last', () => {
    expect(places(number, true)).toEqual([0, 2, 3, 1]);
    expect(places(number, false)).toEqual([3, 2, 0, 1]);
    expect(places(word, false)).toEqual([1, 3, 0, 2]);
    expect(places(word, true)).toEqual([0, 1, 3, 2]);
    expect(rowsInOrder(rows, null)).toBe(rows);
  });

  it('is turned by a second press, and as it was by a third', () => {
    const first = nextOrder(null, number);
    const second = nextOrder(first, number);
    expect([first?.down, second?.down, nextOrder(second, number)]).toEqual([true, false, null]);
    expect(nextOrder(second, word)).toEqual({ by: word, down: false });
  });
});

describe('the columns that a statement is offered', () => {
  const relation = (name: string, ...columns: string[]): Relation => ({
    name,
    kind: 'view',
    description: '',
    columns: columns.map((column) => ({ name: column, type: 'string', description: '' })),
  });
  const relations = [relation('v_leads', 'lead_id', 'country'), relation('v_downloads', 'version')];
  const names = (sql: string) => columnsOffered(sql, relations).map(({ name, relation: of }) => `${of}.${name}`);

  it.each([
    ['SELECT ver FROM v_downloads d', ['v_downloads.version']],
    ['SELECT x FROM V_LEADS', ['v_leads.lead_id', 'v_leads.country']],
    [`SELECT 'v_leads' -- v_leads\nFROM v_downloads`, ['v_downloads.version']],
  ])('%s are those of what it names', (sql, offered) => {
    expect(names(sql)).toEqual(offered);
  });

  it('are all while it names nothing yet', () => {
    expect(names('SELECT ')).toEqual(['v_leads.lead_id', 'v_leads.country', 'v_downloads.version']);
  });
});

describe('values of rows', () => {
  const cell = (value: unknown, type: string, language = 'en-GB') => cellWords(value, formatter(type, language));

  it.each([
    ['9007199254740993', '9,007,199,254,740,993', 'bigint'],
    ['-9223372036854775808', '-9,223,372,036,854,775,808', 'bigint'],
    ['42', '42', 'bigint'],
    ['1.5', '1.5', 'double'],
  ])('keep every digit of %s', (source, words, type) => {
    const { value } = exactJson(`{"value": ${source}}`) as { value: unknown };
    expect(cell(value, type)).toBe(words);
  });

  it('are otherwise what JSON says: texts, fractions and small numbers as they are', () => {
    const json = String.raw`{"9007199254740993": ["say \"9007199254740993\", \\", 1.12345678901234567, -1e+300, 0, "", []],
      "a\\": 12345678901234567890, "deep": [[-9007199254740993]], "b": 9007199254740991, "t": true, "n": null}`;
    const known = JSON.parse(json) as Record<string, unknown>;
    expect(exactJson(json)).toEqual({ ...known, 'a\\': '12345678901234567890', deep: [['-9007199254740993']] });
    expect(() => exactJson('{"a": 9007199254740993')).toThrow(SyntaxError);
  });

  it('keep every digit of a decimal, in the manner of the reader', () => {
    const digits = '0.12345678901234567890123456789012345678';
    expect(cell(digits, 'decimal(38,38)')).toBe(digits);
    expect(cell('1234567.8900', 'decimal(18,4)', 'de-DE')).toBe('1.234.567,89');
  });

  it('tell what is missing from what is empty', () => {
    expect([cell(null, 'varchar'), cell('', 'varchar'), cell('null', 'varchar')]).toEqual([null, '', 'null']);
    expect(cell('NaN', 'double')).toBe('NaN');
  });

  it('are listed in bounds: two hundred columns are no thousand rows', () => {
    expect(rowsAtOnce(200) * 200).toBeLessThanOrEqual(6_000);
    expect(rowsAtOnce(3)).toBeGreaterThan(1_000);
    expect(rowsAtOnce(5_000)).toBeGreaterThan(0);
  });
});

describe('the place of a fault', () => {
  it.each([
    ["SELECT '😀é', versoin", 14, 'versoin'],
    ['\t\tversoin', 3, 'versoin'],
    ['versoin', 1, 'versoin'],
    ['short', 99, ''],
  ])('in %j is at character %i', (line, column, rest) => {
    expect(line.slice(columnIn(line, column))).toBe(rest);
  });
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

  it('are a line for each part where a time has several rows, and none where nothing tells them apart', () => {
    const version = { name: 'version', type: 'varchar' };
    const rows = [
      { day: '2026-11-01', version: 'a', n: 1 },
      { day: '2026-11-01', version: 'b', n: 2 },
      { day: '2026-11-02', version: 'b', n: 4 },
    ];
    const drawn = chartable([day, version, n], rows);

    expect(tableOfRows(drawn as never, rows).columns.map(({ name, values }) => [name, values])).toEqual([
      ['a', [1, null]],
      ['b', [2, 4]],
    ]);
    expect(chartable([day, n], rows)).toBeNull();
  });

  it('have one value at a time where names tell the series apart, and the one that is chosen', () => {
    const rows = [
      { day: '2026-11-01', version: 'a', n: 1, amount: '5' },
      { day: '2026-11-01', version: 'b', n: 2, amount: '6' },
      { day: '2026-12-01', version: 'b', n: 4, amount: '7' },
    ];
    const drawn = chartable([day, { name: 'version', type: 'varchar' }, n, amount], rows) as Chartable;
    const of = (name: string | null) => tableOfRows(withValue(drawn, name), rows);
    expect(drawn.values.map(({ name }) => name)).toEqual(['n', 'amount']);
    expect(of(null).columns.map(({ values }) => values)).toEqual([
      [1, null],
      [2, 4],
    ]);
    expect(of('amount').columns.map(({ name, values }) => [name, values])).toEqual([
      ['a', [5, null]],
      ['b', [6, 7]],
    ]);
    // What a column of SQL adds up to, nobody knows: it may be an average.
    expect(of(null).unadded).toBe(true);
    expect(of(null).columns.every(({ total }) => total.value === null)).toBe(true);
  });

  it.each([
    ['P1Y', ['2024-01-01', '2026-01-01']],
    ['P3M', ['2026-01-01', '2026-07-01']],
    ['P1M', ['2026-01-01', '2026-02-01', '2026-07-01']],
    ['P1W', ['2026-11-02', '2026-11-16', '2026-11-23']],
    ['P1D', ['2026-11-01', '2026-11-02']],
    ['PT1H', ['2026-11-01T00:00', '2026-11-01T01:00', '2026-11-02T00:00']],
    ['PT15M', ['2026-11-01T00:15', '2026-11-01T00:30']],
  ])('are of %s where all begin so', (interval, starts) => {
    const at = starts.map((start) => Date.parse(start.length > 10 ? `${start}Z` : start));
    expect(intervalOf(at, !starts[0]?.includes('T'))).toBe(interval);
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
    expect(isDated(tableOfRows(drawn as never, rows).answer)).toBe(false);
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
