import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  about,
  draftJson,
  draftOf,
  markOf,
  parseAnnotations,
  safeUrl,
  wall,
} from '../../../src/annotations/annotation.ts';
import { ApiProblem, type Change, type Client } from '../../../src/api/client.ts';
import { alertAddress } from '../../../src/pages/explore/alert-address.ts';
import { readChosen } from '../../../src/pages/explore/chosen.ts';
import { type Order, sortColumns } from '../../../src/pages/explore/order.ts';
import { bodyText, curlLine } from '../../../src/pages/explore/request.ts';
import { addWidget, exploredWidget, parseListed, withWidget } from '../../../src/pages/explore/save.ts';
import { backAddress, broughtBack, readPlace, tripAddress } from '../../../src/pages/explore/widget-trip.ts';
import { parseLevelRules, watched } from '../../../src/pages/explore/thresholds.ts';
import { asking } from '../../../src/question/question.ts';
import type { Column } from '../../../src/question/table.ts';
import { instantOf } from '../../../src/time/zones.ts';
import type { Widget } from '../../../src/widgets/widget.ts';

const WIDGET: Widget = {
  id: '',
  kind: 'line',
  title: '',
  width: 6,
  height: 2,
  question: asking(['downloads']),
  text: '',
  target: null,
};

describe('a question for programs', () => {
  it('is one line that a shell takes, whatever the filter says', () => {
    const ask = { path: '/v1/query', body: { metrics: ['downloads'], filter: `product is "it's $(rm) \`x\`"` } };
    const line = curlLine('https://headwater.example/api', ask);
    expect(line).toContain(`curl 'https://headwater.example/api/v1/query'`);
    expect(line).toContain(`it'\\''s $(rm) \`x\``);
    expect(JSON.parse(bodyText(ask))).toEqual(ask.body);
    // No quote is left open: outside of quotes there is nothing of the filter.
    expect(line.replace(/'[^']*'|\\'|"[^"]*"/g, '')).toBe('curl  \\\n  -H  \\\n  -H  \\\n  -d ');
  });
});

describe('a question on a dashboard', () => {
  const dashboard = {
    id: 'd_1',
    seeded: false,
    name: 'Mine',
    description: '',
    range: '30d',
    tz: null,
    widgets: [{ id: 'w2' }],
  };

  it('is added at the end under a name of its own; only what the owner decides is sent', () => {
    const body = withWidget({ ...dashboard, widgets: [{ id: 'w1' }, { id: 'w3' }] }, WIDGET);
    expect((body.widgets as { id: string }[]).map(({ id }) => id)).toEqual(['w1', 'w3', 'w4']);
    expect(Object.keys(body).sort()).toEqual(['description', 'name', 'range', 'tz', 'widgets']);
  });

  it('is added to what somebody else saved meanwhile', async () => {
    const changes: Change[] = [];
    let version = 1;
    const client: Client = {
      ask: () =>
        Promise.resolve({
          status: 200,
          json: { ...dashboard, name: `v${version}` },
          etag: `"${version}"`,
          location: null,
        }),
      change: vi.fn((change: Change) => {
        changes.push(change);
        version += 1;
        if (changes.length === 1) return Promise.reject(new ApiProblem(412, 'Changed', 'By ada.'));
        return Promise.resolve({ status: 200, json: null, etag: null, location: null });
      }),
      wrote: () => null,
      file: () => Promise.reject(new Error('no file')),
    };
    await addWidget(client, 'd_1', WIDGET);
    expect(changes.map(({ ifMatch }) => ifMatch)).toEqual(['"1"', '"2"']);
    expect((changes[1]?.body as { name: string }).name).toBe('v2');
  });

  it('gives up where it keeps being changed, and where something else is wrong', async () => {
    const failing = (status: number) => {
      const change = vi.fn(() => Promise.reject(new ApiProblem(status, 'No', 'No.')));
      const ask = () => Promise.resolve({ status: 200, json: dashboard, etag: '"1"', location: null });
      return { change, client: { ask, change, wrote: () => null, file: () => Promise.reject(new Error('no file')) } };
    };
    const [changed, forbidden] = [failing(412), failing(403)];
    await expect(addWidget(changed.client, 'd_1', WIDGET)).rejects.toMatchObject({ status: 412 });
    await expect(addWidget(forbidden.client, 'd_1', WIDGET)).rejects.toMatchObject({ status: 403 });
    expect(changed.change).toHaveBeenCalledTimes(3);
    expect(forbidden.change).toHaveBeenCalledTimes(1);
  });

  it('goes on none that comes with Headwater', () => {
    const json = {
      results: [
        { id: 'overview', seeded: true },
        { id: 'd_1', seeded: false, mine: true, name: 'Mine', owner: { name: 'ada' }, widget_count: 3 },
      ],
    };
    expect(parseListed(json)).toEqual([{ id: 'd_1', name: 'Mine', mine: true, owner: 'ada', widgets: 3 }]);
  });
});

