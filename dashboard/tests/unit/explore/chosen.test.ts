import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../../src/api/client.ts';
import { type Chosen, chosenParameters, questionOf, readChosen } from '../../../src/pages/explore/chosen.ts';
import { MOST_GROUPS } from '../../../src/question/question.ts';
import { drawnAs, type Shape, SHOWN_AS, transformWhyNot, whyNot } from '../../../src/question-form/kinds.ts';
import { corrected, faultsOf, inShort } from '../../../src/question-form/suggestions.ts';
import { closer, coarser, finer, partsOf } from '../../../src/pages/explore/zoom.ts';
import { withParameters } from '../../../src/state/address.ts';
import { INTERVALS } from '../../../src/time/range.ts';
import { isRange } from '../../../src/time/words.ts';
import { startOfDay } from '../../../src/time/zones.ts';

const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,20}$/);
const range = fc.oneof(
  fc.constantFrom('30d', '12mo', 'ytd', 'last_year', '24h', 'all'),
  fc.constantFrom({ from: '2026-10-01', to: '2026-11-01' }, { from: '2026-10-25T00:15Z', to: '2026-10-25T01:15Z' }),
);
const chosen: fc.Arbitrary<Chosen> = fc.record({
  metrics: fc.uniqueArray(name, { maxLength: 10 }),
  groupBy: fc.uniqueArray(name, { maxLength: 3 }),
  filter: fc.option(fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() === text)),
  top: fc.option(fc.integer({ min: 1, max: MOST_GROUPS })),
  transform: fc.option(fc.constantFrom('cumulative', 'moving_average:28', 'share_of_total', 'rate:day')),
  as: fc.constantFrom(...SHOWN_AS),
  target: fc.option(fc.constantFrom('1', '100.5', '0.25')),
  notes: fc.boolean(),
  thresholds: fc.boolean(),
  trail: fc.array(fc.record({ range, interval: fc.option(fc.constantFrom(...INTERVALS)) }), { maxLength: 8 }),
});

const read = (search: string) => readChosen(new URLSearchParams(search));

describe('the address', () => {
  it('holds all that is chosen', () => {
    fc.assert(
      fc.property(chosen, (given) => {
        expect(read(withParameters('', chosenParameters(given)))).toEqual({ chosen: given, faults: [] });
      }),
    );
  });

  it('opens whatever it says, and says what it could not understand', () => {
    const { chosen: found, faults } = read(
      '?metrics=downloads&by=a,b,c,d&top=0&as=cake&transform=median&range=fortnight&interval=PT5M&tz=Mars&compare=decade&target=-1&trail=x&from=2026-01-01',
    );
    expect(found.metrics).toEqual(['downloads']);
    expect(found).toMatchObject({ groupBy: [], top: null, as: 'line', transform: null, target: null, trail: [] });
    expect(faults).toHaveLength(11);
    expect(faults.join()).toContain('cake');
  });

  it('is never refused', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('metrics', 'by', 'top', 'as', 'trail', 'filter', 'range', 'tz'), fc.string()),
        (query) => {
          const { chosen: found } = readChosen(new URLSearchParams(query));
          expect(SHOWN_AS).toContain(found.as);
          expect(questionOf(found).metrics).toEqual(found.metrics);
        },
      ),
    );
  });
});

describe('kinds', () => {
  const counter = { kind: 'counter' as const, unit: 'leads' };
  const shape = (part: Partial<Shape>): Shape => ({ metrics: [counter], grouped: false, transform: null, ...part });
  it.each([
    ['one metric', shape({}), ['line', 'area', 'bar', 'gauge', 'histogram', 'table']],
    ['groups', shape({ grouped: true }), ['line', 'area', 'bar', 'stacked', 'pie', 'table']],
    [
      'two of one unit',
      shape({ metrics: [counter, counter] }),
      ['line', 'area', 'bar', 'stacked', 'pie', 'scatter', 'table'],
    ],
    ['two units', shape({ metrics: [counter, { ...counter, unit: 'euros' }] }), ['line', 'bar', 'scatter', 'table']],
    [
      'people in groups',
      shape({ metrics: [{ kind: 'unique', unit: 'people' }], grouped: true }),
      ['line', 'bar', 'table'],
    ],
    [
      'ratios in groups',
      shape({ metrics: [{ kind: 'ratio', unit: 'share' }], grouped: true }),
      ['line', 'bar', 'table'],
    ],
  ])('%s', (_, given, possible) => {
    expect(SHOWN_AS.filter((as) => whyNot(as, given) === null)).toEqual(possible);
  });

  it('add up money of one currency only', () => {
    const money = shape({ metrics: [{ kind: 'counter', unit: 'money' }], grouped: true });
    expect(whyNot('stacked', { ...money, currencies: 1 })).toBeNull();
    for (const as of ['stacked', 'area', 'pie'] as const)
      expect(whyNot(as, { ...money, currencies: 2 })).toContain('currencies');
    expect(whyNot('line', { ...money, currencies: 2 })).toBeNull();
  });

  it('fall back to lines, and say why', () => {
    expect(drawnAs('pie', shape({}))).toEqual({ as: 'line', instead: expect.stringContaining('one part') as unknown });
    expect(drawnAs('gauge', shape({}))).toEqual({ as: 'gauge', instead: null });
  });

  it('know which transforms mean nothing', () => {
    expect(transformWhyNot('cumulative', shape({}))).toBeNull();
    expect(transformWhyNot('cumulative', shape({ metrics: [{ kind: 'unique', unit: 'people' }] }))).toContain('sums');
    expect(transformWhyNot('share_of_total', shape({}))).toContain('groups');
    expect(transformWhyNot('share_of_total', shape({ grouped: true }))).toBeNull();
  });
});

