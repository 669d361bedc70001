import { describe, expect, it } from 'vitest';
import { chosenParameters, frameOf, parseChosen, frameFaults } from '../../src/state/frame.ts';
import { searchOf, withParameters } from '../../src/state/address.ts';
import { daysOf, intervalFor, isRange } from '../../src/time/words.ts';

const read = (search: string) => parseChosen(new URLSearchParams(search));

describe('the frame of a page', () => {
  it('is what the address says', () => {
    expect(read('?range=mtd&interval=P1W&tz=Asia/Kathmandu&compare=year')).toEqual({
      range: 'mtd',
      interval: 'P1W',
      zone: 'Asia/Kathmandu',
      compare: 'year',
    });
    expect(read('?from=2026-01-01&to=2026-02-01').range).toEqual({ from: '2026-01-01', to: '2026-02-01' });
  });

  it.each(['?range=soon', '?from=2026-02-01&to=2026-01-01', '?interval=P2D', '?tz=Mars/Base', '?compare=never'])(
    'leaves what %s says wrongly at its default',
    (search) => {
      expect(read(search)).toEqual({ range: null, interval: null, zone: null, compare: null });
    },
  );

  it('is the address’s, else the dashboard’s, else the viewer’s', () => {
    const fallback = { range: '7d', zone: 'Europe/Paris' };

    expect(frameOf(read(''), 'UTC')).toMatchObject({ range: '28d', zone: 'UTC' });
    expect(frameOf(read(''), 'UTC', fallback)).toMatchObject({ range: '7d', zone: 'Europe/Paris' });
    expect(frameOf(read('?range=90d&tz=Asia/Tokyo'), 'UTC', fallback)).toMatchObject({
      range: '90d',
      zone: 'Asia/Tokyo',
    });
  });

  it('is read from a path of several slashes too', () => {
    expect(['/', '/?range=7d', '//?range=7d#top', '/a#?range=7d'].map(searchOf)).toEqual([
      '',
      '?range=7d',
      '?range=7d',
      '',
    ]);
  });

  it('comes back from the address as it was written, and leaves the page’s own parameters alone', () => {
    const chosen = { range: { from: '2026-01-01', to: '2026-01-08' }, interval: 'PT1H', zone: 'UTC', compare: 'week' };
    const search = withParameters('?metrics=stars&range=30d', chosenParameters(chosen as never));

    expect(read(search)).toEqual(chosen);
    expect(new URLSearchParams(search).get('metrics')).toBe('stars');
    expect(withParameters(search, chosenParameters({ range: 'ytd', interval: null, zone: null, compare: null }))).toBe(
      '?metrics=stars&range=ytd',
    );
  });
});

describe('a range in words', () => {
  it.each(['7d', '12w', '6mo', '4q', '2y', '24h', 'ytd', 'last_month', 'all'])('knows %s', (word) => {
    expect(isRange(word)).toBe(true);
    expect(daysOf(word)).toBeGreaterThan(0);
  });

  it.each(['0d', 'd', '7days', 'constructor', ''])('does not know %s', (word) => {
    expect(isRange(word)).toBe(false);
  });

  it.each([
    ['24h', 'PT1H'],
    ['30d', 'P1D'],
    ['12mo', 'P1W'],
    ['all', 'P1M'],
  ])('of %s is shown by %s', (word, interval) => {
    expect(intervalFor(word, null)).toBe(interval);
  });

  it('is not cut finer than one can see', () => {
    expect(intervalFor('2y', 'PT15M')).toBe('P1W');
    expect(intervalFor('2y', 'P1D')).toBe('P1D');
  });
});

it('says what of a link it could not read, and nothing of one that it could', () => {
  const faults = (search: string) => frameFaults(new URLSearchParams(search));

  expect(faults('range=banana&interval=P9X&tz=Mars/Base&compare=never&from=2026-13-45')).toHaveLength(5);
  expect(faults(`range=${'x'.repeat(300)}`)[0]?.length).toBeLessThan(160);
  expect(faults('range=7d&interval=P1D&tz=Europe/Paris&compare=year&from=2026-11-01&to=2026-11-08')).toEqual([]);
  expect(faults('')).toEqual([]);
});
