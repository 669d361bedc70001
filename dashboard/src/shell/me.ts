import { useQuery } from '../api/query.ts';
import { maybeInstant, object, text } from '../api/json.ts';
import type { Me } from './page.ts';

export function parseMe(json: unknown): Me {
  const me = object(json);
  return { id: text(me.id), name: text(me.name), scope: text(me.scope), goodUntil: maybeInstant(me.good_until) };
}

const EVERY_MS = 300_000;

/** Who looks: one question for the whole page. */
export const useMe = () => useQuery('/v1/session', parseMe, EVERY_MS);
