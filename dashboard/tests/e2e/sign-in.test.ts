/** Signing in by the deployed user pool, in a real browser: from the very address and back to it, staying in, leaving. Only
 * `/config.json` is another than the local cloud's own, as a deployment to AWS writes it; everything else is deployed. */

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { launch } from '../browser/browser.ts';
import { api, deployed, endpoints, site, useBrowser, violations } from './deployed.ts';

const POOL = { mode: 'cognito', domain: endpoints.sign_in_url, client_id: endpoints.sign_in_client };
/** The pool's pages and the API each wait for functions that start cold. */
const PATIENCE_MS = 45_000;

const me = (page: Page) => page.locator('.me');
const text = (page: Page) => page.locator('body').innerText();
const session = (token: string, method = 'GET') =>
  fetch(`${endpoints.api}/v1/session`, { method, headers: { authorization: `Bearer ${token}` } });

/** The token that this tab keeps. */
const kept = (page: Page): Promise<string | null> =>
  page.evaluate(() => {
    const stored = JSON.parse(sessionStorage.getItem('headwater.session') ?? '{}') as { token?: string };
    return stored.token ?? null;
  });

async function endAtTheApi(page: Page): Promise<void> {
  expect((await session((await kept(page)) ?? '', 'DELETE')).status).toBe(204);
}

/** The pool's own page, wherever it was asked for. */
async function passTheDoor(page: Page, person = 'rita'): Promise<void> {
  await page.locator('input[name=username]').fill(`${person}@acme.example`);
  await page.locator('input[name=password]').fill(endpoints.person_password);
  await page.locator('input[name=password]').press('Enter');
}

/** As if somebody came back to this tab: everything is asked again. */
const lookAgain = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

/** Come back until it has been noticed: another process of the API may take an ended token for 15 seconds more. */
const noticed = (page: Page, what: () => Promise<boolean>) =>
  expect
    .poll(
      async () => {
        await lookAgain(page);
        return await what();
      },
      { timeout: PATIENCE_MS, interval: 2_000 },
    )
    .toBe(true);

