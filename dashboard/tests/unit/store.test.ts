import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem, type Ask, type Client, type Reply } from '../../src/api/client.ts';
import { keyOf, REFRESH_MS, retryDelay, Store } from '../../src/api/store.ts';

const reply = (json: unknown): Reply => ({ status: 200, json, etag: null, location: null });
const QUESTION: Ask = { path: '/v1/query', body: { metrics: ['a'] } };
const KEY = keyOf(QUESTION);

/** A client whose answers come when the test says so. */
function slowClient() {
  const asked: { ask: Ask; signal: AbortSignal; answer: (r: Reply) => void; fail: (e: unknown) => void }[] = [];
  const client = {
    ask: (ask: Ask, signal: AbortSignal) =>
      new Promise<Reply>((answer, fail) => {
        asked.push({ ask, signal, answer, fail });
      }),
  } as Client;
  return { asked, client };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  const target = new EventTarget();
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target));
  vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('a question that several ask', () => {
  it('is one request, and its answer is for all', async () => {
    const { asked, client } = slowClient();
    const store = new Store(client);
    const told = [vi.fn(), vi.fn()];
    const ends = told.map((listener) => store.listen(QUESTION, REFRESH_MS, listener));

    asked[0]?.answer(reply(1));
    await settle();

    expect(asked).toHaveLength(1);
    expect(store.standing(KEY)).toMatchObject({ reply: { json: 1 }, loading: false, error: null });
    for (const listener of told) expect(listener).toHaveBeenCalled();
    for (const end of ends) end();
  });

  it('tells who begins to listen what came since they looked, and nothing where nothing did', async () => {
    const { asked, client } = slowClient();
    const store = new Store(client);
    store.listen(QUESTION, REFRESH_MS, vi.fn()); // asked ahead
    const looked = store.standing(KEY);
    asked[0]?.answer(reply(1));
    await settle();
    const [late, current] = [vi.fn(), vi.fn()];

    store.listen(QUESTION, REFRESH_MS, late, looked);
    store.listen(QUESTION, REFRESH_MS, current, store.standing(KEY));

    expect(late).toHaveBeenCalledOnce();
    expect(current).not.toHaveBeenCalled();
    expect(asked).toHaveLength(1);
  });

  it('is cancelled when the last of them goes', () => {
    const { asked, client } = slowClient();
    const store = new Store(client);
    const [one, other] = [store.listen(QUESTION, REFRESH_MS, vi.fn()), store.listen(QUESTION, REFRESH_MS, vi.fn())];

    one();
    expect(asked[0]?.signal.aborted).toBe(false);
    other();
    expect(asked[0]?.signal.aborted).toBe(true);
  });

  it('is at hand for who comes back, and asked again', async () => {
    const { asked, client } = slowClient();
    const store = new Store(client);
    const end = store.listen(QUESTION, REFRESH_MS, vi.fn());
    asked[0]?.answer(reply(1));
    await settle();
    end();

    store.listen(QUESTION, REFRESH_MS, vi.fn());

    expect(store.standing(KEY).reply?.json).toBe(1);
    expect(asked).toHaveLength(2);
  });
});

describe('what is asked again', () => {
  it('is asked after its time, with the old answer standing meanwhile', async () => {
    const { asked, client } = slowClient();
    const store = new Store(client);
    store.listen(QUESTION, REFRESH_MS, vi.fn());
    asked[0]?.answer(reply(1));
    await settle();

    await vi.advanceTimersByTimeAsync(REFRESH_MS);

    expect(asked).toHaveLength(2);
    expect(store.standing(KEY)).toMatchObject({ reply: { json: 1 }, loading: true });
  });

  it('is asked at once when it was changed, also when the last request is still under way', async () => {
    const { asked, client } = slowClient();
    const store = new Store(client);
    store.listen({ path: '/v1/alerts' }, REFRESH_MS, vi.fn());

    store.refresh('/v1/alerts');
    expect(asked).toHaveLength(1);
    asked[0]?.answer(reply('before the change'));
    await settle();
    asked[1]?.answer(reply('after it'));
    await settle();

    expect(store.standing('/v1/alerts').reply?.json).toBe('after it');
  });

  it('is asked later after a passing failure, and the last answer stays', async () => {
    const { asked, client } = slowClient();
    const store = new Store(client);
    store.listen(QUESTION, REFRESH_MS, vi.fn());
    asked[0]?.answer(reply(1));
    await vi.advanceTimersByTimeAsync(REFRESH_MS);
    asked[1]?.fail(new ApiProblem(503, 'Away', 'Later.', [], 3));
    await settle();

    expect(store.standing(KEY)).toMatchObject({ reply: { json: 1 }, error: { status: 503 } });
    await vi.advanceTimersByTimeAsync(3_000);
    asked[2]?.answer(reply(2));
    await settle();

    expect(store.standing(KEY)).toMatchObject({ reply: { json: 2 }, error: null });
  });

  it('is not asked again when asking again cannot help', async () => {
    const { asked, client } = slowClient();
    const store = new Store(client);
    store.listen(QUESTION, REFRESH_MS, vi.fn());
    asked[0]?.fail(new ApiProblem(400, 'Bad', 'Wrong.'));

    await vi.advanceTimersByTimeAsync(10 * REFRESH_MS);

    expect(asked).toHaveLength(1);
  });
});

it('waits longer after each failure, a minute at most, and as long as the API asks for', () => {
  const away = new ApiProblem(503, 'Away', '');

  expect([1, 2, 3, 4, 5, 9].map((failures) => retryDelay(away, failures))).toEqual([
    5_000, 10_000, 20_000, 40_000, 60_000, 60_000,
  ]);
  expect(retryDelay(new ApiProblem(429, 'Slow down', '', [], 12), 1)).toBe(12_000);
  expect(retryDelay(new ApiProblem(404, 'None', ''), 1)).toBeNull();
});
