/** The deployed dashboard in a real browser, over the deployed API: what is shown equals what the API says. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openPage } from '../browser/browser.ts';

const FILE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '.local', 'endpoints.json');
const deployed = existsSync(FILE);
if (!deployed) {
  const reason = 'there is no .local/endpoints.json: `make run` first';
  if (process.env['HEADWATER_REQUIRE_DEPLOYED'] === '1') throw new Error(reason);
  console.warn(`skipped: ${reason}`);
}

interface Endpoints {
  api: string;
  dashboard: string;
  token: string;
}
interface Row {
  start: string;
  version: string;
  value: number | null;
}

describe.skipIf(!deployed)('the deployed dashboard', () => {
  let endpoints: Endpoints;
  let browser: Browser;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    endpoints = JSON.parse(readFileSync(FILE, 'utf8')) as Endpoints;
    browser = await launch();
    ({ page, errors } = await openPage(browser, null, { timezoneId: 'UTC', locale: 'en-GB' }));
  });
  afterAll(async () => {
    await browser.close();
  });

  const ask = async <T>(path: string): Promise<T[]> => {
    const response = await fetch(endpoints.api + path, { headers: { authorization: `Bearer ${endpoints.token}` } });
    expect(response.status).toBe(200);
    return ((await response.json()) as { results: T[] }).results;
  };
  const parsed = (text: string | null) => (text === '–' ? null : Number(text?.replaceAll(',', '')));

  /** Whole days that are over, so that nothing grows between the two readings. */
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const range = `from=${day(21)}&to=${day(2)}`;

  it('shows in its table every number of the API, and no other', async () => {
    const rows = await ask<Row>(`/v1/metrics/downloads?${range}&interval=P1D&tz=UTC&group_by=version`);
    expect(rows.length).toBeGreaterThan(0);

    await page.goto(`${endpoints.dashboard}?${range}&tz=UTC&downloads=table`);
    const table = page.getByRole('region', { name: 'Downloads by version, as a table' });
    await table.waitFor();
    const names = (await table.locator('thead th').allTextContents()).slice(2);
    const shown = await table
      .locator('tbody tr')
      .evaluateAll((lines) =>
        lines.map((line) => [...line.querySelectorAll('td')].slice(1).map((cell) => cell.textContent)),
      );

    const starts = [...new Set(rows.map(({ start }) => start))].sort().reverse();
    const expected = starts.map((start) =>
      names.map((name) => rows.find((row) => row.start === start && row.version === name)?.value ?? null),
    );
    expect(names.toSorted()).toEqual([...new Set(rows.map(({ version }) => version))].sort());
    expect(shown.map((line) => line.map(parsed))).toEqual(expected);
  });

  it('shows the API’s total in the headline', async () => {
    const rows = await ask<{ value: number }>(`/v1/metrics/downloads?${range}&interval=P1D&tz=UTC`);

    await page.goto(`${endpoints.dashboard}?${range}&tz=UTC`);
    const tile = page.locator('[data-metric=downloads] .tile-value');
    await tile.waitFor();

    expect(parsed(await tile.textContent())).toBe(rows.reduce((sum, { value }) => sum + value, 0));
  });

  it('shows every source in the state that the API says', async () => {
    const sources = await ask<{ name: string; title: string }>('/v1/sources');

    await page.goto(endpoints.dashboard);
    await page.locator('.source').first().waitFor();

    const shown = await page.locator('.source').evaluateAll((all) => all.map((one) => one.getAttribute('data-source')));
    expect(shown).toEqual(sources.map(({ name }) => name));
  });

  it('draws its charts under the deployed policy without an error', async () => {
    const answer = await page.goto(endpoints.dashboard);
    await page.locator('.chart[data-drawn=yes]').first().waitFor();

    expect(answer?.headers()['content-security-policy']).toContain("style-src 'self'");
    expect(errors).toEqual([]);
  });
});
