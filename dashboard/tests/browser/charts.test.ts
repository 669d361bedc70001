/** Charts in a real browser, of made-up numbers: every kind at once, by keys, by the pointer, as files. */

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type ViteDevServer } from 'vite';
import { launch, openPage } from './browser.ts';
import { overflows, violations } from '../e2e/deployed.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
let browser: Browser;
let server: ViteDevServer;
let address = '';

beforeAll(async () => {
  server = await createServer({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1' },
  });
  await server.listen();
  address = new URL('/tests/charts/page.html', server.resolvedUrls?.local[0]).href;
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

async function opened(
  query: string,
  width = 1440,
): Promise<{ page: Page; errors: string[]; close: () => Promise<void> }> {
  const one = await openPage(browser, null, { viewport: { width, height: 900 }, timezoneId: 'UTC' });
  await one.page.goto(`${address}?${query}`);
  await one.page.waitForFunction(
    () => document.querySelector('.chart') && !document.querySelector('.chart[data-drawn=no]'),
  );
  return { ...one, close: () => one.page.context().close() };
}
const only = (title: string) => `only=${encodeURIComponent(title)}&files=1`;
const tip = (page: Page) => page.locator('.chart-tooltip').first();

describe('every kind of chart', () => {
  it.each([
    ['light', 1440],
    ['light', 390],
    ['dark', 1440],
    ['dark', 390],
  ])('in %s, %i pixels wide, breaks nothing', async (theme, width) => {
    const { page, errors, close } = await opened(`theme=${theme}`, width);
    const drawn = new Set<string>();
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    for (let y = 0; y < height; y += 600) {
      await page.evaluate((at) => scrollTo(0, at), y);
      await page.waitForTimeout(60);
      await page.waitForFunction(() => !document.querySelector('.chart[data-drawn=no]'));
      for (const label of await page
        .locator('.chart[data-drawn=yes]')
        .evaluateAll((all) => all.map((one) => one.ariaLabel)))
        drawn.add(label ?? '');
    }

    expect(drawn.size).toBe(await page.locator('.chart').count());
    expect(await overflows(page)).toBe(false);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(errors).toEqual([]);
    await close();
  });

  it('is taken down far from the view, and drawn again when one comes back', async () => {
    const { page, close } = await opened('show=many&charts=40');
    const states = () =>
      page.locator('.chart').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.drawn));

    expect((await states()).at(-1)).toBe('far');
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.waitForFunction(
      () => [...document.querySelectorAll<HTMLElement>('.chart')].at(-1)?.dataset.drawn === 'yes',
    );
    expect((await states())[0]).toBe('far');
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForFunction(() => document.querySelector<HTMLElement>('.chart')?.dataset.drawn === 'yes');
    await close();
  });
});

describe('a chart by its keys', () => {
  const LINE = 'Line with a year before, marks and thresholds';

  it('is gone through, heard, and chosen from', async () => {
    const { page, errors, close } = await opened(only(LINE));
    await page.locator('.chart').focus();
    await page.keyboard.press('End');
    const heard = page.locator('.panel [aria-live=polite]');

    expect(await heard.textContent()).toMatch(
      /^Thu, 26 Nov 2026, still growing\. Downloads [\d,]+, before [\d,]+, [+-][\d.]+%/,
    );
    expect(await heard.textContent()).toContain('Compared with a year before: Wed, 26 Nov 2025');
    await expect.poll(() => tip(page).innerText()).toContain('26 Nov 2026');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Enter');
    expect(await page.locator('.panel-note').textContent()).toBe('Picked 39 to 41');
    await page.keyboard.press('Escape');
    expect(await heard.textContent()).toBe('');
    expect(errors).toEqual([]);
    await close();
  });

  it('shows what happened from the list under it, which leads only to pages', async () => {
    const { page, close } = await opened(only(LINE));
    await page.locator('.mark-list summary').press('Enter');
    await page.locator('.mark-list a').first().focus();

    await expect.poll(() => tip(page).innerText()).toContain('Release 3.10.0');
    expect(
      await page.locator('.mark-list a').evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href)),
    ).toEqual(['https://example.org/3.10.0']);
    await close();
  });
});

describe('a chart by the pointer', () => {
  it('tells of a bucket without a value, and of the span that is drawn over it', async () => {
    const { page, close } = await opened(only('Line with a year before, marks and thresholds'));
    const box = await page.locator('.chart').boundingBox();
    if (!box) throw new Error('no chart');
    const x = (bucket: number) => box.x + 55 + ((box.width - 70) * bucket) / 41;
    await page.mouse.move(x(9.4), box.y + 120);

    await expect.poll(() => tip(page).innerText()).toMatch(/(25|26) Oct 2026[^]*Downloads\s+–/);
    await page.mouse.down();
    await page.mouse.move(x(20), box.y + 130, { steps: 4 });
    await page.mouse.up();
    expect(await page.locator('.panel-note').textContent()).toMatch(/^Picked (9|10) to (19|20|21)$/);
    await close();
  });
});

describe('a file of a chart', () => {
  async function file(page: Page, form: string): Promise<{ name: string; body: Buffer }> {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: form }).click(),
    ]);
    return { name: download.suggestedFilename(), body: await readFile(await download.path()) };
  }

  it('is a PNG of twice the points, with something on it', async () => {
    const { page, errors, close } = await opened(`theme=dark&${only('Hostile names')}`);
    const { name, body } = await file(page, 'png');
    const seen = await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      const found = new Set<number>();
      for (let at = 0; at < data.length; at += 4)
        found.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
      return { width: image.width, height: image.height, colours: [...found] };
    }, body.toString('base64'));

    expect(name).toBe('hostile-names-2026-10-28-to-2026-11-26.png');
    expect(seen.width).toBe(2400);
    expect(seen.height).toBeGreaterThan(1200);
    for (const colour of [0xffffff, 0x196386, 0xe26e0a]) expect(seen.colours).toContain(colour);
    expect(errors).toEqual([]);
    await close();
  });

  it.each(['Hostile names', 'Hostile pie', 'Gauge over its mark', 'Stacked'])(
    'is an SVG that parses: %s',
    async (title) => {
      const { page, errors, close } = await opened(only(title));
      const { body } = await file(page, 'svg');
      const seen = await page.evaluate((text) => {
        const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
        const all = [...parsed.querySelectorAll('*')];
        return {
          fault: parsed.querySelector('parsererror')?.textContent ?? null,
          foreign: all.filter(({ localName }) => ['script', 'foreignObject', 'img', 'image', 'a'].includes(localName))
            .length,
          handlers: all.flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith('on'))),
          paths: parsed.querySelectorAll('path').length,
          text: parsed.documentElement.textContent,
        };
      }, body.toString('utf8'));

      expect(seen).toMatchObject({ fault: null, foreign: 0, handlers: [] });
      expect(seen.paths).toBeGreaterThan(3);
      expect(seen.text).toContain('Complete up to');
      if (title.startsWith('Hostile')) expect(seen.text).toContain('<img src=x');
      expect(errors).toEqual([]);
      await close();
    },
  );
});
