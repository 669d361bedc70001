/** What tests of the deployed dashboard share: where it is, a page of it, and the API beside it. */

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launch, openPage } from '../browser/browser.ts';

const FILE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '.local', 'endpoints.json');
export const deployed = existsSync(FILE);
/** Tests that wait for minutes: by themselves, with HEADWATER_ALONE=1. */
export const alone = deployed && process.env['HEADWATER_ALONE'] === '1';
if (!deployed) {
  const reason = 'there is no .local/endpoints.json: `make run` first';
  if (process.env['HEADWATER_REQUIRE_DEPLOYED'] === '1') throw new Error(reason);
  console.warn(`skipped: ${reason}`);
}

export interface Endpoints {
  readonly api: string;
  readonly dashboard: string;
  readonly outbox: string;
  readonly outside_world: string;
  readonly token: string;
  readonly sql_token: string;
  readonly admin_token: string;
  /** The user pool's own pages, this site's client there, and the password of the demo's people. */
  readonly sign_in_url: string;
  readonly sign_in_client: string;
  readonly person_password: string;
}

export const endpoints = (deployed ? JSON.parse(readFileSync(FILE, 'utf8')) : { dashboard: '' }) as Endpoints;
/** The site's address without a slash at its end. */
export const site = endpoints.dashboard.replace(/\/$/, '');

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests say what they expect of it
  readonly json: any;
}

/** Ask the API itself, beside the page. */
export async function api(
  method: string,
  path: string,
  body?: unknown,
  extra: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(endpoints.api + path, {
    method,
    headers: {
      authorization: `Bearer ${endpoints.admin_token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...extra,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text ? (JSON.parse(text) as unknown) : null };
}

/** A browser for a file of tests. Each test ends without an error on any of its pages, a violated policy included. */
export function useBrowser(): { open: (options?: BrowserContextOptions) => Promise<Page> } {
  let browser: Browser;
  let opened: { page: Page; errors: string[] }[] = [];
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(async () => {
    const errors = opened.flatMap((one) => one.errors);
    await Promise.all(opened.map(({ page }) => page.context().close()));
    opened = [];
    expect(errors).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
  });
  return {
    open: async (options = {}) => {
      const one = await openPage(browser, null, { timezoneId: 'UTC', locale: 'en-GB', ...options });
      opened.push(one);
      return one.page;
    },
  };
}

/** Nothing in view is under way any more; what is far below asks when it comes near. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true], .skeleton-rows, .chart[data-drawn=no]'));
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Everything that axe finds wrong with the page as it is: what, and where. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE); // by the debugger, which no policy of the page stops
  return await page.evaluate(async (rules) => {
    const axe = (window as unknown as { axe: { run(root: Document, options: object): Promise<AxeResults> } }).axe;
    const { violations: found } = await axe.run(document, { runOnly: { type: 'tag', values: rules } });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
  }, RULES);
}

interface AxeResults {
  violations: { id: string; nodes: { target: string[] }[] }[];
}

/** Whether the page can be scrolled sideways: it never should. */
export async function overflows(page: Page): Promise<boolean> {
  return await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
