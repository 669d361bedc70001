/** The pages of the sources over the deployed API: what they show is what it says, and what they set off happens. */

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alone, api, deployed, endpoints, overflows, settled, site, useBrowser, violations } from './deployed.ts';

const MARK = `e2e-${Date.now().toString(36)}`;
const HOSTILE = `<img src=x onerror="document.title='run'"> \u202Egnp.exe ${'😀'.repeat(40)} ${'w'.repeat(300)}`;
const ENDED = ['done', 'failed', 'cancelled'];
const MINUTES = 60_000;

interface SourceRow {
  name: string;
  title: string;
  rejected: number;
  records: { ok: number };
  can: { backfill: boolean; again: boolean; replay: boolean };
}

interface RejectedRow {
  id: string;
  record: string;
  reason: string;
  replayed_at: string | null;
}

interface JobRow {
  id: string;
  source: string;
  kind: string;
  state: string;
  again: boolean;
  ranges: { from: string; to: string }[];
  done: number;
  total: number;
  rows: number;
  notes: string[];
}

const resultsOf = async <T>(path: string): Promise<T[]> => ((await api('GET', path)).json as { results: T[] }).results;
const sourcesOf = () => resultsOf<SourceRow>('/v1/sources');
const jobsOf = () => resultsOf<JobRow>('/v1/jobs');
const number = (n: number) => new Intl.NumberFormat('en-GB').format(n);

/** Ask until something is so. */
async function until<T>(look: () => Promise<T | null | undefined>, ms: number): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    if (Date.now() > end) throw new Error('it did not come to be');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

async function answered(page: Page, path: string, address: string): Promise<SourceRow[]> {
  const reply = page.waitForResponse((response) => response.url().endsWith(path) && response.ok());
  await page.goto(site + address);
  return ((await (await reply).json()) as { results: SourceRow[] }).results;
}

describe.skipIf(!deployed)('the pages of the sources', () => {
  const { open } = useBrowser();

  it('show of every source what the API says, those that need a look first', async () => {
    const page = await open();

    const told = await answered(page, '/v1/sources', '/sources');
    await settled(page);

    const rows = page.locator('tr[data-key]');
    expect((await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-key')))).sort()).toEqual(
      told.map(({ name }) => name).sort(),
    );
    for (const { name, title, records, rejected } of told) {
      const row = page.locator(`tr[data-key="${name}"]`);
      await expect.poll(() => row.locator('a bdi').first().textContent()).toBe(title);
      await expect.poll(() => row.locator('td[data-title=Records]').textContent()).toBe(number(records.ok));
      await expect.poll(() => row.locator('td[data-title="Set aside"]').textContent()).toBe(number(rejected));
    }
  });

  it('lead to each source by keys, say when it runs, and take the back button', async () => {
    const page = await open();
    await page.goto(`${site}/sources`);
    await settled(page);
    const link = page.locator('tr[data-key] a').first();
    const title = await link.textContent();

    await link.focus();
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: title ?? '' }).waitFor();

    await expect.poll(() => page.locator('.page-head p.muted').textContent()).toMatch(/every|section/);
    await page.goBack();
    await page.locator('h1', { hasText: 'Sources' }).waitFor();
  });

  it('say so when there is no such source', async () => {
    const page = await open();
    await page.goto(`${site}/sources/nothing_like_it`);

    await page.getByText('There is no such source').waitFor();
  });

  it('are accessible, their dialogs too, and no wider than a phone', async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    const { name } = (await sourcesOf()).find(({ can }) => can.backfill) as SourceRow;
    const wrong: string[] = [];
    for (const path of ['/sources', `/sources/${name}`, `/sources/${name}?do=backfill`]) {
      await page.goto(site + path);
      await settled(page);
      wrong.push(...(await violations(page)), ...((await overflows(page)) ? [`${path} is too wide`] : []));
    }

    expect(wrong).toEqual([]);
  });
});

