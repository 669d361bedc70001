/** What a chart of an alert is about, beside its numbers. Pure. */

import type { MessageMark } from './chart-option.ts';
import type { Line, Told, What } from './preview.ts';
import type { Condition } from './rule.ts';

/** A change is held against its mark, everything else shows its value. */
export function showsFirst(condition: Condition): 'value' | 'held' {
  return condition.kind === 'change' ? 'held' : 'value';
}

/** Each message at its bucket; of one that is told between two, at the last before it. */
export function messageMarks(
  line: Line,
  told: readonly { what: What; at: Date; start?: Date | null; subject: string }[],
): MessageMark[] {
  const at = new Map(line.points.map(({ start }, index) => [start.getTime(), index]));
  const lastBefore = (time: number) => line.points.findLastIndex(({ end }) => end.getTime() <= time);
  return told.flatMap(({ what, start, at: time, subject }) => {
    const bucket = (start && at.get(start.getTime())) ?? lastBefore(time.getTime());
    return bucket < 0 ? [] : [{ bucket, what, subject, at: time }];
  });
}

/** Messages of one group. */
export const toldOf = (told: readonly Told[], key: string): Told[] => told.filter((one) => one.key === key);
