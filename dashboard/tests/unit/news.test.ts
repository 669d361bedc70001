import { describe, expect, it } from 'vitest';
import { newsOf } from '../../src/question/figure.ts';

describe('a change is coloured by whether it is good news', () => {
  it('where more is better', () => {
    expect([1, -1, 0].map((change) => newsOf(change, 'higher'))).toEqual(['good', 'bad', 'same']);
  });

  it('where less is better', () => {
    expect([1, -1, 0].map((change) => newsOf(change, 'lower'))).toEqual(['bad', 'good', 'same']);
  });

  it('and not at all where nobody can tell', () => {
    expect([1, -1, 0].map((change) => newsOf(change, 'neither'))).toEqual(['same', 'same', 'same']);
    expect(newsOf(1)).toBe('same');
  });
});
