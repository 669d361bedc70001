import { describe, expect, it } from 'vitest';
import { ago, relative } from '../../src/time/format.ts';

describe('how long ago something was', () => {
  const now = new Date('2026-11-26T12:00:00Z');

  it.each([
    ['2026-11-26T11:55:00Z', '5 minutes ago'],
    ['2026-11-26T12:00:00Z', 'now'],
    ['2026-11-26T12:00:40Z', 'now'],
  ])('of %s is “%s”, and never of the future', (at, words) => {
    expect(ago(new Date(at), now, 'en')).toBe(words);
  });

  it('is not how long it takes until something', () => {
    expect(relative(new Date('2026-11-26T12:05:00Z'), now, 'en')).toBe('in 5 minutes');
  });
});
