/** The frame of every page: the navigation beside it, who one is above it, and what is the matter with the connection. */

import { ErrorBoundary, Router, Route, useLocation } from 'preact-iso';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useNow, useOnline } from '../ui/browser.ts';
import { Auto, Leave, Logo, MenuLines, Moon, Sun, Warning } from '../ui/icons.tsx';
import { LeaveGuard } from '../ui/leave-guard.tsx';
import { Notices } from '../ui/notices.tsx';
import { Empty } from '../ui/states.tsx';
import { type ThemeChoice, useTheme } from '../ui/theme.ts';
import { useLeaving } from '../ui/unsaved.ts';
import { viewerZone } from '../time/zones.ts';
import { useAskAhead } from './ahead.ts';
import { Failed } from './failed.tsx';
import { useMe } from './me.ts';
import { type Page, PageContext } from './page.ts';
import { NAVIGATION, ROUTES } from './routes.tsx';

const NEXT: Record<ThemeChoice, ThemeChoice> = { auto: 'light', light: 'dark', dark: 'auto' };
const THEMES: Record<ThemeChoice, { label: string; icon: () => preact.JSX.Element }> = {
  auto: { label: 'Theme: as the system', icon: Auto },
  light: { label: 'Theme: light', icon: Sun },
  dark: { label: 'Theme: dark', icon: Moon },
};

export function Shell({ onLeave }: { readonly onLeave: () => void }) {
  const { theme, choice, choose } = useTheme();
  const now = useNow();
  const online = useOnline();
  useAskAhead(location.pathname);
  const me = useMe();
  const zone = useMemo(viewerZone, []);
  const page: Page = useMemo(
    () => ({ locale: { language: navigator.language || 'en', zone }, theme, now, me: me.data, online }),
    [zone, theme, now, me.data, online],
  );
  const { label, icon: ThemeIcon } = THEMES[choice];
  return (
    <PageContext.Provider value={page}>
      <Notices>
        <LeaveGuard>
          <a class="skip" href="#content">
            Skip to the page
          </a>
          <div class="shell">
            <header class="top">
              <a class="brand" href="/">
                <Logo />
                <span>Headwater</span>
              </a>
              <Navigation />
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
                <SignOut onLeave={onLeave} />
                {me.data?.name && (
                  <bdi class="me cut" title={`${me.data.name}, ${me.data.scope}`}>
                    {me.data.name}
                  </bdi>
                )}
              </div>
            </header>
            <div class="shell-page">
              {!online && (
                <p class="banner" role="status">
                  <Warning /> You are offline. The numbers below are the last that arrived; they are brought up to date
                  once you are back.
                </p>
              )}
              <Pages />
            </div>
          </div>
        </LeaveGuard>
      </Notices>
    </PageContext.Provider>
  );
}

function SignOut({ onLeave }: { readonly onLeave: () => void }) {
  const leaving = useLeaving();
  return (
    <button
      type="button"
      class="icon-button"
      onClick={() => leaving.go(onLeave, () => true)}
      aria-label="Sign out"
      title="Sign out"
    >
      <Leave />
    </button>
  );
}

function Pages() {
  const [failure, setFailure] = useState<Error | null>(null);
  const { path } = useLocation();
  useEffect(() => setFailure(null), [path]);
  if (failure) return <Failed failure={failure} />;
  return (
    <ErrorBoundary onError={(error) => setFailure(error)}>
      <Router onRouteChange={onPageChange}>
        {ROUTES.map(({ path: at, component }) => (
          <Route key={at} path={at} component={component} />
        ))}
        <Route default component={NotFound} />
      </Router>
    </ErrorBoundary>
  );
}

let lastPath = location.pathname;

/** A new page begins at its top, with the focus where its content does; a changed question leaves both alone. */
function onPageChange(): void {
  if (location.pathname === lastPath) return;
  lastPath = location.pathname;
  scrollTo(0, 0);
  document.getElementById('content')?.focus({ preventScroll: true });
}

function NotFound() {
  return (
    <main id="content" tabIndex={-1}>
      <h1 class="hidden">No such page</h1>
      <div class="panel">
        <Empty title="There is no such page">It may have moved: choose one from the navigation.</Empty>
      </div>
    </main>
  );
}

function Navigation() {
  const { path } = useLocation();
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  const current = (href: string) =>
    path === href || path.startsWith(`${href}/`) || (path === '/' && href === '/overview');
  return (
    <>
      <button
        type="button"
        class="icon-button nav-opener"
        aria-expanded={open}
        aria-controls="navigation"
        aria-label="Pages"
        onClick={() => setOpen(!open)}
      >
        <MenuLines />
      </button>
      <nav id="navigation" aria-label="Pages" class={open ? 'open' : ''}>
        {NAVIGATION.map(({ title, links }) => (
          <div key={title} class="nav-group">
            <p class="nav-title">{title}</p>
            <ul>
              {links.map(({ href, label }) => (
                <li key={href}>
                  <a href={href} aria-current={current(href) ? 'page' : undefined}>
                    {label}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
    </>
  );
}
