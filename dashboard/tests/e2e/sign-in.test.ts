/** Signing in by the deployed user pool, in a real browser: from the very address and back to it, staying in, leaving. Only
 * `/config.json` is another than the local cloud's own, as a deployment to AWS writes it; everything else is deployed. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launch } from '../browser/browser.ts';

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
  admin_token: string;
  sign_in_url: string;
  sign_in_client: string;
  person_password: string;
}

describe.skipIf(!deployed)('signing in', () => {
  let endpoints: Endpoints;
  let browser: Browser;
  let context: BrowserContext;
  let errors: string[];

  beforeAll(async () => {
    endpoints = JSON.parse(readFileSync(FILE, 'utf8')) as Endpoints;
    browser = await launch();
  });
  afterEach(() => context.close());
  afterAll(() => browser.close());

  const site = () => endpoints.dashboard.replace(/\/$/, '');
  const text = (page: Page) => page.locator('body').innerText();

  /** A browser in which nobody is signed in yet. */
  const start = async (
    auth: object = { mode: 'cognito', domain: endpoints.sign_in_url, client_id: endpoints.sign_in_client },
  ) => {
    context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 1440, height: 900 } });
    await context.route('**/config.json', (route) => route.fulfill({ json: { api: '/api', auth } }));
    errors = [];
    return await newPage();
  };
  const newPage = async () => {
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        errors.push(message.text());
    });
    return page;
  };
  /** The pool's own page, wherever it was asked for. */
  const passTheDoor = async (page: Page, person = 'rita') => {
    await page.locator('input[name=username]').fill(`${person}@acme.example`);
    await page.locator('input[name=password]').fill(endpoints.person_password);
    await page.locator('input[name=password]').press('Enter');
  };
  const me = (page: Page) => page.locator('.me');
  const violations = async (page: Page) => {
    await page.evaluate(axe.source);
    return await page.evaluate(async () => (await (globalThis as unknown as { axe: typeof axe }).axe.run()).violations);
  };
  const kept = (page: Page) =>
    page.evaluate(() => JSON.parse(sessionStorage.getItem('headwater.session') ?? 'null') as { token: string } | null);
  const endAtTheApi = async (page: Page) => {
    const token = (await kept(page))?.token ?? '';
    const ended = await fetch(`${endpoints.api}/v1/session`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(ended.status).toBe(204);
  };

  it('leads from a deep link to the pool and back to it, with nothing of it left in the address', async () => {
    const page = await start();
    await page.goto(`${site()}/seo?range=7d&tz=Asia%2FTokyo`);
    await passTheDoor(page);
    await me(page).waitFor();

    expect(page.url()).toBe(`${site()}/seo?range=7d&tz=Asia%2FTokyo`);
    expect(await me(page).textContent()).toBe('rita@acme.example');
    const session = await kept(page);
    const told = await fetch(`${endpoints.api}/v1/session`, { headers: { authorization: `Bearer ${session?.token}` } });
    expect(await told.json()).toMatchObject({ name: 'rita@acme.example', scope: 'read' });

    await page.reload();
    await me(page).waitFor();
    expect(page.url()).toBe(`${site()}/seo?range=7d&tz=Asia%2FTokyo`);
    expect(errors).toEqual([]);
  });

  it('needs no signing in in a second tab; who leaves in one has left in both, and comes in by a button', async () => {
    const page = await start();
    await page.goto(site());
    await passTheDoor(page, 'sam');
    await me(page).waitFor();
    const second = await newPage();
    await second.goto(`${site()}/adoption`);
    await me(second).waitFor();
    const token = (await kept(second))?.token;

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Headwater' }).waitFor();
    await second.getByText('You signed out in another tab.').waitFor();

    const refused = await fetch(`${endpoints.api}/v1/session`, { headers: { authorization: `Bearer ${token}` } });
    expect(refused.status).toBe(401);
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
    expect(errors).toEqual([]);
  });

  it('renews a session that has ended without anybody noticing', async () => {
    const page = await start();
    await page.goto(site());
    await passTheDoor(page);
    await me(page).waitFor();
    const before = (await kept(page))?.token;
    await endAtTheApi(page);

    await page.getByRole('link', { name: 'Adoption' }).click();
    await page.waitForFunction(
      (old) => (JSON.parse(sessionStorage.getItem('headwater.session') ?? '{}') as { token?: string }).token !== old,
      before,
      { timeout: 30_000 },
    );

    expect(await page.getByRole('dialog').count()).toBe(0);
    await me(page).waitFor();
    expect(errors).toEqual([]);
  });

  it('keeps the page where people have to sign in again, says so, and goes on by itself', async () => {
    const page = await start();
    await page.goto(`${site()}/adoption?range=90d`);
    await passTheDoor(page);
    await me(page).waitFor();
    await page.evaluate(() => document.body.setAttribute('data-kept', 'yes'));
    await context.route('**/oauth2/token', (route) => route.fulfill({ status: 400, json: { error: 'invalid_grant' } }));
    await endAtTheApi(page);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    const dialog = page.getByRole('dialog', { name: 'Your session is over' });
    await dialog.waitFor({ timeout: 30_000 });
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await dialog.isVisible()).toBe(true);

    await context.unroute('**/oauth2/token');
    const opened = context.waitForEvent('page');
    await dialog.getByRole('link', { name: 'Sign in again in a new tab' }).press('Enter');
    const door = await opened;
    await passTheDoor(door);
    await me(door).waitFor();

    await dialog.waitFor({ state: 'detached' });
    expect(page.url()).toBe(`${site()}/adoption?range=90d`);
    expect(await page.evaluate(() => document.body.getAttribute('data-kept'))).toBe('yes');
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.waitForResponse((response) => response.url().includes('/api/v1/') && response.ok());
  });

  it('tells who is in no group what to do, and goes in no circles', async () => {
    const page = await start();
    await page.goto(`${site()}/seo`);
    await passTheDoor(page, 'nobody');
    await page.getByRole('alert').waitFor();

    expect(await page.getByRole('alert').innerText()).toContain('ask whoever looks after Headwater to add you');
    expect(page.url()).toBe(`${site()}/seo`);
    expect(await violations(page)).toEqual([]);
    expect(await kept(page)).toBeNull();
  });

  it('takes no code that it did not ask for, and says what the pool refused as text', async () => {
    const page = await start();
    await page.goto(`${site()}/signed-in?code=stolen&state=x`);
    await page.getByText('This way in was used before, or began in another tab').waitFor();
    expect(page.url()).toBe(`${site()}/`);

    const hostile = '<img src=x onerror="document.title=\'run\'">';
    await page.goto(`${site()}/signed-in?error=access_denied&error_description=${encodeURIComponent(hostile)}`);
    await page.getByText(hostile).waitFor();
    expect(await page.title()).not.toBe('run');
    expect(await page.locator('img').count()).toBe(0);
  });

  it('an API token comes in too, and is asked for again in place when it is over', async () => {
    const page = await start({ mode: 'token' });
    const made = await fetch(`${endpoints.api}/v1/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${endpoints.admin_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'sign-in test', expires_at: new Date(Date.now() + 600_000).toISOString() }),
    });
    const { id, token } = (await made.json()) as { id: string; token: string };
    await page.goto(`${site()}/adoption?range=7d`);
    await page.getByLabel('API token').fill('wrong token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('A token has no spaces').waitFor();
    await page.getByLabel('API token').fill('hw_wrong_wrong_wrong_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('API token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await me(page).waitFor();
    expect(page.url()).toBe(`${site()}/adoption?range=7d`);

    await fetch(`${endpoints.api}/v1/tokens/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${endpoints.admin_token}` },
    });
    const dialog = page.getByRole('dialog', { name: 'Your session is over' });
    // Another process of the API may take the token for 15 seconds more.
    await expect
      .poll(
        async () => {
          await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
          return await dialog.isVisible();
        },
        { timeout: 40_000, interval: 2_000 },
      )
      .toBe(true);
    await dialog.getByLabel('API token').fill(endpoints.token);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(page.url()).toBe(`${site()}/adoption?range=7d`);
  });
});

describe.skipIf(!deployed)('the headers of what is deployed', () => {
  let endpoints: Endpoints;
  let browser: Browser;

  beforeAll(async () => {
    endpoints = JSON.parse(readFileSync(FILE, 'utf8')) as Endpoints;
    browser = await launch();
  });
  afterAll(() => browser.close());

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
    const page = await (await browser.newContext()).newPage();
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
  });
});
