/** Files of what one sees, of the deployed site: each equals what the API says, or is of the kind that it claims to be. */

import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { deployed, endpoints, settled, site, useBrowser } from './deployed.ts';

const PAGE = '/explore?metrics=downloads&by=version&top=5&range=30d&as=line';

describe.skipIf(!deployed)('a file', () => {
  const { open } = useBrowser();

  async function explored(address = PAGE): Promise<Page> {
    const page = await open();
    await page.goto(site + address);
    await settled(page);
    return page;
  }

  async function taken(page: Page, item: string): Promise<{ name: string; body: Buffer }> {
    await page
      .getByRole('button', { name: /^Download / })
      .first()
      .click();
    const [download] = await Promise.all([
      page.waitForEvent('download', { timeout: 45_000 }),
      page.getByRole('menuitem', { name: item }).click(),
    ]);
    return { name: download.suggestedFilename(), body: await readFile(await download.path()) };
  }

  it('as CSV is what the API answers, byte for byte, and called as the API calls it', async () => {
    const page = await explored();
    const asked = page.waitForRequest((request) => (request.postData() ?? '').includes('"format":"csv"'));
    const { name, body } = await taken(page, 'CSV');
    const answer = await fetch(`${endpoints.api}/v1/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${endpoints.token}`, 'content-type': 'application/json' },
      body: (await asked).postData(),
    });

    expect(answer.status).toBe(200);
    expect(body.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true);
    expect(body.length).toBeGreaterThan(500);
    expect(answer.headers.get('content-disposition')).toContain(`"${name}"`);
  });

  it.each([
    ['Excel', 'PK\u0003\u0004', /\.xlsx$/],
    ['PDF', '%PDF-', /\.pdf$/],
  ])('as %s is made while one waits, and the page stays', async (item, magic, called) => {
    const page = await explored();
    const { name, body } = await taken(page, item);

    expect(body.subarray(0, magic.length).toString('latin1')).toBe(magic);
    expect(name).toMatch(called);
    expect(page.url()).toContain('/explore?');
    await page
      .getByRole('status')
      .filter({ hasText: `${item} is there` })
      .waitFor();
  });

  it('of more numbers than are answered at once is an export by itself', async () => {
    const metrics =
      'downloads,page_views,sessions,leads,mqls,stars_added,commits_pushed,mentions,site_events,bounce_rate';
    const page = await explored(`/explore?metrics=${metrics}&range=120d&interval=PT1H&as=line`);
    const exported = page.waitForRequest((request) => request.url().endsWith('/v1/exports'));
    const { name, body } = await taken(page, 'CSV');

    expect((await exported).method()).toBe('POST');
    expect(name).toMatch(/\.csv$/);
    expect(body.toString('utf8').trim().split('\n')).toHaveLength(120 * 24 + 1);
  });

  it('of the chart is a picture of it', async () => {
    const page = await explored();
    const png = await taken(page, 'PNG');
    const svg = await taken(page, 'SVG');

    expect(png.body.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(png.body.readUInt32BE(16)).toBe(2_400);
    expect(png.body.length).toBeGreaterThan(20_000);
    expect(svg.body.toString('utf8')).toMatch(/^<svg xmlns[^]*Complete up to[^]*<\/svg>\n$/);
  });
});
