/** What a form changes, and what a change is made of: read when the form opens, and the same until somebody takes a newer
 * one. What others change meanwhile does not slip under what is typed. */

import { useCallback, useEffect, useState } from 'preact/hooks';
import { ApiProblem, type Client, type Reply } from './client.ts';
import { maybeInstant, object, text } from './json.ts';
import { type Answer, useQuery } from './query.ts';

interface Held<T> {
  readonly data: T;
  readonly etag: string | null;
}

export interface Standing<T> extends Answer<T> {
  /** Go on with a newer one. */
  readonly take: (newest: Reply) => void;
}

export function useStanding<T>(path: string, parse: (json: unknown) => T): Standing<T> {
  const answer = useQuery(path, parse, Infinity);
  const [opened, setOpened] = useState(false);
  const [held, setHeld] = useState<Held<T> | null>(null);
  useEffect(() => setOpened(true), []);
  // What was asked for earlier is asked for anew when the form opens, and only then held.
  if (opened && !held && answer.data !== null && !answer.loading && !answer.outdated)
    setHeld({ data: answer.data, etag: answer.etag });
  const take = useCallback(({ json, etag }: Reply) => setHeld({ data: parse(json), etag }), [parse]);
  return { ...answer, data: held?.data ?? null, etag: held?.etag ?? null, outdated: false, take };
}

/** The version of what a list showed, if it still is as it was seen: a list tells no versions. One's own change is seen,
 * too: the list may not have been asked again since. */
export async function versionSeen(
  client: Client,
  path: string,
  isAsSeen: (newest: unknown) => boolean,
): Promise<string | null> {
  const { json, etag } = await client.ask({ path }, new AbortController().signal);
  if (isAsSeen(json) || (etag !== null && etag === client.wrote(path))) return etag;
  const detail = `${lastChange(json).by ?? 'Somebody'} has changed it since this page was asked for: look at it again first.`;
  throw new ApiProblem(412, 'Changed meanwhile', detail);
}

/** Who changed something last, and when, as far as the API says. */
export function lastChange(json: unknown): { readonly by: string | null; readonly at: Date | null } {
  const row = object(json);
  return {
    by: text(row.updated_by) || text(row.changed_by) || null,
    at: maybeInstant(row.updated_at) ?? maybeInstant(row.changed_at),
  };
}

/** Whether two things that were read from JSON say the same. */
export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
