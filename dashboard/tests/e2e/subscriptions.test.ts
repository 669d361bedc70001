/** A subscription from the site to the mailbox and back: asked for, said yes to, changed, its digest sent now, and ended
 * by the mail's own link with the keyboard alone. Mail is sent once a minute, so this takes its time; meanwhile a channel
 * is tried and told of a report, which the same minute brings. */

import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { api, deployed, endpoints, settled, site, useBrowser, violations } from './deployed.ts';

const MINE = `e2e.site.${Date.now()}@acme.example`;
const CHANNEL = `e2e-told-${Date.now()}`;
/** The channel of the stand-in's webhook. */
const SLACK = 'C0000000001';
const HOSTILE = `<img src=x onerror=alert(1)><b>عربي 🚨 ${CHANNEL}`;
const MAIL_MS = 150_000;
/** What was asked for is there when the API has answered, which a busy machine does in its own time. */
const soon = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 20_000 });

interface Mail {
  subject: string;
  message: string;
}

interface Mine {
  id: string;
  address: string;
  state: string;
  alerts: string[];
  digest: { metrics: string[]; cadence: string } | null;
}

async function mine(): Promise<Mine | undefined> {
  const json: unknown = (await api('GET', '/v1/subscriptions?limit=500')).json;
  return (json as { results: Mine[] }).results.find(({ address }) => address === MINE);
}

/** What has come to an address or a channel, by a part of its subject. */
async function mail(subject: string, to = MINE): Promise<Mail> {
  let found: Mail | undefined;
  const look = async () => {
    const response = await fetch(`${endpoints.outbox}mail?to=${encodeURIComponent(to)}`);
    const { mail: all } = (await response.json()) as { mail: Mail[] };
    found = all.find((one) => one.subject.includes(subject));
    return found !== undefined;
  };
  await expect.poll(look, { timeout: MAIL_MS, interval: 2_000 }).toBe(true);
  return found as Mail;
}

function linkIn({ message }: Mail, purpose: string): string {
  const [link] = new RegExp(`https?://\\S+/subscriptions/${purpose}/[^\\s>)]+`).exec(message) ?? [];
  if (!link) throw new Error(`no link to ${purpose} in ${message}`);
  return link;
}

/** Set a channel up that leads to Slack's stand-in, try it on the site by keys, and have a report told to it. */
async function tellChannel(page: Page): Promise<void> {
  const url = `${endpoints.outside_world}/slack/services/T0000/B0000/local`;
  expect((await api('POST', '/v1/channels', { name: CHANNEL, kind: 'slack_webhook', url })).status).toBe(201);
  await page.goto(`${site}/channels`);
  await page.getByRole('button', { name: new RegExp(`^Try it.*${CHANNEL}`) }).focus();
  await page.keyboard.press('Enter');
  await page.getByText(`On its way to ${CHANNEL}`).waitFor();
  const report = {
    name: CHANNEL,
    title: HOSTILE,
    format: 'xlsx',
    schedule: { cadence: 'monthly', hour: 8, zone: 'UTC', day: 1 },
    to: [`channel:${CHANNEL}`],
    parts: [{ title: 'Downloads', query: { metrics: ['downloads'], range: 'last_week' } }],
  };
  expect((await api('POST', '/v1/reports', report)).status).toBe(201);
  expect((await api('POST', `/v1/reports/${CHANNEL}/runs`, { send: true })).status).toBe(202);
}

/** Both have come, and are in the list of messages as they were sent: names from outside as text. */
async function seeChannelTold(page: Page): Promise<void> {
  await mail(CHANNEL, SLACK);
  await page.locator(`tr[data-key="${CHANNEL}"] .tried [data-state=sent]`).waitFor(); // it says so by itself
  await mail(HOSTILE, SLACK);
  await page.goto(`${site}/messages`);
  await settled(page);
  const rowOf = (subject: string) => page.locator('tr[data-key]', { hasText: subject });
  for (const subject of [`A test of the channel '${CHANNEL}'`, HOSTILE])
    await rowOf(subject).locator(`[data-to="channel:${CHANNEL}"][data-state=sent]`).waitFor();
  await rowOf(HOSTILE).locator('.message-what').getByRole('button').click();
  await page.getByRole('dialog').locator('.message-text', { hasText: HOSTILE }).waitFor();
  await expect.poll(() => page.locator('main :is(img, b)').count()).toBe(0);
}

async function remove(path: string): Promise<void> {
  const { status, headers } = await api('GET', path);
  if (status === 200) await api('DELETE', path, undefined, { 'if-match': headers.get('etag') ?? '' });
}

async function pressByKeys(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement?.textContent)) === name) break;
  }
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(name);
  await page.keyboard.press('Enter');
}

describe.skipIf(!deployed)('subscriptions', () => {
  const { open } = useBrowser();
  afterEach(async () => {
    await remove(`/v1/reports/${CHANNEL}`);
    await remove(`/v1/channels/${CHANNEL}`);
    const left = await mine();
    if (left && left.state !== 'unsubscribed') await remove(`/v1/subscriptions/${left.id}`);
  });

  it(
    'is asked for, said yes to, changed, told its digest, and ended by its mail by keys alone',
    async () => {
      const page = await open();
      const channels = await open();
      await tellChannel(channels);
      await page.goto(`${site}/subscriptions?new=yes`);
      await settled(page);
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('radio', { name: 'HTML e-mail' }).check({ force: true });
      await dialog.getByLabel('E-mail address').fill(MINE);
      await dialog.getByLabel('Of every rule').uncheck();
      await dialog.getByLabel('A digest of numbers').check();
      await dialog.getByRole('radio', { name: 'Every day' }).check({ force: true });
      const metric = dialog.getByRole('combobox', { name: 'Add a metric' });
      await metric.focus();
      await page.keyboard.type('downloads');
      await page.getByRole('option', { name: 'Downloads' }).first().click();
      expect(await violations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Ask them' }).click();
      await dialog.waitFor({ state: 'detached' });
      const asked = await mine();
      expect(asked).toMatchObject({ state: 'pending', digest: { cadence: 'daily', metrics: ['downloads'] } });

      const reader = await open();
      await reader.goto(linkIn(await mail('Please confirm'), 'confirm'));
      await pressByKeys(reader, 'Yes, send them');
      await soon(async () => (await mine())?.state).toBe('confirmed');

      await page.goto(`${site}/subscriptions/${asked?.id}`);
      await settled(page);
      await page.getByText('Subscribed', { exact: true }).waitFor();
      await page.getByLabel('Of every rule').check();
      await page.getByRole('button', { name: 'Save' }).click();
      await soon(async () => (await mine())?.alerts).toEqual(['*']);
      const letter = (await api('GET', `/v1/subscriptions/${asked?.id}/digest`)).json as { digest: { text: string } };
      await expect.poll(() => page.getByLabel('Text of the digest').textContent()).toBe(letter.digest.text);
      await page.getByRole('button', { name: 'Send it now' }).click();
      expect(await violations(page)).toEqual([]);

      await seeChannelTold(channels);
      const digest = await mail('digest');
      expect(digest.message).toContain('Downloads');
      await reader.goto(linkIn(digest, 'unsubscribe'));
      await pressByKeys(reader, 'Stop all of them');
      await reader.getByRole('heading', { name: 'You are unsubscribed' }).waitFor();
      expect((await mine())?.state).toBe('unsubscribed');
    },
    2 * MAIL_MS,
  );
});
