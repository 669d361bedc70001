import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeSite, startFakeSite } from '../fake/server.ts';
import { launch, openPage } from './browser.ts';

let site: FakeSite;
let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  site = await startFakeSite();
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});
beforeEach(async () => {
  Object.assign(site, { scenario: 'fine', token: 'local-token' });
  site.log.length = 0;
  ({ page, errors } = await openPage(browser, site.now));
});
afterEach(async () => {
  await page.context().close();
  expect(errors).toEqual([]);
});

const open = async (query = '') => {
  await page.goto(`${site.url}/${query}`);
};
const drawn = async () => {
  await page.locator('.chart[data-drawn=yes]').first().waitFor();
};
const downloads = () => page.getByRole('region', { name: 'Downloads by version', exact: true });

describe('what is shown', () => {
  it('is drawn under the site’s own security policy, without one violation', async () => {
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    await open();
    await drawn();

    // Charts are drawn one after another and move what is below them: the pointer goes where the chart is now.
    const chart = page.locator('.chart[data-drawn=yes] canvas').first();
    await expect
      .poll(
        async () => {
          await chart.hover({ position: { x: 200 + 20 * Math.random(), y: 100 } });
          return page.locator('.chart-tooltip .tip-title').count();
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0);

    expect(await page.locator('canvas').count()).toBeGreaterThanOrEqual(2);
  });

  it('says how far it is complete, and marks what is not', async () => {
    await open('?downloads=table');

    await downloads().getByText('Complete up to 22 Nov, 16:30').waitFor();

    expect(await downloads().locator('tr.partial').count()).toBe(1);
  });

  it('never runs a hostile name, nor is pushed out of shape by it', async () => {
    site.scenario = 'hostile';
    await open();
    await drawn();
    await page.mouse.move(500, 450);

    await open('?downloads=table');
    await downloads().getByRole('table').waitFor();

    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  it('fits a phone without scrolling sideways', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open('?from=2026-11-01&to=2026-11-10&tz=Asia/Kathmandu');
    await drawn();

    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});

describe('the address', () => {
  it('holds every choice, and the back button undoes them one by one', async () => {
    await open();
    await page.getByRole('radio', { name: '90 days' }).check();
    await page.getByLabel('Interval').selectOption('P1W');
    await downloads().getByRole('radio', { name: 'Table' }).check();
    await expect.poll(() => new URL(page.url()).search).toBe('?range=90d&interval=P1W&downloads=table');

    await page.goBack();
    await expect.poll(() => new URL(page.url()).search).toBe('?range=90d&interval=P1W');
    await page.goBack();
    await page.goBack();

    expect(new URL(page.url()).search).toBe('');
    expect(await page.getByRole('radio', { name: '30 days' }).isChecked()).toBe(true);
  });

  it('is asked of the API in the zone that it names', async () => {
    await open('?from=2026-11-01&to=2026-11-08&tz=Asia%2FKathmandu');
    await drawn();

    const asked = site.log.map(({ path }) => path).filter((path) => path.includes('group_by=version'));
    expect(asked).toEqual([
      '/api/v1/metrics/downloads?from=2026-11-01&to=2026-11-08&interval=P1D&tz=Asia%2FKathmandu&group_by=version',
    ]);
  });

  it('takes a time zone by keyboard alone', async () => {
    await open();
    const box = page.getByRole('combobox', { name: 'Time zone' });
    await box.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.type('kathm');
    await page.keyboard.press('Enter');

    await expect.poll(() => new URL(page.url()).search).toBe('?tz=Asia%2FKathmandu');
  });
});

describe('when something is wrong', () => {
  it('says what an empty range means', async () => {
    site.scenario = 'empty';
    await open();

    await page.getByText('No downloads in this range').waitFor();
  });

  it('shows the problem’s own words, and recovers by itself', async () => {
    site.scenario = 'failing';
    await open();
    await page.getByText('The lake does not answer at the moment.').first().waitFor();

    site.scenario = 'fine';
    await page.clock.runFor(4_000); // the API asked for three seconds

    await drawn();
  });

  it('keeps old numbers on view, and says that they are old', async () => {
    await open();
    await drawn();

    site.scenario = 'failing';
    await page.clock.runFor(61_000);

    await downloads().getByText('Bringing them up to date failed').waitFor();
    expect(await downloads().locator('canvas').count()).toBe(1);
  });

  it('says that it is still asking when an answer is slow', async () => {
    site.scenario = 'hanging';
    await open();

    await page.clock.runFor(5_000);

    await page.getByText('Still asking').first().waitFor();
  });

  it('says that one is offline', async () => {
    await open();
    await drawn();

    await page.context().setOffline(true);

    await page.getByText('You are offline').waitFor();
  });

  it('names a source’s state in words, with its last error', async () => {
    site.scenario = 'late';
    await open();

    const failing = page.locator('[data-source=github_webhooks]');
    await failing.getByText('Failing').waitFor();
    expect(await failing.getByText('GitHub answered 401').count()).toBe(1);
    expect(await page.locator('[data-source=s3_access_logs]').getByText('Late').count()).toBe(1);
    const silent = page.locator('[data-source=product_usage]');
    expect(await silent.getByText('Silent: nothing arrives').count()).toBe(1);
    expect(await silent.locator('[data-field=last-record]').innerText()).toBe('3 days ago');
  });

  it('asks only the last of several questions, and cancels the others', async () => {
    await open();
    await drawn();
    site.scenario = 'slow';
    const cancelled: string[] = [];
    page.on('requestfailed', (request) => cancelled.push(request.url()));

    await page.getByRole('radio', { name: '7 days' }).check();
    await page.getByRole('radio', { name: '90 days' }).check();

    await expect.poll(() => cancelled.some((url) => url.includes('group_by=version'))).toBe(true);
  });
});

describe('signing in', () => {
  it('asks for a token where none is configured, and keeps it for this tab only', async () => {
    site.token = null;
    await open();
    await page.getByLabel('API token').fill('a token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('A token has no spaces').waitFor();

    await page.getByLabel('API token').fill('abc123');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await drawn();

    expect(await page.evaluate(() => [sessionStorage.length, localStorage.length])).toEqual([1, 0]);
  });

  it('takes a token out of the address at once', async () => {
    site.token = null;
    await open('#token=abc123');
    await drawn();

    expect(page.url()).toBe(`${site.url}/`);
  });

  it('comes back with the reason when the API refuses the token', async () => {
    site.scenario = 'unauthorised';
    await open();

    await page.getByText('This token was revoked on 20 November').waitFor();
  });
});

it('revalidates with the browser’s own cache: an unchanged answer is a 304', async () => {
  await open();
  await drawn();
  const before = site.log.length;

  await page.clock.runFor(61_000);

  await expect.poll(() => site.log.length).toBeGreaterThan(before + 5);
  const again = site.log.slice(before);
  expect(again.filter(({ status }) => status === 304).length).toBeGreaterThan(0);
});
