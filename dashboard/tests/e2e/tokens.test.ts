/** Tokens and feeds on the site: shown once, working against the API, and refused once they are revoked. */

import { afterEach, describe, expect, it } from 'vitest';
import { api, deployed, endpoints, overflows, settled, site, useBrowser, violations } from './deployed.ts';

const MINE = `e2e ${Date.now()}`;

interface Named {
  id: string;
  name: string;
  revoked_at: string | null;
}

async function mine(what: 'tokens' | 'feeds'): Promise<Named[]> {
  const json: unknown = (await api('GET', `/v1/${what}?limit=500`)).json;
  return (json as { results: Named[] }).results.filter(({ name }) => name.startsWith(MINE));
}

const withToken = async (token: string) =>
  (await fetch(`${endpoints.api}/v1/metrics`, { headers: { authorization: `Bearer ${token}` } })).status;

describe.skipIf(!deployed)('tokens', () => {
  const { open } = useBrowser();
  afterEach(async () => {
    for (const what of ['tokens', 'feeds'] as const)
      for (const { id, revoked_at } of await mine(what)) if (!revoked_at) await api('DELETE', `/v1/${what}/${id}`);
  });

  it('makes a token, shows it once, and revokes it', async () => {
    const name = `${MINE} <b>שלום</b>`;
    const page = await open();
    await page.goto(`${site}/tokens`);
    await settled(page);
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('What it is for').fill('A test');
    await page.getByLabel('It may').selectOption('read');
    await page.getByRole('button', { name: 'Make it' }).click();
    const shown = page.getByLabel(`The token of ${name}`);
    await shown.waitFor();
    const token = await shown.inputValue();
    expect(await violations(page)).toEqual([]);
    expect(await withToken(token)).toBe(200);
    const [made] = await mine('tokens');
    expect(made).toMatchObject({ name, scope: 'read', description: 'A test', revoked_at: null });

    await page.getByRole('button', { name: 'Done' }).click();
    const row = page.getByRole('row', { name: new RegExp(MINE) });
    await row.waitFor();
    await expect.poll(() => row.locator('b').count()).toBe(0); // text, never markup
    await expect.poll(() => shown.count()).toBe(0);
    await row.getByRole('button', { name: /^Revoke/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke it' }).click();
    await row.waitFor({ state: 'detached' });
    expect((await mine('tokens'))[0]?.revoked_at).toEqual(expect.any(String));
    // A process that knows the token asks again after 15 seconds.
    await expect.poll(() => withToken(token), { timeout: 30_000, interval: 1_000 }).toBe(401);
  });

  it('makes a feed of what one looks at, which answers as CSV what the API answers', async () => {
    const page = await open({ viewport: { width: 390, height: 844 } });
    await page.goto(`${site}/tokens?new=feed`);
    await settled(page);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill(`${MINE} sheet`);
    await dialog.getByLabel('Address of the numbers in Explore').fill('not an address');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await dialog.locator('.field-problem').waitFor();
    await dialog
      .getByLabel('Address of the numbers in Explore')
      .fill(`${site}/explore?metrics=downloads&range=30d&interval=P1D&tz=UTC`);
    await dialog.getByRole('button', { name: 'Make it' }).click();
    const shown = page.getByLabel('The feed’s address');
    await shown.waitFor();
    const address = new URL(await shown.inputValue());
    expect(await overflows(page)).toBe(false);

    const csv = await fetch(endpoints.api + address.pathname.replace(/^\/api/, '') + address.search);
    expect([csv.status, csv.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/csv')]);
    const lines = (await csv.text()).trim().split(/\r?\n/);
    const [feed] = (await mine('feeds')) as unknown as { query: Record<string, unknown> }[];
    const asked = await api('POST', '/v1/query', feed?.query);
    expect(asked.status).toBe(200);
    expect(lines.length - 1).toBe((asked.json as { results: unknown[] }).results.length);
    expect(lines.length).toBeGreaterThan(25); // else nothing was compared
    expect(await violations(page)).toEqual([]);
  });
});
