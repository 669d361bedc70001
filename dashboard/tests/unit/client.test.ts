import { describe, expect, it } from 'vitest';
import { ApiProblem, createClient, fileName } from '../../src/api/client.ts';

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

interface Sent {
  url: string;
  init: RequestInit;
}

function server(...replies: (() => Response)[]) {
  const sent: Sent[] = [];
  const fetcher = ((url: string, init: RequestInit) => {
    sent.push({ url, init });
    const reply = replies[Math.min(sent.length, replies.length) - 1];
    return Promise.resolve().then(reply);
  }) as typeof fetch;
  return { sent, fetcher };
}

const signal = () => new AbortController().signal;
const never = () => Promise.resolve(null);
const header = (sent: Sent | undefined, name: string) => (sent?.init.headers as Record<string, string>)[name];

describe('a question', () => {
  it('is a GET by its path, and a POST with its body', async () => {
    const { sent, fetcher } = server(() => json({ results: [] }, 200, { etag: '"7"' }));
    const client = createClient('/api', () => 't', fetcher, never);

    const reply = await client.ask({ path: '/v1/metrics' }, signal());
    await client.ask({ path: '/v1/query', body: { metrics: ['a'] } }, signal());

    expect(reply).toEqual({ status: 200, json: { results: [] }, etag: '"7"', location: null });
    expect(sent.map(({ url, init }) => [url, init.method ?? 'GET', init.body])).toEqual([
      ['/api/v1/metrics', 'GET', undefined],
      ['/api/v1/query', 'POST', '{"metrics":["a"]}'],
    ]);
    expect(header(sent[0], 'authorization')).toBe('Bearer t');
  });

  it('that is refused is asked once more with the token that is given for it', async () => {
    const { sent, fetcher } = server(
      () => json({ title: 'Unauthorized', detail: 'It is over.' }, 401),
      () => json({ results: [1] }),
    );
    const why: string[] = [];
    const client = createClient(
      '/api',
      () => 'old',
      fetcher,
      (reason) => {
        why.push(reason);
        return Promise.resolve('new');
      },
    );

    const reply = await client.ask({ path: '/v1/x' }, signal());

    expect(reply.json).toEqual({ results: [1] });
    expect(why).toEqual(['It is over.']);
    expect(sent.map((one) => header(one, 'authorization'))).toEqual(['Bearer old', 'Bearer new']);
  });

  it('that is refused for good is a problem, and is not asked again', async () => {
    const { sent, fetcher } = server(() => json({ title: 'Unauthorized', detail: 'No.' }, 401));
    const client = createClient('/api', () => 'old', fetcher, never);

    await expect(client.ask({ path: '/v1/x' }, signal())).rejects.toMatchObject({ status: 401, detail: 'No.' });
    expect(sent).toHaveLength(1);
  });
});

describe('a problem', () => {
  it('has each fault with its place and what was meant', async () => {
    const errors = [
      { parameter: 'metrics[0]', detail: 'Unknown.', suggestion: 'stars', line: 2, column: 5 },
      { parameter: 7, detail: 'not a fault' },
    ];
    const { fetcher } = server(() => json({ title: 'Bad Request', detail: 'Wrong.', errors }, 400));
    const client = createClient('/api', () => 't', fetcher, never);

    const problem: unknown = await client.ask({ path: '/' }, signal()).catch((error: unknown) => error);

    expect(problem).toBeInstanceOf(ApiProblem);
    expect((problem as ApiProblem).errors).toEqual([
      { parameter: 'metrics[0]', detail: 'Unknown.', suggestion: 'stars', line: 2, column: 5 },
    ]);
    expect((problem as ApiProblem).passing).toBe(false);
  });

  it.each([
    [429, true],
    [503, true],
    [403, false],
  ])('of %i passes: %s', async (status, passing) => {
    const { fetcher } = server(() => json({}, status, { 'retry-after': '3' }));
    const client = createClient('/api', () => 't', fetcher, never);

    await expect(client.ask({ path: '/' }, signal())).rejects.toMatchObject({ passing, retryAfterSeconds: 3 });
  });

  it('is one too when nobody answers, and when the answer is not JSON', async () => {
    const silent = server(() => {
      throw new TypeError('failed');
    });
    const garbled = server(() => new Response('<html>'));

    const ask = (fetcher: typeof fetch) => createClient('/api', () => 't', fetcher, never).ask({ path: '/' }, signal());

    await expect(ask(silent.fetcher)).rejects.toMatchObject({ status: 0, passing: true });
    await expect(ask(garbled.fetcher)).rejects.toMatchObject({ title: 'Not an answer' });
  });
});

it('a change says what it has seen, and by which key it may be repeated', async () => {
  const { sent, fetcher } = server(() => new Response(null, { status: 204 }));
  const client = createClient('/api', () => 't', fetcher, never);

  const reply = await client.change({
    method: 'PUT',
    path: '/v1/a',
    body: { n: 1 },
    ifMatch: '"3"',
    idempotencyKey: 'k',
  });

  expect(reply).toMatchObject({ status: 204, json: null });
  expect(header(sent[0], 'if-match')).toBe('"3"');
  expect(header(sent[0], 'idempotency-key')).toBe('k');
});

it('a file is called what the API calls it', () => {
  expect(fileName('attachment; filename="downloads.csv"')).toBe('downloads.csv');
  expect(fileName(null)).toBeNull();
});
