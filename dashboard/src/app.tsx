/** The page around the page: who one is, and what the API is asked through. */

import { LocationProvider } from 'preact-iso';
import { useEffect, useMemo, useReducer } from 'preact/hooks';
import { createClient } from './api/client.ts';
import { ApiContext } from './api/query.ts';
import { Store } from './api/store.ts';
import type { Config } from './config.ts';
import type { Keeper } from './session/keeper.ts';
import { Lapsed } from './session/lapsed.tsx';
import { SignIn, Waiting } from './session/sign-in.tsx';
import { Shell } from './shell/shell.tsx';
import { OURS } from './state/address.ts';

export function App({ config, keeper }: { readonly config: Config; readonly keeper: Keeper }) {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    redraw(undefined); // it may have opened before anybody listened
    return keeper.listen(() => redraw(undefined));
  }, [keeper]);
  const { state, entrance } = keeper;
  const api = useApiOf(config.api, keeper, entrance);
  const byPool = config.pool !== null;
  const enter = (token: string) => keeper.enterToken(token);
  const leave = () => void keeper.leave();

  if (state.kind === 'busy') return <Waiting doing={state.doing} />;
  if (state.kind === 'out') {
    const back = location.pathname + location.search + location.hash;
    return (
      <SignIn
        byPool={byPool}
        reason={state.reason}
        wrong={state.wrong ?? false}
        onSignIn={() => void keeper.signIn(back)}
        onToken={enter}
      />
    );
  }
  return (
    <LocationProvider scope={OURS}>
      <ApiContext.Provider value={api}>
        <Shell onLeave={leave} />
        {state.kind === 'lapsed' && <Lapsed byPool={byPool} reason={state.reason} onToken={enter} onLeave={leave} />}
      </ApiContext.Provider>
    </LocationProvider>
  );
}

/** Whoever comes in anew is shown nothing that the last one asked for. */
function useApiOf(address: string, keeper: Keeper, entrance: number) {
  return useMemo(() => {
    const asked: typeof fetch = async (...request) => {
      const response = await fetch(...request);
      if (response.ok) keeper.worked();
      return response;
    };
    const client = createClient(
      address,
      () => keeper.token(),
      asked,
      (reason, refused) => keeper.renew(reason, refused),
    );
    return { client, store: new Store(client), entrance };
  }, [address, keeper, entrance]);
}
