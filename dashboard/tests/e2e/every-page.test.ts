/** Every page that the navigation leads to: axe finds nothing wrong, in both themes, and nothing is wider than the view,
 * from a phone to a wall. A page that is added is looked at from then on. */

import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployed, overflows, settled, site, useBrowser, violations } from './deployed.ts';

const LOOKS = [
  { theme: 'light', width: 1440, height: 4_000 }, // high: all of a page is near, so all of it is drawn
  { theme: 'dark', width: 390, height: 8_000 },
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
    'is accessible in $theme at $width pixels, and no wider',
    async ({ theme, width, height }) => {
      const page = await open({ colorScheme: theme, viewport: { width, height } });

      const wrong = await each(page, async () => [
        ...(await violations(page)),
        ...((await overflows(page)) ? ['scrolls sideways'] : []),
      ]);

      expect(wrong).toEqual([]);
    },
    300_000,
  );

  it.each([320, 2560])(
    'is no wider than %i pixels',
    async (width) => {
      const page = await open({ viewport: { width, height: 900 } });

      expect(await each(page, async () => ((await overflows(page)) ? ['scrolls sideways'] : []))).toEqual([]);
    },
    300_000,
  );

  it('has one main heading, a title of its own, and its link marked as where one is', async () => {
    const page = await open();
    const titles: string[] = [];

    const wrong = await each(page, async (path) => {
      titles.push(await page.title());
      const headings = await page.locator('h1').count();
      const here = await page.locator('#navigation a[aria-current=page]').getAttribute('href');
      return [...(headings === 1 ? [] : [`${headings} main headings`]), ...(here === path ? [] : [`marks ${here}`])];
    });

    expect(wrong).toEqual([]);
    expect(new Set(titles).size).toBe(paths.length);
  }, 300_000);
});
