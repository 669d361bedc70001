/** A request that makes something happens once, however often it is tried: the same content has the same key until it is
 * answered. A lost answer is asked for again; the same asked for anew afterwards is another. */

import { useCallback, useRef } from 'preact/hooks';
import type { Client, Reply } from './client.ts';

export type Post = (client: Client, path: string, body?: unknown) => Promise<Reply>;

export function useOnce(): Post {
  const sent = useRef({ said: '', key: '' });
  return useCallback(async (client, path, body) => {
    const said = `${path} ${JSON.stringify(body)}`;
    if (sent.current.said !== said) sent.current = { said, key: crypto.randomUUID() };
    const reply = await client.change({ method: 'POST', path, body, idempotencyKey: sent.current.key });
    sent.current = { said: '', key: '' };
    return reply;
  }, []);
}
