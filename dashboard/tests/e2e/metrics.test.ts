/** The pages of the metrics over the deployed API: the catalog, and the life of one that somebody makes. */

import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { alone, api, deployed, overflows, settled, site, useBrowser, violations } from './deployed.ts';

const NAME = `e2e_${Date.now().toString(36)}`;
const HOSTILE = `<img src=x onerror="document.title='run'"> שלום 😀 ${'w'.repeat(20)}`;
const PATH = `/v1/metrics/${NAME}/definition`;
const DASHBOARD = `E2E ${NAME}`;

interface Definition {
  name: string;
  title: string;
  unit: string;
  description: string;
  expression: string | null;
  count: unknown;
  version: number;
}

interface MetricRow {
  name: string;
  title: string;
  description: string;
}

async function definition(): Promise<{ status: number; headers: Headers; json: Definition }> {
  const answer = await api('GET', PATH);
  return { status: answer.status, headers: answer.headers, json: answer.json as Definition };
}

async function totals(metrics: readonly string[], range: string): Promise<Record<string, number>> {
  const body = { metrics, range, interval: 'P1D', tz: 'UTC', totals: true };
  const answer = await api('POST', '/v1/query', body);
  return (answer.json as { totals: Record<string, number>[] }).totals[0] ?? {};
}

async function catalog(): Promise<MetricRow[]> {
  return ((await api('GET', '/v1/metrics')).json as { results: MetricRow[] }).results;
}

async function remove(): Promise<void> {
  const { status, headers } = await definition();
  if (status === 200) await api('DELETE', PATH, undefined, { 'if-match': headers.get('etag') ?? '' });
}

describe.skipIf(!deployed)('the catalog of metrics', () => {
  const { open } = useBrowser();

  it('has every metric that the API has, and finds', async () => {
    const page = await open();
    const before = await catalog();
    await page.goto(`${site}/metrics`);
    await settled(page);

    const shown = await page.locator('[data-metric]').evaluateAll((all) => all.map((one) => one.dataset['metric']));
    const after = new Map((await catalog()).map((metric) => [metric.name, metric]));
    const lasting = before.filter(({ name }) => after.has(name)); // others make metrics of their own meanwhile
    expect(shown).toEqual(expect.arrayContaining(lasting.map(({ name }) => name)));
    expect(shown.filter((name) => !after.has(name ?? '') && !before.some((one) => one.name === name))).toEqual([]);
    expect(new Set(shown).size).toBe(shown.length);
    for (const { name, title, description } of lasting.slice(0, 12)) {
      const item = page.locator(`[data-metric="${name}"]`);
      await expect.poll(() => item.locator('.metric-title').textContent()).toBe(title);
      await expect.poll(() => item.locator('.metric-about').textContent()).toBe(description.replaceAll('`', '')); // its code is shown as code
    }

    await page.getByLabel('Search').fill('bounce rate');
    await page.locator('[data-metric=bounce_rate]').waitFor();
    await expect.poll(() => page.locator('[data-metric=downloads]').count()).toBe(0);
    expect(new URL(page.url()).searchParams.get('q')).toBe('bounce rate');
  });

  it('is accessible with its pages, and no wider than a phone', async () => {
    const page = await open({ viewport: { width: 390, height: 844 } });
    const wrong: string[] = [];
    for (const path of ['/metrics', '/metrics/downloads', '/new-metric']) {
      await page.goto(site + path);
      await settled(page);
      if (path === '/metrics') await page.locator('.metric-state-link').first().waitFor(); // how each source stands
      wrong.push(...(await violations(page)), ...((await overflows(page)) ? [`${path} is too wide`] : []));
    }

    expect(wrong).toEqual([]);
  });
});

