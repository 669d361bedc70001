/** The API's session for who signed in: `POST /v1/session`, and its end. */

import { isObject, maybeInstant, text } from '../api/json.ts';
import type { PoolTokens } from './pool.ts';
import { SignInProblem } from './problem.ts';
import type { Session } from './session.ts';

/** Exchange an ID token for a session. `refresh` is what renews it where the pool gave no new one. */
export async function begin(
  api: string,
  tokens: PoolTokens,
  fetcher: typeof fetch,
  refresh: string | null = null,
): Promise<Session> {
  const response = await ask(`${api}/v1/session`, 'POST', tokens.idToken, fetcher);
  const json: unknown = await response.json().catch(() => null);
  const said = isObject(json) ? json : {};
  if (response.status >= 500 || response.status === 429)
    throw new SignInProblem('The API lets nobody in at the moment: try again in a minute.', true);
  if (!response.ok) throw new SignInProblem(text(said.detail) || `The API answered ${response.status}.`);
  const [token, person, goodUntil] = [text(said.token), text(said.id), maybeInstant(said.good_until)];
  if (!token || !person || !goodUntil)
    throw new SignInProblem('The API and this page are of different versions: load the page again.');
  return { token, person, goodUntil, refresh: tokens.refresh ?? refresh };
}

/** End a session at the API. That it cannot be done keeps nobody from leaving: it ends within the hour. */
export async function end(api: string, session: Session, fetcher: typeof fetch): Promise<void> {
  try {
    await ask(`${api}/v1/session`, 'DELETE', `Bearer ${session.token}`, fetcher);
  } catch {
    // See above.
  }
}

async function ask(url: string, method: string, authorization: string, fetcher: typeof fetch): Promise<Response> {
  try {
    return await fetcher(url, { method, cache: 'no-store', headers: { accept: 'application/json', authorization } });
  } catch {
    throw new SignInProblem('The API cannot be reached: check the connection.', true);
  }
}
