/** The dimensions of a question. Pure. */

import type { Metric } from '../api/shapes.ts';

/** What the catalog knows of metrics, in their order. */
export function knownMetrics(names: readonly string[], catalog: readonly Metric[]): readonly Metric[] {
  return names.flatMap((name) => catalog.find((metric) => metric.name === name) ?? []);
}

/** The dimensions that all of the metrics have. */
export function inCommon(metrics: readonly Metric[]): readonly string[] {
  const [first, ...rest] = metrics;
  return first?.dimensions.filter((name) => rest.every(({ dimensions }) => dimensions.includes(name))) ?? [];
}
