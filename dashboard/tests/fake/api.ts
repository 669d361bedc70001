/** An API made for tests of the page: it answers in the shape that `docs/architecture.md` agrees on, at a fixed `now`,
 * and misbehaves on demand. What is true of the numbers is tested against the real one (`tests/e2e`). */

import { periods } from './periods.ts';
import { counted, groupsOf, HOSTILE_NAME, shown } from './data.ts';

export type Scenario = 'fine' | 'slow' | 'failing' | 'empty' | 'unauthorised' | 'late' | 'hostile' | 'hanging';
export const SCENARIOS: readonly Scenario[] = [
  'fine',
  'slow',
  'failing',
  'empty',
  'unauthorised',
  'late',
  'hostile',
  'hanging',
];

export interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

interface FakeMetric {
  name: string;
  title: string;
  unit: string;
  kind: 'counter' | 'gauge';
  dimensions: string[];
  description: string;
  source: string;
}

const metric = (
  name: string,
  title: string,
  kind: FakeMetric['kind'],
  dimension: string,
  unit: string,
): FakeMetric => ({
  name,
  title,
  unit,
  kind,
  dimensions: [dimension],
  description: `${title}, as counted for tests of the page`,
  source: name === 'downloads' ? 's3_access_logs' : kind === 'gauge' ? 'github_repositories' : 'github_webhooks',
});

const METRICS: FakeMetric[] = [
  metric('downloads', 'Downloads', 'counter', 'version', 'downloads'),
  metric('stars', 'Stars', 'gauge', 'repository', 'stars'),
  metric('forks', 'Forks', 'gauge', 'repository', 'forks'),
  metric('watchers', 'Watchers', 'gauge', 'repository', 'watchers'),
  metric('open_pull_requests', 'Open pull requests', 'gauge', 'repository', 'pull requests'),
  metric('pushes', 'Pushes', 'counter', 'repository', 'pushes'),
  metric('pull_requests_opened', 'Pull requests opened', 'counter', 'repository', 'pull requests'),
  metric('pull_requests_merged', 'Pull requests merged', 'counter', 'repository', 'pull requests'),
  metric('issues_opened', 'Issues opened', 'counter', 'repository', 'issues'),
];

const QUARTER = 900_000;

export function answer(url: URL, token: string | null, scenario: Scenario, now: Date): Reply {
  if (!token || scenario === 'unauthorised') {
    return problem(401, 'Unauthorized', 'This token was revoked on 20 November; ask for a new one.');
  }
  if (scenario === 'failing') {
    return problem(503, 'The data cannot be read', 'The lake does not answer at the moment.', { 'retry-after': '3' });
  }
  if (url.pathname === '/api/v1/metrics') return found(scenario === 'empty' ? METRICS : METRICS, {});
  if (url.pathname === '/api/v1/sources') return found(scenario === 'empty' ? [] : sources(scenario, now), {});
  const name = /^\/api\/v1\/metrics\/([^/]+)$/.exec(url.pathname)?.[1];
  const known = METRICS.find((candidate) => candidate.name === name);
  if (!known) return problem(404, 'Not found', `There is no metric ${name ?? ''}.`);
  return series(known, url.searchParams, scenario, now);
}

function found(results: unknown, meta: object, query: object = {}): Reply {
  return { status: 200, body: { results, meta, query } };
}

function problem(status: number, title: string, detail: string, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: { type: 'about:blank', title, status, detail },
  };
}

function watermark(scenario: Scenario, now: Date): number {
  const lag = scenario === 'late' ? 31 * 3_600_000 : 45 * 60_000;
  return Math.floor((now.getTime() - lag) / QUARTER) * QUARTER;
}

function series(known: FakeMetric, query: URLSearchParams, scenario: Scenario, now: Date): Reply {
  const tz = query.get('tz') ?? 'UTC';
  const interval = query.get('interval') ?? 'P1D';
  const groupBy = query.get('group_by');
  const groups = groupBy ? groupsOf(groupBy) : [''];
  const complete = watermark(scenario, now);
  const found_ = periods(query.get('from') ?? '', query.get('to') ?? '', interval, tz);
  if (typeof found_ === 'string') return { ...problem(400, 'Bad request', found_) };
  const results = found_.flatMap(({ start, end, label }) =>
    groups.map((group, index) => ({
      ...label,
      ...(groupBy ? { [groupBy]: scenario === 'hostile' && index === 0 ? HOSTILE_NAME : group } : {}),
      value:
        scenario === 'empty'
          ? known.kind === 'counter'
            ? 0
            : null
          : valueOf(known, groupBy ? group : null, start, Math.min(end, now.getTime())),
      partial: end > complete,
    })),
  );
  const partial = results.some((row) => row.partial);
  return found(
    results,
    {
      metric: known.name,
      unit: known.unit,
      kind: known.kind,
      watermark: new Date(complete).toISOString(),
      partial,
      computed_at: now.toISOString(),
      served_from: 'cube',
      approximate: false,
      truncated: false,
      warnings: [],
    },
    { metric: known.name, interval, tz, group_by: groupBy ? [groupBy] : [] },
  );
}

function valueOf(known: FakeMetric, group: string | null, start: number, end: number): number | null {
  if (end <= start) return known.kind === 'counter' ? 0 : null;
  const groups = group === null ? groupsOf(known.dimensions[0] ?? null) : [group];
  if (known.kind === 'gauge') return groups.reduce((sum, name) => sum + shown(known.name, name, end), 0);
  let sum = 0;
  for (let quarter = start; quarter < end; quarter += QUARTER) {
    for (const name of groups) sum += counted(known.name, name, quarter);
  }
  return sum;
}

function sources(scenario: Scenario, now: Date): object[] {
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
  const base = { rejected: 0, last_error: null, state: 'ok' };
  const fine = [
    {
      ...base,
      name: 'github_webhooks',
      title: 'GitHub webhooks',
      watermark: ago(15),
      lag_s: 900,
      last_commit: { seq: 41, at: ago(4) },
      next_run: ago(-6),
    },
    {
      ...base,
      name: 's3_access_logs',
      title: 'S3 access logs',
      watermark: ago(45),
      lag_s: 2700,
      last_commit: { seq: 41, at: ago(12) },
      next_run: ago(-3),
      rejected: 14,
    },
    {
      ...base,
      name: 'github_repositories',
      title: 'GitHub repositories',
      watermark: ago(25),
      lag_s: 1500,
      last_commit: { seq: 41, at: ago(25) },
      next_run: ago(-35),
    },
  ];
  if (scenario !== 'late') return fine;
  return [
    {
      ...fine[0],
      state: 'failing',
      last_error:
        'GitHub answered 401: the webhook secret in use is not the one that GitHub signs with. Put the current one into the secret “github”.',
    },
    {
      ...fine[1],
      state: 'late',
      lag_s: 111_600,
      watermark: ago(1860),
      last_commit: { seq: 41, at: ago(1860) },
      next_run: ago(1800),
    },
    { ...fine[2], state: 'rate_limited', last_error: 'GitHub’s rate limit is used up until 10:00.' },
    {
      ...fine[0],
      name: 'product_usage',
      title: 'Product usage',
      state: 'silent',
      last_record_at: ago(3 * 1440),
    },
  ];
}
