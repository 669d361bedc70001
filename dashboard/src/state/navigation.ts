/** The view in the address bar: each change of it is one step of the browser's history. */

import { useCallback, useEffect, useState } from 'preact/hooks';
import { formatView, parseView, type View } from './view.ts';

export function useView(): [View, (change: Partial<View>) => void] {
  const [view, setView] = useState(() => parseView(location.search));

  useEffect(() => {
    const onBack = () => setView(parseView(location.search));
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, []);

  const change = useCallback((part: Partial<View>) => {
    const next = { ...parseView(location.search), ...part };
    const address = location.pathname + formatView(next);
    if (address !== location.pathname + location.search) history.pushState(null, '', address);
    setView(next);
  }, []);

  return [view, change];
}
