/** Metrics in words. Pure. */

import type { Kind, Metric } from '../../api/shapes.ts';

/** How values of several buckets become one. */
export const ADDS_UP: Record<Kind, { readonly word: string; readonly long: string }> = {
  counter: { word: 'Adds up', long: 'A count: the buckets of a range, and the groups, are added up.' },
  gauge: {
    word: 'A level',
    long: 'How much there is at a time: a range ends with its last value; only groups are added up.',
  },
  unique: {
    word: 'Distinct',
    long: 'Who or what is counted once in a range: it is counted anew for every range, and never added up.',
  },
  ratio: { word: 'A ratio', long: 'One sum over another: both are added up first, and then divided.' },
  derived: {
    word: 'Calculated',
    long: 'An expression over other metrics: each is added up first, and then it is calculated.',
  },
};

export interface MetricGroup {
  readonly source: string;
  readonly title: string;
  readonly metrics: readonly Metric[];
}

export const OWN = 'own';

/** Those that somebody made first, then by source, as the API orders them. */
export function groupsOf(metrics: readonly Metric[], titles: ReadonlyMap<string, string>): MetricGroup[] {
  const groups = new Map<string, Metric[]>();
  for (const metric of metrics) {
    const key = metric.own ? OWN : metric.source;
    groups.set(key, [...(groups.get(key) ?? []), metric]);
  }
  return [...groups]
    .map(([source, of]) => ({
      source,
      title: source === OWN ? 'Made here' : (titles.get(source) ?? source.replaceAll('_', ' ')),
      metrics: of,
    }))
    .sort((a, b) => Number(b.source === OWN) - Number(a.source === OWN));
}

/** Every word of what is looked for stands somewhere in what is known of it. */
export function found(metric: Metric, sourceTitle: string, wanted: string): boolean {
  const { name, title, unit, description, dimensions } = metric;
  const all = [name, title, unit, description, sourceTitle, ...dimensions].join(' ').toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
