/** Where a rule on what is shown is made. Pure. */

import type { Question } from '../../question/question.ts';
import type { Interval } from '../../time/range.ts';

/** Null for several metrics: a rule watches one. */
export function alertAddress({ metrics, filter, groupBy }: Question, interval: Interval, zone: string): string | null {
  const [metric] = metrics;
  if (metrics.length !== 1 || !metric) return null;
  const query = new URLSearchParams({ metric });
  if (filter) query.set('filter', filter);
  if (groupBy.length > 0) query.set('group_by', groupBy.join(','));
  query.set('interval', interval);
  query.set('tz', zone);
  return `/alerts/new?${query.toString()}`;
}