describe('a rule on what is shown', () => {
  it('is begun with its metric, filter and groups', () => {
    const question = asking(['downloads'], { filter: 'version is "3 & 4"', groupBy: ['version', 'product'] });
    const address = alertAddress(question, 'PT1H', 'Europe/Paris') ?? '';
    expect(address.startsWith('/alerts/new?')).toBe(true);
    expect(Object.fromEntries(new URLSearchParams(address.split('?')[1]))).toEqual({
      metric: 'downloads',
      filter: 'version is "3 & 4"',
      group_by: 'version,product',
      interval: 'PT1H',
      tz: 'Europe/Paris',
    });
    expect(alertAddress(asking(['a', 'b']), 'P1D', 'UTC')).toBeNull();
  });

  it('draws its threshold where the values are those that it watches', () => {
    const rule = {
      id: 'r',
      name: 'Low',
      metric: 'downloads',
      interval: 'P1D',
      filter: null,
      group_by: [],
      severity: 'critical',
      enabled: true,
    };
    const level = { kind: 'level', side: 'low', threshold: 100, recover: 120 };
    const rules = parseLevelRules({
      results: [
        { ...rule, condition: level },
        { ...rule, id: 'hours', interval: 'PT1H', condition: { ...level, threshold: '4.5' } },
        { ...rule, id: 'off', enabled: false, condition: level },
        { ...rule, id: 'other', metric: 'stars', condition: level },
        { ...rule, id: 'change', condition: { kind: 'change', threshold: -0.3 } },
      ],
    });
    const { chosen } = readChosen(new URLSearchParams('metrics=downloads'));
    const ids = (given: readonly { id: string }[]) => given.map(({ id }) => id);
    const days = watched(rules, chosen, 'P1D', null);
    expect([ids(days.drawn), ids(days.others)]).toEqual([['r'], ['hours']]);
    expect(ids(watched(rules, chosen, 'P1D', 'version is "1"').drawn)).toEqual([]);
    expect(ids(watched(rules, { ...chosen, transform: 'cumulative' }, 'P1D', null).drawn)).toEqual([]);
    expect(rules.find(({ id }) => id === 'hours')?.threshold).toBe(4.5);
  });
});

describe('groups in order', () => {
  const column = (name: string, value: number | null, other = false) =>
    ({
      key: name,
      name,
      group: { members: [name], other },
      total: { value, before: null, change: null, ratio: null },
    }) as unknown as Column;
  const columns = [column('v2', 5), column('v10', null), column('rest', 100, true), column('v1', 7)];
  const names = (order: Order) => sortColumns(columns, order).map(({ name }) => name);

  it('stand as asked; what is not known and the rest stay last', () => {
    expect(names({ by: 'given', down: true })).toEqual(['v2', 'v10', 'rest', 'v1']);
    expect(names({ by: 'total', down: true })).toEqual(['v1', 'v2', 'v10', 'rest']);
    expect(names({ by: 'total', down: false })).toEqual(['v2', 'v1', 'v10', 'rest']);
    expect(names({ by: 'name', down: false })).toEqual(['v1', 'v2', 'v10', 'rest']);
  });
});

