import { describe, expect, it } from 'vitest';
import { isoOf, lengthOf, secondsOf } from '../../src/pages/alerts/durations.ts';
import { bodyOf, draftOf, draftOfLink, emptyDraft, previewBody, shifted } from '../../src/pages/alerts/draft.ts';
import { filterLine } from '../../src/question/filter-json.ts';
import { firingSpans, type Line, parsePreview, sinceKnown } from '../../src/pages/alerts/preview.ts';
import { parseRule, parseRules, worstFirst } from '../../src/pages/alerts/rule.ts';
import { instantOfField, snoozeChoices } from '../../src/pages/alerts/snooze.ts';
import { quantile, rounded, suggestion } from '../../src/pages/alerts/suggestion.ts';
import { againstWords, conditionWords, heldWords } from '../../src/pages/alerts/words.ts';
import { alertChartOption, marksOf } from '../../src/pages/alerts/chart-option.ts';
import { firstDay, isOver, parseMessage } from '../../src/pages/messages/message.ts';
import { messageMarks } from '../../src/pages/alerts/chart-facts.ts';

const HOUR = 3_600_000;
const rule = (condition: object, rest: object = {}) => ({
  name: 'Downloads fell',
  metric: 'downloads',
  interval: 'PT1H',
  tz: 'Europe/Paris',
  filter: { dimension: 'version', operator: 'is', value: '3.10.0' },
  group_by: ['version'],
  condition,
  severity: 'critical',
  for: 'PT2H',
  keep_firing_for: 'P1DT12H',
  renotify_interval: null,
  on_no_data: 'fire',
  on_error: 'keep',
  topic: 'downloads',
  owner: '',
  to: ['subscribers', 'channel:ops'],
  message: '{value}',
  mute: [{ weekdays: [6, 7], from: '22:00', until: '06:00', tz: 'Europe/Paris' }],
  ...rest,
});

const CONDITIONS = [
  { kind: 'level', side: 'low', threshold: '100', recover: '120.5' },
  { kind: 'change', compare: 'week', of: 'ratio', match: null, side: 'low', threshold: '-0.2', recover: null },
  { kind: 'change', compare: 'year', of: 'amount', match: 'weekday', side: 'high', threshold: '12.50', recover: '3' },
  { kind: 'no_data', zero: false },
  { kind: 'anomaly', sides: 'low', sensitivity: '5', recover: '2', weeks: 4 },
];

describe('a rule and its form', () => {
  it.each(CONDITIONS)('says the same after it was shown: $kind', (condition) => {
    const given = rule(condition);

    expect(bodyOf(draftOf(parseRule(given), 'UTC'))).toEqual({
      ...given,
      filter: 'version is "3.10.0"',
      for: 'PT2H',
      keep_firing_for: 'P1DT12H',
    });
  });

  it('keeps incidents apart from metrics', () => {
    const condition = { kind: 'incidents', subjects: ['github_*', 'queue/*'], kinds: ['late'] };
    const body = bodyOf(
      draftOf(parseRule(rule(condition, { metric: null, interval: null, tz: null, filter: null })), 'UTC'),
    );

    expect(body.condition).toEqual(condition);
    expect([body.metric, body.interval, body.tz, body.filter, body.group_by]).toEqual([null, null, null, null, []]);
  });

  it('reads marks that come as numbers without losing a digit', () => {
    const { condition } = parseRule(rule({ kind: 'level', side: 'high', threshold: 1e-7, recover: 0 }));

    expect(condition).toEqual({ kind: 'level', side: 'high', threshold: '0.0000001', recover: '0' });
  });

  it('begins with what a link says', () => {
    const query = new URLSearchParams('metric=stars&group_by=a,b&interval=PT15M&filter=a+is+null');

    expect(draftOfLink(query, 'Asia/Tokyo')).toMatchObject({
      metric: 'stars',
      groupBy: ['a', 'b'],
      interval: 'PT15M',
      filter: 'a is null',
      zone: 'Asia/Tokyo',
    });
  });

  it('tries nothing until there is a metric and a mark, and nothing again for other words', () => {
    const empty = emptyDraft('UTC');
    const marked = { ...empty, metric: 'downloads', level: { ...empty.level, threshold: '5' } };

    expect(previewBody(empty, '90d')).toBeNull();
    expect(previewBody({ ...empty, metric: 'downloads' }, '90d')).toBeNull();
    expect(previewBody({ ...marked, name: 'x', message: 'y', to: [] }, '90d')).toEqual(previewBody(marked, '90d'));
  });
});

