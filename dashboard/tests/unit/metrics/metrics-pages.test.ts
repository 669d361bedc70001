import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Metric, parseMetrics } from '../../../src/api/shapes.ts';
import { nameFrom } from '../../../src/api/names.ts';
import { bodyOf, faultAt, filterFault, NEW, parseDefinition } from '../../../src/pages/metrics/definition.ts';
import { check, completions, nearest, type Tree, valueOf, wordAt } from '../../../src/pages/metrics/expression.ts';
import { placeOf } from '../../../src/pages/metrics/uses.ts';
import { found, groupsOf } from '../../../src/pages/metrics/words.ts';

const metric = (name: string, part: object = {}): Metric =>
  parseMetrics({
    results: [{ name, title: name, kind: 'counter', source: 'crm', dimensions: [], ...part }],
  })[0] as Metric;
const ALL = [metric('won'), metric('lost'), metric('leads'), metric('rate', { kind: 'derived', own: true })];
const valued = (text: string, of: Record<string, number | null>) => {
  const { tree, fault } = check(text, ALL);
  expect(fault).toBeNull();
  return valueOf(tree as Tree, new Map(Object.entries(of)));
};

describe('an expression', () => {
  it('is worked out as people read it', () => {
    expect(valued('won / (won + lost)', { won: 1, lost: 3 })).toBe(0.25);
    expect(valued('2 + 3 * won - 4 / 2', { won: 5 })).toBe(15);
    expect(valued('10 - won - lost', { won: 1, lost: 2 })).toBe(7);
    expect(valued('-won * -2.5', { won: 2 })).toBe(5);
  });

  it('has no value where something has none, or is divided by zero', () => {
    expect(valued('won / lost', { won: 1, lost: 0 })).toBeNull();
    expect(valued('won + lost', { won: 1, lost: null })).toBeNull();
  });

  it.each([
    ['won / (won + lst)', 13, 16, 'There is no metric “lst”.'],
    ['won /', 5, 6, 'Here a metric, a number or “(” is expected, not the end.'],
    ['(won', 4, 5, 'Here “)” is expected, not the end.'],
    ['won ** 2', 5, 6, 'Here a metric, a number or “(” is expected, not “*”.'],
    ['won lost', 4, 8, 'Here + - * / or the end is expected, not “lost”.'],
    ['won % 2', 4, 5, 'Only names of metrics, numbers, + - * / and parentheses are understood.'],
    ['1 + 2', 0, 5, 'An expression names at least one metric.'],
    ['rate + 1', 0, 4, '“rate” is an expression itself: write what it stands for.'],
  ])('“%s” is wrong from %i to %i', (text, from, to, detail) => {
    expect(check(text, ALL).fault).toMatchObject({ from, to, detail });
  });

  it('suggests the metric that was probably meant', () => {
    expect(check('won / losst', ALL).fault?.instead).toBe('lost');
    expect(nearest('something_else', ['won'])).toBeNull();
  });

  it('that is empty is not wrong yet', () => {
    expect(check('  ', ALL)).toEqual({ tree: null, names: [], fault: null });
  });

  it('of any text is read, or refused at a place in it', () => {
    const parts = fc.constantFrom('won', 'lost', '(', ')', '+', '-', '*', '/', '2', '0.5', ' ', '%', '1e5', '"', '🙂');
    fc.assert(
      fc.property(
        fc.array(parts, { maxLength: 40 }).map((all) => all.join('')),
        (text) => {
          const { fault, tree } = check(text, ALL);
          return fault === null ? tree !== null || text.trim() === '' : fault.from >= 0 && fault.from <= text.length;
        },
      ),
    );
  });

  it('with ever so many parentheses does not fail the page', () => {
    expect(check('('.repeat(490), ALL).fault).not.toBeNull();
    expect(check('-'.repeat(490) + 'won', ALL).fault).not.toBeNull();
  });
});

describe('a name that is being typed', () => {
  it('is the word before the caret', () => {
    expect(wordAt('won / le', 8)).toEqual({ from: 6, word: 'le' });
    expect(wordAt('won / ', 6)).toBeNull();
  });

  it('is completed to metrics that an expression may name', () => {
    expect(completions('l', ALL).map(({ name }) => name)).toEqual(['lost', 'leads']);
    expect(completions('rate', ALL)).toEqual([]);
  });
});

