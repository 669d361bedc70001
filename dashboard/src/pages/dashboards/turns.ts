/** What a wall shows: `?wall=1&turn=60&with=pipeline,seo`. Pure. */

export interface Turns {
  readonly on: boolean;
  /** Seconds that each screenful stays; null: it stays. */
  readonly every: number | null;
  /** Dashboards in turn, the page's own first. */
  readonly ids: readonly string[];
}

const MOST = 20;

export function readTurns(query: URLSearchParams, own: string): Turns {
  const seconds = Number(query.get('turn'));
  const others = (query.get('with') ?? '').split(',').filter((id) => /^[\w-]{1,80}$/.test(id));
  return {
    on: query.get('wall') === '1',
    every: Number.isFinite(seconds) && seconds > 0 ? Math.min(3600, Math.max(5, Math.round(seconds))) : null,
    ids: [...new Set([own, ...others])].slice(0, MOST),
  };
}

export function writeTurns(every: number | null, others: readonly string[]): Record<string, string | null> {
  return { wall: '1', turn: every === null ? null : String(every), with: others.length > 0 ? others.join(',') : null };
}
