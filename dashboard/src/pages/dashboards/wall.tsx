/** A dashboard for a wall: nothing but the numbers, large, kept up to date, several in turn. */

import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import { usePage } from '../../shell/page.ts';
import { useFrame, useParameters } from '../../state/address.ts';
import { instant } from '../../time/format.ts';
import { rangeSaid } from '../../time/range-said.ts';
import { dateIn } from '../../time/zones.ts';
import { useNow } from '../../ui/browser.ts';
import { Close, Warning } from '../../ui/icons.tsx';
import { Board } from './board.tsx';
import { type DashboardData, parseDashboard } from './dashboard.ts';
import { readTurns } from './turns.ts';

export interface WallState {
  readonly on: boolean;
  /** Whose turn it is. */
  readonly id: string;
  readonly every: number | null;
  readonly next: () => void;
}

export function useWall(own: string): WallState {
  const [query] = useParameters();
  const { on, every, ids } = readTurns(query, own);
  const [turn, setTurn] = useState(0);
  const id = on ? (ids[turn % ids.length] ?? own) : own;
  return { on, id, every, next: () => setTurn((n) => n + 1) };
}

export function Wall({ dashboard, wall }: { readonly dashboard: DashboardData; readonly wall: WallState }) {
  const { locale: viewer, online } = usePage();
  const [, setParameters] = useParameters();
  const { frame } = useFrame(dashboard);
  const now = useNow(1_000);
  const locale = { ...viewer, zone: frame.zone };
  // The same question that the page has asked: how long ago it was answered says whether the connection lives.
  const pulse = useQuery(`/v1/dashboards/${encodeURIComponent(dashboard.id)}`, parseDashboard);
  const asOf = pulse.fetchedAt ? instant(pulse.fetchedAt, locale, now) : '';
  const lost = !online || pulse.error !== null;
  const leave = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    setParameters({ wall: null, turn: null, with: null });
  };
  useWallLooks(leave);
  useAwake();
  useTurns(wall, dashboard.id);
  return (
    <>
      <header class="wall-head">
        <h1>
          <bdi class="cut-lines">{dashboard.name}</bdi>
        </h1>
        <p class="muted">{rangeSaid(frame.range, dateIn(frame.zone, now), locale)}</p>
        <p class={lost ? 'wall-lost' : 'muted'} role="status">
          {lost ? (
            <>
              <Warning /> The connection is lost: these are the numbers of {asOf}
            </>
          ) : (
            `As of ${asOf}`
          )}
        </p>
        <time class="wall-clock" dateTime={now.toISOString().slice(0, 16)}>
          {new Intl.DateTimeFormat(viewer.language, {
            hour: '2-digit',
            minute: '2-digit',
            timeZone: frame.zone,
          }).format(now)}
        </time>
        <button type="button" class="icon-button" aria-label="Leave the wall" title="Leave (Esc)" onClick={leave}>
          <Close />
        </button>
      </header>
      <Board widgets={dashboard.widgets} frame={frame} mayEdit={false} />
    </>
  );
}

/** The navigation goes, all is larger (dashboard.css); Escape leaves. */
function useWallLooks(leave: () => void): void {
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset.wall = 'yes';
    return () => {
      delete root.dataset.wall;
    };
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && leave();
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}

/** The screen stays on, where the browser allows it; it has to be asked again after the page was hidden. */
function useAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let ended = false;
    const ask = () => {
      if (document.hidden || !('wakeLock' in navigator)) return;
      navigator.wakeLock.request('screen').then(
        (given) => {
          if (ended) void given.release();
          else lock = given;
        },
        () => undefined, // refused: the screen then does as it always does
      );
    };
    ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      ended = true;
      document.removeEventListener('visibilitychange', ask);
      void lock?.release();
    };
  }, []);
}

/** What is longer than the screen is shown a screenful after the other, then the next dashboard. */
function useTurns({ every, next }: WallState, id: string): void {
  useEffect(() => {
    if (every === null) return;
    scrollTo(0, 0);
    const timer = setInterval(() => {
      const root = document.documentElement;
      if (root.scrollHeight - innerHeight - scrollY > 60) scrollBy(0, innerHeight * 0.85);
      else {
        scrollTo(0, 0);
        next();
      }
    }, every * 1_000);
    return () => clearInterval(timer);
    // `next` is another function each time and does the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [every, id]);
}