describe.skipIf(!deployed)('signing in', () => {
  const { open } = useBrowser();

  /** A browser in which nobody is signed in yet. */
  const start = async (auth: object = POOL) => {
    const page = await open();
    page.context().setDefaultTimeout(PATIENCE_MS);
    await page.context().route('**/config.json', (route) => route.fulfill({ json: { api: '/api', auth } }));
    return page;
  };

  it('leads from a deep link to the pool and back to it, with nothing of it left in the address', async () => {
    const page = await start();
    await page.goto(`${site}/seo?range=7d&tz=Asia%2FTokyo`);
    await passTheDoor(page);
    await me(page).waitFor();

    expect(page.url()).toBe(`${site}/seo?range=7d&tz=Asia%2FTokyo`);
    await expect.poll(() => me(page).textContent()).toBe('rita@acme.example');
    const told = await session((await kept(page)) ?? '');
    expect(await told.json()).toMatchObject({ name: 'rita@acme.example', scope: 'read' });

    await page.reload();
    await me(page).waitFor();
    expect(page.url()).toBe(`${site}/seo?range=7d&tz=Asia%2FTokyo`);
  });

  it('needs no signing in in a second tab; who leaves in one has left in both, and comes in by a button', async () => {
    const page = await start();
    await page.goto(site);
    await passTheDoor(page, 'sam');
    await me(page).waitFor();
    const second = await page.context().newPage();
    await second.goto(`${site}/adoption`);
    await me(second).waitFor();
    const token = await kept(second);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Headwater' }).waitFor();
    await second.getByText('You signed out in another tab.').waitFor();

    await expect.poll(async () => (await session(token ?? '')).status, { timeout: 20_000 }).toBe(401);
    expect(await text(page)).toContain('You are signed out.');
    expect(new URL(page.url()).pathname).toBe('/');
    expect(await violations(page)).toEqual([]);
    expect(await kept(page)).toBeNull();

    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await passTheDoor(page, 'sam');
    await me(page).waitFor();
    await me(second).waitFor();
    expect(new URL(second.url()).pathname).toBe('/adoption');
  }, 120_000);

  it('renews a session that has ended without anybody noticing', async () => {
    const page = await start();
    await page.goto(site);
    await passTheDoor(page);
    await me(page).waitFor();
    const before = await kept(page);
    await endAtTheApi(page);

    await page.getByRole('link', { name: 'Adoption' }).click();
    await noticed(page, async () => (await kept(page)) !== before);

    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await me(page).waitFor();
  }, 120_000);

  it('keeps the page where people have to sign in again, says so, and goes on by itself', async () => {
    const page = await start();
    await page.goto(`${site}/adoption?range=90d`);
    await passTheDoor(page);
    await me(page).waitFor();
    await page.evaluate(() => document.body.setAttribute('data-kept', 'yes'));
    await page
      .context()
      .route('**/oauth2/token', (route) => route.fulfill({ status: 400, json: { error: 'invalid_grant' } }));
    await endAtTheApi(page);
    const dialog = page.getByRole('dialog', { name: 'Your session is over' });
    await noticed(page, () => dialog.isVisible());
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.isVisible()).toBe(true);

    await page.context().unroute('**/oauth2/token');
    const opened = page.context().waitForEvent('page');
    await dialog.getByRole('link', { name: 'Sign in again in a new tab' }).press('Enter');
    const door = await opened;
    await passTheDoor(door);
    await me(door).waitFor();

    await dialog.waitFor({ state: 'detached' });
    expect(page.url()).toBe(`${site}/adoption?range=90d`);
    expect(await page.evaluate(() => document.body.getAttribute('data-kept'))).toBe('yes');
    await lookAgain(page);
    await page.waitForResponse((response) => response.url().includes('/api/v1/') && response.ok());
  }, 120_000);

  it('tells who is in no group what to do, and goes in no circles', async () => {
    const page = await start();
    await page.goto(`${site}/seo`);
    await passTheDoor(page, 'nobody');
    await page.getByRole('alert').waitFor();

    expect(await page.getByRole('alert').innerText()).toContain('ask whoever looks after Headwater to add you');
    expect(page.url()).toBe(`${site}/seo`);
    expect(await violations(page)).toEqual([]);
    expect(await kept(page)).toBeNull();
  });

  it('takes no code that it did not ask for, and says what the pool refused as text', async () => {
    const page = await start();
    await page.goto(`${site}/signed-in?code=stolen&state=x`);
    await page.getByText('This way in was used before, or began in another tab').waitFor();
    expect(page.url()).toBe(`${site}/`);

    const hostile = '<img src=x onerror="document.title=\'run\'">';
    await page.goto(`${site}/signed-in?error=access_denied&error_description=${encodeURIComponent(hostile)}`);
    await page.getByText(hostile).waitFor();
    expect(await page.title()).not.toBe('run');
    await expect.poll(() => page.locator('img').count()).toBe(0);
  }, 120_000);

  it('an API token comes in too, and is asked for again in place when it is over', async () => {
    const page = await start({ mode: 'token' });
    const until = new Date(Date.now() + 600_000).toISOString();
    const made = await api('POST', '/v1/tokens', { name: 'sign-in test', expires_at: until });
    const { id, token } = made.json as { id: string; token: string };
    await page.goto(`${site}/adoption?range=7d`);
    await page.getByLabel('API token').fill('wrong token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('A token has no spaces').waitFor();
    await page.getByLabel('API token').fill('hw_wrong_wrong_wrong_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('API token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await me(page).waitFor();
    expect(page.url()).toBe(`${site}/adoption?range=7d`);

    await api('DELETE', `/v1/tokens/${id}`);
    const dialog = page.getByRole('dialog', { name: 'Your session is over' });
    await noticed(page, () => dialog.isVisible());
    await dialog.getByLabel('API token').fill(endpoints.token);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(page.url()).toBe(`${site}/adoption?range=7d`);
  }, 120_000);
});

describe.skipIf(!deployed)('the headers of what is deployed', () => {
  const headersOf = async (path: string) => {
    const response = await fetch(new URL(path, endpoints.dashboard), {
      headers: { authorization: `Bearer ${endpoints.token}` },
    });
    expect(response.status, path).toBe(200);
    return response.headers;
  };
  const script = async () => {
    const page = await (await fetch(endpoints.dashboard)).text();
    return /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
  };

  it('keep browsers careful with every page, script, setting and answer', async () => {
    for (const path of ['/', '/seo', await script(), '/config.json', '/api/v1/session', '/b.js']) {
      const headers = await headersOf(path);
      expect(headers.get('strict-transport-security'), path).toContain('max-age=31536000');
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toMatch(/origin|no-referrer/);
    }
    for (const path of ['/', '/seo', await script(), '/config.json']) {
      const headers = await headersOf(path);
      expect(headers.get('x-frame-options'), path).toBe('DENY');
      expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy'), path).toBe('same-origin');
      expect(headers.get('permissions-policy'), path).toContain('camera=()');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).toContain(`connect-src 'self' ${endpoints.sign_in_url};`);
      expect(policy, path).not.toContain('unsafe');
    }
    expect((await headersOf('/b.js')).get('cross-origin-resource-policy')).toBe('cross-origin');
    expect((await headersOf('/api/v1/session')).get('cache-control')).toBe('no-store');
    expect((await headersOf('/config.json')).get('cache-control')).toBe('no-cache');
  });

  it('have an inline script, an inline style, a foreign script and a foreign request refused', async () => {
    const browser = await launch(); // its errors are what is looked for
    const page = await browser.newPage();
    const refused: string[] = [];
    page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
    await page.goto(endpoints.dashboard);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "run"';
      const style = document.createElement('style');
      style.textContent = 'body { outline: 7px solid red !important }';
      const foreign = document.createElement('script');
      foreign.src = 'https://evil.example/x.js';
      const attribute = document.createElement('p');
      attribute.setAttribute('style', 'position: fixed');
      document.body.append(script, style, foreign, attribute);
    });
    const sent = await page.evaluate(() =>
      fetch('https://evil.example/').then(
        () => 'sent',
        () => 'refused',
      ),
    );

    expect(await page.title()).not.toBe('run');
    expect(await page.evaluate(() => getComputedStyle(document.body).outlineWidth)).not.toBe('7px');
    expect(await page.evaluate(() => getComputedStyle(document.body.lastElementChild as Element).position)).toBe(
      'static',
    );
    expect(sent).toBe('refused');
    expect(refused.filter((said) => said.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(4);
    await browser.close();
  });
});
