/** The address bar holds all that is chosen: each change is one step of the browser's history. */

import { useLocation } from 'preact-iso';
import { useCallback, useMemo } from 'preact/hooks';
import type { Frame } from '../question/question.ts';
import { viewerZone } from '../time/zones.ts';
import { type Chosen, chosenParameters, type Fallback, frameOf, parseChosen } from './frame.ts';

/** What this site answers itself; the API's own pages and the runbooks are others'. */
export const OURS = /^\/(?!api\/|runbooks\/)/;

export type Parameters = Record<string, string | null>;

/** The query with some parameters set, and those that are null or empty taken out. */
export function withParameters(search: string, changed: Parameters): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changed)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString();
  return text && `?${text}`;
}

/** The query of a path that begins with a slash, or with several, which no URL can be made of. */
export function searchOf(path: string): string {
  return /^[^?#]*(\?[^#]*)/.exec(path)?.[1] ?? '';
}

/** The parameters of the address, and how to change some. `replace`: no step back leads to what was before. */
export function useParameters(): [URLSearchParams, (changed: Parameters, replace?: boolean) => void] {
  const { url, route } = useLocation();
  const search = searchOf(url);
  const query = useMemo(() => new URLSearchParams(search), [search]);
  const change = useCallback(
    (changed: Parameters, replace = false) => {
      const address = location.pathname + withParameters(location.search, changed);
      if (address !== location.pathname + location.search) route(address, replace);
    },
    [route],
  );
  return [query, change];
}

export interface Framing {
  readonly chosen: Chosen;
  readonly frame: Frame;
  readonly change: (part: Partial<Chosen>) => void;
}

/** The frame of this page's questions. */
export function useFrame(fallback: Fallback = {}): Framing {
  const [query, set] = useParameters();
  const chosen = useMemo(() => parseChosen(query), [query]);
  const viewer = useMemo(viewerZone, []);
  const { range, zone } = fallback;
  const frame = useMemo(
    () => frameOf(chosen, viewer, { range: range ?? null, zone: zone ?? null }),
    [chosen, viewer, range, zone],
  );
  const change = useCallback((part: Partial<Chosen>) => set(chosenParameters(part)), [set]);
  return { chosen, frame, change };
}
