/** Where alert rules on a metric draw the line. Pure. */

import { isObject, maybeText, results, text, texts } from '../../api/json.ts';
import type { Threshold } from '../../charts/input.ts';
import type { Chosen } from './chosen.ts';
import { type Interval, INTERVALS } from '../../time/range.ts';

/** A rule that watches a level. */
export interface LevelRule {
  readonly id: string;
  readonly name: string;
  readonly metric: string;
  readonly interval: Interval | null;
  readonly filter: string | null;
  readonly groupBy: readonly string[];
  readonly side: string;
  readonly threshold: number;
  readonly severity: string;
  readonly enabled: boolean;
}

export function parseLevelRules(json: unknown): LevelRule[] {
  return results(json).flatMap((row) => {
    const { condition } = row;
    if (!isObject(condition) || condition.kind !== 'level') return [];
    const threshold = Number(condition.threshold);
    if (!Number.isFinite(threshold)) return [];
    return [
      {
        id: text(row.id),
        name: text(row.name),
        metric: text(row.metric),
        interval: INTERVALS.find((one) => one === row.interval) ?? null,
        filter: maybeText(row.filter),
        groupBy: texts(row.group_by),
        side: text(condition.side),
        threshold,
        severity: text(row.severity),
        enabled: row.enabled !== false,
      },
    ];
  });
}

export interface Watched {
  /** Rules whose values are the ones that are drawn. */
  readonly drawn: readonly LevelRule[];
  /** Rules on the metric whose values are others: of other lengths of time, groups or filters. */
  readonly others: readonly LevelRule[];
}

/** Which rules watch just what is shown: a mark for hours says nothing on a chart of days. */
export function watched(
  rules: readonly LevelRule[],
  chosen: Chosen,
  interval: Interval,
  filter: string | null,
): Watched {
  const on = rules.filter(({ metric, enabled }) => enabled && chosen.metrics.includes(metric));
  const same = (rule: LevelRule) =>
    chosen.metrics.length === 1 &&
    chosen.transform === null &&
    rule.interval === interval &&
    rule.filter === filter &&
    rule.groupBy.join() === chosen.groupBy.join();
  return { drawn: on.filter(same), others: on.filter((rule) => !same(rule)) };
}

export function thresholdOf({ name, threshold, severity }: LevelRule): Threshold {
  return { value: threshold, label: name, severity };
}
