/** The pages that come with Headwater: every number that is shown is the API's, and nothing is asked twice. */

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type Answered, knownFrom, parseAnswer } from '../../src/question/answer.ts';
import { figure, figureShort } from '../../src/question/figure.ts';
import { largestFirst, ranked } from '../../src/question/ranking.ts';
import { isEmpty, tableOf, type Table } from '../../src/question/table.ts';
import { api, deployed, settled, site, useBrowser } from './deployed.ts';

const PAGES = ['overview', 'pipeline', 'web-traffic', 'social', 'seo', 'adoption'];
const LANGUAGE = 'en-GB';

interface Asked {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly question: { readonly compare: string | null; readonly range: unknown } | null;
}

interface Listed<T> {
  readonly results: readonly T[];
}

interface BoardJson {
  readonly name: string;
  readonly widgets: readonly Asked[];
}

async function said<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await api(method, path, body);
  expect(answer.status, path).toBe(200);
  return answer.json as T;
}

/** What the API itself says to a widget's question, asked beside the page. */
async function answerTo(widget: Asked): Promise<{ answered: Answered; table: Table }> {
  const given = Object.fromEntries(
    Object.entries(widget.question ?? {}).filter(([, value]) => value !== null && !isNothing(value)),
  );
  const compare = widget.question?.compare ?? (widget.kind === 'tile' ? 'previous_period' : null);
  const json = await said<unknown>('POST', '/v1/query', {
    interval: 'P1D',
    range: '28d',
    ...given,
    tz: 'UTC',
    totals: true,
    ...(compare ? { compare } : {}),
  });
  const answered = parseAnswer(json);
  return { answered, table: tableOf(answered) };
}

const isNothing = (value: unknown) => Array.isArray(value) && value.length === 0;

/** What a widget shows of its columns: names and values, however it shows them. */
async function shown(page: Page, { id, kind }: Asked): Promise<readonly string[]> {
  const widget = page.locator(`[data-widget="${id}"]`);
  if (kind === 'tile') return [(await widget.locator('.tile').getAttribute('data-value')) ?? 'missing'];
  if (kind === 'table' && (await widget.locator('.ranking').count()) > 0)
    return await widget
      .locator('tbody tr')
      .evaluateAll((all) =>
        all.map((one) => `${one.getAttribute('data-group')}: ${one.querySelector('.rank-value')?.textContent}`),
      );
  if (kind === 'table') {
    const names = await widget
      .locator('thead th:not(:first-child)')
      .evaluateAll((all) => all.map((one) => one.getAttribute('title') ?? ''));
    const values = await widget
      .locator('tr.sum td')
      .evaluateAll((all) => all.map((one) => one.firstChild?.textContent ?? ''));
    return names.map((name, index) => `${name}: ${values[index]}`);
  }
  const legend = widget.locator('.legend button');
  if ((await legend.count()) === 0) return [(await widget.locator('.chart').getAttribute('aria-label')) ?? 'missing'];
  return await legend.evaluateAll((all) =>
    all.map(
      (one) => `${one.querySelector('.legend-name')?.textContent}: ${one.querySelector('.legend-value')?.textContent}`,
    ),
  );
}

function expected(kind: string, table: Table): readonly string[] {
  const bySize = () => largestFirst(table.columns).map(({ column }) => column);
  const columns = kind === 'pie' ? bySize() : (kind === 'table' && ranked(table)) || table.columns;
  const [first] = columns;
  if (kind === 'tile') return [String(first?.total.value ?? '')];
  if (kind === 'table')
    return columns.map(({ name, total, metric }) => `${name}: ${figure(total.value, metric, LANGUAGE)}`);
  return columns.map(({ name, total, metric }) => `${name}: ${figureShort(total.value, metric, LANGUAGE)}`);
}

interface RuleJson {
  id: string;
  enabled: boolean;
  state: { phase: string | null };
}

interface IncidentJson {
  subject: string;
  opened_at: string;
}

