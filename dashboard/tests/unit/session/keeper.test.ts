import { describe, expect, it } from 'vitest';
import { ApiProblem, createClient } from '../../../src/api/client.ts';
import type { Config } from '../../../src/config.ts';
import { Keeper } from '../../../src/session/keeper.ts';
import { base64url } from '../../../src/session/pkce.ts';
import { parseSession, type Session, stored, store } from '../../../src/session/session.ts';
import type { Tabs } from '../../../src/session/tabs.ts';
import { MemoryStorage } from './memory.ts';

const SITE = 'https://numbers.example.com';
const DOMAIN = 'https://login.example.com';
const NOW = Date.parse('2026-11-26T09:00:00Z');
const HOUR = 3_600_000;
const POOLED: Config = { api: '/api', pool: { domain: DOMAIN, clientId: 'c' }, token: null };
const BY_TOKEN: Config = { api: '/api', pool: null, token: null };

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly authorization: string | null;
  readonly form: URLSearchParams;
}

/** A browser, a pool and an API around keepers; the API takes the newest session and pasted tokens that begin with `hw_`. */
class Surroundings {
  readonly asked: Asked[] = [];
  readonly went: string[] = [];
  readonly shown: string[] = [];
  readonly timers: { at: number; act: () => void }[] = [];
  now = NOW;
  nonce = '';
  made = 0;
  /** Answers of the pool and of `POST /v1/session`, when they are not good ones. */
  pool: (() => Response) | null = null;
  session: (() => Response) | null = null;
  good = (token: string): boolean => token === `hw_session_${this.made}`;
  private queue: Promise<unknown> = Promise.resolve();
  private readonly others = new Set<Parameters<Tabs['listen']>>();

  tab(config: Config = POOLED, storage: Storage = new MemoryStorage()): { keeper: Keeper; storage: Storage } {
    const keeper = new Keeper({
      config,
      site: SITE,
      fetcher: this.fetcher,
      storage,
      now: () => this.now,
      random: (bytes) => new Uint8Array(bytes).fill(this.asked.length + this.shown.length + this.went.length + 1),
      go: (url) => this.went.push(url),
      show: (address) => this.shown.push(address),
      later: (ms, act) => {
        const timer = { at: this.now + ms, act };
        this.timers.push(timer);
        return () => this.timers.splice(this.timers.indexOf(timer), 1);
      },
      alone: (work) => {
        const mine = this.queue.then(work, work);
        this.queue = mine.catch(() => undefined);
        return mine;
      },
      tabs: this.tabs(),
    });
    return { keeper, storage };
  }

  readonly fetcher: typeof fetch = (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    const headers = new Headers(init?.headers);
    const form = init?.body instanceof URLSearchParams ? init.body : new URLSearchParams();
    const method = init?.method ?? 'GET';
    const authorization = headers.get('authorization');
    this.asked.push({ url, method, authorization, form });
    return Promise.resolve().then(() => this.answer(url, method, authorization ?? ''));
  };

  client(keeper: Keeper) {
    const fetcher: typeof fetch = async (...request) => {
      const response = await this.fetcher(...request);
      if (response.ok) keeper.worked();
      return response;
    };
    return createClient(
      '/api',
      () => keeper.token(),
      fetcher,
      (reason, refused) => keeper.renew(reason, refused),
    );
  }

  tick(ms: number): void {
    this.now += ms;
    for (const timer of this.timers.filter(({ at }) => at <= this.now)) {
      this.timers.splice(this.timers.indexOf(timer), 1);
      timer.act();
    }
  }

  async signInBy(keeper: Keeper, storage: Storage): Promise<void> {
    await keeper.open(new URL(`${SITE}/seo?range=7d`), null);
    const away = new URL(this.went.at(-1) ?? '');
    this.nonce = away.searchParams.get('nonce') ?? '';
    const state = away.searchParams.get('state') ?? '';
    expect(storage.length).toBe(1);
    await keeper.open(new URL(`${SITE}/signed-in?code=k&state=${state}`), null);
  }

