/** What a rule has told, as far back as was looked. One reading for the list and for the chart. */

import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Answer, useQuery } from '../../api/query.ts';
import { type History, type HistoryMessage, parseHistory } from './preview.ts';
import type { Rule } from './rule.ts';

/** Pages of two weeks that are read by themselves where it has told something and none of them has it. */
const BY_ITSELF = 6;

export interface Told {
  readonly answer: Answer<History>;
  readonly messages: readonly HistoryMessage[];
  /** Null: there is nothing further back. */
  readonly more: (() => void) | null;
  /** It goes on by itself. */
  readonly looking: boolean;
}

export function useHistory({ id, state }: Rule): Told {
  const [read, setRead] = useState<readonly History[]>([]);
  const cursor = read.at(-1)?.next ?? '';
  const path = `/v1/alerts/${encodeURIComponent(id)}/history?limit=50`;
  const answer = useQuery(cursor ? `${path}&cursor=${encodeURIComponent(cursor)}` : path, parseHistory);
  const page = answer.outdated ? null : answer.data;
  const messages = useMemo(() => [...read.flatMap((one) => one.messages), ...(page?.messages ?? [])], [read, page]);
  const further = () => page && setRead([...read, page]);
  const more = page?.next ? further : null;
  const looking = messages.length === 0 && state.toldAt !== null && read.length < BY_ITSELF && (!page || more !== null);

  // What it has told last can be about a week that is long over.
  useEffect(() => {
    if (looking && page?.next) setRead((before) => [...before, page]);
  }, [looking, page]);
  // Something was told since: the newest is looked at again.
  const toldAt = state.toldAt?.getTime();
  useEffect(() => setRead((before) => (before.length > 0 ? [] : before)), [toldAt]);
  return { answer, messages, more, looking };
}
