import { describe, expect, it } from 'vitest';
import type { Compared } from '../../src/question/answer.ts';
import { bucketBefore, nothingBeside } from '../../src/question/compared.ts';
import { bytes, lasting, money, SHORT } from '../../src/question/units.ts';
import { instantOf } from '../../src/time/zones.ts';

const zone = 'Europe/Berlin';
const locale = { language: 'en-GB', zone };
const local = (text: string) => instantOf(zone, Date.parse(`${text}Z`));
const day = (date: string) => ({ start: local(`${date}T00:00:00`), end: local(`${date}T23:59:59`) });
const compared = (from: string, to: string, beforeFrom: string, beforeTo: string): Compared => ({
  with: 'previous_period',
  match: 'date',
  current: { from: local(`${from}T00:00:00`), to: local(`${to}T00:00:00`) },
  before: { from: local(`${beforeFrom}T00:00:00`), to: local(`${beforeTo}T00:00:00`) },
  countedSince: null,
});
const before = (date: string, ranges: Compared) => bucketBefore(day(date), ranges, 'P1D', locale);

describe('a value that has nothing beside it', () => {
  const ranges = compared('2026-05-08', '2026-05-12', '2026-05-01', '2026-05-05');

  it('says since when there are data, where they begin later than what it would be compared with', () => {
    const countedSince = local('2026-05-03T00:00:00');

    const { said, why } = nothingBeside({ comparison: { ...ranges, countedSince }, late: true }, locale);

    expect([said, why]).toEqual(['Nothing to compare with', 'no data before 3 May 2026']);
  });

  it('says that its source is late, or nothing more', () => {
    const late = nothingBeside({ comparison: ranges, late: true }, locale);
    const other = nothingBeside({ comparison: ranges, late: false }, locale);

    expect([late, other]).toEqual([
      { said: 'Late: nothing to compare yet', why: null },
      { said: 'Nothing to compare with', why: null },
    ]);
  });
});

describe('the day that a day is compared with', () => {
  it('is so many days earlier, over a change of clocks too', () => {
    const ranges = compared('2026-10-27', '2026-11-26', '2026-09-27', '2026-10-27');

    expect(before('2026-11-05', ranges)).toBe('Tue, 6 Oct 2026');
  });

  it('is the same date a year earlier, leap years or not', () => {
    const ranges = compared('2023-12-01', '2024-12-01', '2022-12-01', '2023-12-01');

    expect(before('2024-03-01', ranges)).toBe('Wed, 1 Mar 2023');
    expect(before('2024-02-29', ranges)).toBeNull();
  });

  it('is a weekday for a weekday where that is compared', () => {
    const ranges = compared('2026-11-02', '2026-11-30', '2025-11-03', '2025-12-01');

    expect(before('2026-11-10', ranges)).toBe('Tue, 11 Nov 2025');
  });

  it('is not told where neither days nor months lead from one range to the other', () => {
    expect(before('2026-11-10', compared('2026-11-01', '2026-11-20', '2026-09-03', '2026-10-01'))).toBeNull();
  });
});

describe('values in units that people know', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1_000, '1 kB'],
    [2_500_000, '2.5 MB'],
    [7e15, '7 PB'],
  ])('%d bytes', (value, words) => {
    expect(bytes(value, 'en-GB').toLowerCase()).toBe(words.toLowerCase());
  });

  it.each([
    [0.25, '0.25 secs'],
    [8.44, '8.4 secs'],
    [60, '1 min'],
    [3_605, '1 hr'],
    [7_500, '2 hrs 5 mins'],
    [-90, '−1 min 30 secs'],
  ])('%d seconds', (value, words) => {
    expect(lasting(value, 'en-GB')).toBe(words);
  });

  it('money keeps every digit, and a currency that is none is shown', () => {
    expect(money('12345678901234567890.12', 'EUR', 'en-GB')).toBe('€12,345,678,901,234,567,890.12');
    expect(money(1_500_000, 'USD', 'en-US', SHORT)).toBe('$1.5M');
    expect(money(5, 'not one', 'en-GB')).toBe('5 not one');
  });
});
