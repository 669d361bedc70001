import { describe, expect, it } from 'vitest';
import { ApiProblem, type FieldError } from '../../../src/api/client.ts';
import { parseMetrics, parseSources } from '../../../src/api/shapes.ts';
import { contentJson, copyName, parseContent, parseListed } from '../../../src/pages/dashboards/dashboard.ts';
import { asProblem, faultsOf, ownFaults } from '../../../src/pages/dashboards/faults.ts';
import { grouped } from '../../../src/pages/dashboards/grouped.ts';
import { keepDraft, readDraft } from '../../../src/pages/dashboards/kept-draft.ts';
import { readTurns, writeTurns } from '../../../src/pages/dashboards/turns.ts';
import { asking } from '../../../src/question/question.ts';
import { explorerAddress } from '../../../src/widgets/explore-address.ts';
import { parseIncidents } from '../../../src/pages/alerts/incidents.ts';
import { parseRules } from '../../../src/pages/alerts/rule.ts';
import { wrongNow } from '../../../src/widgets/firing.ts';

const KEPT = {
  name: '<b>Mine</b> 🚀 שלום',
  description: '',
  range: '90d',
  tz: 'Asia/Kathmandu',
  widgets: [
    {
      id: 'w1',
      kind: 'stacked',
      title: '',
      width: 8,
      height: 3,
      question: {
        metrics: ['downloads'],
        group_by: ['version'],
        filter: null,
        top: 7,
        interval: null,
        compare: null,
        transform: null,
        range: null,
      },
      text: null,
      target: null,
    },
    { id: 'w2', kind: 'text', title: 'Read me', width: 4, height: 1, question: null, text: 'Words', target: null },
  ],
};

describe('a dashboard', () => {
  it('is sent as it was read', () => {
    expect(contentJson(parseContent(KEPT))).toEqual(KEPT);
  });

  it('has no name longer than a name may be when it is copied', () => {
    expect(copyName('x'.repeat(300))).toHaveLength(300);
  });

  it('survives a reload before it is saved, and what is not ours is not taken for a draft', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    } as unknown as Storage;

    expect(readDraft(storage, 'd_1')).toBeNull();
    keepDraft(storage, 'd_1', { content: parseContent(KEPT), etag: '"3"' });
    expect(readDraft(storage, 'd_1')).toEqual({ content: parseContent(KEPT), etag: '"3"' });
    kept.set('headwater.draft.d_2', 'not JSON');
    expect(readDraft(storage, 'd_2')).toBeNull();
  });
});

describe('what the API says of a dashboard', () => {
  const error = (parameter: string): FieldError => ({
    parameter,
    detail: 'Wrong.',
    suggestion: null,
    line: null,
    column: null,
  });
  const problem = new ApiProblem(400, 'Bad', 'Bad', [
    error('widgets[1].question.metrics[0]'),
    error('widgets[1]'),
    error('name'),
    error('widgets[9].title'),
  ]);
  const { widgets } = parseContent(KEPT);

  it('stands at the widget that it is about', () => {
    const faults = faultsOf(problem, widgets);

    expect([...faults.keys()]).toEqual(['w2']);
    expect(asProblem(faults.get('w2'))?.errors.map(({ parameter }) => parameter)).toEqual([
      'question.metrics[0]',
      'widget',
    ]);
    expect(ownFaults(problem)?.errors.map(({ parameter }) => parameter)).toEqual(['name']);
  });
});

describe('a list of dashboards', () => {
  const rows = parseListed({
    results: [
      { id: 'overview', name: 'Overview', seeded: true },
      { id: 'd_1', name: 'Träume', mine: true, owner: { name: 'Ana' } },
      { id: 'd_2', name: 'Release', owner: { name: 'Bo' }, widget_count: 3 },
    ],
  });

  it('is in groups by whose they are', () => {
    expect(grouped(rows, '').map(({ title, rows: some }) => [title, some.map(({ id }) => id)])).toEqual([
      ['Mine', ['d_1']],
      ['The company’s', ['d_2']],
      ['Come with Headwater', ['overview']],
    ]);
  });

  it('is searched in names and owners, marks or none', () => {
    expect(grouped(rows, 'traume').flatMap(({ rows: some }) => some.map(({ id }) => id))).toEqual(['d_1']);
    expect(grouped(rows, 'BO rel').flatMap(({ rows: some }) => some.map(({ id }) => id))).toEqual(['d_2']);
    expect(grouped(rows, 'nothing')).toEqual([]);
  });
});

