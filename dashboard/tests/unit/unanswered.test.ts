import { expect, it } from 'vitest';
import { isOfDays } from '../../src/time/words.ts';
import { isTooFine, nothingWords } from '../../src/widgets/unanswered.tsx';
import { answered, LAST } from '../charts/tables.ts';

const locale = { language: 'en-GB', zone: 'UTC' };
const now = new Date(LAST.getTime() + 3_600_000);
const words = (metric: object, part: object = {}) => {
  const answer = answered({ buckets: 3 });
  const metrics = answer.metrics.map((asked) => ({ ...asked, watermark: now, ...metric }));
  return nothingWords({ ...answer, metrics, ...part }, locale, now);
};

it('hours of what is told by the day are too fine; another fault of the question is none of the interval', () => {
  const errors = [{ parameter: 'interval', detail: 'Whole days only.' }];

  expect(isTooFine({ errors } as never, 'PT1H')).toBe(true);
  expect(isTooFine({ errors } as never, 'P1W')).toBe(false);
  expect(isTooFine({ errors: [{ parameter: 'filter', detail: '' }] } as never, 'PT1H')).toBe(false);
});

it.each([
  ['24h', false],
  ['today', true],
  ['7d', true],
  [{ from: '2026-11-25', to: '2026-11-26' }, true],
  [{ from: '2026-11-25T00:15Z', to: '2026-11-26T00:15Z' }, false],
])('%j is of whole days: %s', (range, is) => {
  expect(isOfDays(range)).toBe(is);
});

it('says whether nothing was counted, nothing is known, or too little was asked for', () => {
  expect(words({}).title).toBe('No downloads in this range');
  expect(words({ kind: 'ratio', unit: 'share' }).title).toBe('No numbers in this range');
  expect(words({ watermark: null }, { watermark: null }).title).toBe('Not known yet');
  expect(words({ watermark: new Date(0) }, { watermark: new Date(0) }).words).toContain('1 Jan 1970');
  expect(words({}, { transform: 'mean:7' }).title).toBe('Too short a range');
});
