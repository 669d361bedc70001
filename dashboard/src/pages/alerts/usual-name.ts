/** What a rule is called when nobody named it. Pure. */

import type { Metric } from '../../api/shapes.ts';
import { cutText } from './cut-text.ts';
import { bodyOf, type Draft } from './draft.ts';
import { parseRule } from './rule.ts';
import { conditionWords } from './words.ts';

const MOST = 80;

/** `Downloads: at least 1,240 downloads`; empty while there is nothing to say it of. */
export function usualName(draft: Draft, metric: Metric | null, language: string): string {
  if (draft.kind !== 'incidents' && !draft.metric) return '';
  const { condition } = parseRule(bodyOf(draft));
  if ('threshold' in condition && !condition.threshold) return '';
  const subject = draft.kind === 'incidents' ? 'Headwater' : (metric?.title ?? draft.metric);
  return cutText(`${subject}: ${conditionWords(condition, metric, language)}`, MOST);
}
