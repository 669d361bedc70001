/** SQL on the site under its policy: rows, cost and faults are the API's, the editor completes, and Tab leaves it. */

import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { api, deployed, overflows, settled, site, useBrowser, violations } from './deployed.ts';

const MINE = `e2e sql ${Date.now()}`;

interface Ran {
  results: Record<string, unknown>[];
  meta: { cost_usd: string; run: string; columns: { name: string }[] };
}

async function saved(): Promise<{ id: string; name: string; sql: string }[]> {
  const json: unknown = (await api('GET', '/v1/sql/saved?limit=500')).json;
  return (json as { results: { id: string; name: string; sql: string }[] }).results.filter(({ name }) =>
    name.startsWith(MINE),
  );
}

async function write(page: Page, sql: string): Promise<void> {
  await page.getByRole('textbox', { name: 'SQL statement' }).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(sql);
}

/** Run by keys, and have what the API answered to the page. */
async function run(page: Page, sql: string): Promise<Ran> {
  await write(page, sql);
  const answered = page.waitForResponse(
    (one) => one.ok() && (one.url().endsWith('/rows') || (one.url().endsWith('/v1/sql') && one.status() === 200)),
  );
  await page.keyboard.press('Control+Enter');
  const json = (await (await answered).json()) as Ran;
  await page.getByRole('heading', { name: 'Result' }).waitFor();
  await settled(page);
  return json;
}

describe.skipIf(!deployed)('SQL', () => {
  const { open } = useBrowser();
  afterEach(async () => {
    for (const { id } of await saved()) {
      const { headers } = await api('GET', `/v1/sql/saved/${id}`);
      await api('DELETE', `/v1/sql/saved/${id}`, undefined, { 'if-match': headers.get('etag') ?? '' });
    }
  });

  it('shows the rows and the cost that the API answers, and names from outside as text', async () => {
    const page = await open();
    await page.goto(`${site}/sql`);
    await settled(page);
    const hostile = `<img src=x onerror=alert(1)> ${'ש'.repeat(300)}`;
    const ran = await run(
      page,
      `SELECT version, count(*) AS n, '${hostile}' AS words FROM v_downloads GROUP BY version ORDER BY version`,
    );

    expect(ran.results.length).toBeGreaterThan(3);
    const cells = await page
      .locator('.sql-rows tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent.replaceAll(',', ''))),
      );
    expect(cells).toEqual(ran.results.map(({ version, n, words }) => [version ?? 'null', String(n), words]));
    await expect.poll(() => page.locator('.sql-rows img').count()).toBe(0);
    await expect.poll(() => page.getByText(`US$ ${ran.meta.cost_usd}`).count()).toBeGreaterThan(0);
    expect((await api('GET', `/v1/sql/${ran.meta.run}`)).json).toMatchObject({ cost_usd: ran.meta.cost_usd });
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflows(page)).toBe(false);
  });

  it('keeps every letter of who types fast, underlines what is wrong where it is, and completes columns', async () => {
    const page = await open({ colorScheme: 'dark' });
    await page.goto(`${site}/sql`);
    await settled(page);
    const wrong = 'SELECT version,\n versoin FROM v_downloads';
    await page.getByRole('textbox', { name: 'SQL statement' }).click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(wrong.replace('\n', ' '));
    await page.keyboard.press('Escape'); // of what was offered
    await expect.poll(() => page.locator('.cm-line').allTextContents()).toEqual([wrong.replace('\n', ' ')]);
    await write(page, wrong);
    await page.keyboard.press('Control+Enter');
    const marked = page.locator('.cm-lintRange-error');
    await marked.waitFor();
    await expect.poll(() => marked.textContent()).toBe('versoin');
    await expect.poll(() => page.locator('.cm-line').nth(1).locator('.cm-lintRange-error').count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    // The theme's colours reach into the shadow root, whose sheets the policy lets in.
    const ink = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((node) => getComputedStyle(node).color);
    expect(await ink('.cm-editor')).toBe(await ink('body'));

    const offered = page.locator('.cm-tooltip-autocomplete [role=option]');
    await write(page, 'SELECT versi');
    await page.keyboard.press('Control+Space');
    await offered.filter({ hasText: 'of v_downloads' }).first().waitFor();
    await page.keyboard.press('Escape');
    await write(page, 'SELECT v_downloads.vers');
    await page.keyboard.press('Control+Space');
    await offered.filter({ hasText: 'version' }).first().waitFor();
    await page.waitForTimeout(200); // what was just offered is not taken by a key meant for the text
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.cm-content').textContent()).toBe('SELECT v_downloads.version');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Run');
  });

  it('keeps every digit, lists wide rows in bounds, and shows a run again by its address and from the list', async () => {
    const page = await open();
    await page.goto(`${site}/sql`);
    await settled(page);
    const many = Array.from({ length: 200 }, (_, at) => `x + ${at} AS c_${at}`).join(', ');
    const wide = await run(page, `SELECT ${many} FROM UNNEST(sequence(1, 300)) AS t(x)`);
    expect(wide.results).toHaveLength(300);
    const listed = page.locator('.sql-rows tbody tr');
    const first = await listed.count();
    expect(first).toBeLessThan(60);
    await page.getByRole('button', { name: 'More rows' }).click();
    await expect.poll(() => listed.count()).toBe(2 * first);

    const sql = "SELECT 9007199254740993 AS big, CAST('1.10' AS decimal(38,10)) AS exact, NULL AS gone, '' AS nothing";
    const { meta } = await run(page, sql);
    const cells = () => page.locator('.sql-rows tbody td').allTextContents();
    const shown = ['9,007,199,254,740,993', '1.1', 'null', ''];
    expect(await cells()).toEqual(shown);
    expect(new URL(page.url()).searchParams.get('run')).toBe(meta.run);
    await page.reload();
    await expect.poll(cells, { timeout: 10_000 }).toEqual(shown);
    await expect.poll(() => page.locator('.cm-content').textContent()).toBe(sql);
    await page.getByRole('region', { name: 'Earlier runs' }).getByRole('button', { name: /c_0/ }).first().click();
    await expect.poll(() => listed.count(), { timeout: 10_000 }).toBe(first);
    await page.goBack();
    await expect.poll(cells, { timeout: 10_000 }).toEqual(shown);
  });

  it('saves a statement, opens it by its address, and deletes it', async () => {
    const page = await open();
    await page.goto(`${site}/sql`);
    await settled(page);
    const sql = 'SELECT count(*) AS n FROM v_downloads WHERE version = ?';
    await write(page, sql);
    await page.getByLabel('Value 1').fill('3.6.0');
    await page.getByRole('button', { name: 'Save…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill(`${MINE} <i>kept</i>`);
    await dialog.getByLabel('What it answers').fill('How often one version was taken');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: `${MINE} <i>kept</i>` }).waitFor();
    const [kept] = await saved();
    expect(kept).toMatchObject({ name: `${MINE} <i>kept</i>`, sql });
    expect(new URL(page.url()).pathname).toBe(`/sql/${kept?.id}`);
    await page.reload();
    await settled(page);
    await expect.poll(() => page.locator('.cm-content').textContent()).toBe(sql);

    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete it' }).click();
    await page.waitForURL(`${site}/sql`);
    await expect.poll(saved).toEqual([]);
  });
});
