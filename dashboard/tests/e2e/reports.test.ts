/** A report on the site: made of what one looks at, made now with its file had, changed, and deleted. */

import { afterEach, describe, expect, it } from 'vitest';
import { api, deployed, settled, site, useBrowser, violations } from './deployed.ts';

const MINE = `e2e-site-${Date.now()}`;

describe.skipIf(!deployed)('reports', () => {
  const { open } = useBrowser();
  afterEach(async () => {
    const { status, headers } = await api('GET', `/v1/reports/${MINE}`);
    if (status === 200)
      await api('DELETE', `/v1/reports/${MINE}`, undefined, { 'if-match': headers.get('etag') ?? '' });
  });

  it('is made, had as a file, changed and deleted', async () => {
    const page = await open();
    await page.goto(`${site}/reports?new=yes`);
    await settled(page);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Title', { exact: true }).fill('<u>Mine</u> of the site');
    await dialog.getByLabel('Name', { exact: true }).fill(MINE);
    await dialog.getByRole('radio', { name: 'Excel, to go on with' }).check({ force: true });
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
    await dialog.getByRole('radio', { name: 'Every month' }).check({ force: true });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Another title' }).waitFor();
    expect((await api('GET', `/v1/reports/${MINE}`)).json).toMatchObject({
      title: 'Another title',
      schedule: { cadence: 'monthly', hour: 8, day: 1 },
    });

    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await dialog.getByRole('button', { name: 'Delete it' }).click();
    await page.waitForURL(`${site}/reports`);
    expect((await api('GET', `/v1/reports/${MINE}`)).status).toBe(404);
  });
});