describe('a definition', () => {
  const FILTER = {
    or: [
      {
        and: [
          { dimension: 'event', operator: 'is', value: 'a' },
          { dimension: 'source', operator: 'is', value: null },
        ],
      },
      { not: { dimension: 'properties.plan', operator: 'contains', value: '"' } },
    ],
  };
  const json = {
    name: 'team_signups',
    title: 'Sign-ups',
    unit: 'sign-ups',
    description: 'x',
    count: { of: 'product_events', what: 'people', filter: FILTER, by: { country: 'properties.country' } },
    expression: null,
    version: 3,
    computed: false,
    computed_until: null,
    created_at: '2026-11-22T10:00:00Z',
    created_by: 'ada',
    updated_at: '2026-11-22T10:00:00Z',
    updated_by: 'ada',
  };

  it('is shown with its filter as people type it, and sent as it was read', () => {
    const { draft, version, computed } = parseDefinition(json);

    expect([version, computed, draft.made]).toEqual([3, false, 'count']);
    expect(draft.count.filter).toBe('event is "a" and source is null or not properties.plan contains "\\""');
    expect(bodyOf(draft)).toEqual({
      name: 'team_signups',
      title: 'Sign-ups',
      unit: 'sign-ups',
      description: 'x',
      count: {
        of: 'product_events',
        what: 'people',
        filter: draft.count.filter,
        by: { country: 'properties.country' },
      },
    });
  });

  it('says what is wrong with its filter, and where', () => {
    expect(filterFault('', 'web_events')).toBeNull();
    expect(filterFault('event is "a" and properties.plan is "b"', 'product_events')).toBeNull();
    expect(filterFault('path is "a"', 'product_events')).toMatchObject({ from: 0, to: 4 });
    expect(filterFault('event is ', 'product_events')).toMatchObject({ from: 9 });
  });

  it('is named after its title until somebody names it', () => {
    expect(nameFrom('Sign-ups of teams!')).toBe('sign_ups_of_teams');
    expect(nameFrom('3 × Über')).toBe('uber');
    expect(nameFrom('Weekly – Marketing!', '-', 60)).toBe('weekly-marketing');
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (title) => /^([a-z][a-z0-9_]*)?$/.test(nameFrom(title))));
    const report = /^([a-z][a-z0-9]*(-[a-z0-9]+)*)?$/;
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (title) => report.test(nameFrom(title, '-', 60))));
  });

  it('of nothing yet sends an expression', () => {
    expect(bodyOf(NEW)).toHaveProperty('expression', '');
  });
});

describe('what the API says of a text', () => {
  it('is underlined where it says', () => {
    expect(faultAt('Character 7: only names of metrics are understood.', 'won / lost ** 2')).toMatchObject({
      from: 6,
      to: 10,
    });
    expect(faultAt('There is no metric.', 'won')).toBeNull();
    expect(faultAt(null, 'won')).toBeNull();
  });
});

describe('the catalog', () => {
  it('has those that people made first, then by source', () => {
    const groups = groupsOf([metric('a'), metric('b', { own: true }), metric('c')], new Map([['crm', 'The CRM']]));

    expect(groups.map(({ title, metrics }) => [title, metrics.map(({ name }) => name)])).toEqual([
      ['Made here', ['b']],
      ['The CRM', ['a', 'c']],
    ]);
  });

  it('finds by every word of what is known', () => {
    const one = metric('won', { title: 'Deals won', dimensions: ['region'] });
    expect(found(one, 'Salesforce', 'DEALS region')).toBe(true);
    expect(found(one, 'Salesforce', 'sales')).toBe(true);
    expect(found(one, 'Salesforce', 'deals country')).toBe(false);
  });
});

describe('what asks for a metric', () => {
  it('is linked to its page, if it has one', () => {
    expect(placeOf({ kind: 'dashboard', id: 'd_1/../x', name: '' })).toBe('/dashboards/d_1%2F..%2Fx');
    expect(placeOf({ kind: 'report', id: 'weekly', name: '' })).toBeNull();
  });
});