it('tries a rule without those whom it tells: a channel that is gone takes no chart away', () => {
  const body = previewBody(draftOf(parseRule(rule({ kind: 'no_data', zero: true })), 'UTC'), '168h');

  expect(body).toMatchObject({ metric: 'downloads', for: 'PT2H', on_no_data: 'fire', range: '168h' });
  expect(Object.keys(body ?? {})).not.toContain('to');
  expect(Object.keys(body ?? {})).not.toContain('message');
});

describe('decimals whose point is moved', () => {
  it.each([
    ['-20', -2, '-0.2'],
    ['-0.2', 2, '-20'],
    ['12.345', 2, '1234.5'],
    ['0.005', 2, '0.5'],
    ['7', -2, '0.07'],
    ['100', -2, '1'],
    ['-0.00001', -2, '-0.0000001'],
    ['what', 2, 'what'],
  ])('%s by %i is %s', (given, places, expected) => {
    expect(shifted(given, places)).toBe(expected);
  });

  it('is undone by moving it back', () => {
    for (let at = -5_000; at < 5_000; at += 37) {
      const decimal = String(at / 1_000);
      expect(shifted(shifted(decimal, -2), 2)).toBe(decimal);
    }
  });
});

describe('durations', () => {
  it.each([
    ['PT90M', 5_400, { amount: '90', unit: 'minutes' }],
    ['PT2H', 7_200, { amount: '2', unit: 'hours' }],
    ['P1DT12H', 129_600, { amount: '36', unit: 'hours' }],
    ['P2W', 1_209_600, { amount: '14', unit: 'days' }],
    ['PT0S', 0, { amount: '', unit: 'hours' }],
  ])('%s', (iso, seconds, length) => {
    expect(secondsOf(iso)).toBe(seconds);
    expect(lengthOf(iso)).toEqual(length);
  });

  it('writes what is typed, and leaves to the API what is no number', () => {
    expect(isoOf({ amount: '36', unit: 'hours' })).toBe('P1DT12H');
    expect(isoOf({ amount: '1.5', unit: 'hours' })).toBe('PT1H30M');
    expect(isoOf({ amount: '0', unit: 'days' })).toBe('PT0S');
    expect(isoOf({ amount: ' ', unit: 'days' })).toBeNull();
    expect(isoOf({ amount: 'two', unit: 'days' })).toBe('two');
  });
});

it('writes a filter as people type it', () => {
  const condition = (value: string | null) => ({ dimension: 'a', operator: 'is', value });

  expect(filterLine({ not: { or: [condition(null), condition('"x"')] } })).toBe('not (a is null or a is "\\"x\\"")');
  expect(filterLine({ and: [condition('1'), { or: [condition('2'), condition('3')] }] })).toBe(
    'a is "1" and (a is "2" or a is "3")',
  );
});

const point = (hour: number, state: string, value: number | null, held: number | null = null) => ({
  start: new Date(hour * HOUR).toISOString(),
  end: new Date((hour + 1) * HOUR).toISOString(),
  value,
  held,
  usual: null,
  low: null,
  high: null,
  state,
});

const previewed = (states: readonly string[], told: object[] = []) =>
  parsePreview({
    results: told,
    series: [{ group: {}, points: states.map((state, at) => point(at, state, at)) }],
    meta: { summary: 'x', fired: 1, firing_s: 1, messages: 1 },
  });