describe.skipIf(!deployed)('a metric of one’s own', () => {
  const { open } = useBrowser();
  let dashboard = '';
  afterAll(async () => {
    if (dashboard) {
      const { headers } = await api('GET', `/v1/dashboards/${dashboard}`);
      await api('DELETE', `/v1/dashboards/${dashboard}`, undefined, { 'if-match': headers.get('etag') ?? '' });
    }
    await remove();
  });

  const expression = (page: Page) => page.getByLabel('Expression');

  it('is made by keys: names are completed, faults underlined, and what it comes to is what the API says', async () => {
    const page = await open();
    await page.goto(`${site}/new-metric`);
    await settled(page);

    await expression(page).focus();
    await page.keyboard.type('downlods / 2');
    await page.locator('.marked mark', { hasText: 'downlods' }).waitFor();
    await expect.poll(() => page.locator('.field-problem').textContent()).toContain('There is no metric “downlods”.');
    await page.getByRole('button', { name: 'Use “downloads” instead' }).press('Enter');
    await expression(page).fill('');
    await page.keyboard.type('downloa');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type(' / (page_views + downloads)');

    const { downloads = 0, page_views: views = 0 } = await totals(['downloads', 'page_views'], '30d');
    await page.getByLabel('Title').fill(HOSTILE);
    await page.getByLabel('Unit').fill('share');
    await page.getByLabel('Name').fill(NAME);
    await page.getByLabel('Description').fill('Made by a test.');
    const percent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 });
    await page.locator('[data-field=preview]', { hasText: percent.format(downloads / (views + downloads)) }).waitFor();
    await page.getByRole('button', { name: 'Make the metric' }).press('Enter');

    await page.locator('h1', { hasText: '<img src=x' }).waitFor();
    const { json } = await definition();
    expect([json.title, json.expression, json.version]).toEqual([HOSTILE, 'downloads / (page_views + downloads)', 1]);
    await expect.poll(() => page.locator('.metric-formula').textContent()).toBe(json.expression);
    expect(await page.title()).not.toBe('run');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflows(page)).toBe(false);
    await settled(page);
    expect(await violations(page)).toEqual([]);
  });

  it('keeps what was typed when the API refuses, with the reason at its field', async () => {
    const page = await open();
    await page.goto(`${site}/new-metric`);
    await settled(page);

    await expression(page).fill('downloads / 2');
    await page.getByLabel('Title').fill('Half');
    await page.getByLabel('Unit').fill('x');
    await page.getByLabel('Name').fill('downloads');
    await page.getByLabel('Description').fill('x');
    await page.getByRole('button', { name: 'Make the metric' }).click();

    await page.locator('.field-problem', { hasText: 'comes with Headwater' }).waitFor();
    await expect.poll(() => page.getByLabel('Title').inputValue()).toBe('Half');
    await page.locator('#navigation a[href="/sources"]').click();
    await page.getByText('What you typed is not saved').waitFor();
    await page.getByRole('button', { name: 'Stay here' }).click();
    await expect.poll(() => expression(page).inputValue()).toBe('downloads / 2');
  });

  it('is changed into its next version, and whoever was faster is not overwritten unseen', async () => {
    const page = await open();
    await page.goto(`${site}/metrics/${NAME}/change`);
    await settled(page);
    const { json, headers } = await definition();
    const { name, title, unit, expression: text } = json;
    const meanwhile = { name, title, unit, expression: text, description: 'Changed meanwhile.' };
    await api('PUT', PATH, meanwhile, { 'if-match': headers.get('etag') ?? '' });

    await page.getByLabel('Description').fill('Changed by the page.');
    await page.getByRole('button', { name: 'Save the next version' }).click();
    await page.getByText('changed this metric').waitFor();
    await expect.poll(() => page.getByLabel('Description').inputValue()).toBe('Changed by the page.');
    expect((await definition()).json.description).toBe('Changed meanwhile.');
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await page.getByText('Saved.').waitFor();

    const after = (await definition()).json;
    expect([after.description, after.version]).toEqual(['Changed by the page.', 3]);
  });

  it('is deleted after a look at what asks for it', async () => {
    const widget = { id: 'w1', kind: 'line', title: '', width: 6, height: 2, question: { metrics: [NAME] } };
    const made = await api('POST', '/v1/dashboards', {
      name: DASHBOARD,
      description: '',
      range: '30d',
      widgets: [widget],
    });
    expect(made.status).toBe(201);
    dashboard = (made.json as { id: string }).id;
    const page = await open();
    await page.goto(`${site}/metrics/${NAME}`);
    await settled(page);

    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('link', { name: DASHBOARD }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Delete the metric' }).click();

    await page.locator('h1', { hasText: 'Metrics' }).waitFor();
    expect((await definition()).status).toBe(404);
    await page.locator(`[data-metric="${NAME}"]`).waitFor({ state: 'detached' }); // every process knows at once
  });

  it.skipIf(!alone)(
    'that counts events is computed for all of history, and then asked',
    async () => {
      const page = await open();
      await page.goto(`${site}/new-metric`);
      await settled(page);

      await page.getByRole('radio', { name: 'Counted' }).press('Space'); // its label lies over it
      await page.getByRole('button', { name: 'Write it as text' }).click();
      await page.getByLabel('The filter as text').fill('evnt is "signed_up"');
      await page.getByLabel('The filter as text').press('Enter');
      await page.getByText('have no field “evnt”').waitFor();
      await page.getByLabel('The filter as text').fill('event is_not null');
      await page.getByRole('radio', { name: 'Rows' }).press('Space');
      await page.getByLabel('Operator of condition 1').waitFor();
      await page.getByRole('button', { name: 'Add a dimension' }).click();
      await page.getByLabel('Dimension 1: its name').fill('what');
      await page.getByLabel('Dimension 1: the field that it shows').fill('event');
      await page.getByLabel('Title').fill(`Counted ${NAME}`);
      await page.getByLabel('Unit').fill('events');
      await page.getByLabel('Name', { exact: true }).fill(NAME);
      await page.getByLabel('Description').fill('Made by a test.');
      await page.getByRole('button', { name: 'Make the metric' }).click();
      await page.locator('h1', { hasText: `Counted ${NAME}` }).waitFor();

      const { json } = await definition();
      expect(json.count).toMatchObject({ of: 'product_events', what: 'events', by: { what: 'event' } });
      await page.locator('[data-field=computed][data-computed=true]').waitFor({ timeout: 420_000 });
      const numbers = await totals([NAME, 'product_events'], '7d');
      expect(numbers[NAME]).toBeGreaterThan(0);
      expect(numbers[NAME]).toBe(numbers['product_events']);
    },
    480_000,
  );
});
