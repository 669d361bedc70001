/** The message by which a channel was tried: it is looked at until it has arrived or was given up. */

import { useEffect, useState } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import { Deliveries } from '../messages/deliveries.tsx';
import { isOver, parseMessage } from '../messages/message.ts';

const EVERY_MS = 3_000;

export function Tried({ message }: { readonly message: string }) {
  const [over, setOver] = useState(false);
  const { data } = useQuery(
    `/v1/messages/${encodeURIComponent(message)}`,
    parseMessage,
    over ? Number.POSITIVE_INFINITY : EVERY_MS,
  );
  const isDone = data !== null && isOver(data);
  useEffect(() => setOver(isDone), [isDone]);
  if (!data) return null;
  return (
    <div class="tried" role="status">
      <Deliveries deliveries={data.deliveries} />
      <a href={`/messages?message=${encodeURIComponent(message)}`}>The message</a>
    </div>
  );
}
