/** An answer of `POST /v1/query`, checked as it comes in. Pure. */

import {
  contract,
  instant,
  isObject,
  type Json,
  maybeInstant,
  objects,
  oneOf,
  results,
  text,
  texts,
} from '../api/json.ts';
import { type Kind, KINDS } from '../api/shapes.ts';
import { type Interval, INTERVALS } from '../time/range.ts';

/** A number; a text where money has more digits than a double holds; null where there is none, or not yet. */
export type Value = number | string | null;

export interface Figures {
  readonly value: Value;
  readonly before: Value;
  readonly change: Value;
  /** Null from zero: no ratio says that. */
  readonly ratio: number | null;
}

export interface Row {
  readonly start: Date;
  readonly end: Date;
  readonly partial: boolean;
  readonly group: Group;
  readonly figures: readonly Figures[];
}

/** Members of the dimensions, in the order of `groupBy`; null: without a name. */
export interface Group {
  readonly members: readonly (string | null)[];
  /** The rest that `top` puts together. */
  readonly other: boolean;
}

export interface Total {
  readonly group: Group;
  readonly figures: readonly Figures[];
}

export interface Compared {
  readonly with: string;
  /** `date` or `weekday`. */
  readonly match: string;
  readonly current: { readonly from: Date; readonly to: Date };
  readonly before: { readonly from: Date; readonly to: Date };
  /** The first day that was counted, where `before` begins earlier: what nobody counted is compared with nothing. */
  readonly countedSince: Date | null;
}

export const BETTER = ['higher', 'lower', 'neither'] as const;
export type Better = (typeof BETTER)[number];

/** How one metric of an answer stands. */
export interface Asked {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly kind: Kind;
  /** What is good news of it. */
  readonly better?: Better;
  /** Of a column of money, where its group or the filter says which. */
  readonly currency?: string | null;
  readonly source: string;
  readonly watermark: Date | null;
  readonly late: boolean;
  readonly comparison: Compared | null;
}

/** What is of no time, as rows by name, begins where it ends. */
export const isDated = ({ from, to }: Pick<Answered, 'from' | 'to'>): boolean => from < to;

export interface Answered {
  readonly rows: readonly Row[];
  readonly totals: readonly Total[];
  /** In the order of each row's `figures`. */
  readonly metrics: readonly Asked[];
  readonly groupBy: readonly string[];
  readonly from: Date;
  readonly to: Date;
  readonly interval: Interval;
  readonly zone: string;
  /** As the API understood it, in its own words. */
  readonly filter: string | null;
  /** What was made of the values; totals are as they were. */
  readonly transform: string | null;
  readonly watermark: Date | null;
  readonly partial: boolean;
  readonly late: boolean;
  readonly warnings: readonly string[];
}

export function parseAnswer(json: unknown): Answered {
  const rows = results(json);
  const { meta, query, totals } = json as { meta?: unknown; query?: unknown; totals?: unknown };
  if (!isObject(meta) || !isObject(query)) throw contract('“meta” or “query” is missing');
  const metrics = objects(meta.metrics).map(asked);
  const names = metrics.map(({ name }) => name);
  const groupBy = texts(query.group_by);
  const interval = oneOf(INTERVALS, query.interval);
  if (!interval) throw contract('“interval” is unknown');
  return {
    rows: rows.map((row) => ({
      start: instant(row.start, 'start'),
      end: instant(row.end, 'end'),
      partial: row.partial === true,
      group: group(row, groupBy),
      figures: names.map((name) => figures(row, name)),
    })),
    totals: objects(totals).map((row) => ({
      group: group(row, groupBy),
      figures: names.map((name) => figures(row, name)),
    })),
    metrics,
    groupBy,
    from: instant(query.from, 'from'),
    to: instant(query.to, 'to'),
    interval,
    zone: text(query.tz),
    filter: text(query.filter) || null,
    transform: text(query.transform) || null,
    watermark: maybeInstant(meta.watermark),
    partial: meta.partial === true,
    late: meta.late === true,
    warnings: texts(meta.warnings),
  };
}

function asked(json: Json): Asked {
  return {
    name: text(json.name),
    title: text(json.title),
    unit: text(json.unit),
    kind: oneOf(KINDS, json.kind) ?? 'derived',
    better: oneOf(BETTER, json.better) ?? 'neither',
    source: text(json.source),
    watermark: maybeInstant(json.watermark),
    late: json.late === true,
    comparison: isObject(json.comparison) ? compared(json.comparison) : null,
  };
}

function compared(json: Json): Compared {
  const range = (value: unknown) => {
    if (!isObject(value)) throw contract('a compared range is missing');
    return { from: instant(value.from, 'from'), to: instant(value.to, 'to') };
  };
  return {
    with: text(json.with),
    match: text(json.match),
    current: range(json.current),
    before: range(json.before),
    countedSince: maybeInstant(json.counted_since),
  };
}

function group(row: Json, groupBy: readonly string[]): Group {
  const member = (value: unknown) => {
    if (value === null || value === undefined) return null;
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return { members: groupBy.map((dimension) => member(row[dimension])), other: row.other === true };
}

function figures(row: Json, name: string): Figures {
  const ratio = row[`${name}_change_ratio`];
  return {
    value: value(row[name], name),
    before: value(row[`${name}_before`], name),
    change: value(row[`${name}_change`], name),
    ratio: typeof ratio === 'number' ? ratio : null,
  };
}

function value(given: unknown, name: string): Value {
  if (given === null || given === undefined || typeof given === 'number') return given ?? null;
  if (typeof given === 'string' && /^-?\d+(\.\d+)?$/.test(given)) return given;
  throw contract(`a value of “${name}” is not a number`);
}

/** Whether anything of the range is known at all. */
export function knownFrom({ metrics, from }: Pick<Answered, 'metrics' | 'from'>): boolean {
  return metrics.some(({ watermark }) => watermark !== null && watermark > from);
}

/** For drawing only: what is shown in words keeps every digit. */
export function toNumber(given: Value): number | null {
  return typeof given === 'string' ? Number(given) : given;
}
