/** A report on the site: made of what one looks at, made now with its file had, changed, and deleted. */

import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { api, deployed, settled, site, useBrowser, violations } from './deployed.ts';

const MINE = `e2e-site-${Date.now()}`;

/** Two widgets of a dashboard are taken, named and put into an order without a mouse. */
async function arrangedByKeys(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  const press = (key: string) => page.keyboard.press(key);
  await dialog.getByRole('combobox', { name: 'A dashboard' }).focus();
  await page.keyboard.type('pipe');
  await press('Enter');
  for (const name of ['Leads', 'Inquiries']) {
    await dialog.getByRole('button', { name: `Add ${name}`, exact: true }).focus();
    await press('Enter');
  }
  await dialog.getByLabel('Title of part 3').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Last');
  await dialog.getByRole('button', { name: 'Move Leads up' }).focus();
  await press('Enter');
  await dialog.getByText('Leads: place 1 of 3.').waitFor({ state: 'attached' });
  // It leads no further up: the focus is where it goes on, and follows from place to place.
  expect(await focused(page)).toBe('Move Leads down');
  await press('Alt+ArrowDown');
  expect(await focused(page)).toBe('Move Leads down');
  await press('Alt+ArrowUp');
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

async function addedFromExplore(page: Page, report: string): Promise<void> {
  const filter = encodeURIComponent('section is "blog"');
  await page.goto(`${site}/explore?metrics=page_views&by=section&filter=${filter}&range=90d&tz=UTC`);
  await page.getByRole('button', { name: 'Add to a report' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Report', { exact: true }).selectOption({ label: report });
  await dialog.getByRole('button', { name: 'Add it' }).click();
  await dialog.getByText('It is the report’s last part.').waitFor();
}

describe.skipIf(!deployed)('reports', () => {
  const { open } = useBrowser();
  afterEach(async () => {
    const { status, headers } = await api('GET', `/v1/reports/${MINE}`);
    if (status === 200)
      await api('DELETE', `/v1/reports/${MINE}`, undefined, { 'if-match': headers.get('etag') ?? '' });
  });

  it('asks before a form that the address opens is left by Back', async () => {
    const page = await open();
    await page.goto(`${site}/reports`);
    await settled(page);
    await page.getByRole('button', { name: 'Make a report' }).click();
    await page.goBack(); // nothing is typed: it closes
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.goForward();
    const title = page.getByLabel('Title', { exact: true });
    await title.fill('Half a report');
    await page.evaluate(() => history.back());
    await page.getByRole('button', { name: 'Stay here' }).click();
    await expect.poll(() => title.inputValue()).toBe('Half a report');
    await page.evaluate(() => history.back());
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.waitForURL(`${site}/reports`);
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  });

  it('is made, had as a file, changed and deleted', async () => {
    const page = await open();
    await page.goto(`${site}/reports?new=yes`);
    await settled(page);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Title', { exact: true }).fill('<u>Mine</u> of the site');
    await dialog.getByLabel('Name', { exact: true }).fill(MINE);
    await dialog.getByRole('radio', { name: 'Excel, to go on with' }).check({ force: true });
    await dialog.getByRole('radio', { name: 'Explore' }).check({ force: true });
    await dialog.getByLabel('Title of a new part').fill('Downloads');
    await dialog
      .getByLabel('Address of the numbers in Explore')
      .fill(`${site}/explore?metrics=downloads&range=30d&interval=P1D&tz=UTC`);
    await dialog.getByRole('button', { name: 'Add the part' }).click();
    await dialog.locator('.report-parts li').waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: '<u>Mine</u> of the site' }).waitFor();
    const made = await api('GET', `/v1/reports/${MINE}`);
    expect(made.json).toMatchObject({
      title: '<u>Mine</u> of the site',
      format: 'xlsx',
      to: ['subscribers'],
      parts: [{ title: 'Downloads', query: { metrics: ['downloads'] } }],
    });

    await page.getByRole('button', { name: 'Make now' }).click();
    const file = page.getByRole('button', { name: /\.xlsx, / });
    await file.waitFor({ timeout: 40_000 });
    const runs = (await api('GET', `/v1/reports/${MINE}/runs`)).json as { results: Record<string, unknown>[] };
    expect(runs.results).toMatchObject([{ state: 'done', problems: [] }]);
    const begun = page.waitForEvent('download');
    await file.click();
    expect((await begun).suggestedFilename()).toBe(runs.results[0]?.filename);
    expect(await violations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await dialog.getByLabel('Title', { exact: true }).fill('Another title');
    await arrangedByKeys(page);
    await dialog.getByRole('radio', { name: 'Every month' }).check({ force: true });
    const faster = { 'if-match': (await api('GET', `/v1/reports/${MINE}`)).headers.get('etag') ?? '' };
    expect((await api('PATCH', `/v1/reports/${MINE}`, { title: 'Theirs' }, faster)).status).toBe(200);
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByText('changed this report').waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save mine over it' }).click();
    await page.getByRole('heading', { level: 1, name: 'Another title' }).waitFor();
    expect((await api('GET', `/v1/reports/${MINE}`)).json).toMatchObject({
      title: 'Another title',
      schedule: { cadence: 'monthly', hour: 8, day: 1 },
      parts: [
        { title: 'Leads', query: { metrics: ['leads'] } },
        { title: 'Downloads', query: { metrics: ['downloads'] } },
        { title: 'Last', query: { metrics: ['inquiries'] } },
      ],
    });
    await addedFromExplore(page, 'Another title');
    const { parts } = (await api('GET', `/v1/reports/${MINE}`)).json as { parts: unknown[] };
    expect(parts[3]).toMatchObject({
      title: 'Page views by section',
      query: { metrics: ['page_views'], group_by: ['section'], filter: 'section is "blog"', range: '90d', tz: 'UTC' },
    });
    await page.goBack();

    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await dialog.getByRole('button', { name: 'Delete it' }).click();
    await page.waitForURL(`${site}/reports`);
    expect((await api('GET', `/v1/reports/${MINE}`)).status).toBe(404);
  });
});
