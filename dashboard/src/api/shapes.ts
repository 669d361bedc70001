/** The API's answers, checked as they come in: what does not fit the contract is a clear problem, not a blank chart. */

import type { Interval } from '../time/range.ts';
import { ApiProblem } from './client.ts';

export interface Metric {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly kind: 'counter' | 'gauge' | string;
  readonly dimensions: readonly string[];
  readonly description: string;
  readonly source: string;
}

export interface Bucket {
  readonly start: Date;
  readonly end: Date;
  /** The value of the dimension that was grouped by; empty when there was none. */
  readonly group: string;
  readonly value: number | null;
  readonly partial: boolean;
}

export interface Series {
  readonly buckets: readonly Bucket[];
  readonly metric: string;
  readonly unit: string;
  readonly kind: string;
  readonly watermark: Date | null;
  readonly partial: boolean;
  readonly truncated: boolean;
  readonly approximate: boolean;
  readonly warnings: readonly string[];
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

type Json = Record<string, unknown>;

const words = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function contract(what: string): ApiProblem {
  return new ApiProblem(
    200,
    'An unexpected answer',
    `The API's answer is not as agreed: ${what}. The page and the API may be of different versions; reload the page.`,
  );
}

function results(json: unknown): Json[] {
  if (!isObject(json) || !Array.isArray(json.results)) throw contract('“results” is missing');
  return json.results.filter(isObject);
}

function optionalInstant(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? null : at;
}

function instant(value: unknown, name: string): Date {
  const at = optionalInstant(value);
  if (!at) throw contract(`“${name}” is not a time`);
  return at;
}

export function parseMetrics(json: unknown): Metric[] {
  return results(json).map((row) => ({
    name: text(row.name),
    title: text(row.title) || text(row.name),
    unit: text(row.unit),
    kind: text(row.kind),
    dimensions: Array.isArray(row.dimensions) ? row.dimensions.map(text) : [],
    description: text(row.description),
    source: text(row.source),
  }));
}

/** Parse a series that was grouped by at most one dimension. */
export function parseSeries(json: unknown, groupBy: string | null): Series {
  const rows = results(json);
  const meta = isObject(json) && isObject(json.meta) ? json.meta : {};
  return {
    buckets: rows.map((row) => {
      const value = row.value;
      if (value !== null && typeof value !== 'number') throw contract('a “value” is not a number');
      return {
        start: instant(row.start, 'start'),
        end: instant(row.end, 'end'),
        group: groupBy ? groupName(row[groupBy]) : '',
        value,
        partial: row.partial === true,
      };
    }),
    metric: text(meta.metric),
    unit: text(meta.unit),
    kind: text(meta.kind),
    watermark: optionalInstant(meta.watermark),
    partial: meta.partial === true,
    truncated: meta.truncated === true,
    approximate: meta.approximate === true,
    warnings: Array.isArray(meta.warnings) ? meta.warnings.map(text).filter(Boolean) : [],
  };
}

/** A group that the data leaves empty still has a name that one can read. */
function groupName(value: unknown): string {
  return value === null || value === undefined || value === '' ? '(none)' : words(value);
}

export function parseSources(json: unknown): Source[] {
  return results(json).map((row) => ({
    name: text(row.name),
    title: text(row.title) || text(row.name),
    state: STATES.find((state) => state === row.state) ?? 'unknown',
    lastCommitAt: isObject(row.last_commit) ? optionalInstant(row.last_commit.at) : null,
    lastRecordAt: optionalInstant(row.last_record_at),
    watermark: optionalInstant(row.watermark),
    lagSeconds: typeof row.lag_s === 'number' ? row.lag_s : null,
    rejected: typeof row.rejected === 'number' ? row.rejected : 0,
    nextRunAt: optionalInstant(row.next_run),
    error: text(row.last_error) || null,
  }));
}

export interface SeriesQuestion {
  readonly metric: string;
  /** A date (midnight in the zone) or an instant. */
  readonly from: string | Date;
  readonly to: string | Date;
  readonly interval: Interval;
  readonly zone: string;
  readonly groupBy?: string | null;
}

export function seriesPath({ metric, from, to, interval, zone, groupBy }: SeriesQuestion): string {
  const when = (value: string | Date) =>
    typeof value === 'string' ? value : value.toISOString().replace('.000Z', 'Z');
  const query = new URLSearchParams({ from: when(from), to: when(to), interval, tz: zone });
  if (groupBy) query.set('group_by', groupBy);
  return `/v1/metrics/${encodeURIComponent(metric)}?${query}`;
}
