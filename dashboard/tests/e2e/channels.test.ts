/** A channel on the site: set up, changed without its secret being given again, and deleted. */

import { afterEach, describe, expect, it } from 'vitest';
import { api, deployed, overflows, settled, site, useBrowser, violations } from './deployed.ts';

const MINE = `e2e-site-${Date.now()}`;
const SECRET = `whsec_${btoa('k'.repeat(32))}`;

describe.skipIf(!deployed)('channels', () => {
  const { open } = useBrowser();
  afterEach(async () => {
    const { status, headers } = await api('GET', `/v1/channels/${MINE}`);
    if (status === 200)
      await api('DELETE', `/v1/channels/${MINE}`, undefined, { 'if-match': headers.get('etag') ?? '' });
  });

  it('is set up, changed and deleted', async () => {
    const page = await open({ viewport: { width: 390, height: 844 } });
    await page.goto(`${site}/channels`);
    await settled(page);
    await page.getByRole('button', { name: 'Set one up' }).click();
    await page.getByLabel('Name', { exact: true }).fill(MINE);
    await page.getByLabel('Kind').selectOption('webhook');
    await page.getByLabel('Address', { exact: true }).fill('https://192.168.0.1/inside');
    await page.getByLabel('Signing secret').fill(SECRET);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.field-problem').first().waitFor(); // a place of our own is refused, and what was typed stays
    await expect.poll(() => page.getByLabel('Signing secret').inputValue()).toBe(SECRET);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Address', { exact: true }).fill('https://hooks.acme.example/secret-path');
    await page.getByRole('button', { name: 'Save' }).click();
    const row = page.locator(`tr[data-key="${MINE}"]`);
    await row.waitFor();
    expect((await api('GET', `/v1/channels/${MINE}`)).json).toMatchObject({
      kind: 'webhook',
      enabled: true,
      per_minute: 60,
      shown: 'hooks.acme.example',
    });
    await expect.poll(() => row.textContent()).toContain('hooks.acme.example');
    await expect.poll(() => row.textContent()).not.toContain('secret-path');
    expect(await overflows(page)).toBe(false);

    await row.getByRole('button', { name: `Change ${MINE}` }).click();
    const rate = page.getByLabel('Messages in a minute, at most');
    await rate.fill('7');
    await page.getByLabel('Switched on').uncheck();
    await page.keyboard.press('Escape'); // what is typed is not thrown away unasked
    const asks = page.getByRole('dialog', { name: 'Close without saving?' });
    await asks.getByRole('button', { name: 'Stay here' }).click();
    await expect.poll(() => rate.inputValue()).toBe('7');

    const faster = { 'if-match': (await api('GET', `/v1/channels/${MINE}`)).headers.get('etag') ?? '' };
    expect((await api('PATCH', `/v1/channels/${MINE}`, { per_minute: 9 }, faster)).status).toBe(200);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Somebody else was faster').waitFor();
    await expect.poll(() => rate.inputValue()).toBe('7');
    expect((await api('GET', `/v1/channels/${MINE}`)).json).toMatchObject({ per_minute: 9, enabled: true });
    await page.getByRole('button', { name: 'Load the newest, drop mine' }).click();
    await expect.poll(() => rate.inputValue()).toBe('9');
    await rate.fill('7');
    await page.getByLabel('Switched on').uncheck();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await row.getByText('Switched off').waitFor();
    expect((await api('GET', `/v1/channels/${MINE}`)).json).toMatchObject({
      enabled: false,
      per_minute: 7,
      shown: 'hooks.acme.example',
    });

    await row.getByRole('button', { name: `Delete ${MINE}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete it' }).click();
    await row.waitFor({ state: 'detached' });
    expect((await api('GET', `/v1/channels/${MINE}`)).status).toBe(404);
  });
});
