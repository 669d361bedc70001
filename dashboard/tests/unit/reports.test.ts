import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { questionOfAddress } from '../../src/pages/explore/address-question.ts';
import {
  freeTitle,
  LONGEST_TITLE,
  movedPart,
  partAddress,
  partOfQuery,
  partOfWidget,
  partWords,
  withPart,
} from '../../src/pages/reports/parts.ts';
import { asking } from '../../src/question/question.ts';
import { askedOf, fieldsOf, firstValues, valueOf, withValue } from '../../src/pages/reports/saved-values.ts';
import { parseSaved } from '../../src/pages/sql/statement.ts';
import { rangeWords } from '../../src/time/words.ts';
import type { Widget } from '../../src/widgets/widget.ts';

const SAVED = parseSaved({
  id: 'q1',
  kind: 'own',
  name: 'Top pages',
  sql: 'SELECT …',
  parameters: [
    { name: 'since', description: 'From this day on', example: { date: '2026-11-01' } },
    { name: 'until', description: 'Up to this day', example: { date: '2026-11-07' } },
    { name: 'least', description: 'At least so much', example: 0.5 },
    { name: 'site', description: '', example: '7' },
  ],
  marks: ['since', 'until', 'least', 'site', 'since'],
});
const KNOWN = { metrics: new Map([['downloads', 'Downloads']]), saved: new Map([['q1', SAVED]]) };
const query = {
  metrics: ['downloads', 'stars_added'],
  range: '12w',
  interval: 'P1W',
  group_by: ['utm_source'],
  top: 5,
  compare: 'year',
  filter: {
    and: [
      { dimension: 'version', operator: 'is', value: '3' },
      { not: { dimension: 'a', operator: 'contains', value: '"' } },
    ],
  },
};
const widget: Widget = {
  id: 'w1',
  kind: 'tile',
  title: '',
  width: 3,
  height: 1,
  question: asking(['downloads'], { filter: 'version is "3"' }),
  text: '',
  target: null,
};

describe('a part of a report', () => {
  it('is told in words, whatever it asks', () => {
    expect(partWords({ title: 'x', query }, KNOWN)).toBe(
      'Downloads, stars added by utm source, the 5 largest · the last 12 weeks · by week · ' +
        'where version is "3" and not a contains "\\"" · compared with a year before',
    );
    expect(partWords({ title: 'x', saved_query: 'q1' }, KNOWN)).toBe('Saved query: Top pages');
    expect(
      partWords(
        { title: 'x', saved_query: 'q1', parameters: [{ first_day_of: 'last_week' }, { date: '2026-11-01' }] },
        KNOWN,
      ),
    ).toBe('Saved query: Top pages · the first day of last week · 2026-11-01');
    expect(partWords({ title: 'x', saved_query: 'q2' }, KNOWN)).toBe('Saved query: q2');
    expect(partWords({ title: 'x', sql: 'SELECT 1' })).toBe('SQL: SELECT 1');
    expect(partWords({ title: 'x', query: { metrics: ['downloads'], from: '2026-01-01', to: '2026-02-01' } })).toBe(
      'downloads · 2026-01-01 – 2026-02-01',
    );
  });

  it('is looked at in the explorer, whose address asks the same', () => {
    const address = partAddress({ title: 'x', query: { ...query, tz: 'Asia/Tokyo' } }, 'UTC');
    expect(questionOfAddress(address ?? '', 'https://headwater.example', 'UTC')).toEqual({
      ...query,
      tz: 'Asia/Tokyo',
      filter: 'version is "3" and not a contains "\\""',
    });
    expect(partAddress({ title: 'x', sql: 'SELECT 1' }, 'UTC')).toBeNull();
  });

  it('is made of a widget, over the days and in the time of its dashboard', () => {
    const dashboard = { range: '90d', zone: 'Europe/Paris' };
    expect(partOfWidget(widget, dashboard, 'UTC', KNOWN.metrics)).toMatchObject({
      title: 'Downloads',
      query: {
        metrics: ['downloads'],
        range: '90d',
        tz: 'Europe/Paris',
        compare: 'previous_period',
        filter: 'version is "3"',
      },
    });
    const own = { ...widget, kind: 'line' as const, title: 'Mine', question: asking(['downloads'], { range: '7d' }) };
    expect(partOfWidget(own, { range: null, zone: null }, 'Asia/Tokyo', KNOWN.metrics)).toEqual({
      title: 'Mine',
      query: { metrics: ['downloads'], range: '7d', interval: 'P1D', tz: 'Asia/Tokyo' },
    });
    expect(partOfWidget({ ...widget, kind: 'text' }, dashboard, 'UTC', KNOWN.metrics)).toBeNull();
    expect(partOfWidget({ ...widget, question: asking([]) }, dashboard, 'UTC', KNOWN.metrics)).toBeNull();
  });

  it('that nobody named is called by what it asks', () => {
    expect(partOfQuery(query, KNOWN.metrics)).toEqual({ title: 'Downloads, stars added by utm source', query });
  });

  it('has a title of its own that the API takes, however many are called the same', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          fc.nat(3).map((n) => 'x'.repeat(n) + '🚀'.repeat(100)),
        ),
        fc.integer({ min: 1, max: 12 }),
        (title, many) => {
          const parts = Array.from({ length: many }).reduce<readonly { title?: unknown }[]>(
            (all) => withPart(all, { title }),
            [],
          );
          const titles = parts.map((part) => String(part.title));
          expect(new Set(titles).size).toBe(many);
          for (const one of titles) {
            expect(one.length).toBeLessThanOrEqual(LONGEST_TITLE);
            expect(one.trim()).not.toBe('');
            expect(one).not.toMatch(/\p{C}|(?! )\p{Z}/u);
          }
        },
      ),
    );
    expect(freeTitle('', [])).toBe('Numbers');
    expect(freeTitle('A', [{ title: 'A' }, { title: 'A (2)' }])).toBe('A (3)');
  });

  it('is moved to another place, and no further than there are', () => {
    const parts = ['a', 'b', 'c'].map((title) => ({ title }));
    const titles = (from: number, to: number) => movedPart(parts, from, to).map(({ title }) => title);
    expect(titles(0, 1)).toEqual(['b', 'a', 'c']);
    expect(titles(2, 0)).toEqual(['c', 'a', 'b']);
    expect(titles(0, -1)).toEqual(['a', 'b', 'c']);
    expect(titles(2, 3)).toEqual(['a', 'b', 'c']);
  });
});

