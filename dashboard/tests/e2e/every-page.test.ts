/** Every page that the navigation leads to: axe finds nothing wrong, in both themes, and nothing is wider than the view,
 * from a phone to a wall. A page that is added is looked at from then on. */

import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployed, overflows, settled, site, useBrowser, violations } from './deployed.ts';

const LOOKS = [
  { theme: 'light', width: 1440, height: 4_000, widths: [1024, 2560, 1440] }, // high: all of a page is near, so all of it is drawn
  { theme: 'dark', width: 390, height: 8_000, widths: [320, 768, 390] },
] as const;

describe.skipIf(!deployed)('every page', () => {
  const { open } = useBrowser();
  let paths: string[] = [];
  beforeAll(async () => {
    const page = await open();
    await page.goto(site);
    await page.locator('#navigation a').first().waitFor();
    paths = await page
      .locator('#navigation a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    expect(paths.length).toBeGreaterThan(10);
  });

  const each = async (page: Page, look: (path: string) => Promise<string[]>): Promise<string[]> => {
    const wrong: string[] = [];
    for (const path of paths) {
      await page.goto(site + path);
      await settled(page);
      wrong.push(...(await look(path)).map((what) => `${path}: ${what}`));
    }
    return wrong;
  };

  it.each(LOOKS)(
    'is accessible in $theme at $width pixels, named, and no wider than the view',
    async ({ theme, width, height, widths }) => {
      const page = await open({ colorScheme: theme, viewport: { width, height } });
      const titles: string[] = [];

      const wrong = await each(page, async (path) => {
        titles.push(await page.title());
        return [
          ...(await violations(page)),
          ...(await misplaced(page, path)),
          ...(await tooWide(page, height, widths)),
        ];
      });

      expect(wrong).toEqual([]);
      expect(new Set(titles).size).toBe(paths.length);
    },
    300_000,
  );
});

/** One main heading, and the page's link marked as where one is. */
async function misplaced(page: Page, path: string): Promise<string[]> {
  const headings = await page.locator('h1').count();
  const here = await page.locator('#navigation a[aria-current=page]').getAttribute('href');
  return [...(headings === 1 ? [] : [`${headings} main headings`]), ...(here === path ? [] : [`marks ${here}`])];
}

async function tooWide(page: Page, height: number, widths: readonly number[]): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height });
    if (await overflows(page)) found.push(`scrolls sideways at ${width} pixels`);
  }
  return found;
}
