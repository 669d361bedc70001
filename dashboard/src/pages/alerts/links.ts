/** Where a rule's numbers can be looked at further. Pure. */

import { filterLine } from '../../question/filter-json.ts';
import type { Rule } from './rule.ts';

export function exploreLink(rule: Rule, range: string): string {
  const query = new URLSearchParams();
  if (rule.metric) query.set('metrics', rule.metric);
  if (rule.groupBy.length > 0) query.set('by', rule.groupBy.join(','));
  const filter = filterLine(rule.filter);
  if (filter) query.set('filter', filter);
  query.set('range', range);
  if (rule.interval) query.set('interval', rule.interval);
  if (rule.zone) query.set('tz', rule.zone);
  return `/explore?${query.toString()}`;
}
