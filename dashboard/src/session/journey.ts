/** The way to the pool's pages and back: what has to be the same on return is kept in this tab, for one return. */

import { isObject, text } from '../api/json.ts';
import type { Pool } from '../config.ts';
import { challengeOf, type Random, secret } from './pkce.ts';
import { authorizeUrl, type Journey } from './pool.ts';

const KEY = 'headwater.journey';

/** Write down the way back, and answer where to go. */
export async function leave(pool: Pool, site: string, back: string, storage: Storage, random: Random): Promise<string> {
  const journey: Journey = { state: secret(random), nonce: secret(random), verifier: secret(random), back };
  storage.setItem(KEY, JSON.stringify(journey));
  return authorizeUrl(pool, site, journey, await challengeOf(journey.verifier));
}

/** The journey that this tab is on; it is over with that. */
export function take(storage: Storage): Journey | null {
  const kept = storage.getItem(KEY);
  storage.removeItem(KEY);
  try {
    const json: unknown = JSON.parse(kept ?? 'null');
    if (!isObject(json)) return null;
    const journey = {
      state: text(json.state),
      nonce: text(json.nonce),
      verifier: text(json.verifier),
      back: text(json.back),
    };
    // The way back is on this site, whatever was written there.
    return journey.state && journey.verifier && /^\/(?![/\\])/.test(journey.back) ? journey : null;
  } catch {
    return null;
  }
}
