import { describe, expect, it } from 'vitest';
import { parseAnswer, toNumber } from '../../src/question/answer.ts';
import { difference, differenceShort, figure, figureAxis, figureShort, type Unit } from '../../src/question/figure.ts';
import { asking, askOf, type Frame, parseQuestion, questionJson } from '../../src/question/question.ts';
import { firstPartial, isEmpty, tableOf } from '../../src/question/table.ts';

const FRAME: Frame = { range: '30d', interval: 'P1D', zone: 'Europe/Paris', compare: null };
const standing = (name: string, part: object = {}) => ({
  name,
  title: name.toUpperCase(),
  unit: 'downloads',
  kind: 'counter',
  source: 's',
  watermark: '2026-11-22T09:00:00Z',
  partial: false,
  late: false,
  comparison: null,
  ...part,
});
const bucket = (day: number, part: object) => ({
  start: `2026-11-0${day}T00:00:00Z`,
  end: `2026-11-0${day + 1}T00:00:00Z`,
  partial: false,
  ...part,
});
const answer = (results: object[], metrics: object[], part: object = {}) =>
  parseAnswer({
    results,
    totals: [],
    meta: { metrics, watermark: null, partial: false, late: false, warnings: [] },
    query: { from: '2026-11-01T00:00:00Z', to: '2026-11-03T00:00:00Z', interval: 'P1D', tz: 'UTC', group_by: [] },
    ...part,
  });
const GROUPED = {
  query: { from: '2026-11-01T00:00:00Z', to: '2026-11-03T00:00:00Z', interval: 'P1D', tz: 'UTC', group_by: ['v'] },
};

describe('a question', () => {
  it('takes what it does not say itself from the page', () => {
    expect(askOf(asking(['downloads']), FRAME).body).toEqual({
      metrics: ['downloads'],
      range: '30d',
      interval: 'P1D',
      tz: 'Europe/Paris',
      totals: true,
    });
  });

  it('says its own range, and is compared as the page wants it', () => {
    const own = asking(['a'], { range: { from: '2026-01-01', to: '2026-02-01' }, compare: 'week', interval: 'P1W' });

    expect(askOf(own, { ...FRAME, compare: 'year' }).body).toMatchObject({
      from: '2026-01-01',
      to: '2026-02-01',
      compare: 'year',
      interval: 'P1W',
    });
  });

  it('has no top without a group to be the top of', () => {
    expect(askOf(asking(['a'], { top: 5 }), FRAME).body).not.toHaveProperty('top');
    expect(askOf(asking(['a'], { top: 5, groupBy: ['v'] }), FRAME).body).toMatchObject({ top: 5, group_by: ['v'] });
  });

  it('is the same after it was written and read', () => {
    const whole = asking(['a', 'b'], { groupBy: ['v'], filter: 'v is "1"', top: 3, compare: 'month', range: 'mtd' });

    expect(parseQuestion(JSON.parse(JSON.stringify(questionJson(whole))))).toEqual(whole);
  });
});

