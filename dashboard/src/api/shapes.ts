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
  }));
}