describe('a preview', () => {
  it('has a span for each run of buckets after which it fires', () => {
    const { lines } = previewed(['normal', 'firing', 'recovering', 'normal', 'pending', 'firing']);

    expect(firingSpans(lines[0]?.points ?? [])).toEqual([
      { from: new Date(HOUR), until: new Date(3 * HOUR) },
      { from: new Date(5 * HOUR), until: new Date(6 * HOUR) },
    ]);
  });

  it('begins with the first bucket of which something is known', () => {
    const points = [point(0, 'no_data', null), point(1, 'normal', 5), point(2, 'no_data', null)];
    const [line] = parsePreview({ results: [], series: [{ group: {}, points }], meta: {} }).lines as [Line];

    expect(sinceKnown(line).points.map(({ value }) => value)).toEqual([5, null]);
    expect(sinceKnown({ ...line, points: line.points.slice(2) }).points).toHaveLength(1);
  });

  it('puts each message at its bucket, and one between two at the last before it', () => {
    const { lines } = previewed(['normal', 'firing', 'firing']);
    const told = [
      { what: 'fired' as const, at: new Date(2 * HOUR), start: new Date(HOUR), subject: 'a' },
      { what: 'still' as const, at: new Date(2.5 * HOUR), start: null, subject: 'b' },
      { what: 'fired' as const, at: new Date(-HOUR), start: null, subject: 'before all' },
    ];

    expect(messageMarks(lines[0] as Line, told).map(({ bucket, what }) => [bucket, what])).toEqual([
      [1, 'fired'],
      [1, 'still'],
    ]);
  });

  it('draws the mark, and the ground of buckets that fire', () => {
    const { lines } = previewed(['normal', 'firing', 'pending']);
    const condition = { kind: 'level' as const, side: 'high' as const, threshold: '1', recover: '0.5' };
    const { series } = alertChartOption({
      points: (lines[0] as Line).points,
      shows: 'value',
      condition,
      messages: [],
      interval: 'PT1H',
      unit: { unit: '', kind: 'counter' },
      locale: { language: 'en', zone: 'UTC' },
      theme: 'light',
      animate: false,
      narrow: false,
    }) as unknown as { series: { name: string; data: unknown[] }[] };
    const dataOf = (name: string) => series.find((one) => one.name === name)?.data;

    expect(dataOf('firing')).toEqual([0, 1, 0]);
    expect(dataOf('pending')).toEqual([0, 0, 1]);
    expect(dataOf('bad')).toEqual([1, 1, 1]);
    expect(dataOf('well')).toEqual([0.5, 0.5, 0.5]);
    expect(dataOf('value')).toEqual([0, 1, 2]);
    expect(marksOf(condition, 'held')).toEqual({ bad: null, well: null });
  });
});

describe('a suggested mark', () => {
  const draft = { ...emptyDraft('UTC'), metric: 'downloads' };
  const line = (values: number[]): Line[] =>
    previewed([]).lines.map((one) => ({
      ...one,
      points: values.map((value, at) => ({
        ...point(at, 'normal', value, value / 1_000),
        start: new Date(at * HOUR),
        end: new Date((at + 1) * HOUR),
        state: 'normal' as const,
      })),
    }));
  const hundred = Array.from({ length: 101 }, (_, at) => at);

  it('is the value that one in a hundred reaches', () => {
    expect(quantile(hundred, 0.99)).toBe(99);
    expect(suggestion(line(hundred), draft)).toEqual({ mark: '99', buckets: 101 });
    expect(suggestion(line(hundred), { ...draft, level: { ...draft.level, side: 'low' } })?.mark).toBe('1');
  });

  it('is of the change in percent, where a change is looked at', () => {
    const change = { ...draft, kind: 'change' as const, change: { side: 'high' as const, threshold: '', recover: '' } };

    expect(suggestion(line(hundred), change)?.mark).toBe('9.9');
  });

  it('is none of a few values', () => {
    expect(suggestion(line([1, 2, 3]), draft)).toBeNull();
  });

  it('is rounded away from what is common', () => {
    expect(rounded(123_456, 'high')).toBe('124000');
    expect(rounded(123_456, 'low')).toBe('123000');
    expect(rounded(0.012341, 'high')).toBe('0.0124');
    expect(rounded(-0.1999, 'low')).toBe('-0.2');
    expect(rounded(7, 'high')).toBe('7');
  });
});

