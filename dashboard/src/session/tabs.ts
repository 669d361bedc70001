/** Tabs of this site in the same browser tell each other who signed in, who renewed and who left: a new tab need not ask,
 * and none renews what another has renewed. Nothing of it is stored beyond the tabs. */

import { isObject } from '../api/json.ts';
import { parseSession, type Session } from './session.ts';

export interface Tabs {
  /** Ask the others for a session; null when none answers soon. */
  ask(): Promise<Session | null>;
  tell(session: Session): void;
  tellLeft(): void;
  /** Be told; `give` answers those who ask. */
  listen(onSession: (session: Session) => void, onLeft: () => void, give: () => Session | null): void;
}

const NAME = 'headwater.session';
const PATIENCE_MS = 150;

export const ALONE: Tabs = {
  ask: () => Promise.resolve(null),
  tell: () => undefined,
  tellLeft: () => undefined,
  listen: () => undefined,
};

/** By a channel that only pages of this very origin hear. */
export function overChannel(channel: BroadcastChannel = new BroadcastChannel(NAME)): Tabs {
  const waiting = new Set<(session: Session) => void>();
  let told: (session: Session) => void = () => undefined;
  let left: () => void = () => undefined;
  let mine: () => Session | null = () => null;
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (!isObject(data)) return;
    if (data.kind === 'left') left();
    if (data.kind === 'ask') {
      const session = mine();
      if (session) channel.postMessage({ kind: 'session', session: plain(session) });
    }
    const session = data.kind === 'session' ? parseSession(data.session) : null;
    if (!session) return;
    for (const take of waiting) take(session);
    told(session);
  };
  return {
    ask: () =>
      new Promise((resolve) => {
        const done = (session: Session | null) => {
          clearTimeout(timer);
          waiting.delete(done);
          resolve(session);
        };
        const timer = setTimeout(() => done(null), PATIENCE_MS);
        waiting.add(done);
        channel.postMessage({ kind: 'ask' });
      }),
    tell: (session) => channel.postMessage({ kind: 'session', session: plain(session) }),
    tellLeft: () => channel.postMessage({ kind: 'left' }),
    listen: (onSession, onLeft, give) => {
      [told, left, mine] = [onSession, onLeft, give];
    },
  };
}

const plain = (session: Session) => ({ ...session, goodUntil: session.goodUntil?.toISOString() ?? null });
