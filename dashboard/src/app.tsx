/** The page around the page: who one is, what is asked, how it looks. */

import { useCallback, useMemo, useState } from 'preact/hooks';
import { createClient } from './api/client.ts';
import { ClientContext } from './api/query.ts';
import type { Config } from './config.ts';
import { Overview } from './pages/overview.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { Toolbar } from './pages/toolbar.tsx';
import { forgetToken, storedToken, storeToken } from './session.ts';
import { useView } from './state/navigation.ts';
import { resolve } from './state/view.ts';
import { dateIn, viewerZone } from './time/zones.ts';
import { useNow, useOnline } from './ui/browser.ts';
import { Auto, Leave, Logo, Moon, Sun, Warning } from './ui/icons.tsx';
import { type ThemeChoice, useTheme } from './ui/theme.ts';

const NEXT: Record<ThemeChoice, ThemeChoice> = { auto: 'light', light: 'dark', dark: 'auto' };
const THEMES: Record<ThemeChoice, { label: string; icon: () => preact.JSX.Element }> = {
  auto: { label: 'Theme: as the system', icon: Auto },
  light: { label: 'Theme: light', icon: Sun },
  dark: { label: 'Theme: dark', icon: Moon },
};

export function App({ config, given }: { readonly config: Config; readonly given: string | null }) {
  const [token, setToken] = useState(() => given ?? storedToken(sessionStorage) ?? config.token);
  const [reason, setReason] = useState<string | null>(null);

  const refused = useCallback((why: string) => {
    forgetToken(sessionStorage);
    setReason(why);
    setToken(null);
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
  const client = useMemo(
    () => (token ? createClient(config.api, token, fetch.bind(globalThis), refused) : null),
    [config.api, token, refused],
  );

  return client ? (
    <ClientContext.Provider value={client}>
      <Shell onLeave={leave} />
    </ClientContext.Provider>
  ) : (
    <SignIn reason={reason} onToken={enter} />
  );
}

function Shell({ onLeave }: { readonly onLeave: () => void }) {
  const { theme, choice, choose } = useTheme();
  const [view, change] = useView();
  const now = useNow();
  const online = useOnline();
  const viewer = useMemo(viewerZone, []);
  const zone = view.zone ?? viewer;
  // The question changes with the day, not with every tick of the clock.
  const today = dateIn(zone, now);
  const question = useMemo(() => resolve(view, zone, today), [view, zone, today]);
  const locale = useMemo(() => ({ language: navigator.language || 'en', zone }), [zone]);
  const { label, icon: ThemeIcon } = THEMES[choice];

  return (
    <>
      <a class="skip" href="#content">
        Skip to the numbers
      </a>
      <header class="top">
        <div class="brand">
          <Logo />
          <span>Headwater</span>
        </div>
        <div class="top-tools">
          <button
            type="button"
            class="icon-button"
            onClick={() => choose(NEXT[choice])}
            aria-label={label}
            title={label}
          >
            <ThemeIcon />
          </button>
          <button type="button" class="icon-button" onClick={onLeave} aria-label="Sign out" title="Sign out">
            <Leave />
          </button>
        </div>
      </header>
      {!online && (
        <p class="banner" role="status">
          <Warning /> You are offline. The numbers below are the last that arrived; they are brought up to date once you
          are back.
        </p>
      )}
      <Toolbar view={view} question={question} change={change} />
      <Overview view={view} question={question} change={change} locale={locale} theme={theme} now={now} />
    </>
  );
}
