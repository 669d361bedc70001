/** The explorer on the deployed site: what it shows is what the API answers, in every form; it can be used by keyboard
 * alone, and names from outside are only ever names. */

import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, deployed, overflows, settled, site, useBrowser, violations } from './deployed.ts';

const ZONE = 'Europe/Paris';
const RANGE = { from: '2026-10-20', to: '2026-11-10' };
const number = (value: number) => new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 }).format(value);

const explore = (query: Record<string, string>) => `${site}/explore?${new URLSearchParams(query).toString()}`;
const open = async (page: Page, query: Record<string, string>) => {
  await page.goto(explore(query));
  await answered(page);
};
const answered = async (page: Page) => {
  await settled(page);
  await page.waitForFunction(() => !document.querySelector('.skeleton-chart, .chart[data-drawn=no]'));
};

interface Row {
  readonly start: string;
  readonly [name: string]: unknown;
}
const ask = async (body: Record<string, unknown>): Promise<{ results: Row[]; totals: Row[]; query: Row }> => {
  const answer = await api('POST', '/v1/query', { tz: ZONE, totals: true, ...body });
  expect(answer.status).toBe(200);
  return answer.json as { results: Row[]; totals: Row[]; query: Row };
};

/** The table of all numbers: its column names, and the first number of each cell, the newest period first. */
const numbers = async (page: Page) => {
  const table = page.getByRole('group', { name: 'All numbers' }).locator('table').last();
  const heads = await table.locator('thead th').allInnerTexts();
  const rows = await table
    .locator('tbody tr')
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.firstChild?.textContent?.trim() ?? '')),
    );
  return { heads: heads.slice(1).map((head) => head.trim()), whole: rows[0] ?? [], rows: rows.slice(1) };
};