  private answer(url: string, method: string, authorization: string): Response {
    if (url === `${DOMAIN}/oauth2/token`) return this.pool?.() ?? this.tokens();
    if (url === `${DOMAIN}/oauth2/revoke`) return new Response();
    if (url === '/api/v1/session' && method === 'POST') return this.session?.() ?? this.begun();
    if (url === '/api/v1/session' && method === 'DELETE') return new Response(null, { status: 204 });
    return this.good(authorization.replace('Bearer ', ''))
      ? Response.json({ numbers: [1] })
      : Response.json({ title: 'Unauthorized', detail: 'It is over.' }, { status: 401 });
  }

  private tokens(): Response {
    const body = base64url(new TextEncoder().encode(JSON.stringify({ nonce: this.nonce })));
    return Response.json({ id_token: `h.${body}.s`, refresh_token: `r-${this.made + 1}` });
  }

  private begun(): Response {
    this.made += 1;
    const until = new Date(this.now + HOUR).toISOString();
    const token = `hw_session_${this.made}`;
    return Response.json(
      { token, id: 'ada', name: 'ada@acme.example', scope: 'read', good_until: until },
      { status: 201 },
    );
  }

  private tabs(): Tabs {
    let mine: Parameters<Tabs['listen']> | null = null;
    const rest = () => [...this.others].filter((one) => one !== mine);
    return {
      ask: () =>
        Promise.resolve(
          rest()
            .map(([, , give]) => give())
            .find(Boolean) ?? null,
        ),
      tell: (session) => rest().forEach(([hear]) => hear(session)),
      tellLeft: () => rest().forEach(([, left]) => left()),
      listen: (...told) => {
        mine = told;
        this.others.add(told);
      },
    };
  }
}

const ask = { path: '/v1/metrics' };
const never = new AbortController().signal;
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));
const gone = () => Response.json({ error: 'invalid_grant' }, { status: 400 });

describe('coming in', () => {
  it('goes away to sign in and comes back to the very address', async () => {
    const world = new Surroundings();
    const { keeper, storage } = world.tab();

    await world.signInBy(keeper, storage);

    expect(keeper.state).toMatchObject({
      kind: 'in',
      session: { token: 'hw_session_1', refresh: 'r-1', person: 'ada' },
    });
    expect(world.shown).toEqual(['/seo?range=7d']);
    expect(world.asked.map(({ url, method }) => `${method} ${url}`)).toEqual([
      `POST ${DOMAIN}/oauth2/token`,
      'POST /api/v1/session',
    ]);
    expect(world.asked[0]?.form.get('code_verifier')).toHaveLength(43);
    expect(stored(storage)?.token).toBe('hw_session_1');
  });

  it('takes no code that answers another journey, and no ID token for another nonce', async () => {
    const world = new Surroundings();
    const { keeper, storage } = world.tab();
    await keeper.open(new URL(`${SITE}/seo`), null);
    await keeper.open(new URL(`${SITE}/signed-in?code=k&state=of-somebody-else`), null);
    const wrongState = keeper.state;

    await keeper.open(new URL(`${SITE}/seo`), null);
    const state = new URL(world.went.at(-1) ?? '').searchParams.get('state') ?? '';
    world.nonce = 'of-somebody-else';
    await keeper.open(new URL(`${SITE}/signed-in?code=k&state=${state}`), null);

    expect(wrongState).toMatchObject({ kind: 'out', reason: expect.stringContaining('another tab') as string });
    expect(keeper.state).toMatchObject({ kind: 'out', reason: expect.stringContaining('somebody else') as string });
    expect(world.made).toBe(0);
    expect(stored(storage)).toBeNull();
    expect(world.shown.at(-1)).toBe('/seo');
  });

  it('says what the API says to who is in no group, and does not go around in circles', async () => {
    const world = new Surroundings();
    world.session = () => Response.json({ detail: 'You are in none of the groups.' }, { status: 403 });
    const { keeper, storage } = world.tab();

    await world.signInBy(keeper, storage);

    expect(keeper.state).toEqual({ kind: 'out', reason: 'You are in none of the groups.', wrong: true });
    expect(world.went).toHaveLength(1);
  });

  it('needs no signing in where another tab is in, and none after a reload', async () => {
    const world = new Surroundings();
    const first = world.tab();
    await world.signInBy(first.keeper, first.storage);
    const second = world.tab();
    await second.keeper.open(new URL(`${SITE}/adoption`), null);
    const again = world.tab(POOLED, first.storage);
    await again.keeper.open(new URL(`${SITE}/`), null);

    expect(second.keeper.token()).toBe('hw_session_1');
    expect(again.keeper.token()).toBe('hw_session_1');
    expect(world.went).toHaveLength(1);
  });

  it('by a token of the address, a pasted one, or that of the local cloud', async () => {
    const world = new Surroundings();
    const { keeper } = world.tab(BY_TOKEN);
    await keeper.open(new URL(SITE), null);
    const before = keeper.state;
    keeper.enterToken('hw_pasted');
    const given = world.tab(POOLED);
    await given.keeper.open(new URL(SITE), 'hw_given');
    const local = world.tab({ ...BY_TOKEN, token: 'hw_local' });
    await local.keeper.open(new URL(SITE), null);

    expect(before).toEqual({ kind: 'out', reason: null });
    expect([keeper, given.keeper, local.keeper].map((one) => one.token())).toEqual([
      'hw_pasted',
      'hw_given',
      'hw_local',
    ]);
    expect(stored(local.storage)).toBeNull();
  });
});

