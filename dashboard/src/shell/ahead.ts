/** The page that the site is opened with: its code and its first questions are under way before it is there to ask. */

import { exec } from 'preact-iso/router';
import { useEffect, useState } from 'preact/hooks';
import { useApi } from '../api/query.ts';
import { REFRESH_MS } from '../api/store.ts';
import { type FirstAsk, type PageRoute, ROUTES } from './routes.tsx';

/** A page that takes longer than this to come asks for itself. */
const HELD_MS = 15_000;

interface Opened {
  readonly route: PageRoute;
  readonly params: Readonly<Record<string, string>>;
}

/** The page at an address. Pure. */
export function pageAt(path: string): Opened | null {
  for (const route of ROUTES) {
    const found = matched(path, route.path);
    if (found) return { route, params: found };
  }
  return null;
}

export function firstAsks(path: string): readonly FirstAsk[] {
  const opened = pageAt(path);
  return opened?.route.asks?.(opened.params) ?? [];
}

/** Load the code of a page. One that cannot be had says so when it is shown. */
export function loadAhead(path: string): void {
  void pageAt(path)?.route.component.preload();
}

/** Ask what the page that is opened first will ask: it finds its answers, or shares the requests. */
export function useAskAhead(path: string): void {
  const { store } = useApi();
  const [asks] = useState(() => firstAsks(path));
  useEffect(() => {
    const ends = asks.map(({ path: ask, every = REFRESH_MS }) => store.listen({ path: ask }, every, nothing));
    const end = () => {
      for (const stop of ends.splice(0)) stop();
    };
    const timer = setTimeout(end, HELD_MS);
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [store, asks]);
}

const nothing = () => undefined;

function matched(path: string, pattern: string): Record<string, string> | null {
  try {
    return (exec(path, pattern) as { params: Record<string, string> } | undefined)?.params ?? null;
  } catch {
    return null; // what is no text when it is decoded
  }
}
