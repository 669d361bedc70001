/** Keeps this tab signed in: finds the session that there is, renews it before its end, waits for people where that cannot
 * be done without them, and ends it. Everything that it touches is handed in. */

import { ApiProblem } from '../api/client.ts';
import type { Config, Pool } from '../config.ts';
import { begin, end } from './exchange.ts';
import * as journeys from './journey.ts';
import type { Random } from './pkce.ts';
import * as pools from './pool.ts';
import { SignInProblem } from './problem.ts';
import { forget, isOver, ofToken, renewIn, type Session, store, stored } from './session.ts';
import type { Tabs } from './tabs.ts';

export type State =
  | { readonly kind: 'in'; readonly session: Session }
  /** It ended under somebody's hands: the page stays, and what it asks waits until they are in again. */
  | { readonly kind: 'lapsed'; readonly session: Session; readonly reason: string }
  /** `wrong`: it was not meant to be so. */
  | { readonly kind: 'out'; readonly reason: string | null; readonly wrong?: boolean }
  /** On the way to or from the pool's pages. */
  | { readonly kind: 'busy'; readonly doing: string };

export interface World {
  readonly config: Config;
  /** `https://numbers.example.com` */
  readonly site: string;
  readonly fetcher: typeof fetch;
  readonly storage: Storage;
  readonly now: () => number;
  readonly random: Random;
  /** Leave this page for another address. */
  readonly go: (url: string) => void;
  /** Have another address in the bar, without a step in the history. */
  readonly show: (address: string) => void;
  readonly later: (ms: number, act: () => void) => () => void;
  /** One tab at a time. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  readonly tabs: Tabs;
}

const AGAIN_MS = 30_000;
const SIGNED_OUT = 'You are signed out.';

export class Keeper {
  state: State = { kind: 'busy', doing: 'Opening…' };
  private readonly world: World;
  private readonly listeners = new Set<() => void>();
  private renewal: Promise<string | null> | null = null;
  private resume: ((token: string | null) => void) | null = null;
  private cancel: () => void = () => undefined;
  /** The API has taken the token: what is on the page is worth keeping. */
  private proved = false;
  /** Counts who comes in: what the last one was shown is not for the next. */
  entrance = 0;