describe('looking closer', () => {
  it('makes a bucket the range, down to quarter hours', () => {
    const month = closer(new Date('2026-10-31T23:00Z'), new Date('2026-11-30T23:00Z'), 1, 'P1M', 'Europe/Paris');
    expect(month).toEqual({ range: { from: '2026-11-01', to: '2026-12-01' }, interval: 'P1D' });
    const hour = closer(new Date('2026-10-25T01:00Z'), new Date('2026-10-25T02:00Z'), 1, 'PT1H', 'Europe/Paris');
    // The second of the two hours from 02:00 to 03:00.
    expect(hour).toEqual({ range: { from: '2026-10-25T01:00Z', to: '2026-10-25T02:00Z' }, interval: 'PT15M' });
    expect(closer(new Date(0), new Date(900_000), 1, 'PT15M', 'UTC')).toBeNull();
  });

  it('takes of a span the interval that suits it, never a coarser one', () => {
    expect(closer(new Date('2026-11-01Z'), new Date('2026-11-04Z'), 3, 'P1D', 'UTC')?.interval).toBe('PT1H');
    expect(closer(new Date('2026-01-01Z'), new Date('2026-11-04Z'), 300, 'P1D', 'UTC')?.interval).toBe('P1D');
  });

  it('always ends in a range that the address can hold', () => {
    const quarterHours = fc.integer({ min: 1_780_000, max: 2_000_000 });
    const zones = fc.constantFrom('UTC', 'Europe/Paris', 'America/Santiago', 'Asia/Kathmandu', 'America/St_Johns');
    fc.assert(
      fc.property(quarterHours, fc.integer({ min: 1, max: 4000 }), zones, (from, length, zone) => {
        const start = new Date(from * 900_000);
        const end = new Date((from + length) * 900_000);
        const found = closer(start, end, 2, 'P1Y', zone);
        expect(isRange(found?.range)).toBe(true);
        const instantOf = (at = '') => (at.includes('T') ? new Date(at) : startOfDay(zone, at)).getTime();
        expect(instantOf(found?.range.from)).toBe(start.getTime());
        expect(instantOf(found?.range.to)).toBe(end.getTime());
      }),
    );
  });

  it('never sets a date beside an instant', () => {
    // Midnight in Kathmandu is a quarter past six in the evening of the day before in UTC.
    const found = closer(new Date('2020-10-07T18:15Z'), new Date('2020-10-07T18:30Z'), 2, 'PT15M', 'Asia/Kathmandu');
    expect(found?.range).toEqual({ from: '2020-10-07T18:15Z', to: '2020-10-07T18:30Z' });
  });

  it('goes up and down the same ladder', () => {
    expect(partsOf('P3M')).toBe('P1M');
    expect(coarser('P1D')).toBe('P1W');
    expect(coarser('P1Y')).toBeNull();
    expect(finer('P1D', 30)).toBe('PT1H');
    expect(finer('P1D', 300)).toBeNull();
    expect(finer('PT15M', 1)).toBeNull();
  });
});

describe('suggestions', () => {
  const problem = new ApiProblem(400, 'Bad Request', 'Wrong.', [
    {
      parameter: 'filter',
      detail: "There is no dimension of 'downloads' 'vrsion'; one of: version, product. Did you mean 'version'?",
      suggestion: 'version',
      line: null,
      column: null,
    },
  ]);
  it('put what was meant in the place of what was typed', () => {
    const [fault] = faultsOf(problem, ['filter']);
    expect(fault && corrected(fault, 'my_vrsion is "vrsion x" or vrsion is "1"')).toBe(
      'my_vrsion is "vrsion x" or version is "1"',
    );
    expect(fault && corrected(fault, 'vrsion is "$&"')).toBe('version is "$&"');
    expect(fault && corrected(fault, 'product is "1"')).toBeNull();
    expect(faultsOf(problem, ['group_by'])).toEqual([]);
  });

  it('leave the list of all names out where it is long', () => {
    const [fault] = problem.errors;
    const all = Array.from({ length: 90 }, (_, index) => `metric_${index}`).join(', ');
    const detail = `There is no metric 'x'; one of: ${all}. Did you mean 'metric_1'?`;
    expect(fault && inShort(fault)).toBe(fault?.detail);
    expect(fault && inShort({ ...fault, detail })).toBe("There is no metric 'x'. Did you mean 'metric_1'?");
    expect(fault && inShort({ ...fault, detail: `There is no metric 'x'; one of: ${all}.` })).toBe(
      "There is no metric 'x'.",
    );
  });
});
