/** A list of the API in full: it is answered in pages, and who looks for something in it must find it on any of them. */

import type { Ask, Client, Reply } from './client.ts';
import { isObject, maybeText, object, results } from './json.ts';

/** What a list is asked by: the store has the whole of it, not its first page. */
export interface Listed extends Ask {
  readonly whole?: boolean;
}

export const whole = (path: string): Listed => ({ path, whole: true });

/** No list that people keep is longer; the pages after these are left out, and the answer still names the next. */
const MOST_PAGES = 20;

export async function askListed(
  client: Pick<Client, 'ask'>,
  { whole: all, ...ask }: Listed,
  signal: AbortSignal,
): Promise<Reply> {
  const first = await client.ask(ask, signal);
  if (!all) return first;
  const separator = ask.path.includes('?') ? '&' : '?';
  const rows = results(first.json);
  let last = first;
  for (let pages = 1; pages < MOST_PAGES; pages += 1) {
    const next = nextOf(last);
    if (next === null) break;
    last = await client.ask({ ...ask, path: `${ask.path}${separator}cursor=${encodeURIComponent(next)}` }, signal);
    rows.push(...results(last.json));
  }
  return { ...first, json: { ...object(last.json), results: rows } };
}

function nextOf({ json }: Reply): string | null {
  const { meta } = object(json);
  return isObject(meta) ? maybeText(meta.next_cursor) : null;
}
