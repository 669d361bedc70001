import { maybeInstant, object, text } from '../api/json.ts';
import type { Me } from './page.ts';

export function parseMe(json: unknown): Me {
  const me = object(json);
  return { id: text(me.id), name: text(me.name), scope: text(me.scope), goodUntil: maybeInstant(me.good_until) };
}
