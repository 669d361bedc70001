/** What a source had to set aside, and the work that was asked for beside its live stream. Pure. */

import {
  count,
  instant,
  isObject,
  type Json,
  maybeInstant,
  maybeText,
  objects,
  oneOf,
  results,
  text,
  texts,
} from '../../api/json.ts';

export interface Rejection {
  readonly id: string;
  readonly at: Date;
  readonly reason: string;
  /** Where in what arrived, or what it calls itself. */
  readonly where: string | null;
  readonly origin: string;
  /** As it came: shown as text, never read. */
  readonly record: string;
  readonly cut: boolean;
  readonly encoding: string;
  /** Why a replay cannot read it again. */
  readonly obstacle: string | null;
  readonly replayedAt: Date | null;
}

export interface RejectedPage {
  readonly items: readonly Rejection[];
  readonly next: string | null;
  readonly warnings: readonly string[];
}

export function parseRejected(json: unknown): RejectedPage {
  const items = results(json).map((row) => ({
    id: text(row.id),
    at: instant(row.at, 'at'),
    reason: text(row.reason),
    where: maybeText(row.where),
    origin: text(row.origin),
    record: text(row.record),
    cut: row.record_is_cut === true,
    encoding: text(row.encoding),
    obstacle: maybeText(row.obstacle),
    replayedAt: maybeInstant(row.replayed_at),
  }));
  const { meta } = json as { meta?: unknown };
  const said: Json = isObject(meta) ? meta : {};
  return { items, next: maybeText(said.next_cursor), warnings: texts(said.warnings) };
}

export interface ReasonGroup {
  readonly reason: string;
  /** The newest first, as they were answered. */
  readonly items: readonly Rejection[];
}

/** The same reason, one group; the group of the newest record first. */
export function byReason(items: readonly Rejection[]): ReasonGroup[] {
  const groups = new Map<string, Rejection[]>();
  for (const item of items) {
    const group = groups.get(item.reason);
    if (group) group.push(item);
    else groups.set(item.reason, [item]);
  }
  return [...groups].map(([reason, of]) => ({ reason, items: of }));
}

export const JOB_STATES = ['queued', 'running', 'waiting', 'done', 'cancelled', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

export interface Job {
  readonly id: string;
  readonly kind: 'backfill' | 'replay';
  readonly source: string;
  readonly state: JobState;
  readonly ranges: readonly { readonly from: Date; readonly to: Date }[];
  readonly again: boolean;
  readonly done: number;
  readonly total: number;
  readonly rows: number;
  readonly error: string | null;
  readonly retryAt: Date | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly notes: readonly string[];
}

export function parseJob(row: Json): Job {
  return {
    id: text(row.id),
    kind: row.kind === 'replay' ? 'replay' : 'backfill',
    source: text(row.source),
    state: oneOf(JOB_STATES, row.state) ?? 'running',
    ranges: objects(row.ranges).map(({ from, to }) => ({ from: instant(from, 'from'), to: instant(to, 'to') })),
    again: row.again === true,
    done: count(row.done),
    total: count(row.total),
    rows: count(row.rows),
    error: maybeText(row.error),
    retryAt: maybeInstant(row.retry_at),
    createdAt: instant(row.created_at, 'created_at'),
    createdBy: text(row.created_by),
    startedAt: maybeInstant(row.started_at),
    finishedAt: maybeInstant(row.finished_at),
    notes: texts(row.notes),
  };
}

export const parseJobs = (json: unknown): Job[] => results(json).map(parseJob);

export const isActive = ({ state }: Job): boolean => state === 'queued' || state === 'running' || state === 'waiting';

/** Seconds that are left, as fast as it has gone so far; null while nothing can be said. */
export function secondsLeft({ state, done, total, startedAt }: Job, now: Date): number | null {
  if (state !== 'running' || !startedAt || done < 1 || total <= done) return null;
  const spent = (now.getTime() - startedAt.getTime()) / 1000;
  return spent > 0 ? (spent / done) * (total - done) : null;
}