describe.skipIf(!alone)('records that were set aside', () => {
  const { open } = useBrowser();
  const token: { id: string; secret: string } = { id: '', secret: '' };
  beforeAll(async () => {
    const made = (await api('POST', '/v1/tokens', { name: MARK, scope: 'events' })).json as {
      id: string;
      token: string;
    };
    Object.assign(token, { id: made.id, secret: made.token });
    const good = { id: `${MARK}-1`, event: 'e2e_seen', user_id: MARK };
    const bad = { id: `${MARK}-2`, user_id: MARK, note: HOSTILE };
    const sent = await fetch(`${endpoints.api}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token.secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ source: 'e2e', events: [good, bad] }),
    });
    expect(sent.status).toBe(207);
  });
  afterAll(async () => {
    await api('DELETE', `/v1/tokens/${token.id}`);
  });

  const aside = () =>
    until(async () => {
      const all = await resultsOf<RejectedRow>('/v1/sources/product_events/rejected');
      return all.find(({ record }) => record.includes(MARK));
    }, 4 * MINUTES);

  it(
    'are shown with their reason and as they came, and never run',
    async () => {
      const told = await aside();
      const page = await open({ viewport: { width: 390, height: 844 } });
      await page.goto(`${site}/sources/product_events`);
      await settled(page);

      const record = page.locator(`[data-rejected="${told.id}"]`);
      await record.locator('summary').focus();
      await page.keyboard.press('Enter');

      await expect.poll(() => record.locator('.source-excerpt').textContent()).toBe(told.record);
      expect(await record.locator('.source-excerpt').innerHTML()).not.toContain('<img');
      await expect
        .poll(() => page.locator('.source-reason', { has: record }).locator('h3').textContent())
        .toBe(told.reason);
      expect(await page.title()).not.toBe('run');
      expect(await overflows(page)).toBe(false);
      expect(await violations(page)).toEqual([]);
    },
    5 * MINUTES,
  );

  it(
    'are read again by a replay, which says what became of them',
    async () => {
      const told = await aside();
      const before = (await jobsOf()).map(({ id }) => id);
      const page = await open();
      await page.goto(`${site}/sources/product_events`);
      await settled(page);

      await page.getByRole('button', { name: 'Replay…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Replay', exact: true }).click();
      await page.getByText('It is asked for').waitFor();

      const job = await until(async () => {
        return (await jobsOf()).find(({ id, state }) => !before.includes(id) && ENDED.includes(state));
      }, 4 * MINUTES);
      const item = page.locator(`[data-job="${job.id}"][data-state=done]`);
      await item.waitFor({ timeout: MINUTES });
      await expect
        .poll(() => item.locator('[data-field=progress]').textContent())
        .toBe(`${job.done} of ${job.total} commits`);
      for (const note of job.notes) expect(await item.textContent()).toContain(note);
      expect((await aside()).replayed_at).toBe(told.replayed_at); // it is still bad, and so it stays
    },
    9 * MINUTES,
  );
});

describe.skipIf(!alone)('a backfill', () => {
  const { open } = useBrowser();

  it(
    'is asked for by keys, shows how far it is, and ends as the API says',
    async () => {
      const { name } = (await sourcesOf()).find(({ can }) => can.again) as SourceRow;
      const page = await open();
      await page.goto(`${site}/sources/${name}`);
      await settled(page);
      const opener = page.getByRole('button', { name: 'Backfill…' });

      await opener.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('date');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('Enter'); // the focus is back where it was

      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('From').fill('2026-11-10');
      await dialog.getByLabel('Through').fill('2026-11-09');
      await dialog.getByText('The last day lies before the first.').waitFor();
      await dialog.getByLabel('Through').fill('2026-11-11');
      await dialog.getByLabel('Ask again for what is pulled already').press('Space');
      await dialog.getByRole('button', { name: 'Backfill', exact: true }).press('Enter');
      await dialog.waitFor({ state: 'detached' });

      const job = (await jobsOf())[0] as JobRow;
      expect([job.source, job.kind, job.again]).toEqual([name, 'backfill', true]);
      expect(job.ranges).toEqual([{ from: '2026-11-10T00:00:00Z', to: '2026-11-12T00:00:00Z' }]);
      const item = page.locator(`[data-job="${job.id}"]`);
      await item.waitFor();

      const ended = await until(async () => {
        const one = (await api('GET', `/v1/jobs/${job.id}`)).json as JobRow;
        return ENDED.includes(one.state) ? one : null;
      }, 6 * MINUTES);
      await page.locator(`[data-job="${job.id}"][data-state=${ended.state}]`).waitFor({ timeout: MINUTES });

      expect(ended.state).toBe('done');
      await expect
        .poll(() => item.locator('[data-field=progress]').textContent())
        .toBe(`${ended.done} of ${ended.total} windows`);
      await expect.poll(() => item.textContent()).toContain(`${number(ended.rows)} row`);
    },
    9 * MINUTES,
  );
});
