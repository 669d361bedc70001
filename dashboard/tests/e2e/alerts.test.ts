/** Alert rules on the site: all kinds are made as typed, the preview is the API's, and people who are in each other's way
 * lose nothing. Every rule here is of a name of its own, and is taken away again. */

import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { api, deployed, endpoints, overflows, settled, site, useBrowser, violations } from './deployed.ts';

/** Two CPUs and a cold API: what comes soon may take its time. */
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 20_000 });

const MINE = `e2e alerts ${Date.now()}`;

interface RuleJson {
  id: string;
  name: string;
  condition: Record<string, unknown>;
}

async function mine(): Promise<RuleJson[]> {
  const json: unknown = (await api('GET', '/v1/alerts?limit=500')).json;
  return (json as { results: RuleJson[] }).results.filter(({ name }) => name.startsWith(MINE));
}

async function make(body: object): Promise<{ id: string; etag: string }> {
  const made = await api('POST', '/v1/alerts', body, { 'idempotency-key': crypto.randomUUID() });
  expect([made.status, made.json]).toEqual([201, expect.anything()]);
  return { id: (made.json as RuleJson).id, etag: made.headers.get('etag') ?? '' };
}

const level = (name: string, rest: object = {}) => ({
  name: `${MINE} ${name}`,
  metric: 'downloads',
  interval: 'P1D',
  tz: 'Europe/Berlin',
  condition: { kind: 'level', side: 'high', threshold: 1_000_000 },
  ...rest,
});

