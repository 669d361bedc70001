/** All rules: there are at most a thousand, which are two pages of the API. */

import { useCallback } from 'preact/hooks';
import { type Answer, useQuery } from '../../api/query.ts';
import { parseMetrics, type Metric } from '../../api/shapes.ts';
import { parseRules, type Rule, type RulePage } from './rule.ts';

const EVERY_MS = 30_000;

export interface Rules {
  readonly answer: Answer<RulePage>;
  readonly rules: readonly Rule[];
}

export function useRules(phase: string): Rules {
  const path = `/v1/alerts?limit=500${phase ? `&phase=${phase}` : ''}`;
  const answer = useQuery(path, parseRules, EVERY_MS);
  const next = answer.outdated ? null : (answer.data?.next ?? null);
  const more = useQuery(next ? `${path}&cursor=${encodeURIComponent(next)}` : null, parseRules, EVERY_MS);
  const rules = [...(answer.data?.rules ?? []), ...(next && !more.outdated ? (more.data?.rules ?? []) : [])];
  return { answer, rules };
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
