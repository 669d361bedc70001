/** Which of the API's metrics the first page shows, and where. What the API does not have is left out. */

import type { Metric } from '../api/shapes.ts';

const HEADLINES = ['downloads', 'stars', 'forks', 'open_pull_requests'];
const GAUGES = ['stars', 'forks', 'watchers', 'open_pull_requests'];
const ACTIVITY = ['pushes', 'pull_requests_opened', 'pull_requests_merged', 'issues_opened'];

function inOrder(metrics: readonly Metric[], names: readonly string[]): Metric[] {
  return names.flatMap((name) => metrics.find((metric) => metric.name === name) ?? []);
}

export function headlines(metrics: readonly Metric[]): Metric[] {
  return inOrder(metrics, HEADLINES);
}

export function downloadsOf(metrics: readonly Metric[]): Metric | undefined {
  return metrics.find(({ name, dimensions }) => name === 'downloads' && dimensions.includes('version'));
}

export function repositoryGauges(metrics: readonly Metric[]): Metric[] {
  return inOrder(metrics, GAUGES).filter(({ dimensions }) => dimensions.includes('repository'));
}

export function activity(metrics: readonly Metric[]): Metric[] {
  return inOrder(metrics, ACTIVITY);
}
