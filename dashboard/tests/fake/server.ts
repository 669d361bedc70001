/** The built site and the API made for tests on one origin, with the headers that CloudFront adds. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answer, type Scenario } from './api.ts';

/** The policy of `infra/template.yaml`; `tests/browser/bundle.test.ts` holds the two together. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist');

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface FakeSite {
  readonly url: string;
  /** How the API behaves from now on. */
  scenario: Scenario;
  /** Null: config.json gives no token, as in AWS. */
  token: string | null;
  readonly now: Date;
  /** Every request to the API: its path, and how it was answered. */
  readonly log: { path: string; status: number }[];
  close(): Promise<void>;
}

export async function startFakeSite(port = 0, now = new Date('2026-11-22T16:20:00Z')): Promise<FakeSite> {
  const state = { scenario: 'fine' as Scenario, token: 'local-token' as string | null, log: [] as FakeSite['log'] };
  if (!existsSync(join(DIST, 'index.html'))) throw new Error(`${DIST} is not built: run make site first`);
  const server = createServer((request, response) => {
    void respond(request, response, state, now);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return Object.assign(state, {
    url: `http://127.0.0.1:${String(address.port)}`,
    now,
    close: () => stop(server),
  });
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  state: Pick<FakeSite, 'scenario' | 'token' | 'log'>,
  now: Date,
): Promise<void> {
  response.setHeader('content-security-policy', POLICY);
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/config.json') {
    const auth = { mode: 'token', ...(state.token ? { token: state.token } : {}) };
    send(response, 200, { 'content-type': 'application/json' }, JSON.stringify({ api: '/api', auth }));
  } else if (url.pathname.startsWith('/api/')) await respondApi(request, response, state, now, url);
  else await respondFile(response, url.pathname);
}

async function respondApi(
  request: IncomingMessage,
  response: ServerResponse,
  state: Pick<FakeSite, 'scenario' | 'log'>,
  now: Date,
  url: URL,
): Promise<void> {
  if (state.scenario === 'hanging') return;
  if (state.scenario === 'slow') await new Promise((resolve) => setTimeout(resolve, 6_000));
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
  const reply = answer(url, token, state.scenario, now);
  const body = JSON.stringify(reply.body);
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
  const unchanged = reply.status === 200 && request.headers['if-none-match'] === etag;
  state.log.push({ path: url.pathname + url.search, status: unchanged ? 304 : reply.status });
  const headers = {
    'content-type': 'application/json',
    'cache-control': 'private, no-cache',
    ...(reply.status === 200 ? { etag } : {}),
    ...reply.headers,
  };
  send(response, unchanged ? 304 : reply.status, headers, unchanged ? '' : body);
}

async function respondFile(response: ServerResponse, path: string): Promise<void> {
  const file = join(DIST, normalize(path === '/' ? '/index.html' : path));
  try {
    const body = await readFile(file);
    send(response, 200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }, body);
  } catch {
    send(response, 404, { 'content-type': 'text/plain' }, 'not found');
  }
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: string | Buffer): void {
  response.writeHead(status, headers);
  response.end(body);
}
