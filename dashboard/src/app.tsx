/** The page around the page: who one is, and what the API is asked through. */

import { LocationProvider } from 'preact-iso';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { createClient } from './api/client.ts';
import { ApiContext } from './api/query.ts';
import { Store } from './api/store.ts';
import type { Config } from './config.ts';
import { SignIn } from './pages/sign-in.tsx';
import { forgetToken, storedToken, storeToken } from './session.ts';
import { Shell } from './shell/shell.tsx';

/** What this page does not answer itself: the API's own pages and the runbooks. */
const OURS = /^\/(?!api\/|runbooks\/)/;

export function App({ config, given }: { readonly config: Config; readonly given: string | null }) {
  const [token, setToken] = useState(() => given ?? storedToken(sessionStorage) ?? config.token);
  const [reason, setReason] = useState<string | null>(null);
  const held = useRef(token);
  held.current = token;

  const refused = useCallback((why: string) => {
    forgetToken(sessionStorage);
    setReason(why);
    setToken(null);
    return Promise.resolve(null);
  }, []);
  const enter = (next: string) => {
    storeToken(sessionStorage, next);
    setReason(null);
    setToken(next);
  };
  const leave = () => {
    forgetToken(sessionStorage);
    setReason(null);
    setToken(null);
  };
  const api = useMemo(() => {
    const client = createClient(config.api, () => held.current ?? '', fetch.bind(globalThis), refused);
    return { client, store: new Store(client) };
  }, [config.api, refused]);

  return token ? (
    <LocationProvider scope={OURS}>
      <ApiContext.Provider value={api}>
        <Shell onLeave={leave} />
      </ApiContext.Provider>
    </LocationProvider>
  ) : (
    <SignIn reason={reason} onToken={enter} />
  );
}