describe('snoozing', () => {
  it('ends in the morning by the clocks of who snoozes, across a change of clocks too', () => {
    const saturdayNight = new Date('2026-10-24T21:30:00Z'); // the clocks of Berlin go back that night
    const choices = snoozeChoices(saturdayNight, 'Europe/Berlin');

    expect(choices.map(({ until }) => until.toISOString())).toEqual([
      '2026-10-24T22:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T07:00:00.000Z',
      '2026-10-26T07:00:00.000Z',
    ]);
  });

  it('does not offer the same morning twice', () => {
    expect(snoozeChoices(new Date('2026-11-22T20:00:00Z'), 'UTC')).toHaveLength(3);
  });

  it('reads a field of date and time in the zone', () => {
    expect(instantOfField('2026-11-27T08:00', 'Europe/Berlin')?.toISOString()).toBe('2026-11-27T07:00:00.000Z');
    expect(instantOfField('', 'UTC')).toBeNull();
  });
});

describe('words', () => {
  const metric = {
    name: 'downloads',
    title: 'Downloads',
    unit: 'downloads',
    kind: 'counter' as const,
    dimensions: [],
    description: '',
    source: '',
    own: false,
  };
  const words = (condition: object) => conditionWords(parseRule(rule(condition)).condition, metric, 'en');

  it('says when a rule is bad', () => {
    expect(words({ kind: 'level', side: 'high', threshold: 1240 })).toBe('at least 1,240 downloads');
    expect(words({ kind: 'change', compare: 'week', of: 'ratio', side: 'low', threshold: -0.2 })).toBe(
      'at least 20% less than a week before',
    );
    expect(words({ kind: 'change', compare: 'year', of: 'amount', side: 'high', threshold: 12 })).toBe(
      'at least 12 downloads more than a year before',
    );
    expect(words({ kind: 'change', compare: 'month', of: 'ratio', side: 'low', threshold: 0.05 })).toBe(
      'a change of at most 5% against a month before',
    );
    expect(words({ kind: 'incidents', subjects: ['*'], kinds: [] })).toBe('any open incident');
  });

  it('says what was held against the mark', () => {
    const { condition } = parseRule(
      rule({ kind: 'change', compare: 'week', of: 'ratio', side: 'low', threshold: -0.2 }),
    );

    expect(heldWords(condition, { value: '40', held: '-0.6', reason: null }, metric, 'en')).toBe('40 downloads (-60%)');
    expect(heldWords(condition, { value: null, held: null, reason: 'nothing' }, metric, 'en')).toBe('nothing');
    expect(againstWords(condition, { value: '40', held: '-0.6', reason: null }, metric, 'en')).toBe(
      '-60%, where at most -20% is bad',
    );
    expect(againstWords(condition, { value: null, held: null, reason: 'nothing' }, metric, 'en')).toBe('nothing');
  });
});

describe('a list of rules', () => {
  it('has those first that fire, and those that are off with those that are well', () => {
    const named = (name: string, phase: string | null, enabled = true) => ({
      ...rule({ kind: 'level', threshold: 1 }),
      id: name,
      enabled,
      state: { phase },
    });
    const rules = parseRules({
      results: [
        named('new', null),
        named('well', 'normal'),
        named('off', 'firing', false),
        named('fires', 'firing'),
        named('errs', 'error'),
        named('fires too', 'firing'),
      ],
    });

    expect(worstFirst(rules).map(({ id }) => id)).toEqual(['fires', 'fires too', 'errs', 'well', 'new', 'off']);
  });
});

describe('messages', () => {
  it('are asked for from so many days ago on, by UTC', () => {
    expect(firstDay(new Date('2026-11-26T00:30:00Z'), 31)).toBe('2026-10-27');
  });

  it('link to this site alone, and say where each delivery stands', () => {
    const message = (link: string) =>
      parseMessage({ key: 'k', link, deliveries: [{ to: 'operators', step: 'sent', attempts: 1 }] });

    expect(message('/alerts/1').link).toBe('/alerts/1');
    expect([message('//evil.example').link, message('https://evil.example').link]).toEqual([null, null]);
    expect([message('x'), parseMessage({ deliveries: [{ to: 'a', state: 'pending' }] })].map(isOver)).toEqual([
      true,
      false,
    ]);
    expect(message('').deliveries[0]).toMatchObject({ to: 'operators', state: 'sent', attempts: 1 });
  });
});