describe('staying in', () => {
  it('renews before the end, once for all tabs, and with the newest of what renews', async () => {
    const world = new Surroundings();
    const first = world.tab();
    await world.signInBy(first.keeper, first.storage);
    const second = world.tab();
    await second.keeper.open(new URL(SITE), null);

    world.tick(HOUR - 300_001);
    await soon();
    expect(world.made).toBe(1);
    world.tick(1);
    await soon();

    expect(world.made).toBe(2);
    expect([first, second].map(({ keeper }) => keeper.token())).toEqual(['hw_session_2', 'hw_session_2']);
    expect(stored(second.storage)?.refresh).toBe('r-2');
    expect(world.asked.filter(({ form }) => form.get('refresh_token') === 'r-1')).toHaveLength(1);
  });

  it('renews once for many refused requests, and repeats them', async () => {
    const world = new Surroundings();
    const { keeper, storage } = world.tab();
    await world.signInBy(keeper, storage);
    const client = world.client(keeper);
    world.good = (token) => token === 'hw_session_2';

    const answers = await Promise.all([1, 2, 3].map(() => client.ask(ask, never)));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(world.made).toBe(2);
  });

  it('waits out what passes: the session stays, and the request says that nobody answered', async () => {
    const world = new Surroundings();
    const { keeper, storage } = world.tab();
    await world.signInBy(keeper, storage);
    const client = world.client(keeper);
    world.good = () => false;
    world.pool = () => new Response('busy', { status: 503 });
    const failed: unknown = await client.ask(ask, never).catch((error: unknown) => error);
    world.pool = null;
    world.good = (token) => token === 'hw_session_2';

    expect(failed).toBeInstanceOf(ApiProblem);
    expect((failed as ApiProblem).passing).toBe(true);
    expect(keeper.state.kind).toBe('in');
    expect((await client.ask(ask, never)).status).toBe(200);
  });

  it('keeps the page where people have to sign in again, and goes on with what was asked', async () => {
    const world = new Surroundings();
    const { keeper, storage } = world.tab();
    await world.signInBy(keeper, storage);
    const client = world.client(keeper);
    await client.ask(ask, never);
    world.good = (token) => token === 'hw_session_2';
    world.pool = gone;
    const waiting = client.change({ method: 'PUT', path: '/v1/dashboards/d', body: { name: 'mine' } });
    await soon();
    const lapsed = keeper.state;
    world.pool = null;

    const other = world.tab();
    await world.signInBy(other.keeper, other.storage);

    expect(lapsed).toMatchObject({ kind: 'lapsed', reason: expect.stringContaining('signed out elsewhere') as string });
    expect((await waiting).status).toBe(200);
    expect(keeper.state).toMatchObject({ kind: 'in', session: { token: 'hw_session_2' } });
    expect(world.asked.filter(({ method }) => method === 'PUT')).toHaveLength(2);
  });

  it('goes on with a pasted token, after a wrong one too', async () => {
    const world = new Surroundings();
    world.good = (token) => token === 'hw_old' || token === 'hw_new';
    const { keeper } = world.tab(BY_TOKEN);
    await keeper.open(new URL(SITE), 'hw_old');
    const client = world.client(keeper);
    await client.ask(ask, never);
    world.good = (token) => token === 'hw_new';
    const waiting = client.ask(ask, never);
    await soon();
    keeper.enterToken('hw_wrong');
    await soon();
    const again = keeper.state.kind;
    keeper.enterToken('hw_new');

    expect((await waiting).status).toBe(200);
    expect(again).toBe('lapsed');
    expect(keeper.state.kind).toBe('in');
  });

  it('keeps no page that never was: a token that was never good leads to the way in', async () => {
    const world = new Surroundings();
    world.good = () => false;
    const { keeper, storage } = world.tab(BY_TOKEN);
    await keeper.open(new URL(SITE), 'hw_wrong');

    await expect(world.client(keeper).ask(ask, never)).rejects.toThrow('It is over.');
    expect(keeper.state).toEqual({ kind: 'out', reason: 'It is over.', wrong: true });
    expect(stored(storage)).toBeNull();
  });

  it('hears nothing of somebody else', async () => {
    const world = new Surroundings();
    const { keeper, storage } = world.tab();
    await world.signInBy(keeper, storage);
    const other = world.tab(BY_TOKEN);
    other.keeper.enterToken('hw_pasted');
    world.session = () =>
      Response.json(
        { token: 'hw_bob', id: 'bob', good_until: new Date(world.now + HOUR).toISOString() },
        { status: 201 },
      );
    const bob = world.tab(POOLED);
    await bob.keeper.open(new URL(`${SITE}/signed-out`), null);
    await bob.keeper.signIn('/');
    world.nonce = new URL(world.went.at(-1) ?? '').searchParams.get('nonce') ?? '';
    const state = new URL(world.went.at(-1) ?? '').searchParams.get('state') ?? '';
    await bob.keeper.open(new URL(`${SITE}/signed-in?code=k&state=${state}`), null);

    expect([keeper, other.keeper, bob.keeper].map((one) => one.token())).toEqual([
      'hw_session_1',
      'hw_pasted',
      'hw_bob',
    ]);
    expect(bob.keeper.entrance).toBe(1);
  });
});

