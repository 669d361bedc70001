/** What many pages read: metrics and sources. */

import { count, isObject, maybeCount, maybeInstant, maybeText, oneOf, results, text, texts } from './json.ts';

export const KINDS = ['counter', 'gauge', 'unique', 'ratio', 'derived'] as const;
export type Kind = (typeof KINDS)[number];

export interface Metric {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly kind: Kind;
  readonly dimensions: readonly string[];
  readonly description: string;
  readonly source: string;
  /** Somebody made it; it did not come with Headwater. */
  readonly own: boolean;
}

export function parseMetrics(json: unknown): Metric[] {
  return results(json).map((row) => ({
    name: text(row.name),
    title: text(row.title) || text(row.name),
    unit: text(row.unit),
    kind: oneOf(KINDS, row.kind) ?? 'derived',
    dimensions: texts(row.dimensions),
    description: text(row.description),
    source: text(row.source),
    own: row.own === true,
  }));
}

export const STATES = ['ok', 'late', 'silent', 'failing', 'rate_limited', 'never_run'] as const;
export type SourceState = (typeof STATES)[number] | 'unknown';

export interface Source {
  readonly name: string;
  readonly title: string;
  readonly state: SourceState;
  readonly lastCommitAt: Date | null;
  readonly lastRecordAt: Date | null;
  readonly watermark: Date | null;
  readonly lagSeconds: number | null;
  readonly rejected: number;
  readonly nextRunAt: Date | null;
  readonly error: string | null;
  /** How it comes: asked for ranges, asked for how it stands, or sent to us. */
  readonly kind: SourceKind;
  readonly configured: boolean;
  readonly commits: number;
  readonly records: { readonly ok: number; readonly duplicate: number };
  /** Failed runs in a row. */
  readonly failures: number;
  readonly retryAt: Date | null;
  readonly schedule: Schedule;
  readonly can: Can;
}

export const SOURCE_KINDS = ['pull', 'snapshot', 'arriving'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** In seconds: how often it commits, how long after a window's end, and after how long without a record it is silent. */
export interface Schedule {
  readonly every: number | null;
  readonly delay: number;
  readonly silentAfter: number | null;
}

/** What the API takes for it. */
export interface Can {
  readonly backfill: boolean;
  readonly again: boolean;
  readonly replay: boolean;
}

export function parseSources(json: unknown): Source[] {
  return results(json).map((row) => ({
    name: text(row.name),
    title: text(row.title) || text(row.name),
    state: oneOf(STATES, row.state) ?? 'unknown',
    lastCommitAt: isObject(row.last_commit) ? maybeInstant(row.last_commit.at) : null,
    lastRecordAt: maybeInstant(row.last_record_at),
    watermark: maybeInstant(row.watermark),
    lagSeconds: maybeCount(row.lag_s),
    rejected: count(row.rejected),
    nextRunAt: maybeInstant(row.next_run),
    error: maybeText(row.last_error),
    kind: oneOf(SOURCE_KINDS, row.kind) ?? 'pull',
    configured: row.configured !== false,
    commits: isObject(row.last_commit) ? count(row.last_commit.seq) : 0,
    records: isObject(row.records)
      ? { ok: count(row.records.ok), duplicate: count(row.records.duplicate) }
      : { ok: 0, duplicate: 0 },
    failures: count(row.failures),
    retryAt: maybeInstant(row.retry_at),
    schedule: schedule(row.schedule),
    can: can(row.can),
  }));
}

function schedule(json: unknown): Schedule {
  if (!isObject(json)) return { every: null, delay: 0, silentAfter: null };
  return { every: maybeCount(json.every_s), delay: count(json.delay_s), silentAfter: maybeCount(json.silent_after_s) };
}

function can(json: unknown): Can {
  const may = (name: string) => isObject(json) && json[name] === true;
  return { backfill: may('backfill'), again: may('again'), replay: may('replay') };
}
