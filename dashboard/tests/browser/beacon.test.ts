/** `b.js` in a real browser, on a page of another origin than the one that takes beacons. */

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { DIST, launch } from './browser.ts';

interface Beacon {
  id: string;
  kind: string;
  view: string;
  at: number;
  url: string;
  referrer?: string;
  target?: string;
  title?: string;
  name?: string;
  duration_ms?: number;
  properties?: Record<string, unknown>;
  first_party_id?: string;
  first_seen?: string;
}

const PIXEL = Buffer.from('474946383961010001000000002c00000000010001000002024401003b', 'hex');
const SCRIPT = join(DIST, 'b.js');

let browser: Browser;
let collector: Server;
let pages: Server;
let to: string;
let site: string;
/** Every request to the collector: its method, and what it said. */
let requests: { method: string; type: string; cookie: string; events: Beacon[] }[] = [];
/** Statuses of the next answers; 202 when there is none. */
let answers: number[] = [];

beforeAll(async () => {
  browser = await launch();
  collector = createServer((request, response) => void collect(request, response));
  to = await listen(collector);
  pages = createServer((request, response) => {
    const attributes = new URL(request.url ?? '/', to).searchParams.get('script') ?? '';
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><title>A page</title><body>
      <script>window.headwater = window.headwater || function () { (headwater.q = headwater.q || []).push(arguments) };
      if (location.pathname === '/early') headwater('early_bird', { worm: true });</script>
      <script defer src="${to}/b.js" ${attributes}></script>
      <a id="out" target="_blank" href="${to}/elsewhere?secret=1#part">elsewhere</a>
      <a id="file" download href="/files/tool.zip?secret=1">file</a>
      <a id="next" href="/next">next</a><a id="mail" href="mailto:ada@acme.example">mail</a>`);
  });
  site = await listen(pages);
});

afterAll(async () => {
  await browser.close();
  for (const server of [collector, pages]) {
    server.closeAllConnections();
    server.close();
  }
});

beforeEach(() => {
  requests = [];
  answers = [];
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${String(address.port)}`;
}

async function collect(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('access-control-allow-origin', '*');
  if (request.url === '/b.js') {
    response.setHeader('content-type', 'text/javascript');
    response.end(readFileSync(SCRIPT));
    return;
  }
  if (request.url === '/pixel.gif') {
    response.setHeader('content-type', 'image/gif');
    response.end(PIXEL);
    return;
  }
  if (request.url !== '/api/b') {
    response.end();
    return;
  }
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const said = JSON.parse(Buffer.concat(parts).toString()) as { sent: number; events: Beacon[] };
  expect(said.sent).toBeGreaterThan(1_700_000_000_000);
  const { 'content-type': type = '', cookie = '' } = request.headers;
  requests.push({ method: request.method ?? '', type, cookie, events: said.events });
  response.statusCode = answers.shift() ?? 202;
  response.end('{}');
}

const events = (kind?: string) =>
  requests.flatMap((request) => request.events).filter((event) => !kind || event.kind === kind);

async function open(path = '/', setup?: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await setup?.(page);
  await page.goto(site + path);
  return page;
}

const arrived = (kind: string, count = 1) => expect.poll(() => events(kind).length).toBeGreaterThanOrEqual(count);

it('weighs less than 2 KB gzipped', () => {
  const size = gzipSync(readFileSync(SCRIPT)).length;
  console.log('b.js, gzipped bytes:', size);

  expect(size).toBeLessThan(2048);
});

it('sends a view without a preflight, a cookie, or what addresses hide', async () => {
  const page = await open('/a?utm_source=news&email=ada@acme.example#part');
  await arrived('view');

  const [view] = events('view');
  expect(view).toMatchObject({ url: `${site}/a?utm_source=news`, title: 'A page', referrer: '' });
  expect(view?.view).toBe(view?.id);
  expect(requests.map(({ method, cookie }) => [method, cookie])).toEqual([['POST', '']]);
  expect(requests[0]?.type).toMatch(/^text\/plain/);
  expect(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length])).toEqual(['', 0, 0]);
});

it('follows a single-page app, with the time of each of its pages', async () => {
  const page = await open('/one');
  await arrived('view');
  await page.waitForTimeout(120);
  await page.evaluate(() => history.pushState({}, '', '/two?q=secret'));
  await page.evaluate(() => history.replaceState({}, '', '/two?q=other'));
  await page.goBack();
  await arrived('view', 3);

  const views = events('view');
  expect(views.map((view) => view.url)).toEqual(['/one', '/two', '/one'].map((path) => site + path));
  expect(views[1]?.referrer).toBe(`${site}/one`);
  const [first] = events('engagement');
  expect(first?.view).toBe(views[0]?.id);
  expect(first?.url).toBe(`${site}/one`);
  expect(first?.duration_ms).toBeGreaterThan(100);
});

it('says at the end for how long a page was looked at', async () => {
  const page = await open('/a');
  await arrived('view');
  await page.waitForTimeout(200);
  await page.click('#next');
  await arrived('engagement');

  const [time] = events('engagement');
  expect(time?.view).toBe(events('view')[0]?.id);
  expect(time?.duration_ms).toBeGreaterThan(150);
  expect(time?.duration_ms).toBeLessThan(20_000);
  await arrived('view', 2);
  expect(events('view')[1]?.referrer).toBe(`${site}/a`);
});

it('hands over what happened when the tab is closed', async () => {
  const page = await open('/a');
  await arrived('view');
  await page.waitForTimeout(100);
  await page.close({ runBeforeUnload: true });
  await arrived('engagement');
});

it('tells links to other hosts and downloads, and no others', async () => {
  const page = await open('/a');
  await arrived('view');
  await page.click('#out');
  await page.click('#file');
  await page.evaluate(() => document.querySelector<HTMLElement>('#mail')?.click());
  await arrived('download');

  expect(events('outbound').map((event) => event.target)).toEqual([`${to}/elsewhere`]);
  expect(events('download').map((event) => event.target)).toEqual([`${site}/files/tool.zip`]);
});

it('takes events of the page, also those from before it was there', async () => {
  const page = await open('/early');
  await page.evaluate(() => window.headwater?.('signed_up', { plan: 'team', seats: 3 }));
  await arrived('event', 2);

  expect(events('event').map(({ name, properties }) => [name, properties])).toEqual([
    ['early_bird', { worm: true }],
    ['signed_up', { plan: 'team', seats: 3 }],
  ]);
});

it.each(['doNotTrack', 'globalPrivacyControl'])('sends nothing with %s', async (wish) => {
  const page = await open('/early', (page) =>
    page.addInitScript((name) => {
      Object.defineProperty(navigator, name, { get: () => (name === 'doNotTrack' ? '1' : true) });
    }, wish),
  );
  await page.evaluate(() => window.headwater?.('signed_up'));
  await page.evaluate(() => history.pushState({}, '', '/two'));
  await page.click('#file');
  await page.waitForTimeout(300);
  await page.goto('about:blank');
  await page.waitForTimeout(300);

  expect(requests).toEqual([]);
});

it.each([503, 429])('tries once more after a %d, with the same ids', async (status) => {
  answers = [status];
  await open('/a');
  await expect.poll(() => requests.length, { timeout: 10_000 }).toBe(2);

  const [first, second] = requests.map((request) => request.events.map((event) => event.id));
  expect(second).toEqual(first);
  expect(first).toHaveLength(1);
});

it('does not try for ever', async () => {
  answers = [503, 503, 503, 503];
  const page = await open('/a');
  await expect.poll(() => requests.length, { timeout: 10_000 }).toBe(2);
  await page.waitForTimeout(3_500);

  expect(requests).toHaveLength(2);
});

it('does not send again what was refused', async () => {
  answers = [403];
  const page = await open('/a');
  await arrived('view');
  await page.waitForTimeout(3_500);

  expect(requests).toHaveLength(1);
});

it('keeps an id in the browser only where the page says so', async () => {
  const page = await open('/a?script=data-id');
  await arrived('view');
  await page.goto(`${site}/b?script=data-id`);
  await arrived('view', 2);

  const [first, second] = events('view');
  expect(first?.first_party_id).toMatch(/^[0-9a-f]{24}$/);
  expect(second?.first_party_id).toBe(first?.first_party_id);
  expect(second?.first_seen).toBe(new Date().toISOString().slice(0, 10));
});

it('knows the pixel for a picture', async () => {
  const page = await open('/a');
  const size = await page.evaluate(async (url) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  }, `${to}/pixel.gif`);

  expect(size).toEqual([1, 1]);
});