describe('leaving', () => {
  it('ends the session at the API and at the pool, in every tab', async () => {
    const world = new Surroundings();
    const first = world.tab();
    await world.signInBy(first.keeper, first.storage);
    const second = world.tab();
    await second.keeper.open(new URL(SITE), null);
    const before = world.asked.length;

    await first.keeper.leave();

    expect(
      world.asked
        .slice(before)
        .map(({ url, method }) => `${method} ${url}`)
        .sort(),
    ).toEqual(['DELETE /api/v1/session', `POST ${DOMAIN}/oauth2/revoke`]);
    expect(world.went.at(-1)).toBe(
      `${DOMAIN}/logout?client_id=c&logout_uri=${encodeURIComponent(`${SITE}/signed-out`)}`,
    );
    expect(second.keeper.state).toEqual({ kind: 'out', reason: 'You signed out in another tab.' });
    expect([stored(first.storage), stored(second.storage)]).toEqual([null, null]);
    expect(world.timers).toEqual([]);
  });

  it('of a pasted token ends nothing but this tab', async () => {
    const world = new Surroundings();
    const { keeper } = world.tab(BY_TOKEN);
    keeper.enterToken('hw_pasted');

    await keeper.leave();

    expect(keeper.state).toEqual({ kind: 'out', reason: null });
    expect(world.asked).toEqual([]);
  });
});

describe('what is stored', () => {
  it('is read back as it was, and nothing else is', () => {
    const storage = new MemoryStorage();
    const session: Session = { token: 'hw_a', person: 'ada', goodUntil: new Date(NOW), refresh: 'r' };
    store(storage, session);

    expect(stored(storage)).toEqual(session);
    for (const wrong of [null, [], 'x', {}, { token: 7 }, { token: 'a b' }, { token: 'a\nb' }])
      expect(parseSession(wrong)).toBeNull();
  });
});
