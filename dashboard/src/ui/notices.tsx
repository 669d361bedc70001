/** Short words on what was done, at the page's edge and for screen readers: `tell('Saved')`. */

import { createContext } from 'preact';
import { useCallback, useContext, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';

const STAYS_MS = 6_000;
const TellContext = createContext<(words: string) => void>(() => undefined);

export function useTell(): (words: string) => void {
  return useContext(TellContext);
}

export function Notices({ children }: { readonly children: ComponentChildren }) {
  const [notices, setNotices] = useState<readonly { key: number; words: string }[]>([]);
  const tell = useCallback((words: string) => {
    const key = Math.random();
    setNotices((old) => [...old.slice(-2), { key, words }]);
    setTimeout(() => setNotices((old) => old.filter((notice) => notice.key !== key)), STAYS_MS);
  }, []);
  return (
    <TellContext.Provider value={tell}>
      {children}
      <div class="notices" role="status">
        {notices.map(({ key, words }) => (
          <p key={key}>{words}</p>
        ))}
      </div>
    </TellContext.Provider>
  );
}
