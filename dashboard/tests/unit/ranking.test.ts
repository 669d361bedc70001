import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../../src/question/answer.ts';
import { barOf, ranked } from '../../src/question/ranking.ts';
import { tableOf } from '../../src/question/table.ts';

const metric = (part: object = {}) => ({
  name: 'm',
  title: 'M',
  unit: 'views',
  kind: 'counter',
  better: 'higher',
  source: 's',
  watermark: null,
  partial: false,
  late: false,
  comparison: null,
  ...part,
});
const answer = (totals: object[], metrics: object[] = [metric()], groups: string[] = ['path']) =>
  tableOf(
    parseAnswer({
      results: [],
      totals,
      meta: { metrics, watermark: null, partial: false, late: false, warnings: [] },
      query: {
        from: '2026-11-01T00:00:00Z',
        to: '2026-11-02T00:00:00Z',
        interval: 'P1D',
        tz: 'UTC',
        group_by: groups,
      },
    }),
  );
const names = (table: ReturnType<typeof answer>) => ranked(table)?.map(({ name }) => name);

describe('groups in the order of what they came to', () => {
  const totals = [
    { path: '/a', m: 1 },
    { path: null, other: true, m: 900 },
    { path: '/b', m: '30.5' },
    { path: '/c', m: null },
    { path: null, other: false, m: 7 },
  ];

  it('has the most first, and the rest last', () => {
    expect(names(answer(totals))).toEqual(['/b', '(none)', '/a', 'All others']);
  });

  it('has the least first where less is better', () => {
    expect(names(answer(totals, [metric({ better: 'lower' })]))).toEqual(['/a', '(none)', '/b', 'All others']);
  });

  it('is none of several metrics, without groups, or without totals', () => {
    expect(ranked(answer([{ m: 1 }], [metric()], []))).toBeNull();
    expect(ranked(answer([{ path: '/a', m: 1, n: 2 }], [metric(), metric({ name: 'n' })]))).toBeNull();
    expect(ranked(answer([{ path: '/a', m: null }]))).toBeNull();
  });

  it('leaves out what there is and was none of, unless there is nothing else', () => {
    const compared = [metric({ comparison: null })];
    const totals = [
      { path: '/now', m: 3, m_before: 0 },
      { path: '/gone', m: 0, m_before: 5 },
      { path: '/never', m: 0, m_before: 0 },
      { path: '/unknown', m: null, m_before: null },
    ];
    expect(names(answer(totals, compared))).toEqual(['/now', '/gone']);
    expect(names(answer([{ path: '/never', m: 0 }]))).toEqual(['/never']);
  });

  it('has bars beside the longest, and none of what is nothing or below it', () => {
    const table = answer([
      { path: '/a', m: 200 },
      { path: '/b', m: 50 },
      { path: '/c', m: -5 },
      { path: '/d', m: null },
    ]);
    expect(table.columns.map((column) => barOf(column, table.columns))).toEqual([100, 25, 0, 0]);
  });
});
