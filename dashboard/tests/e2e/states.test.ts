/** When something is wrong: the deployed page over the deployed API, with the connection between them made bad. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { api, deployed, settled, site, useBrowser, violations } from './deployed.ts';

const QUESTIONS = '**/api/v1/query';
const AWAY = { type: 'urn:headwater:problem:try-again-later', title: 'Service Unavailable', status: 503 };

/** Answer in the API's stead, as the API answers when it is away for a moment. */
const away = (route: Route) =>
  route.fulfill({
    status: 503,
    contentType: 'application/problem+json',
    headers: { 'retry-after': '1' },
    body: JSON.stringify({ ...AWAY, detail: 'The lake does not answer at the moment.' }),
  });

describe.skipIf(!deployed)('a bad connection', () => {
  const { open } = useBrowser();
  const firstWidget = (page: Page) => page.locator('.widget').first();
  /** A chart: it has the room for whole sentences. */
  const chart = (page: Page) => page.locator('.widget[data-kind=stacked]').first();

  it('that is slow is said, and what is asked arrives', async () => {
    const page = await open();
    await page.route(QUESTIONS, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      await route.continue();
    });
    await page.goto(site);

    await page.getByText('Still asking').first().waitFor();
    await firstWidget(page).locator('[data-value]').waitFor();
  });

  it('shows the API’s own words, and recovers by itself', async () => {
    const page = await open();
    await page.route(QUESTIONS, away);
    await page.goto(site);
    await chart(page).getByText('The lake does not answer at the moment.').waitFor();
    await firstWidget(page).getByText('Try again').waitFor();

    await page.unroute(QUESTIONS);

    await firstWidget(page).locator('[data-value]').waitFor();
    await expect.poll(() => firstWidget(page).getByRole('alert').count()).toBe(0);
  });

  it('keeps old numbers on view when new ones do not come, and says that they are old', async () => {
    const page = await open();
    await page.goto(site);
    await firstWidget(page).locator('[data-value]').waitFor();
    const before = await firstWidget(page).locator('[data-value]').getAttribute('data-value');

    await page.route(QUESTIONS, away);
    await page.evaluate(() => dispatchEvent(new Event('online'))); // the page asks again at once

    await chart(page).getByText('Bringing them up to date failed').waitFor();
    await expect.poll(() => firstWidget(page).locator('[data-value]').getAttribute('data-value')).toBe(before);

    await page.unroute(QUESTIONS);
    await chart(page).getByText('Bringing them up to date failed').waitFor({ state: 'detached' });
  });

  it('that is lost is said, and so is that the numbers are the last ones', async () => {
    const page = await open();
    await page.goto(site);
    await settled(page);

    await page.context().setOffline(true);
    await page.getByText('You are offline').waitFor();
    await page.context().setOffline(false);

    await page.getByText('You are offline').waitFor({ state: 'detached' });
    await expect.poll(() => firstWidget(page).locator('[data-value]').count()).toBe(1);
  });

  it('asks a question that several widgets ask once, and cancels what nobody wants any more', async () => {
    const page = await open();
    const asked: string[] = [];
    const cancelled: string[] = [];
    const fetched: string[] = [];
    page.on('request', (request) => request.method() === 'GET' && fetched.push(request.url()));
    page.on('request', (request) => request.url().endsWith('/v1/query') && asked.push(request.postData() ?? ''));
    page.on(
      'requestfailed',
      (request) => request.url().endsWith('/v1/query') && cancelled.push(request.postData() ?? ''),
    );
    await page.goto(site);
    await settled(page);
    expect(asked).toHaveLength(new Set(asked).size);
    // What is fetched ahead is what the page then uses, and not fetched again.
    expect(fetched.filter((url, at) => fetched.indexOf(url) !== at)).toEqual([]);
    for (const ahead of ['/config.json', '/v1/preferences', '/v1/dashboards/overview'])
      expect(fetched.some((url) => url.endsWith(ahead))).toBe(true);

    await page.route(QUESTIONS, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await route.continue().catch(() => undefined); // it was cancelled meanwhile
    });
    asked.length = 0;
    await page.getByRole('radio', { name: '7 days' }).check();
    await page.getByRole('radio', { name: '90 days' }).check();

    await expect.poll(() => cancelled.filter((body) => body.includes('"range":"7d"')).length).toBeGreaterThan(0);
    await page.unrouteAll({ behavior: 'wait' });
    await settled(page);
    expect(asked.filter((body) => body.includes('"range":"90d"')).length).toBeGreaterThan(0);
  });

  it('with a token that is refused leads to signing in, with the reason', async () => {
    const page = await open();
    await page.route('**/api/v1/**', (route) =>
      route.fulfill({
        status: 401,
        contentType: 'application/problem+json',
        body: JSON.stringify({ title: 'Unauthorized', status: 401, detail: 'This token is over.' }),
      }),
    );
    await page.goto(`${site}/pipeline?range=90d`);

    await page.getByText('This token is over.').waitFor();
    await page.unrouteAll();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/pipeline?range=90d');
  });

  it('to the page’s own code says to load it again', async () => {
    const page = await open();
    await page.route('**/assets/dashboard-*.js', (route) => route.abort());
    await page.goto(site);

    await page.getByRole('button', { name: 'Load it again' }).waitFor();
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Load it again' }).click();

    await page.locator('.widget').first().waitFor();
  });
});

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Hold a cube's position back, as if its source had stopped some hours ago; answers what puts it right. */
async function heldBack(cube: string, hours: number): Promise<() => Promise<void>> {
  const words = ['-m', 'tests.e2e.held_back', cube, String(hours)];
  const holder = spawn(join(ROOT, '.venv', 'bin', 'python'), words, { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(holder, 'exit');
  await Promise.race([once(holder.stdout, 'data'), ended]);
  expect(holder.exitCode).toBeNull(); // it holds
  return async () => {
    holder.stdin.end();
    expect(await ended).toEqual([0, null]);
  };
}

describe.skipIf(!deployed)('a source that is late', () => {
  const { open } = useBrowser();

  it('is said on each widget, with up to when its numbers are known, and is over by itself', async () => {
    const widget = (kind: string) => ({ id: kind, kind, title: kind, width: 4, height: 3, question });
    const question = { metrics: ['youtube_video_likes'], range: '7d' };
    const made = await api('POST', '/v1/dashboards', {
      name: `e2e late ${Date.now()}`,
      widgets: ['tile', 'line', 'table'].map(widget),
    });
    expect(made.status).toBe(201);
    const { id } = made.json as { id: string };
    const page = await open();
    let right: (() => Promise<void>) | undefined = await heldBack('youtube_videos_cube', 30);
    try {
      await page.goto(`${site}/dashboards/${id}`);
      await settled(page);

      const known = await api('POST', '/v1/query', { ...question, interval: 'P1D', tz: 'UTC' });
      const { late, watermark } = (known.json as { meta: { late: boolean; watermark: string } }).meta;
      expect(late).toBe(true);
      const clock = new Date(watermark).toISOString().slice(11, 16);
      for (const kind of ['tile', 'line', 'table']) {
        const note = page.locator(`[data-widget=${kind}] .panel-note`);
        await expect.poll(() => note.textContent()).toContain('Late. Complete up to');
        await expect.poll(() => note.textContent()).toContain(clock);
      }
      expect(await violations(page)).toEqual([]);

      await right();
      right = undefined;
      const again = async () => {
        await page.evaluate(() => dispatchEvent(new Event('online'))); // the page asks again at once
        return await page.locator('.late').count();
      };
      await expect.poll(again, { timeout: 15_000, interval: 1_000 }).toBe(0);
    } finally {
      await right?.();
      await api('DELETE', `/v1/dashboards/${id}`, undefined, { 'if-match': made.headers.get('etag') ?? '' });
    }
  });
});

describe.skipIf(!deployed)('an address', () => {
  const { open } = useBrowser();

  it('holds every choice, and the back button undoes them one by one', async () => {
    const page = await open();
    const search = () => new URL(page.url()).search;
    await page.goto(`${site}/pipeline`);
    await settled(page);
    await page.getByRole('radio', { name: '90 days' }).check();
    await page.getByLabel('Interval').selectOption('P1W');
    await page.getByLabel('Compare').selectOption('year');
    await expect.poll(search).toBe('?range=90d&interval=P1W&compare=year');

    await page.goBack();
    await expect.poll(search).toBe('?range=90d&interval=P1W');
    await expect.poll(() => page.getByLabel('Compare').inputValue()).toBe('');
    await page.goBack();
    await page.goBack();

    await expect.poll(search).toBe('');
    await expect.poll(() => page.getByRole('radio', { name: '28 days' }).isChecked()).toBe(true);
  });

  it('of a page that is not there says so, and leads on', async () => {
    const page = await open();
    await page.goto(`${site}/no/such/page`);

    await page.getByText('There is no such page').waitFor();
    await page.getByRole('link', { name: 'Pipeline' }).click();

    await page.getByRole('heading', { level: 1, name: 'Pipeline' }).waitFor();
    expect(await page.title()).toBe('Pipeline · Headwater');
  });
});