describe.skipIf(!deployed)('the explorer', () => {
  const { open: newPage } = useBrowser();

  it.each(['line', 'area', 'bar', 'gauge', 'histogram'])('as %s shows what the API answers', async (as) => {
    const page = await newPage();
    await open(page, { metrics: 'downloads', as, target: '1000', ...RANGE, interval: 'P1D', tz: ZONE });
    const { results, totals } = await ask({ metrics: ['downloads'], ...RANGE, interval: 'P1D' });

    const shown = await numbers(page);

    expect(results.length).toBe(21);
    expect(shown.rows.map(([value]) => value)).toEqual(results.map((row) => number(row.downloads as number)).reverse());
    expect(shown.whole).toEqual([number(totals[0]?.downloads as number)]);
    expect(await page.locator('[data-headline=downloads]').getAttribute('data-value')).toBe(
      String(totals[0]?.downloads),
    );
    await expect.poll(() => page.locator('.explore-answer input[type=radio]:checked').inputValue()).toBe(as);
    await expect.poll(() => page.locator('.explore-answer .chart').count()).toBe(1);
  });

  it.each(['line', 'area', 'bar', 'stacked', 'pie', 'table'])('as %s shows every group and the rest', async (as) => {
    const page = await newPage();
    await open(page, { metrics: 'downloads', by: 'version', top: '4', as, ...RANGE, interval: 'P1W', tz: ZONE });
    const { results, totals } = await ask({
      metrics: ['downloads'],
      ...RANGE,
      interval: 'P1W',
      group_by: ['version'],
      top: 4,
    });

    const shown = await numbers(page);

    const nameOf = (row: Row) => (row.other === true ? 'All others' : (row.version as string));
    const starts = [...new Set(results.map(({ start }) => start))].sort();
    expect([...shown.heads].sort()).toEqual(totals.map(nameOf).sort());
    shown.heads.forEach((name, column) => {
      const total = totals.find((row) => nameOf(row) === name);
      expect(shown.whole[column]).toBe(number(total?.downloads as number));
      starts.forEach((start, at) => {
        const row = results.find((one) => one.start === start && nameOf(one) === name);
        expect(shown.rows[starts.length - 1 - at]?.[column]).toBe(number(row?.downloads as number));
      });
    });
  });

  it('sets two metrics against each other', async () => {
    const page = await newPage();
    await open(page, { metrics: 'sessions,outbound_clicks', as: 'scatter', ...RANGE, interval: 'P1D', tz: ZONE });
    const { totals } = await ask({ metrics: ['sessions', 'outbound_clicks'], ...RANGE, interval: 'P1D' });

    expect((await numbers(page)).whole).toEqual([
      number(totals[0]?.sessions as number),
      number(totals[0]?.outbound_clicks as number),
    ]);
    await expect.poll(() => page.locator('.explore-answer .chart').count()).toBe(1);
    await expect.poll(() => page.locator('.explore-answer input[value=gauge]').isDisabled()).toBe(true);
  });

  it('cuts the day on which clocks change as each zone does', async () => {
    const page = await newPage();
    for (const [tz, hours] of [
      ['Europe/Paris', 25],
      ['America/New_York', 24],
      ['Asia/Kathmandu', 24],
    ] as const) {
      const day = { from: '2026-10-25', to: '2026-10-26', interval: 'PT1H' };
      await open(page, { metrics: 'page_views', ...day, tz });
      const { results } = await ask({ metrics: ['page_views'], ...day, tz });
      const shown = await numbers(page);
      expect(results.length).toBe(hours);
      expect(shown.rows.map(([value]) => value)).toEqual(
        results.map((row) => number(row.page_views as number)).reverse(),
      );
    }
  });

  it.each(['week', 'month', 'year', 'previous_period'])('compares with a %s before by equal time', async (compare) => {
    const page = await newPage();
    await open(page, { metrics: 'page_views', range: 'mtd', interval: 'P1D', tz: ZONE, compare });
    const { totals } = await ask({ metrics: ['page_views'], range: 'mtd', interval: 'P1D', compare });
    const [total] = totals;

    const headline = await page.locator('[data-headline=page_views]').innerText();

    if (total?.page_views_change == null) expect(headline).toContain('Nothing to compare with');
    else expect(headline).toContain(number(Math.abs(total.page_views_change as number)));
    expect(headline).toContain('against');
  });

  it('says the same in rows and in text, and asks it', async () => {
    const page = await newPage();
    const filter = 'section is "blog" and not path contains "beta"';
    await open(page, { metrics: 'page_views', filter, ...RANGE, interval: 'P1D', tz: ZONE });
    const { totals } = await ask({ metrics: ['page_views'], ...RANGE, interval: 'P1D', filter });

    await expect.poll(() => page.getByLabel('Dimension of condition 1').inputValue()).toBe('section');
    await expect.poll(() => page.getByLabel('Operator of condition 2').inputValue()).toBe('not_contains');
    expect((await numbers(page)).whole).toEqual([number(totals[0]?.page_views as number)]);
    await page.getByLabel('How the conditions are joined').selectOption('or');
    await answered(page);
    expect(new URL(page.url()).searchParams.get('filter')).toBe('section is "blog" or not path contains "beta"');
    await page.goBack();
    await answered(page);
    await expect.poll(() => page.getByLabel('How the conditions are joined').inputValue()).toBe('and');
  });

  it('keeps what is being typed when the suggestions for it come meanwhile', async () => {
    const page = await newPage();
    const held: Route[] = [];
    await page.route('**/v1/query', async (route) => {
      if (route.request().postData()?.includes('"P1Y"')) held.push(route);
      else await route.continue();
    });
    await open(page, { metrics: 'downloads', ...RANGE, interval: 'P1D' });
    await page.getByRole('button', { name: 'Add a condition' }).click();
    const value = page.getByLabel('Value of condition 1');
    await value.pressSequentially('4.');
    for (const route of held) await route.continue();
    await page.locator('.ask-line datalist option').first().waitFor({ state: 'attached' });
    await page.keyboard.type('0');
    await page.keyboard.press('Enter');

    await expect.poll(() => new URL(page.url()).searchParams.get('filter')).toMatch(/ is "4\.0"$/);
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('looks closer at a bucket by mouse, by the table, and leads back out', async () => {
    const page = await newPage();
    await open(page, {
      metrics: 'page_views',
      as: 'bar',
      from: '2026-09-01',
      to: '2026-11-01',
      interval: 'P1M',
      tz: ZONE,
    });
    await page.locator('.explore-answer .chart').scrollIntoViewIfNeeded();
    const box = await page.locator('.explore-answer .chart').boundingBox();
    if (!box) throw new Error('there is no chart');
    await page.mouse.click(box.x + box.width * 0.7, box.y + box.height / 2);
    await page.waitForURL(/from=2026-10-01&to=2026-11-01&interval=P1D/);
    await answered(page);
    await page.getByRole('button', { name: 'Sun, 25 Oct 2026' }).click();
    await page.waitForURL(/from=2026-10-25&to=2026-10-26&interval=PT1H/);
    await answered(page);
    expect((await numbers(page)).rows.length).toBe(25);
    await page
      .getByRole('button', { name: /25 Oct 2026, 02:00/ })
      .first()
      .click();
    // The second of the two hours that this morning has twice, which only an instant can name.
    await page.waitForURL(/from=2026-10-25T01%3A00Z&to=2026-10-25T02%3A00Z&interval=PT15M/);
    await answered(page);
    expect(await page.locator('.explore-zoom [aria-current]').innerText()).toContain('02:00');

    await page.getByRole('navigation', { name: 'Way back' }).getByRole('button').first().click();
    await page.waitForURL(/from=2026-09-01/);
    expect(new URL(page.url()).searchParams.get('interval')).toBe('P1M');
    await page.goBack();
    await page.waitForURL(/interval=PT15M/);
  });

  it('says at its field what the API refuses, and takes its suggestion', async () => {
    const page = await newPage();
    await open(page, { metrics: 'downloads', by: 'versio', filter: 'vrsion is "3.6.0"', range: '30d' });
    expect(await page.locator('[data-fault=group_by]').innerText()).toContain('versio');
    await page.locator('[data-fault=group_by] button').click();
    await page.locator('[data-fault=filter] button').click();
    await page.waitForFunction(() => !document.querySelector('[data-fault]'));
    const query = new URL(page.url()).searchParams;
    expect([query.get('by'), query.get('filter')]).toEqual(['version', 'version is "3.6.0"']);

    await open(page, { metrics: 'downloads', as: 'cake', range: 'fortnight', tz: 'Mars/Olympus', top: 'many' });
    const said = await page.getByText('Some of this link could not be understood').locator('..').innerText();
    for (const word of ['cake', 'fortnight', 'Mars/Olympus', 'many']) expect(said).toContain(word);
    expect((await numbers(page)).rows.length).toBe(28);
  });

  it('is used by keyboard alone, from a metric to a dashboard', async () => {
    const page = await newPage();
    const name = `Explorer, by keyboard ${Date.now()}`;
    await page.goto(`${site}/explore`);
    await settled(page);
    await tabTo(page, 'Choose a metric');
    await page.keyboard.type('page views');
    await page.keyboard.press('Enter');
    await answered(page);
    expect(new URL(page.url()).searchParams.get('metrics')).toBe('page_views');
    await tabTo(page, 'section');
    await page.keyboard.press('Enter');
    await page.waitForURL(/by=section&top=7/);
    await tabTo(page, 'Save to a dashboard', true);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Dashboard', { exact: true }).waitFor();
    await tabTo(page, 'Dashboard');
    await page.keyboard.press('End');
    await tabTo(page, 'Its name');
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    const link = page.getByRole('link', { name: 'Open the dashboard' });
    await link.waitFor();
    const id = (await link.getAttribute('href'))?.split('/').pop() ?? '';
    const saved = await api('GET', `/v1/dashboards/${id}`);
    try {
      expect(saved.json).toMatchObject({
        name,
        widgets: [{ kind: 'line', question: { metrics: ['page_views'], group_by: ['section'], top: 7, range: null } }],
      });
    } finally {
      await api('DELETE', `/v1/dashboards/${id}`, undefined, { 'if-match': saved.headers.get('etag') ?? '' });
    }
  });

  it('writes down what happened, changes it and deletes it', async () => {
    const page = await newPage();
    const title = `Explorer's own <b>note</b> ${Date.now()}`;
    await open(page, { metrics: 'page_views', ...RANGE, interval: 'P1D', tz: ZONE });
    await page.getByRole('button', { name: 'Write down what happened' }).click();
    await page.getByRole('textbox', { name: 'What happened' }).fill(title);
    await page.getByLabel('When').fill('2026-10-25T02:30');
    await page.getByLabel('Until').fill('2026-10-24T02:30');
    await page.getByRole('button', { name: 'Write it down' }).click();
    await page.getByText('It must end after it begins').waitFor();
    await expect.poll(() => page.getByRole('textbox', { name: 'What happened' }).inputValue()).toBe(title);
    await page.getByLabel('Until').fill('2026-10-26T12:00');
    await page.getByRole('button', { name: 'Write it down' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const row = page.locator('[data-annotation]', { hasText: title });
    await row.waitFor({ state: 'attached' });
    const id = (await row.getAttribute('data-annotation')) ?? '';
    const made = await api('GET', `/v1/annotations/${id}`);
    expect(made.json).toMatchObject({ title, at: '2026-10-25T00:30:00Z', until: '2026-10-26T11:00:00Z', kind: 'note' });

    await page.getByText('Who wrote what down').click();
    await row.getByRole('button', { name: 'Change' }).click();
    await page.getByLabel('Kind').selectOption('incident');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await api('GET', `/v1/annotations/${id}`)).json).toMatchObject({ title, kind: 'incident' });
    await row.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await row.waitFor({ state: 'detached' });
    expect((await api('GET', `/v1/annotations/${id}`)).status).toBe(404);
  });

  describe('with an alert rule', () => {
    let id = '';
    beforeAll(async () => {
      const made = await api('POST', '/v1/alerts', {
        name: `Explorer's mark ${Date.now()}`,
        metric: 'downloads',
        interval: 'P1D',
        tz: ZONE,
        condition: { kind: 'level', side: 'low', threshold: 100, recover: 120 },
        severity: 'warning',
        enabled: true,
      });
      expect(made.status).toBe(201);
      id = (made.json as { id: string }).id;
    });
    afterAll(async () => {
      const { headers } = await api('GET', `/v1/alerts/${id}`);
      await api('DELETE', `/v1/alerts/${id}`, undefined, { 'if-match': headers.get('etag') ?? '' });
    });

    it('draws its threshold on days, and names it where it watches other values', async () => {
      const page = await newPage();
      await open(page, { metrics: 'downloads', ...RANGE, interval: 'P1D', tz: ZONE });
      await page.getByText(/Alert thresholds \([1-9]/).waitFor();
      await open(page, { metrics: 'downloads', ...RANGE, interval: 'P1W', tz: ZONE });
      await page.locator(`a[href="/alerts/${id}"]`).waitFor();
    });
  });

  describe('with a metric of a hostile name', () => {
    const name = `explorer_hostile_${Date.now()}`;
    const title = `<img src=x onerror=alert(1)> مقياس 🦜 ${'W'.repeat(30)}`;
    beforeAll(async () => {
      const { status } = await api('POST', '/v1/metrics', {
        name,
        title,
        unit: '<i>x</i>',
        description: `<script>alert(1)</script> ${'x'.repeat(400)}`,
        expression: 'downloads * 2',
      });
      expect(status).toBe(201);
    });
    afterAll(async () => {
      const { headers } = await api('GET', `/v1/metrics/${name}/definition`);
      await api('DELETE', `/v1/metrics/${name}/definition`, undefined, { 'if-match': headers.get('etag') ?? '' });
    });

    it.each([390, 1440])('shows it, runs nothing, and stays in shape at %i pixels', async (width) => {
      const page = await newPage({ viewport: { width, height: 900 } });
      let ran = false;
      page.on('dialog', (dialog) => {
        ran = true;
        void dialog.dismiss();
      });
      const filter = `version is "<img src=x onerror=alert(1)>${'W'.repeat(300)}" or version is_not null`;
      for (const query of [
        {},
        { metrics: name, range: '30d' },
        { metrics: `${name},downloads`, range: '30d', filter, as: 'table' },
        { metrics: name, range: '30d', by: 'version', top: '3', as: 'bar' },
      ]) {
        await open(page, query);
        expect(await overflows(page)).toBe(false);
        await expect.poll(() => page.locator('main img, main script').count()).toBe(0);
      }
      expect(await page.locator('h1').innerText()).toContain('<img src=x onerror=alert(1)>');
      expect(ran).toBe(false);
      expect(await violations(page)).toEqual([]);
    });
  });

  it.each(['light', 'dark'] as const)('is accessible in every part, %s', async (colorScheme) => {
    const page = await newPage({ colorScheme, viewport: { width: 1440, height: 3000 } });
    await open(page, {
      metrics: 'page_views',
      by: 'section,device',
      top: '4',
      filter: 'section is_not null and not device contains "x"',
      trail: '12mo@P1M',
      ...RANGE,
      interval: 'P1D',
      tz: ZONE,
      compare: 'month',
    });
    expect(await violations(page)).toEqual([]);
    await page.getByRole('radio', { name: 'By group' }).check();
    await page.getByText('Why ').click();
    await page.getByRole('radio', { name: 'Text' }).check();
    expect(await violations(page)).toEqual([]);
    for (const button of ['Save to a dashboard', 'Ask by program', 'Write down what happened']) {
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('dialog').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });
});

/** Press Tab until what has the focus is called so. */
async function tabTo(page: Page, name: string, backwards = false): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press(backwards ? 'Shift+Tab' : 'Tab');
    const found = await page.evaluate(() => {
      const now = document.activeElement;
      const labels = now instanceof HTMLInputElement || now instanceof HTMLSelectElement ? [...(now.labels ?? [])] : [];
      return [now?.getAttribute('aria-label'), ...labels.map(({ textContent }) => textContent), now?.textContent];
    });
    if (found.some((one) => one?.trim() === name)) return;
  }
  throw new Error(`Tab never led to “${name}”`);
}