describe('an answer as columns', () => {
  it('has one for each group, the rest at the end, and gaps where nothing is known', () => {
    const table = tableOf(
      answer(
        [
          bucket(1, { v: null, a: 5, other: true }),
          bucket(1, { v: '1.0', a: 3 }),
          bucket(2, { v: '1.0', a: null, partial: true }),
          bucket(1, { v: '', a: 0 }),
        ],
        [standing('a')],
        GROUPED,
      ),
    );

    expect(table.columns.map(({ name }) => name)).toEqual(['1.0', '(none)', 'All others']);
    expect(table.columns[0]?.values).toEqual([3, null]);
    expect(table.columns[2]?.values).toEqual([5, null]);
    expect(firstPartial(table)).toBe(1);
  });

  it('tells a member that is called as the rest from the rest', () => {
    const table = tableOf(
      answer([bucket(1, { v: 'other', a: 1 }), bucket(1, { v: null, a: 2, other: true })], [standing('a')], GROUPED),
    );

    expect(table.columns.map(({ key }) => key)).toHaveLength(new Set(table.columns.map(({ key }) => key)).size);
    expect(table.columns.map(({ values }) => values[0])).toEqual([1, 2]);
  });

  it('has what is compared beside, and the totals that the API says', () => {
    const comparison = {
      with: 'week',
      current: { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' },
      before: { from: '2026-10-25T00:00:00Z', to: '2026-10-26T00:00:00Z' },
    };
    const table = tableOf(
      answer([bucket(1, { a: 4, a_before: 2 })], [standing('a', { comparison })], {
        totals: [{ a: 4, a_before: 2, a_change: 2, a_change_ratio: 1 }],
      }),
    );

    expect(table.columns[0]).toMatchObject({ before: [2], total: { value: 4, before: 2, change: 2, ratio: 1 } });
  });

  it('is compared with nothing where nobody counted, and knows since when somebody did', () => {
    const comparison = {
      with: 'week',
      current: { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' },
      before: { from: '2026-10-25T00:00:00Z', to: '2026-10-26T00:00:00Z' },
      counted_since: '2026-10-29T00:00:00Z',
    };

    const [column] = tableOf(answer([bucket(1, { a: 4, a_before: null })], [standing('a', { comparison })])).columns;

    expect(column).toMatchObject({ before: [null], total: { change: null } });
    expect(column?.metric.comparison?.countedSince).toEqual(new Date('2026-10-29T00:00:00Z'));
  });

  it('is empty when nothing was counted, but not when a ratio is 0', () => {
    const zero = [bucket(1, { a: 0 })];

    expect(isEmpty(tableOf(answer(zero, [standing('a')])))).toBe(true);
    expect(isEmpty(tableOf(answer(zero, [standing('a', { kind: 'ratio' })])))).toBe(false);
  });

  it('is refused when a value is not a number', () => {
    expect(() => answer([bucket(1, { a: 'many' })], [standing('a')])).toThrow('not as agreed');
  });
});

describe('a value in words', () => {
  const plain = { unit: 'leads', kind: 'counter' };
  const share = { unit: 'share', kind: 'ratio' };

  it.each([
    ['12345678901234567890.25', plain, '12,345,678,901,234,567,890.25'],
    [1234.5, plain, '1,234.5'],
    [0.1234, share, '12.3%'],
    [null, plain, '–'],
  ])('%s is written %s', (value, unit, words) => {
    expect(figure(value, unit, 'en')).toBe(words);
  });

  it('is short in a headline, and a difference of shares is in points', () => {
    expect(figureShort(1_234_567, plain, 'en')).toBe('1.2M');
    expect(figureShort(99_999, plain, 'en')).toBe('99,999');
    expect(difference(-0.05, share, 'en')).toBe('-5 pp');
    expect(difference('12345678901234567890', plain, 'en')).toBe('+12,345,678,901,234,567,890');
    expect(differenceShort(-6_441_527, plain, 'en')).toBe('-6.4M');
    expect(differenceShort(12.5, plain, 'en')).toBe('+12.5');
    expect(toNumber('1.5')).toBe(1.5);
  });

  it('keeps two digits of what is small, and steps of an axis apart', () => {
    expect(figure(0.0055, plain, 'en')).toBe('0.0055');
    expect(difference(-0.0421, plain, 'en')).toBe('-0.042');
    const steps = (values: number[], unit: Unit) => values.map((value) => figureAxis(value, unit, 'en'));
    expect(steps([0.05, 0.1, 0.15, 0.2], plain)).toEqual(['0.05', '0.1', '0.15', '0.2']);
    expect(steps([6_250, 6_300, 104_050], plain)).toEqual(['6.25K', '6.3K', '104.05K']);
    expect(steps([0.0005, 0.385, 1], share)).toEqual(['0.05%', '38.5%', '100%']);
    expect(steps([1_250, 1_300], { ...plain, currency: 'EUR' })).toEqual(['€1.25K', '€1.3K']);
  });
});
