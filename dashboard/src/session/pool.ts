/** The company's user pool (Cognito) as a site without a secret uses it: away to sign in, back with a code, and on with
 * what renews it. Addresses and forms are those of OAuth 2.0 and OpenID Connect. */

import { isObject, text } from '../api/json.ts';
import type { Pool } from '../config.ts';
import { SignInProblem } from './problem.ts';

export const SIGNED_IN = '/signed-in';
export const SIGNED_OUT = '/signed-out';
const SCOPES = 'openid email profile';

/** What is remembered between leaving for the pool's pages and coming back. */
export interface Journey {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The very address where it began. */
  readonly back: string;
}

export interface PoolTokens {
  readonly idToken: string;
  /** Absent where the one that was used stays good. */
  readonly refresh: string | null;
}

export function authorizeUrl(pool: Pool, site: string, journey: Journey, challenge: string): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: pool.clientId,
    redirect_uri: site + SIGNED_IN,
    scope: SCOPES,
    state: journey.state,
    nonce: journey.nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  return `${pool.domain}/oauth2/authorize?${query}`;
}

export function logoutUrl(pool: Pool, site: string): string {
  return `${pool.domain}/logout?${new URLSearchParams({ client_id: pool.clientId, logout_uri: site + SIGNED_OUT })}`;
}

/** What came back with the address that the pool sent, if it belongs to this journey. Throws `SignInProblem`. */
export function returned(query: URLSearchParams, journey: Journey | null): Omit<Journey, 'state'> & { code: string } {
  const refused = query.get('error_description') ?? query.get('error');
  if (refused) throw new SignInProblem(`Signing in was refused: ${refused.slice(0, 300)}`);
  const code = query.get('code');
  if (!code || !journey || query.get('state') !== journey.state)
    throw new SignInProblem('This way in was used before, or began in another tab: sign in again.');
  return { ...journey, code };
}

export async function exchange(
  pool: Pool,
  site: string,
  code: string,
  verifier: string,
  nonce: string,
  fetcher: typeof fetch,
): Promise<PoolTokens> {
  const redirect = site + SIGNED_IN;
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier };
  const tokens = await tokensFor(pool, fetcher, form);
  if (nonceOf(tokens.idToken) !== nonce)
    throw new SignInProblem('The answer to signing in was meant for somebody else: sign in again.');
  return tokens;
}

export function renewed(pool: Pool, refresh: string, fetcher: typeof fetch): Promise<PoolTokens> {
  return tokensFor(pool, fetcher, { grant_type: 'refresh_token', refresh_token: refresh });
}

/** Make a refresh token useless. That it cannot be done keeps nobody from leaving. */
export async function revoke(pool: Pool, refresh: string, fetcher: typeof fetch): Promise<void> {
  try {
    await post(pool, 'revoke', fetcher, { token: refresh });
  } catch {
    // It ends by itself; the session of the API is ended already.
  }
}

async function tokensFor(pool: Pool, fetcher: typeof fetch, form: Record<string, string>): Promise<PoolTokens> {
  const response = await post(pool, 'token', fetcher, form);
  const json: unknown = await response.json().catch(() => null);
  const said = isObject(json) ? json : {};
  if (response.status >= 500 || response.status === 429)
    throw new SignInProblem('The sign-in service is busy: try again in a minute.', true);
  if (!response.ok)
    throw new SignInProblem(
      said.error === 'invalid_grant'
        ? 'You have not signed in for long, or were signed out elsewhere.'
        : `The sign-in service refused: ${text(said.error_description) || text(said.error) || response.status}`,
    );
  const idToken = text(said.id_token);
  if (!idToken) throw new SignInProblem('The sign-in service answered something that is no token.');
  return { idToken, refresh: text(said.refresh_token) || null };
}

async function post(pool: Pool, path: string, fetcher: typeof fetch, form: Record<string, string>): Promise<Response> {
  try {
    return await fetcher(`${pool.domain}/oauth2/${path}`, {
      method: 'POST',
      cache: 'no-store',
      credentials: 'omit',
      // A form as OAuth asks for it; a browser sends it without asking first (CORS).
      body: new URLSearchParams({ client_id: pool.clientId, ...form }),
    });
  } catch {
    throw new SignInProblem('The sign-in service cannot be reached: check the connection.', true);
  }
}

/** The nonce that an ID token tells. It came from the pool itself over TLS; who it is for, the API has verified. */
export function nonceOf(idToken: string): string | null {
  try {
    const body = idToken.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? '';
    const claims: unknown = JSON.parse(atob(body));
    return isObject(claims) ? text(claims.nonce) || null : null;
  } catch {
    return null;
  }
}
