/** An answer as columns over buckets: one for each metric and group. Pure. */

import { type Answered, type Asked, type Figures, type Group, toNumber, type Value } from './answer.ts';
import { parseFilter } from './filter.ts';

export interface Column {
  /** The same from one answer to the next: what is switched off stays so. */
  readonly key: string;
  readonly name: string;
  readonly metric: Asked;
  readonly group: Group;
  /** One value a bucket; null where nothing is known. */
  readonly values: readonly Value[];
  /** What they are compared with, bucket by bucket; null when nothing is. */
  readonly before: readonly Value[] | null;
  /** Over the whole range, by the metric's own kind, as the API says. */
  readonly total: Figures;
}

export interface TableBucket {
  readonly start: Date;
  readonly end: Date;
  readonly partial: boolean;
  /** Of what is no time, how it is called instead. */
  readonly name?: string;
}

export interface Table {
  /** What its columns come to is not said: rows of SQL may be averages, or how something stood. */
  readonly unadded?: boolean;
  readonly buckets: readonly TableBucket[];
  readonly columns: readonly Column[];
  readonly answer: Answered;
}

const NO_FIGURES: Figures = { value: null, before: null, change: null, ratio: null };

export function tableOf(answer: Answered): Table {
  const buckets = distinctBuckets(answer);
  const position = new Map(buckets.map(({ start }, index) => [start.getTime(), index]));
  const compared = answer.metrics.some(({ comparison }) => comparison !== null);
  const totals = new Map(answer.totals.map((total) => [groupKey(total.group), total.figures]));
  const groups = new Map<string, Group>();
  for (const { group } of answer.totals) groups.set(groupKey(group), group);
  for (const { group } of answer.rows) groups.set(groupKey(group), group);

  const wholes = answer.metrics.map((_, index) =>
    wholeOf([...totals.values()].flatMap((figures) => figures[index] ?? [])),
  );
  const columns = [...groups].flatMap(([key, group]) =>
    answer.metrics.map((metric, index) => ({
      key: `${metric.name} ${key}`,
      name: columnName(metric, group, answer),
      metric: metric.unit === 'money' ? { ...metric, currency: currencyOf(group, answer) } : metric,
      group,
      values: new Array<Value>(buckets.length).fill(null),
      before: compared ? new Array<Value>(buckets.length).fill(null) : null,
      total: totalOf(totals.get(key)?.[index] ?? NO_FIGURES, wholes[index] ?? NO_FIGURES, answer.transform),
    })),
  );
  const found = new Map(columns.map((column) => [column.key, column]));
  for (const row of answer.rows) {
    const at = position.get(row.start.getTime()) as number;
    const group = groupKey(row.group);
    answer.metrics.forEach((metric, index) => {
      const column = found.get(`${metric.name} ${group}`);
      const figures = row.figures[index];
      if (!column || !figures) return;
      column.values[at] = figures.value;
      if (column.before) column.before[at] = figures.before;
    });
  }
  return { buckets, columns: columns.sort(byOtherLast), answer };
}

/** The API's totals are of the values before a transform. Of shares the share of the whole range is the same measure;
 * of rates no total is known. */
function totalOf(total: Figures, whole: Figures, transform: string | null): Figures {
  if (transform?.startsWith('rate')) return NO_FIGURES;
  if (transform !== 'share_of_total') return total;
  const value = shareOf(total.value, whole.value);
  const before = shareOf(total.before, whole.before);
  const change = value === null || before === null ? null : value - before;
  return { value, before, change, ratio: change === null || !before ? null : change / before };
}

function wholeOf(all: readonly Figures[]): Figures {
  const sum = (values: readonly Value[]) => values.reduce<number>((a, b) => a + (toNumber(b) ?? 0), 0);
  return { ...NO_FIGURES, value: sum(all.map(({ value }) => value)), before: sum(all.map(({ before }) => before)) };
}

function shareOf(part: Value, whole: Value): number | null {
  const all = toNumber(whole);
  return part === null || !all ? null : Number(part) / all;
}

/** Which currency a column of money is in: by its group, or by a filter that leaves only one. */
function currencyOf(group: Group, { groupBy, filter }: Answered): string | null {
  return group.members[groupBy.indexOf('currency')] ?? (filter ? onlyMember('currency', filter) : null);
}

/** What a filter, in the API's own words, holds a dimension to. */
function onlyMember(dimension: string, filter: string): string | null {
  try {
    const read = parseFilter(filter);
    const parts = read.kind === 'and' ? read.of : [read];
    const found = parts.find(
      (part) => part.kind === 'condition' && part.dimension === dimension && part.operator === 'is',
    );
    return found?.kind === 'condition' ? found.value : null;
  } catch {
    return null; // a filter of a later version of the API: the currency is then not named
  }
}

function byOtherLast(a: Column, b: Column): number {
  return Number(a.group.other) - Number(b.group.other);
}

function groupKey({ members, other }: Group): string {
  return other ? 'other' : JSON.stringify(members);
}

function columnName(metric: Asked, group: Group, { groupBy, metrics }: Answered): string {
  if (groupBy.length === 0) return metric.title;
  const name = groupName(group);
  return metrics.length > 1 ? `${metric.title}: ${name}` : name;
}

/** A group that the data leaves without a name still has one that can be read. */
export function groupName({ members, other }: Group): string {
  return other
    ? 'All others'
    : members.map((member) => (member === null || member === '' ? '(none)' : member)).join(' · ');
}

function distinctBuckets({ rows }: Answered): TableBucket[] {
  const seen = new Map<number, TableBucket>();
  for (const { start, end, partial } of rows) {
    const known = seen.get(start.getTime());
    if (known && (known.partial || !partial)) continue; // one of twenty groups: nothing new of this bucket
    seen.set(start.getTime(), { start, end, partial });
  }
  return [...seen.values()].sort((a, b) => a.start.getTime() - b.start.getTime());
}

/** The index of the first partial bucket; the number of buckets when all are complete. */
export function firstPartial({ buckets }: Table): number {
  const index = buckets.findIndex((bucket) => bucket.partial);
  return index < 0 ? buckets.length : index;
}

/** Nothing was counted yet in a bucket that begins past what is complete, or that its source is behind with: that is not
 * known to be zero, and nothing is drawn that falls to it. The table and the API say 0, and that it is partial. */
export function knownYet({ values, metric }: Column, { buckets }: Table): readonly Value[] {
  const { watermark } = metric;
  if (!watermark) return values;
  return values.map((value, at) => {
    const bucket = buckets[at];
    if (!bucket || Number(value) !== 0) return value;
    const behind = bucket.end > watermark && at < buckets.length - 1;
    return bucket.start >= watermark || behind ? null : value;
  });
}

/** Nothing was counted, or nothing is known. */
export function isEmpty({ columns }: Table): boolean {
  return columns.every(({ values, metric }) =>
    values.every((value) => value === null || (isCount(metric) && Number(value) === 0)),
  );
}

const isCount = ({ kind }: Asked) => kind === 'counter' || kind === 'unique';

export function movesAcrossZero({ values, before, total }: Column): boolean {
  return [total.value, total.before, ...values, ...(before ?? [])].some((value) => value !== null && Number(value) < 0);
}

/** Values of different columns mean something added up. */
export function addsUp({ columns, answer }: Table): boolean {
  return (
    answer.metrics.length === 1 && columns.every(({ metric }) => metric.kind === 'counter' || metric.kind === 'gauge')
  );
}