describe('a wall', () => {
  it('is read from the address as it is written there', () => {
    const parameters = writeTurns(60, ['pipeline', 'seo']);
    const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, value ?? '']));

    expect(readTurns(query, 'overview')).toEqual({ on: true, every: 60, ids: ['overview', 'pipeline', 'seo'] });
  });

  it('does with any address', () => {
    expect(readTurns(new URLSearchParams('wall=1&turn=x&with=../etc,%00,seo,seo'), 'seo')).toEqual({
      on: true,
      every: null,
      ids: ['seo'],
    });
    expect(readTurns(new URLSearchParams('turn=0.2'), 'seo').on).toBe(false);
    expect(readTurns(new URLSearchParams('wall=1&turn=1'), 'seo').every).toBe(5);
  });
});

describe('what is wrong now', () => {
  const times = { since: '2026-11-22T09:00:00Z', opened_at: '2026-11-22T09:05:00Z' };
  const METRICS = parseMetrics({ results: [{ name: 'downloads', title: 'Downloads', unit: 'downloads' }] });
  const condition = { kind: 'level', threshold: 100, side: 'low' };
  const rules = parseRules({
    results: [
      { id: 'a', name: 'Quiet', condition, state: { phase: 'normal' } },
      { id: 'o', name: 'Off', condition, enabled: false, state: { phase: 'firing' } },
      {
        id: 'b',
        name: 'Downloads fell',
        severity: 'critical',
        metric: 'downloads',
        condition,
        state: { phase: 'firing', since: '2026-11-22T09:00:00Z', groups: [{ value: '87' }, { value: '90' }] },
      },
      {
        id: 'c',
        name: 'Asleep',
        severity: 'critical',
        condition,
        snoozed_until: '2026-11-23',
        state: { phase: 'firing' },
      },
      { id: 'd', name: 'Awake again', condition, snoozed_until: '2026-11-21', state: { phase: 'firing' } },
    ],
  });
  const { incidents } = parseIncidents({
    results: [{ subject: 'x', summary: 'X cannot be read', ...times, runbook: 'javascript:1' }],
  });
  const sources = parseSources({
    results: [
      { name: 'x', state: 'failing' },
      { name: 'y', state: 'late' },
      { name: 'z', state: 'ok' },
    ],
  });
  const find = (name: string | null) => METRICS.find((metric) => metric.name === name) ?? null;
  const saying = { find, language: 'en', now: new Date('2026-11-22T10:00:00Z') };
  const found = wrongNow(rules, incidents, sources, saying);

  it('is told once each, the worst first, what is snoozed last', () => {
    expect(found.map(({ key }) => key)).toEqual([
      'rule b',
      `incident x ${times.opened_at}`,
      'rule d',
      'source y',
      'rule c',
    ]);
  });

  it('says the value against its mark, and leads to the rule', () => {
    expect(found[0]).toMatchObject({
      detail: 'Downloads: 87, where at most 100 is bad (and 1 more)',
      href: '/alerts/b',
      tone: 'bad',
    });
  });

  it('leads nowhere that is not a page of the site', () => {
    expect(found[1]?.href).toBe('/alerts/incidents');
  });
});

describe('the way from a widget to the explorer', () => {
  const [widget] = parseContent(KEPT).widgets;
  const frame = { range: '30d', interval: 'P1D', zone: 'Europe/Paris', compare: null } as const;

  it('has the whole question, and the days that are seen', () => {
    expect(widget && explorerAddress(widget, frame, 'Europe/Paris')).toBe(
      '/explore?metrics=downloads&by=version&top=7&as=stacked&range=30d',
    );
  });

  it('says what the explorer would not take by itself', () => {
    const tile = widget && { ...widget, kind: 'tile' as const, question: asking(['downloads']) };
    const seen = { ...frame, interval: 'P1W' as const, compare: 'year' as const };

    expect(tile && explorerAddress(tile, seen, 'UTC')).toBe(
      '/explore?metrics=downloads&range=30d&interval=P1W&tz=Europe%2FParis&compare=year',
    );
  });

  it('is none from a text', () => {
    const text = parseContent(KEPT).widgets[1];

    expect(text && explorerAddress(text, frame, 'UTC')).toBeNull();
  });
});
