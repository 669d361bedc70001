import { describe, expect, it } from 'vitest';
import { rangeSaid } from '../../src/time/range-said.ts';
import { daysSoFar, stepped } from '../../src/time/steps.ts';
import { PRESETS, type Range } from '../../src/time/words.ts';
import { addDays, daysBetween } from '../../src/time/zones.ts';

const TODAY = '2026-11-26'; // a Thursday

describe('a step through time', () => {
  it.each<[Range, Range]>([
    ['28d', { from: '2026-10-01', to: '2026-10-29' }],
    ['7d', { from: '2026-11-12', to: '2026-11-19' }],
    ['yesterday', { from: '2026-11-24', to: '2026-11-25' }],
    ['last_week', { from: '2026-11-09', to: '2026-11-16' }],
    ['wtd', { from: '2026-11-16', to: '2026-11-23' }],
    ['mtd', { from: '2026-10-01', to: '2026-11-01' }],
    ['qtd', { from: '2026-07-01', to: '2026-10-01' }],
    ['ytd', { from: '2025-01-01', to: '2026-01-01' }],
    ['12mo', { from: '2024-11-01', to: '2025-11-01' }],
    ['2q', { from: '2025-10-01', to: '2026-04-01' }],
    [
      { from: '2026-02-01', to: '2026-03-01' },
      { from: '2026-01-01', to: '2026-02-01' },
    ],
    [
      { from: '2026-02-02', to: '2026-03-01' },
      { from: '2026-01-06', to: '2026-02-02' },
    ],
  ])('earlier than %j is %j', (range, earlier) => {
    expect(stepped(range, -1, TODAY)).toEqual(earlier);
  });

  it.each(['28d', '7d', '90d', '12mo', 'mtd', 'qtd', 'ytd'])('back again it is the word %s', (word) => {
    const earlier = stepped(word, -1, TODAY);

    expect(earlier && stepped(earlier, 1, TODAY)).toBe(word);
  });

  it('goes neither into what has not begun, nor through hours and all that there is', () => {
    expect(stepped('mtd', 1, TODAY)).toBeNull();
    expect(stepped('28d', 1, TODAY)).toBeNull();
    expect(stepped({ from: '2026-10-01', to: '2026-11-01' }, 1, '2026-11-01')).toBe('mtd');
    expect(stepped({ from: '2026-11-01', to: '2026-12-01' }, 1, TODAY)).toBeNull();
    expect(stepped('24h', -1, TODAY)).toBeNull();
    expect(stepped('all', -1, TODAY)).toBeNull();
    expect(stepped({ from: '2026-11-01T00:00Z', to: '2026-11-01T06:00Z' }, -1, TODAY)).toBeNull();
    expect(stepped({ from: '1980-01-05', to: '1980-02-05' }, -1, TODAY)).toBeNull();
  });

  it('leaves no day out, and has none twice', () => {
    for (let day = 0; day < 800; day += 1) {
      const today = addDays('2024-01-01', day);
      for (const { value } of PRESETS) {
        const here = daysSoFar(value, today);
        const earlier = stepped(value, -1, today);
        if (!here || !earlier || typeof earlier === 'string') continue;
        expect(earlier.to).toBe(here.from);
        expect(daysBetween(earlier.from, earlier.to)).toBeGreaterThan(0);
      }
    }
  });

  it('names the days that have come', () => {
    expect(daysSoFar('mtd', TODAY)).toEqual({ from: '2026-11-01', to: '2026-11-27' });
    expect(daysSoFar('month', TODAY)).toEqual({ from: '2026-11-01', to: '2026-12-01' });
    expect(daysSoFar('24h', TODAY)).toBeNull();
  });
});

describe('a range is said', () => {
  const said = (range: Range, zone = 'UTC') => rangeSaid(range, TODAY, { language: 'en-GB', zone });

  it.each<[Range, string]>([
    ['28d', '29 Oct – 25 Nov 2026'],
    ['mtd', '1–26 Nov 2026'],
    [{ from: '2026-10-01', to: '2026-11-01' }, '1–31 Oct 2026'],
    ['24h', 'The last 24 hours, to now'],
    ['all', 'all'],
  ])('%j as its days, or as its word: %s', (range, words) => {
    expect(said(range).replaceAll('\u2009', ' ').replaceAll(' – ', '–')).toBe(words.replaceAll(' – ', '–'));
  });

  it('of hours in the zone that is looked at', () => {
    const hours = { from: '2026-11-20T00:00Z', to: '2026-11-21T06:00Z' };

    expect(said(hours)).toMatch(/20 Nov.*00:00.*21 Nov.*06:00/);
    expect(said(hours, 'Asia/Tokyo')).toMatch(/20 Nov.*09:00.*21 Nov.*15:00/);
  });
});