it.each([
  ['12w', 'the last 12 weeks'],
  ['1d', 'the last day'],
  ['18mo', 'the last 18 months'],
  ['mtd', 'this month'],
  ['last_quarter', 'last quarter'],
  ['yesterday', 'yesterday'],
])('the range %s is %s', (range, words) => {
  expect(rangeWords(range)).toBe(words);
});

describe('the values of a saved query in a part', () => {
  const part = { title: 'x', saved_query: 'q1', parameters: firstValues(SAVED) };

  it('begin with days of last week and with its examples, a fraction as the text that the API takes', () => {
    const [since, until] = [{ first_day_of: 'last_week' }, { last_day_of: 'last_week' }];

    expect(part.parameters).toEqual([since, until, '0.5', '7', since]);
  });

  it('are asked for once each, and change for every question mark that they stand for', () => {
    expect(fieldsOf(SAVED, part.parameters).map(({ parameter }) => parameter.name)).toEqual([
      'since',
      'until',
      'least',
      'site',
    ]);
    const changed = withValue(part, SAVED, 'since', { date: '2026-01-01' });

    expect(changed.parameters).toEqual([
      { date: '2026-01-01' },
      { last_day_of: 'last_week' },
      '0.5',
      '7',
      { date: '2026-01-01' },
    ]);
    expect(withValue({ saved_query: 'q1' }, SAVED, 'site', 'a').parameters).toEqual([null, null, null, 'a', null]);
  });

  it.each([
    [{ first_day_of: 'qtd' }, { way: 'first_day_of', text: 'qtd' }],
    [{ last_day_of: '3w' }, { way: 'last_day_of', text: '3w' }],
    [{ date: '2026-11-01' }, { way: 'fixed', text: '2026-11-01' }],
    [{ timestamp: '2026-11-01T10:00:00' }, { way: 'fixed', text: '2026-11-01T10:00:00' }],
    [12, { way: 'fixed', text: '12' }],
    ['12', { way: 'fixed', text: "'12'" }],
    ['0.5', { way: 'fixed', text: '0.5' }],
    ['', { way: 'fixed', text: '' }],
    [null, { way: 'fixed', text: 'null' }],
    ["it's", { way: 'fixed', text: "it's" }],
  ] as const)('are typed as they are kept: %j', (value, asked) => {
    expect(askedOf(value)).toEqual(asked);
    expect(valueOf(asked)).toEqual(value);
  });
});