describe('annotations', () => {
  const json = {
    results: [
      {
        id: 'n_1',
        at: '2026-11-19T23:00:00Z',
        until: null,
        title: '<b>x</b>',
        kind: 'note',
        metric_sources: ['web_beacons'],
        url: 'javascript:alert(1)',
        source: 'people',
        created_by: 'ada',
        mine: true,
      },
      {
        id: 'github_1',
        at: '2026-11-18T14:47:00Z',
        until: '2026-11-19T00:00:00Z',
        title: 'v1',
        kind: 'release',
        metric_sources: [],
        url: 'https://github.com/x',
        source: 'github',
        created_by: 'GitHub',
        mine: false,
      },
    ],
  };

  it('are read, and lead to the web or nowhere', () => {
    const [note, release] = parseAnnotations(json);
    expect(note).toMatchObject({ title: '<b>x</b>', url: null, mine: true, fromGithub: false });
    expect(release).toMatchObject({ url: 'https://github.com/x', fromGithub: true });
    expect(release && markOf(release)).toMatchObject({ title: 'v1', kind: 'release' });
    expect(['data:text/html,x', 'JAVASCRIPT:x', ' https://x', 'vbscript:x'].map(safeUrl)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('are shown on charts of their sources, and everywhere where they name none', () => {
    const all = parseAnnotations(json);
    expect(about(all, ['web_beacons']).map(({ id }) => id)).toEqual(['n_1', 'github_1']);
    expect(about(all, ['s3_access_logs']).map(({ id }) => id)).toEqual(['github_1']);
  });

  it('keep their time in every zone, but for the hour that a clock goes through twice', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kathmandu');
    const minutes = fc.integer({ min: 26_000_000, max: 30_000_000 });
    fc.assert(
      fc.property(minutes, zones, (minute, zone) => {
        const at = new Date(minute * 60_000);
        const again = instantOf(zone, Date.parse(`${wall(at, zone)}Z`));
        expect([0, 3_600_000]).toContain(Math.abs(again.getTime() - at.getTime()));
        expect(wall(again, zone)).toBe(wall(at, zone));
      }),
    );
  });

  it('are sent with the zone of their clock', () => {
    const [note] = parseAnnotations(json);
    if (!note) throw new Error('nothing was read');
    expect(draftJson({ ...draftOf(note, 'Europe/Paris'), title: ' A ' }, 'Europe/Paris')).toEqual({
      title: 'A',
      kind: 'note',
      at: '2026-11-20T00:00',
      until: null,
      url: null,
      metric_sources: ['web_beacons'],
      tz: 'Europe/Paris',
    });
  });
});

it('is saved as it is compared, and with its days and its interval where they are to stay', () => {
  const frame = { range: '90d', interval: 'P1W', zone: 'UTC', compare: 'year' } as const;
  const given = { question: asking(['downloads']), frame, as: 'line', target: null, title: '' } as const;
  expect(exploredWidget({ ...given, keep: true }).question).toEqual(
    asking(['downloads'], { compare: 'year', range: '90d', interval: 'P1W' }),
  );
  expect(exploredWidget({ ...given, keep: false }).question).toEqual(asking(['downloads'], { compare: 'year' }));
});

describe('a widget that is worked on in the explorer', () => {
  const frame = { range: '90d', interval: 'P1W', zone: 'Europe/Paris', compare: 'year' } as const;
  const there = (widget: Widget) => tripAddress('d_1', widget, frame, 'UTC') ?? '';
  const search = (address: string) => address.slice(address.indexOf('?'));
  const question = asking(['downloads'], {
    groupBy: ['version'],
    filter: 'product is "a&b"',
    top: 3,
    transform: 'cumulative',
  });

  it('is asked there as the dashboard asks it, and comes back as it was where nothing was changed', () => {
    const widget: Widget = { ...WIDGET, id: 'w3', kind: 'stacked', title: 'Mine', question };
    const query = new URLSearchParams(search(there(widget)));
    expect(readPlace(query)).toEqual({ dashboard: 'd_1', widget: 'w3' });
    expect(query.get('range')).toBe('90d');
    expect(query.get('tz')).toBe('Europe/Paris');
    expect(query.get('compare')).toBeNull(); // the page's, not the widget's
    expect(broughtBack(widget, search(there(widget)))).toEqual(widget);
  });

  it('keeps what it had of its own, and stays a number', () => {
    const own = asking(['downloads'], { range: '7d', interval: 'PT1H', compare: 'week' });
    const widget: Widget = { ...WIDGET, id: 'w3', kind: 'tile', question: own };
    expect(broughtBack(widget, search(there(widget)))).toEqual(widget);
  });

  it('takes over what was changed there', () => {
    const widget: Widget = { ...WIDGET, id: 'w3', question };
    const back = broughtBack(widget, '?metrics=stars&as=gauge&target=100&range=7d&interval=PT1H&compare=week');
    expect(back).toEqual({
      ...widget,
      kind: 'gauge',
      target: '100',
      question: asking(['stars'], { compare: 'week' }), // its days stay the dashboard's
    });
  });

  it('leads back by an address of this site only, whatever the address says', () => {
    expect(backAddress({ dashboard: 'd_1', widget: 'w3' }, '?metrics=stars&by=a')).toBe(
      '/dashboards/d_1?edit=1&change=w3&asks=%3Fmetrics%3Dstars%26by%3Da',
    );
    for (const wrong of ['', 'd_1', '//evil.example/w1', 'd_1/../w', 'a/b/c', 'https://evil.example/w'])
      expect(readPlace(new URLSearchParams({ widget: wrong }))).toBeNull();
    expect(tripAddress('d_1', { ...WIDGET, kind: 'text' }, frame, 'UTC')).toBeNull();
  });
});
