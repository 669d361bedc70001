/** How long charts take in a real browser, of code as it is shipped: `python -m infra.site run bench`.
 *
 * From a click to the painted chart of three years of days in twenty series; sixty charts on one page, and the longest
 * time in which such a page answers to nothing. */

import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const OUT = join(ROOT, 'node_modules', '.bench');
const ROUNDS = Number(process.env['ROUNDS'] ?? 9);
const KINDS = ['line', 'area', 'stacked'];

const input = join(ROOT, 'tests', 'charts', 'page.html');
const shared = { root: ROOT, configFile: false, logLevel: 'error' } as const;
await build({ ...shared, build: { outDir: OUT, emptyOutDir: true, target: 'es2022', rolldownOptions: { input } } });
const server = await preview({ ...shared, build: { outDir: OUT }, preview: { port: 0, host: '127.0.0.1' } });
const address = new URL('/tests/charts/page.html', server.resolvedUrls?.local[0]).href;
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});

try {
  for (const kind of KINDS) await large(kind);
  await many(60);
} finally {
  await browser.close();
  await server.close();
  rmSync(OUT, { recursive: true, force: true });
}

async function opened(query: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const tab = await context.newPage();
  await tab.addInitScript(() => {
    new PerformanceObserver((list) => {
      const longest = Math.max(...list.getEntries().map(({ duration }) => duration));
      if (longest > Number(sessionStorage.getItem('longest'))) sessionStorage.setItem('longest', String(longest));
    }).observe({ type: 'longtask', buffered: true });
  });
  await tab.goto(`${address}?${query}`);
  return tab;
}

/** 3 years of days, 20 series. Cold: the library is loaded too. */
async function large(kind: string): Promise<void> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const tab = await opened(`show=large&kind=${kind}`);
    cold.push(await fromClick(tab));
    await tab.click('#clear');
    warm.push(await fromClick(tab));
    await tab.context().close();
  }
  console.log(`${kind}, 1,096 days × 20 series: ${said(warm)}; with the library loaded first ${said(cold)}`);
}

async function fromClick(tab: Page): Promise<number> {
  await tab.evaluate(() => performance.clearMarks());
  await tab.click('#go');
  await tab.waitForSelector('.chart[data-drawn=yes]');
  return await tab.evaluate(() => {
    const at = (name: string) => performance.getEntriesByName(name).at(-1)?.startTime ?? Number.NaN;
    return at('chart-drawn') - at('click');
  });
}

async function many(charts: number): Promise<void> {
  const first: number[] = [];
  const whole: number[] = [];
  const longest: number[] = [];
  const alive: number[] = [];
  for (let round = 0; round < Math.min(5, ROUNDS); round += 1) {
    const tab = await opened(`show=many&charts=${charts}`);
    await tab.waitForFunction(
      () => document.querySelector('.chart') && !document.querySelector('.chart[data-drawn=no]'),
    );
    first.push(await tab.evaluate(() => performance.getEntriesByName('chart-drawn').at(-1)?.startTime ?? Number.NaN));
    const seen = await tab.evaluate(scrollThrough);
    if (seen.drawn !== seen.all) throw new Error(`only ${seen.drawn} of ${seen.all} charts were drawn`);
    whole.push(seen.ms / seen.all);
    longest.push(await tab.evaluate(() => Number(sessionStorage.getItem('longest'))));
    alive.push(await tab.locator('.chart canvas').count());
    await tab.context().close();
  }
  console.log(`${charts} charts: the first view ${said(first)} after the page began, then ${said(whole)} a chart`);
  console.log(`  longest time without an answer: ${said(longest)}; canvases alive at the end: ${median(alive)}`);
}

/** Runs in the page: down by half a view at a time, waiting for what comes near. */
async function scrollThrough(): Promise<{ drawn: number; ms: number; all: number }> {
  const drawn = new Set<Element>();
  const frame = () => new Promise(requestAnimationFrame);
  const started = performance.now();
  for (let y = 0; y <= document.documentElement.scrollHeight; y += innerHeight / 2) {
    scrollTo(0, y);
    await frame();
    while (document.querySelector('.chart[data-drawn=no]')) await frame();
    for (const chart of document.querySelectorAll('.chart[data-drawn=yes]')) drawn.add(chart);
  }
  return { drawn: drawn.size, ms: performance.now() - started, all: document.querySelectorAll('.chart').length };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function said(values: readonly number[]): string {
  return `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`;
}
