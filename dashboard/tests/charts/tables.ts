/** Tables of made-up numbers, the same at each call: for tests, pictures and measurements of charts. */

import type { Answered, Asked, Figures, Group, Value } from '../../src/question/answer.ts';
import type { Kind } from '../../src/api/shapes.ts';
import { type Table, tableOf } from '../../src/question/table.ts';

export interface Wish {
  readonly buckets?: number;
  /** Members of one group; empty for none. */
  readonly groups?: readonly string[];
  readonly other?: boolean;
  readonly metrics?: readonly { readonly title: string; readonly unit: string; readonly kind?: Kind }[];
  readonly partial?: number;
  readonly compared?: boolean;
  /** Buckets without a value. */
  readonly gaps?: readonly number[];
  readonly value?: (bucket: number, column: number) => Value;
  readonly by?: string;
  readonly transform?: string;
}

const DAY_MS = 86_400_000;
export const LAST = new Date('2026-11-26T00:00:00Z');

/** Waves with a weekly dip; whole numbers. */
export const wave = (bucket: number, column: number): number =>
  Math.round(1000 + 300 * Math.sin(bucket / 9 + column) + (bucket % 7 > 4 ? -350 : 60) + column * 90);

export function table(wish: Wish = {}): Table {
  return tableOf(answered(wish));
}

export function answered(wish: Wish): Answered {
  const { buckets = 30, groups = [], partial = 1, compared = false, gaps = [], value = wave, by = 'version' } = wish;
  const metrics = (wish.metrics ?? [{ title: 'Downloads', unit: 'downloads' }]).map((metric, index) =>
    asked(metric, index),
  );
  const from = new Date(LAST.getTime() - (buckets - 1) * DAY_MS);
  const to = new Date(LAST.getTime() + DAY_MS);
  const all: Group[] =
    groups.length === 0 ? [{ members: [], other: false }] : groups.map((name) => ({ members: [name], other: false }));
  if (wish.other) all.push({ members: [null], other: true });
  const figures = (bucket: number, column: number): Figures => {
    const now = gaps.includes(bucket) ? null : value(bucket, column);
    const before = compared && now !== null ? Math.round(Number(now) * 0.8 + 90) : null;
    return { value: now, before, change: null, ratio: null };
  };
  const current = { from, to: new Date(LAST.getTime() + 9 * 3_600_000) };
  const year = (at: Date) => new Date(at.getTime() - 365 * DAY_MS);
  const comparison = compared
    ? { with: 'year', match: 'date', current, before: { from: year(from), to: year(current.to) }, countedSince: null }
    : null;
  const column = (group: number, metric: number) => group * metrics.length + metric;
  return {
    rows: Array.from({ length: buckets }, (_, bucket) =>
      all.map((group, at) => ({
        start: new Date(from.getTime() + bucket * DAY_MS),
        end: new Date(from.getTime() + (bucket + 1) * DAY_MS),
        partial: bucket >= buckets - partial,
        group,
        figures: metrics.map((_metric, index) => figures(bucket, column(at, index))),
      })),
    ).flat(),
    totals: all.map((group, at) => ({
      group,
      figures: metrics.map((_metric, index) => {
        let sum = 0;
        for (let bucket = 0; bucket < buckets; bucket += 1)
          sum += Number(figures(bucket, column(at, index)).value ?? 0);
        return {
          value: metrics[index]?.kind === 'counter' ? sum : value(buckets - 1, column(at, index)),
          before: null,
          change: null,
          ratio: null,
        };
      }),
    })),
    metrics: metrics.map((metric) => ({ ...metric, comparison })),
    groupBy: groups.length > 0 ? [by] : [],
    from,
    to,
    interval: 'P1D',
    zone: 'UTC',
    filter: null,
    transform: wish.transform ?? null,
    watermark: new Date(LAST.getTime() + 9 * 3_600_000),
    partial: partial > 0,
    late: false,
    warnings: [],
  };
}

function asked({ title, unit, kind = 'counter' }: { title: string; unit: string; kind?: Kind }, index: number): Asked {
  return { name: `m${index}`, title, unit, kind, source: 's3', watermark: LAST, late: false, comparison: null };
}