describe.skipIf(!deployed)('a page that comes with Headwater', () => {
  const { open } = useBrowser();

  it.each(PAGES)(
    'shows at /%s what the API says',
    async (id) => {
      const asked: string[] = [];
      const page = await open({ viewport: { width: 1440, height: 5_000 } });
      page.on('request', (request) => {
        if (request.url().endsWith('/v1/query')) asked.push(request.postData() ?? '');
      });
      await page.goto(`${site}/${id}`);
      await settled(page);
      await page.waitForFunction(() => !document.querySelector('[data-state=loading]'), null, { timeout: 60_000 });
      const json = await said<BoardJson>('GET', `/v1/dashboards/${id}`);
      const widgets = json.widgets.filter(({ question }) => question !== null);

      expect(await page.locator('main h1').innerText()).toBe(json.name);
      await expect.poll(() => page.locator('.widget').count()).toBe(json.widgets.length);
      expect(new Set(asked).size).toBe(asked.length);
      expect(asked.length).toBeLessThanOrEqual(widgets.length);
      for (const widget of widgets) {
        const { table } = await answerTo(widget);
        if (isEmpty(table) && widget.kind !== 'tile') {
          const title = knownFrom(table.answer) ? 'in this range' : 'Not known yet';
          await page.locator(`[data-widget="${widget.id}"] .state-title`).getByText(title).waitFor();
          continue;
        }
        const found = await shown(page, widget);
        const wanted = expected(widget.kind, table);
        const inWords = found.length === 1 && !found[0]?.includes(': ') && widget.kind !== 'tile';
        // A chart of one column has no legend: its sentence has the number in full.
        if (inWords || (wanted.length === 1 && widget.kind !== 'tile' && widget.kind !== 'table')) {
          const [column] = table.columns;
          const words = column ? figure(column.total.value, column.metric, LANGUAGE) : '';
          const short = column ? figureShort(column.total.value, column.metric, LANGUAGE) : '';
          expect(
            found.some((one) => one.includes(words) || one.includes(short)),
            `${widget.title}: ${words}`,
          ).toBe(true);
        } else expect(found, widget.title).toEqual(wanted);
      }
    },
    180_000,
  );

  it('tells of sources and of what fires what the API tells', async () => {
    const page = await open();
    await page.goto(`${site}/overview`);
    await page.locator('[data-kind=sources] .line').first().waitFor();
    const sources = await said<Listed<{ name: string }>>('GET', '/v1/sources');
    const names = await page
      .locator('[data-kind=sources] .line')
      .evaluateAll((all) => all.map((one) => one.dataset.source));
    expect(names.toSorted()).toEqual(sources.results.map(({ name }) => name).toSorted());

    await page.locator('[data-firing]').waitFor();
    const rules = await said<Listed<RuleJson>>('GET', '/v1/alerts?limit=500');
    const incidents = await said<Listed<IncidentJson>>('GET', '/v1/incidents?state=open&limit=500');
    const unwell = rules.results.filter(({ enabled, state }) => enabled && ![null, 'normal'].includes(state.phase));
    const keys = await page.locator('[data-kind=alerts] .line').evaluateAll((all) => all.map((one) => one.dataset.key));
    expect(keys.filter((key) => !key?.startsWith('source ')).toSorted()).toEqual(
      [
        ...unwell.map(({ id }) => `rule ${id}`),
        ...incidents.results.map((one) => `incident ${one.subject} ${one.opened_at}`),
      ].toSorted(),
    );
  });

  it('asks anew for another range, and the step back asks nothing that is there', async () => {
    const page = await open();
    await page.goto(`${site}/overview`);
    const tile = page.locator('[data-widget=downloads] .tile');
    await tile.waitFor();
    const month = await tile.getAttribute('data-value');

    await page.getByRole('radio', { name: '7 days' }).check();
    await page.waitForFunction(
      (old) => document.querySelector('[data-widget=downloads] .tile')?.getAttribute('data-value') !== old,
      month,
    );
    const json = await said<{ totals: [{ downloads: number }] }>('POST', '/v1/query', {
      metrics: ['downloads'],
      range: '7d',
      interval: 'P1D',
      tz: 'UTC',
      totals: true,
    });
    await expect.poll(() => tile.getAttribute('data-value')).toBe(String(json.totals[0].downloads));
    expect(new URL(page.url()).searchParams.get('range')).toBe('7d');

    await page.goBack();
    await page.waitForFunction(
      (old) => document.querySelector('[data-widget=downloads] .tile')?.getAttribute('data-value') === old,
      month,
    );
  });
});
