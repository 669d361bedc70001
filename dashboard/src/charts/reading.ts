/** A chart's parts as one reads them: for the box at the pointer, and in words for a screen reader. Pure. */

import { toNumber, type Value } from '../question/answer.ts';
import { bucketBefore, comparedName } from '../question/compared.ts';
import { difference, figureSaid, type Unit } from '../question/figure.ts';
import type { Column } from '../question/table.ts';
import { bucketLong, percent } from '../time/format.ts';
import type { ChartInput } from './input.ts';
import { markedBuckets } from './marks.ts';

/** As many lines as a box may have. */
export const MOST_LINES = 20;
/** From so many on, the largest come first: nobody finds a line by the legend's order any more. */
const SORTED_FROM = 6;

export interface ReadLine {
  readonly column: Column;
  /** In the table, which decides its colour. */
  readonly index: number;
  readonly value: string;
  readonly before: string | null;
  readonly change: string | null;
}

export interface ReadBucket {
  readonly title: string;
  readonly partial: boolean;
  /** `a year before: Sat, 14 Nov 2025`. */
  readonly against: string | null;
  readonly lines: readonly ReadLine[];
  /** Lines that there is no room for. */
  readonly more: number;
  readonly marks: readonly string[];
}

export function bucketRead(input: ChartInput, bucket: number): ReadBucket | null {
  const { table, locale, hidden } = input;
  const at = table.buckets[bucket];
  if (!at) return null;
  const { interval } = table.answer;
  const shown = table.columns.flatMap((column, index) => (hidden.has(column.key) ? [] : [{ column, index }]));
  if (shown.length >= SORTED_FROM) shown.sort((a, b) => size(b.column, bucket) - size(a.column, bucket));
  const compared = shown.find(({ column }) => column.metric.comparison)?.column.metric.comparison ?? null;
  const marked = markedBuckets(input.marks, table.buckets).find((found) => found.bucket === bucket);
  const earlier = compared && bucketBefore(at, compared, interval, locale);
  return {
    title: at.name ?? bucketLong(at.start, at.end, interval, locale),
    partial: at.partial,
    against: compared && (earlier ? `${comparedName(compared)}: ${earlier}` : comparedName(compared)),
    lines: shown.slice(0, MOST_LINES).map(({ column, index }) => lineOf(column, index, bucket, locale.language)),
    more: Math.max(0, shown.length - MOST_LINES),
    marks: marked?.marks.map(({ title }) => title) ?? [],
  };
}

/** What is not known comes last. */
function size({ values, group }: Column, bucket: number): number {
  if (group.other) return -Infinity;
  return toNumber(values[bucket] ?? null) ?? -1e300;
}

function lineOf(column: Column, index: number, bucket: number, language: string): ReadLine {
  const value = column.values[bucket] ?? null;
  const before = column.before?.[bucket] ?? null;
  return {
    column,
    index,
    value: figureSaid(value, column.metric, language),
    before: column.before && figureSaid(before, column.metric, language),
    change: column.before && changeWords(value, before, column.metric, language),
  };
}

/** `+12%`, of shares in points; null where there is nothing to compare. */
export function changeWords(value: Value, before: Value, unit: Unit, language: string): string | null {
  const [now, then] = [toNumber(value), toNumber(before)];
  if (now === null || then === null) return null;
  if (unit.unit === 'share') return difference(now - then, unit, language);
  return then === 0 ? difference(now - then, unit, language) : percent((now - then) / Math.abs(then), language);
}

/** One bucket, as a screen reader says it. */
export function readBucket(input: ChartInput, bucket: number): string {
  const read = bucketRead(input, bucket);
  if (!read) return '';
  const title = `${read.title}${read.partial ? ', still growing' : ''}`;
  const lines = read.lines.map(({ column, value, before, change }) => {
    const then = before === null ? '' : `, before ${before}${change ? `, ${change}` : ''}`;
    return `${column.name} ${value}${then}`;
  });
  const more = read.more > 0 ? [`and ${read.more} more`] : [];
  const against = read.against ? [`Compared with ${read.against}`] : [];
  return [title, ...lines, ...more, ...against, ...read.marks].join('. ');
}
