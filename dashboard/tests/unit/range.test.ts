import { describe, expect, it } from 'vitest';
import { autoInterval, comparison, isTooFine, presetRange } from '../../src/time/range.ts';

const iso = (at: Date | undefined) => at?.toISOString();

it('ends a preset with today', () => {
  expect(presetRange('7d', '2026-11-22')).toEqual({ from: '2026-11-16', to: '2026-11-23' });
});

describe('the automatic interval', () => {
  it.each([
    [{ from: '2026-11-01', to: '2026-11-02' }, 'PT15M'],
    [{ from: '2026-11-01', to: '2026-11-04' }, 'PT1H'],
    [{ from: '2026-08-25', to: '2026-11-23' }, 'P1D'],
    [{ from: '2025-11-23', to: '2026-11-23' }, 'P1W'],
    [{ from: '2020-01-01', to: '2026-01-01' }, 'P1M'],
    [{ from: '1990-01-01', to: '2026-01-01' }, 'P1Y'],
  ] as const)('suits %o', (range, expected) => {
    expect(autoInterval(range)).toBe(expected);
    expect(isTooFine(range, autoInterval(range))).toBe(false);
  });
});

describe('a comparison', () => {
  const week = { from: '2026-11-16', to: '2026-11-23' };

  it('takes whole ranges when everything is complete', () => {
    const { current, previous, cut } = comparison(week, 'UTC', new Date('2026-11-24T00:00:00Z')) ?? expect.fail();

    expect([iso(current.from), iso(current.to)]).toEqual(['2026-11-16T00:00:00.000Z', '2026-11-23T00:00:00.000Z']);
    expect([iso(previous.from), iso(previous.to)]).toEqual(['2026-11-09T00:00:00.000Z', '2026-11-16T00:00:00.000Z']);
    expect(cut).toBe(false);
  });

  it('cuts both sides at the same elapsed time when the range is still growing', () => {
    const { current, previous, cut } = comparison(week, 'UTC', new Date('2026-11-22T09:15:00Z')) ?? expect.fail();

    expect(iso(current.to)).toBe('2026-11-22T09:15:00.000Z');
    expect(iso(previous.to)).toBe('2026-11-15T09:15:00.000Z');
    expect(cut).toBe(true);
  });

  it('keeps the local time of day over a change of the clocks', () => {
    // Berlin leaves summer time on 25 October 2026: 10:00 local is 08:00 UTC before and 09:00 UTC after it.
    const range = { from: '2026-10-26', to: '2026-11-02' };
    const { previous } = comparison(range, 'Europe/Berlin', new Date('2026-10-30T09:00:00Z')) ?? expect.fail();

    expect(iso(previous.from)).toBe('2026-10-18T22:00:00.000Z');
    expect(iso(previous.to)).toBe('2026-10-23T08:00:00.000Z');
  });

  it('is none while nothing of the range is complete', () => {
    expect(comparison(week, 'UTC', new Date('2026-11-16T00:00:00Z'))).toBeNull();
  });
});
