import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Scenario } from '../fake/api.ts';
import { type FakeSite, startFakeSite } from '../fake/server.ts';
import { launch, openPage } from './browser.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES: RunOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };

let site: FakeSite;
let browser: Browser;

beforeAll(async () => {
  site = await startFakeSite();
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

const cases: { name: string; query: string; scenario: Scenario; token: string | null; ready: string }[] = [
  { name: 'charts', query: '', scenario: 'fine', token: 't', ready: '.chart[data-drawn=yes]' },
  {
    name: 'tables',
    query: '?downloads=table&repositories_as=table',
    scenario: 'fine',
    token: 't',
    ready: '.table-box',
  },
  { name: 'custom days', query: '?from=2026-11-01&to=2026-11-09&tz=UTC', scenario: 'fine', token: 't', ready: '.days' },
  { name: 'empty', query: '', scenario: 'empty', token: 't', ready: '.state' },
  { name: 'failing', query: '', scenario: 'failing', token: 't', ready: '.problem' },
  { name: 'late sources', query: '', scenario: 'late', token: 't', ready: '.source-error' },
  { name: 'loading', query: '', scenario: 'hanging', token: 't', ready: '.skeleton-chart' },
  { name: 'sign-in', query: '', scenario: 'fine', token: null, ready: '#token' },
];

it.each(
  cases.flatMap((one) => [
    { ...one, theme: 'light' as const, width: 1440 },
    { ...one, theme: 'dark' as const, width: 390 },
  ]),
)('has no violation: $name, $theme, $width pixels', async ({ query, scenario, token, ready, theme, width }) => {
  Object.assign(site, { scenario, token });
  const { page } = await openPage(browser, site.now, {
    colorScheme: theme,
    viewport: { width, height: 900 },
    bypassCSP: true,
  });
  await page.goto(`${site.url}/${query}`);
  await page.locator(ready).first().waitFor();

  await page.addScriptTag({ content: axe });
  const found = await page.evaluate(
    async (rules) =>
      await (window as unknown as { axe: { run: (o: RunOptions) => Promise<AxeResults> } }).axe.run(rules),
    RULES,
  );
  await page.context().close();

  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
  expect(found.passes.length).toBeGreaterThan(10);
});
