/** All rules, or those of a phase. */

import { useCallback } from 'preact/hooks';
import { RULES } from '../../api/lists.ts';
import { type Answer, useQuery } from '../../api/query.ts';
import { parseMetrics, type Metric } from '../../api/shapes.ts';
import { whole } from '../../api/whole.ts';
import { parseRules, type Rule } from './rule.ts';

const EVERY_MS = 30_000;

export function useRules(phase: string): Answer<Rule[]> {
  return useQuery(phase ? whole(`${RULES.path}&phase=${phase}`) : RULES, parseRules, EVERY_MS);
}

/** Metrics by name: what a rule's mark is counted in. */
export function useMetrics(): {
  readonly answer: Answer<Metric[]>;
  readonly find: (name: string | null) => Metric | null;
} {
  const answer = useQuery('/v1/metrics', parseMetrics);
  const { data } = answer;
  const find = useCallback((name: string | null) => data?.find((metric) => metric.name === name) ?? null, [data]);
  return { answer, find };
}