/** Choose of a combobox by keys alone. */
async function pick(page: Page, label: string, text: string, option: string): Promise<void> {
  const box = page.getByRole('combobox', { name: label, exact: true });
  await box.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type(text);
  await page.getByRole('option', { name: option }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** The last preview that the page asked for and has shown. */
function watchPreviews(page: Page) {
  const seen: { body: Record<string, unknown>; json: PreviewJson }[] = [];
  page.on('response', (response) => {
    if (!response.url().endsWith('/v1/alerts/preview') || !response.ok()) return;
    const body = response.request().postDataJSON() as Record<string, unknown>;
    response.json().then(
      (json: PreviewJson) => seen.push({ body, json }),
      () => undefined, // cancelled: another took its place
    );
  });
  return seen;
}

interface PreviewJson {
  results: { what: string; at: string; subject: string }[];
  series: { group: object; points: { state: string }[] }[];
  meta: { summary: string; messages: number; fired: number };
}

function runs(states: readonly string[]): number {
  const active = states.map((state) => state === 'firing' || state === 'recovering');
  return active.filter((is, at) => is && !active[at - 1]).length;
}

async function tried(page: Page): Promise<void> {
  await page.locator('.alerts-preview .alerts-summary').waitFor();
  await page.waitForFunction(
    () =>
      !document.querySelector('.alerts-preview [aria-busy=true]') &&
      document.querySelector('.alerts-preview .chart')?.getAttribute('data-drawn') !== 'no',
  );
}

describe.skipIf(!deployed)('alerts', () => {
  const { open } = useBrowser();
  afterEach(async () => {
    for (const { id } of await mine()) {
      const { headers } = await api('GET', `/v1/alerts/${id}`);
      await api('DELETE', `/v1/alerts/${id}`, undefined, { 'if-match': headers.get('etag') ?? '' });
    }
  });

  it('makes a rule of a level by keys alone, tried on the past', async () => {
    const page = await open();
    const previews = watchPreviews(page);
    await page.goto(`${site}/alerts`);
    await settled(page);
    await page.getByRole('button', { name: 'New rule' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'New rule' }).waitFor();
    await pick(page, 'Metric', 'downloads', 'Downloads');
    const mark = page.getByLabel('The mark (downloads)');
    await soon(() => mark.inputValue()).not.toBe(''); // begins with a suggestion
    const suggested = Number(await mark.inputValue());
    await tried(page);

    await mark.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(String(Math.floor(suggested * 0.7)));
    await soon(() => (previews.at(-1)?.body.condition as { threshold?: string } | undefined)?.threshold).toBe(
      String(Math.floor(suggested * 0.7)),
    );
    await tried(page);
    const { json } = previews.at(-1) as { json: PreviewJson };
    await soon(() => page.locator('.alerts-summary').textContent()).toBe(json.meta.summary);
    expect(json.meta.fired).toBeGreaterThan(0); // else this would hold of nothing
    const chart = page.locator('.alerts-preview .alerts-chart');
    expect(Number(await chart.getAttribute('data-spans'))).toBe(runs(json.series[0]?.points.map((p) => p.state) ?? []));
    expect(Number(await chart.getAttribute('data-messages'))).toBe(json.results.length);
    await expect
      .poll(() => page.locator('.alerts-summary').getAttribute('data-messages'))
      .toBe(String(json.meta.messages));
    expect(await violations(page)).toEqual([]);

    await page.getByLabel('Name', { exact: true }).focus();
    await page.keyboard.type(`${MINE} by keys`);
    await page.getByRole('button', { name: 'Make the rule' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `${MINE} by keys` }).waitFor();
    await settled(page);

    const [rule] = await mine();
    expect(rule).toMatchObject({
      name: `${MINE} by keys`,
      metric: 'downloads',
      interval: 'P1D',
      condition: { kind: 'level', side: 'high', threshold: Math.floor(suggested * 0.7), recover: null },
    });
    expect(new URL(page.url()).pathname).toBe(`/alerts/${rule?.id}`);
    expect(await violations(page)).toEqual([]);
  });

  it('keeps every field as it was typed', async () => {
    const page = await open({ timezoneId: 'Asia/Tokyo' });
    await page.goto(
      `${site}/alerts/new?metric=downloads&interval=PT1H&filter=${encodeURIComponent('version is_not null')}`,
    );
    await page.getByRole('radio', { name: 'A change is too large' }).check();
    await page.getByLabel('Against', { exact: true }).selectOption('month');
    await page.getByLabel('Compare', { exact: true }).selectOption('weekday');
    await page.getByLabel('Bad is').selectOption('low');
    await page.getByLabel('The mark (percent)').fill('-12.5');
    await page.getByLabel('Well again at').fill('-5');
    await page.getByRole('button', { name: 'product', exact: true }).click();
    await page.getByLabel('Bad for at least', { exact: true }).fill('3');
    await page.getByLabel('Well for at least', { exact: true }).fill('90');
    await page.getByLabel('Well for at least: unit').selectOption('minutes');
    await page.getByLabel('Say so again every', { exact: true }).fill('2');
    await page.getByLabel('Say so again every: unit').selectOption('days');
    await page.getByLabel('A period without a value is taken').selectOption('ok');
    await page.getByLabel('A look that fails is taken').selectOption('keep');
    await page.getByRole('radio', { name: 'Critical' }).check();
    await page.getByLabel('Topic', { exact: true }).fill('e2e');
    await page.getByLabel('Owner', { exact: true }).fill('e2e@acme.example');
    await page.getByRole('checkbox', { name: 'Whoever runs Headwater' }).check();
    await page.getByText('What can be put in').click();
    await page.getByRole('button', { name: 'Put in {value}' }).click();
    await page.getByRole('button', { name: 'Add quiet hours' }).click();
    await page.getByRole('checkbox', { name: 'Monday' }).uncheck();
    await page.getByLabel('From', { exact: true }).fill('23:30');
    await page.getByLabel('Name', { exact: true }).fill(`${MINE} whole`);
    await page.getByRole('button', { name: 'Make the rule' }).click();
    await page.getByRole('heading', { name: `${MINE} whole` }).waitFor();

    const json: unknown = (await api('GET', `/v1/alerts/${(await mine())[0]?.id}`)).json;
    expect(json).toMatchObject({
      metric: 'downloads',
      interval: 'PT1H',
      tz: 'Asia/Tokyo',
      filter: { dimension: 'version', operator: 'is_not', value: null },
      group_by: ['product'],
      condition: {
        kind: 'change',
        compare: 'month',
        match: 'weekday',
        of: 'ratio',
        side: 'low',
        threshold: -0.125,
        recover: -0.05,
      },
      for: 'PT3H',
      keep_firing_for: 'PT1H30M',
      renotify_interval: 'P2D',
      on_no_data: 'ok',
      on_error: 'keep',
      severity: 'critical',
      topic: 'e2e',
      owner: 'e2e@acme.example',
      to: ['subscribers', 'operators'],
      message: '{value}',
      mute: [{ weekdays: [2, 3, 4, 5, 6, 7], from: '23:30', until: '07:00', tz: 'Asia/Tokyo' }],
      enabled: true,
    });
  });

  it.each([
    {
      title: 'Nothing comes',
      fill: (page: Page) => page.getByRole('checkbox', { name: '0 is nothing, too' }).uncheck(),
      condition: { kind: 'no_data', zero: false },
    },
    {
      title: 'Something is unusual',
      fill: async (page: Page) => {
        await page.getByLabel('Unusual is').selectOption('low');
        await page.getByLabel('Spreads from the usual').fill('5');
        await page.getByLabel('Well again below').fill('2.5');
        await page.getByLabel('Weeks looked back').fill('4');
      },
      condition: { kind: 'anomaly', sides: 'low', sensitivity: 5, recover: 2.5, weeks: 4 },
    },
    {
      title: 'Headwater is in trouble',
      fill: async (page: Page) => {
        await page.getByLabel('Of what').fill('github_*, queue/*');
        await page.getByRole('checkbox', { name: 'late', exact: true }).check();
      },
      condition: { kind: 'incidents', subjects: ['github_*', 'queue/*'], kinds: ['late'] },
    },
  ])('makes one of each other kind: $title', async ({ title, fill, condition }) => {
    const page = await open();
    await page.goto(`${site}/alerts/new?metric=downloads`);
    await page.getByRole('radio', { name: title }).check();
    await fill(page);
    await page.getByLabel('Name', { exact: true }).fill(`${MINE} ${title}`);
    await page.getByRole('button', { name: 'Make the rule' }).click();
    await page.getByRole('heading', { name: `${MINE} ${title}` }).waitFor();

    expect((await mine())[0]?.condition).toEqual(condition);
  });

  it('says what is wrong at its field, and keeps what was typed', async () => {
    const page = await open();
    await page.goto(`${site}/alerts/new?metric=downloads`);
    await page.getByLabel('The mark (downloads)').fill('many');
    await page.getByLabel('Topic', { exact: true }).fill('No Topic');
    await page.getByLabel('In your own words').fill('{valeu}');
    await page.getByLabel('Name', { exact: true }).fill(`${MINE} wrong`);
    await page.getByRole('button', { name: 'Make the rule' }).click();

    const faultOf = async (label: string) => {
      const field = page.getByLabel(label, { exact: true });
      await soon(() => field.getAttribute('aria-invalid')).toBe('true');
      return page.locator('.form-field', { has: field }).locator('.field-problem').textContent();
    };
    expect(await faultOf('Topic')).toContain('1 to 40 of a-z');
    expect(await faultOf('In your own words')).toContain('value');
    expect(await faultOf('The mark (downloads)')).toContain('A number is needed');
    await expect.poll(() => page.getByLabel('In your own words').inputValue()).toBe('{valeu}');
    expect(await mine()).toEqual([]);
  });

  it('loses nothing when somebody else was faster', async () => {
    const { id, etag } = await make(level('raced'));
    const page = await open();
    await page.goto(`${site}/alerts/${id}/edit`);
    await page.getByLabel('Owner', { exact: true }).fill('me');
    await api('PATCH', `/v1/alerts/${id}`, { topic: 'faster' }, { 'if-match': etag });
    await page.getByRole('button', { name: 'Save the rule' }).click();

    const conflict = page.getByRole('alert').filter({ hasText: 'Somebody else was faster' });
    await soon(() => conflict.textContent()).toContain('local admin changed this rule');
    await soon(() => conflict.textContent()).toContain('(topic)');
    await expect.poll(() => page.getByLabel('Owner', { exact: true }).inputValue()).toBe('me');
    await conflict.getByRole('button', { name: 'Save mine over it' }).click();
    await page.waitForURL(`${site}/alerts/${id}`);

    expect((await api('GET', `/v1/alerts/${id}`)).json).toMatchObject({ owner: 'me', topic: 'general' });
  });

  it('asks before a changed form is left: by a link, by Back and by Forward', async () => {
    const page = await open();
    const owner = page.getByLabel('Owner', { exact: true });
    const asks = page.getByRole('dialog', { name: 'Leave without saving?' });
    const at = () => page.evaluate(() => [location.pathname, history.length]);
    await page.goto(`${site}/alerts`);
    await page.getByRole('button', { name: 'New rule' }).click();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.locator('h1', { hasText: 'Overview' }).waitFor();
    await page.goBack(); // nothing was typed: nobody asks
    await owner.fill('me');
    const before = await at();

    await page.getByRole('link', { name: 'Overview' }).click();
    await asks.getByRole('button', { name: 'Stay here' }).click();
    for (const steps of [-1, 1]) {
      await page.evaluate((n) => history.go(n), steps);
      await asks.getByRole('button', { name: 'Stay here' }).click();
      await soon(at).toEqual(before);
      await expect.poll(() => owner.inputValue()).toBe('me');
    }
    await page.evaluate(() => {
      history.back();
      setTimeout(() => history.back(), 1); // an impatient one
    });
    await asks.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.locator('h1', { hasText: 'Alerts' }).waitFor();
    expect(await at()).toEqual(['/alerts', before[1]]);
    await page.goForward();
    await expect.poll(() => owner.inputValue()).toBe(''); // it was left
    await page.goForward();
    await page.locator('h1', { hasText: 'Overview' }).waitFor();
  });

  it('snoozes and wakes, switches off and on, copies and deletes', async () => {
    const { id } = await make(level('snoozed'));
    const page = await open({ timezoneId: 'Europe/Berlin' });
    const rule = async () => (await api('GET', `/v1/alerts/${id}`)).json as { snoozed_until: string; enabled: boolean };
    await page.goto(`${site}/alerts/${id}`);
    await page.getByRole('button', { name: 'Snooze', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Until tomorrow morning' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Wake', exact: true }).waitFor();
    const wall = new Date((await rule()).snoozed_until).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' });
    expect(wall).toBe('08:00:00');
    await page.getByRole('button', { name: 'Wake', exact: true }).click();
    await soon(async () => (await rule()).snoozed_until).toBeNull();

    const more = page.getByRole('button', { name: `More of ${MINE} snoozed` });
    await more.click();
    await page.getByRole('menuitem', { name: 'Switch off' }).click();
    await soon(async () => (await rule()).enabled).toBe(false);
    await page.getByText('It is switched off').waitFor();
    await more.click();
    await page.getByRole('menuitem', { name: 'Switch on' }).click();
    await soon(async () => (await rule()).enabled).toBe(true);

    await more.click();
    await page.getByRole('menuitem', { name: 'Make one like it' }).click();
    await page.getByLabel('Name', { exact: true }).fill(`${MINE} copied`);
    await page.getByRole('button', { name: 'Make the rule' }).click();
    await page.getByRole('heading', { name: `${MINE} copied` }).waitFor();
    expect((await mine()).map(({ condition }) => condition.threshold)).toEqual([1_000_000, 1_000_000]);

    await page.getByRole('button', { name: `More of ${MINE} copied` }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete the rule' }).click();
    await page.waitForURL(`${site}/alerts`);
    expect((await mine()).map(({ name }) => name)).toEqual([`${MINE} snoozed`]);
  });

  it('shows what the API says of every rule, and finds them by state and words', async () => {
    const page = await open();
    await page.goto(`${site}/alerts`);
    await settled(page);
    const json: unknown = (await api('GET', '/v1/alerts?limit=500')).json;
    const rules = (json as { results: { id: string; name: string; state: { phase: string | null } }[] }).results;
    const rows = page.locator('tr[data-key]');
    await expect.poll(() => rows.count()).toBe(rules.length);
    const words: Record<string, string> = {
      normal: 'OK',
      firing: 'Firing',
      pending: 'Pending',
      no_data: 'No data',
      error: 'Error',
    };
    for (const { id, name, state } of rules) {
      const row = page.locator(`tr[data-key="${id}"]`);
      await expect.poll(() => row.textContent()).toContain(name);
      if (state.phase && words[state.phase])
        await expect.poll(() => row.locator('.badge').first().textContent()).toContain(words[state.phase]);
    }
    await page.getByRole('searchbox').fill(rules[0]?.name ?? '');
    await soon(() => rows.count()).toBeGreaterThan(0);
    await expect.poll(() => rows.first().textContent()).toContain(rules[0]?.name);
    expect(new URL(page.url()).searchParams.get('q')).toBe(rules[0]?.name);
  });

  it('shows incidents as the API does, each with its runbook', async () => {
    const page = await open();
    await page.goto(`${site}/alerts/incidents`);
    await settled(page);
    const json: unknown = (await api('GET', '/v1/incidents?state=open&limit=500')).json;
    const openOnes = (json as { results: { summary: string; runbook: string }[] }).results;
    await expect.poll(() => page.locator('.alerts-incident').count()).toBe(openOnes.length);
    if (openOnes.length === 0) await page.getByText('Nothing is in trouble.').waitFor();
    for (const { summary, runbook } of openOnes)
      expect(
        await page
          .getByRole('link', { name: `Runbook: ${summary}` })
          .first()
          .getAttribute('href'),
      ).toBe(runbook);
    expect(await violations(page)).toEqual([]);
  });

  it.each([390, 1440])('shows hostile names as text, at %i pixels', async (width) => {
    const names = ['<img src=x onerror=alert(1)><b>', 'عربي ‮ab', '🚨👩‍👩‍👧‍👦', 'x'.repeat(80 - MINE.length - 1)];
    const made = [];
    for (const name of names) {
      const answer = await api('POST', '/v1/alerts', level(name, { owner: 'w'.repeat(120) }), {
        'idempotency-key': crypto.randomUUID(),
      });
      if (answer.status === 201) made.push(answer.json as RuleJson);
    }
    expect(made.length).toBeGreaterThan(1); // the API itself refuses what cannot be printed
    const page = await open({ viewport: { width, height: 900 } });
    let asked = false;
    page.on('dialog', (dialog) => {
      asked = true;
      void dialog.dismiss();
    });
    await page.goto(`${site}/alerts?q=${encodeURIComponent(MINE)}`);
    await settled(page);
    for (const { name } of made) expect(await page.locator('.alerts-rule a', { hasText: name }).count()).toBe(1);
    await expect.poll(() => page.locator('main img, main b').count()).toBe(0);
    expect(await overflows(page)).toBe(false);
    for (const { id, name } of made) {
      await page.goto(`${site}/alerts/${id}`);
      await settled(page);
      await expect.poll(() => page.locator('h1').textContent()).toBe(name);
      expect(await overflows(page)).toBe(false);
    }
    expect(asked).toBe(false);
  });

  it.each([
    ['light', 1440],
    ['dark', 390],
  ] as const)('is accessible in %s at %i pixels', async (colorScheme, width) => {
    const { id } = await make(level('looked at'));
    const page = await open({ colorScheme, viewport: { width, height: 900 } });
    for (const path of ['/alerts', '/alerts/incidents', `/alerts/${id}`, `/alerts/${id}/edit`]) {
      await page.goto(site + path);
      await settled(page);
      expect([path, await violations(page)]).toEqual([path, []]);
      expect([path, await overflows(page)]).toEqual([path, false]);
    }
  });

  it('lets whoever only reads try a rule, and says who may make one', async () => {
    const page = await open();
    await page.goto(`${site}/alerts/new?metric=downloads#token=${endpoints.token}`);
    await tried(page);

    await page.getByText('Rules are made and changed by administrators').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Make the rule' }).count()).toBe(0);
  });
});