  constructor(world: World) {
    this.world = world;
    world.tabs.listen(
      (session) => this.hear(session),
      () => this.hearLeft(),
      () => this.shareable(),
    );
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get pool(): Pool | null {
    return this.world.config.pool;
  }

  token(): string {
    return this.session?.token ?? '';
  }

  /** The API has answered a question well. */
  worked(): void {
    this.proved = true;
  }

  /** Find out who one is. `at` is the address as it was opened, `given` a token that was in it. */
  async open(at: URL, given: string | null): Promise<void> {
    const { config, storage, tabs, now } = this.world;
    const session = given ? ofToken(given) : stored(storage);
    if (at.pathname === pools.SIGNED_OUT) this.end({ kind: 'out', reason: SIGNED_OUT }, '/');
    else if (at.pathname === pools.SIGNED_IN && this.pool) await this.arrive(this.pool, at.searchParams);
    else if (session && (session.refresh || !isOver(session, now()))) this.enter(session);
    else if (config.token) this.take(ofToken(config.token));
    else if (!this.pool) this.end({ kind: 'out', reason: null });
    else {
      const shared = await tabs.ask();
      if (shared) this.enter(shared);
      else await this.signIn(at.pathname + at.search + at.hash);
    }
  }

  /** Away to the pool's pages, to come back to `back`. */
  async signIn(back: string): Promise<void> {
    const { pool, world } = this;
    if (!pool) return;
    this.become({ kind: 'busy', doing: 'Taking you to sign in…' });
    world.go(await journeys.leave(pool, world.site, back, world.storage, world.random));
  }

  /** A token that somebody pasted. */
  enterToken(token: string): void {
    this.enter(ofToken(token));
  }

  /** A request was refused with this token: a better one, when there is one. Null: there will be none. */
  renew(reason: string, refused: string): Promise<string | null> {
    const { session } = this;
    if (session && session.token !== refused) return Promise.resolve(session.token);
    this.renewal ??= this.renewOrWait(reason, refused).finally(() => {
      this.renewal = null;
    });
    return this.renewal;
  }

  /** End it: here, at the API, at the pool, in every tab. */
  async leave(): Promise<void> {
    const { session, pool, world } = this;
    const ofPerson = session?.person && pool ? { pool, session } : null;
    this.end(ofPerson ? { kind: 'busy', doing: 'Signing you out…' } : { kind: 'out', reason: null });
    if (!ofPerson) return;
    world.tabs.tellLeft();
    const { refresh } = ofPerson.session;
    await Promise.all([
      end(world.config.api, ofPerson.session, world.fetcher),
      refresh ? pools.revoke(ofPerson.pool, refresh, world.fetcher) : null,
    ]);
    world.go(pools.logoutUrl(ofPerson.pool, world.site));
  }

  private get session(): Session | null {
    return this.state.kind === 'in' || this.state.kind === 'lapsed' ? this.state.session : null;
  }

  private async arrive(pool: Pool, query: URLSearchParams): Promise<void> {
    const { config, site, fetcher, storage, show } = this.world;
    const journey = journeys.take(storage);
    const already = stored(storage);
    if (!journey && already) {
      show('/'); // a step back in the history to where one came in
      this.enter(already);
      return;
    }
    this.become({ kind: 'busy', doing: 'Signing you in…' });
    const back = journey?.back ?? '/';
    try {
      const { code, verifier, nonce } = pools.returned(query, journey);
      const tokens = await pools.exchange(pool, site, code, verifier, nonce, fetcher);
      const session = await begin(config.api, tokens, fetcher);
      show(back);
      this.enter(session, true);
    } catch (error) {
      this.end({ kind: 'out', reason: wordsOf(error), wrong: true }, back);
    }
  }

  private async renewOrWait(reason: string, refused: string): Promise<string | null> {
    try {
      const token = await this.renewSilently(refused);
      if (token) return token;
      return await this.wait(reason);
    } catch (error) {
      if (error instanceof SignInProblem && error.passing) throw new ApiProblem(0, 'No answer', error.message);
      return this.wait(wordsOf(error));
    }
  }

  private async renewSilently(refused: string): Promise<string | null> {
    const { pool, world } = this;
    if (!pool || !this.session?.refresh) return null;
    return world.alone(async () => {
      const { session } = this;
      if (!session?.refresh) return null;
      if (session.token !== refused) return session.token; // another tab was faster
      const tokens = await pools.renewed(pool, session.refresh, world.fetcher);
      const next = await begin(world.config.api, tokens, world.fetcher, session.refresh);
      this.enter(next, true);
      return next.token;
    });
  }

  /** Until somebody signs in again, the page stays as it is. */
  private wait(reason: string): Promise<string | null> {
    const { session } = this;
    forget(this.world.storage);
    this.cancel();
    if (!session || !this.proved) {
      this.become({ kind: 'out', reason, wrong: true });
      return Promise.resolve(null);
    }
    return new Promise((resolve) => {
      this.resume = resolve;
      this.become({ kind: 'lapsed', session, reason });
    });
  }

  private enter(session: Session, tell = false): void {
    store(this.world.storage, session);
    this.take(session);
    if (tell) this.world.tabs.tell(session);
  }

  private take(session: Session): void {
    const before = this.session;
    if (!before) this.proved = false;
    if (!before?.person || before.person !== session.person) this.entrance += 1;
    this.schedule(renewIn(session, this.world.now()));
    this.become({ kind: 'in', session });
    this.resume?.(session.token);
    this.resume = null;
  }

  private schedule(ms: number | null): void {
    this.cancel();
    if (ms === null) return;
    this.cancel = this.world.later(ms, () => {
      this.renew('Your session is over.', this.token()).catch(() => this.schedule(AGAIN_MS));
    });
  }

  private hear(session: Session): void {
    const mine = this.session;
    const welcome = mine ? mine.person === session.person && mine.token !== session.token : this.state.kind === 'out';
    if (this.pool && session.person && welcome) this.enter(session);
  }

  private hearLeft(): void {
    if (this.session?.person) this.end({ kind: 'out', reason: 'You signed out in another tab.' });
  }

  private shareable(): Session | null {
    const { state } = this;
    return state.kind === 'in' && state.session.person && !isOver(state.session, this.world.now())
      ? state.session
      : null;
  }

  private end(state: State, address?: string): void {
    this.cancel();
    forget(this.world.storage);
    if (address) this.world.show(address);
    this.become(state);
    this.resume?.(null);
    this.resume = null;
  }

  private become(state: State): void {
    this.state = state;
    for (const listener of [...this.listeners]) listener();
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
