/** What fires and what people were told of it: the overview, the rule, its history and the list of messages say what
 * the API says, on the demo's own rule that fires by its own numbers. */

import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { api, deployed, overflows, settled, site, useBrowser, violations } from './deployed.ts';

interface RuleJson {
  id: string;
  name: string;
  metric: string;
  to: string[];
  condition: { threshold: number };
  snoozed_until: string | null;
  state: { groups: { value: string }[] };
}

interface MessageJson {
  key: string;
  id: string;
  subject: string;
  text: string;
  deliveries: { to: string; state: string }[];
}

async function listed<T>(path: string): Promise<T[]> {
  const answer = await api('GET', path);
  expect([path, answer.status]).toEqual([path, 200]);
  return (answer.json as { results: T[] }).results;
}

/** All of a rule's history: its pages are of two weeks each, and can be empty. */
async function historyOf({ id }: RuleJson): Promise<MessageJson[]> {
  const found: MessageJson[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path = `/v1/alerts/${id}/history?limit=50${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const { results, meta } = (await api('GET', path)).json as {
      results: MessageJson[];
      meta: { next_cursor: string | null };
    };
    found.push(...results);
    cursor = meta.next_cursor;
  }
  return found;
}

const snooze = (rule: RuleJson, until: string | null) => api('POST', `/v1/alerts/${rule.id}/snooze`, { until });
const keysOf = (page: Page) =>
  page.locator('tr[data-key]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-key')));
const line = (page: Page, { id }: RuleJson) => page.locator(`[data-kind=alerts] .line[data-key="rule ${id}"]`);

describe.skipIf(!deployed)('what fires', () => {
  const { open } = useBrowser();
  let rule: RuleJson;
  beforeAll(async () => {
    // The evaluator looks once a minute; the demo's own rule tells a channel, and those of other tests do not.
    for (;;) {
      const firing = await listed<RuleJson>('/v1/alerts?phase=firing&limit=500');
      const found = firing.find(({ metric, to }) => metric && to.includes('channel:growth'));
      if (found) {
        rule = found;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
  }, 100_000);
  afterEach(async () => {
    await snooze(rule, null);
  });

  it('is on the overview with its number, and leads to what was told and to the numbers', async () => {
    const page = await open();
    await page.goto(`${site}/overview`);
    const value = Number(rule.state.groups[0]?.value).toLocaleString('en-GB', { maximumFractionDigits: 2 });
    await expect.poll(() => line(page, rule).textContent()).toContain(`Firing${rule.name}`);
    expect(await line(page, rule).textContent()).toContain(
      `: ${value}, where at most ${rule.condition.threshold} is bad`,
    );

    await line(page, rule).getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: rule.name }).waitFor();
    await expect.poll(() => page.locator('.alerts-now.bad .badge').first().textContent()).toContain('Firing');
    await expect.poll(() => page.locator('.alerts-now .alerts-group').textContent()).toContain(value);

    const told = await historyOf(rule);
    expect(told[0]?.id).toMatch(/fired$/);
    await page.locator('.alerts-message').first().waitFor();
    await settled(page);
    const shown = page.locator('.alerts-message');
    const ids = await shown.evaluateAll((all) => all.map((one) => one.getAttribute('data-id')));
    expect(ids).toEqual(told.slice(0, ids.length).map(({ id }) => id)); // it looks no further back than the newest
    await expect.poll(() => shown.first().locator('.alerts-message-subject').textContent()).toBe(told[0]?.subject);
    expect(
      await shown
        .first()
        .locator('[data-to]')
        .evaluateAll((all) => all.map((one) => one.getAttribute('data-to'))),
    ).toEqual(told[0]?.deliveries.map(({ to }) => to));
    expect(Number(await page.locator('.alerts-chart').getAttribute('data-messages'))).toBeGreaterThan(0);
    expect(await violations(page)).toEqual([]);

    const numbers = /Numbers: \S+?(\/explore\?\S+)/.exec(told[0]?.text ?? '')?.[1] ?? '';
    await page.goto(site + numbers);
    await settled(page);
    await page.locator('.chart[data-drawn=yes]').first().waitFor();
    expect(new URL(page.url()).searchParams.get('metrics')).toBe(rule.metric);
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  });

  it('is snoozed by keys alone, said so on the overview, and speaks again', async () => {
    const page = await open();
    await page.goto(`${site}/alerts?phase=firing`);
    await settled(page);
    const more = page.getByRole('button', { name: `More of ${rule.name}` });
    await more.focus();
    await page.keyboard.press('Enter');
    const item = page.getByRole('menuitem', { name: /^Snooze/ });
    await item.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Snooze' });
    await dialog.getByRole('button', { name: 'Until tomorrow morning' }).focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    const until = async () => ((await api('GET', `/v1/alerts/${rule.id}`)).json as RuleJson).snoozed_until;
    expect(Date.parse((await until()) ?? '')).toBeGreaterThan(Date.now());
    await page.locator(`tr[data-key="${rule.id}"] .badge`, { hasText: 'Snoozed until' }).waitFor();

    await page.goto(`${site}/overview`);
    await line(page, rule).locator('.badge', { hasText: 'Snoozed' }).waitFor();

    await line(page, rule).getByRole('link').click();
    await page.getByRole('button', { name: 'Wake', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Snooze', exact: true }).waitFor();
    expect(await until()).toBeNull();
  });
});

describe.skipIf(!deployed)('messages', () => {
  const { open } = useBrowser();

  it('are those of the API, by kind and by days, and open by keys with the words that were sent', async () => {
    const page = await open();
    await page.goto(`${site}/messages`);
    await settled(page);
    const own = (shown: (string | null)[], told: MessageJson[]) => {
      // Others' tests put messages meanwhile: the list is one of an instant between two answers.
      const known = new Set(shown);
      return told.map(({ key }) => key).filter((key) => known.has(key));
    };
    const shown = await keysOf(page);
    expect(shown.length).toBeGreaterThan(0);
    expect(own(shown, await listed<MessageJson>('/v1/messages?limit=100'))).toEqual(shown);

    await page.getByRole('radio', { name: '31 days' }).check({ force: true });
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('alert');
    await page.waitForURL(/kind=alert/);
    await settled(page);
    const from = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
    const alerts = await keysOf(page);
    expect(alerts.length).toBeGreaterThan(0);
    expect(own(alerts, await listed<MessageJson>(`/v1/messages?limit=100&kind=alert&from=${from}`))).toEqual(alerts);

    const [key] = alerts;
    const message = (await api('GET', `/v1/messages/${key}`)).json as MessageJson;
    const opener = page.locator(`tr[data-key="${key}"]`).getByRole('button', { name: message.subject });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: message.subject });
    await dialog.locator('.message-text').waitFor();
    await expect.poll(() => dialog.locator('.message-text').textContent()).toBe(message.text);
    expect(
      await dialog.locator('[data-to]').evaluateAll((all) => all.map(({ dataset }) => [dataset.to, dataset.state])),
    ).toEqual(message.deliveries.map(({ to, state }) => [to, state]));
    expect(new URL(page.url()).searchParams.get('message')).toBe(key);
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflows(page)).toBe(false);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.has('message')).toBe(false);
    await expect.poll(() => opener.evaluate((button) => button === document.activeElement)).toBe(true);
  });
});
