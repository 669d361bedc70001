/** What this tab may do and until when. It lives in sessionStorage only: it ends with the tab. */

import { isObject, maybeInstant, maybeText } from '../api/json.ts';

export interface Session {
  readonly token: string;
  /** Whose it is, where people sign in; null for a pasted API token. */
  readonly person: string | null;
  /** Null: nobody knows, or for ever. */
  readonly goodUntil: Date | null;
  /** What makes the next session without asking anybody. */
  readonly refresh: string | null;
}

const KEY = 'headwater.session';
/** A session is renewed so long before its end; a short one after nine tenths of it. */
const AHEAD_MS = 300_000;

export const ofToken = (token: string): Session => ({ token, person: null, goodUntil: null, refresh: null });

export function parseSession(json: unknown): Session | null {
  if (!isObject(json)) return null;
  const token = maybeText(json.token);
  if (token === null || tokenProblem(token) !== null) return null;
  return {
    token,
    person: maybeText(json.person),
    goodUntil: maybeInstant(json.goodUntil),
    refresh: maybeText(json.refresh),
  };
}

export function stored(storage: Storage): Session | null {
  try {
    return parseSession(JSON.parse(storage.getItem(KEY) ?? 'null'));
  } catch {
    return null;
  }
}

export function store(storage: Storage, session: Session): void {
  storage.setItem(KEY, JSON.stringify(session));
}

export function forget(storage: Storage): void {
  storage.removeItem(KEY);
}

export const isOver = ({ goodUntil }: Session, now: number): boolean =>
  goodUntil !== null && goodUntil.getTime() <= now;

/** In how many milliseconds a session is to be renewed; null: it cannot be, or need not. */
export function renewIn({ goodUntil, refresh }: Session, now: number): number | null {
  if (goodUntil === null || refresh === null) return null;
  const left = goodUntil.getTime() - now;
  return Math.max(0, left - Math.min(AHEAD_MS, left / 10));
}

/** Take a token out of the address (`#token=…`) and remove it there at once, history included. */
export function takeTokenFromAddress(location: Location, history: History): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')?.trim();
  if (!token) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return tokenProblem(token) === null ? token : null;
}

/** What is wrong with a pasted token, or null: it goes into an HTTP header, so it is one run of visible ASCII. */
export function tokenProblem(token: string): string | null {
  if (!token) return 'Paste a token first.';
  return /^[\x21-\x7e]+$/.test(token) ? null : 'A token has no spaces and no special characters: copy it again, whole.';
}
