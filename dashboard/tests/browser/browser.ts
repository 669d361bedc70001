/** One real browser for a file of tests: the system's Chromium, driven by Playwright. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** The built site. */
export const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist');

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export async function launch(): Promise<Browser> {
  if (!existsSync(EXECUTABLE))
    throw new Error(`There is no ${EXECUTABLE}: install Chromium, or say where it is with CHROMIUM=…`);
  // CI's machine runs as root, where Chromium's own sandbox refuses to start; only our own page is opened.
  return await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
}

/** A page whose every error is kept: what a test ends with has to be none. */
export async function openPage(
  browser: Browser,
  now: Date | null,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  if (now) await page.clock.install({ time: now });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // The browser logs every answer of 400 and more; that is the network's word, not an error of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text());
  });
  return { page, errors };
}
