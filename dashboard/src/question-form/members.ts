/** The members of a dimension that the data of the range has, the largest first: what a filter may name. */

import { useMemo } from 'preact/hooks';
import type { Ask } from '../api/client.ts';
import { useQuery } from '../api/query.ts';
import { parseAnswer } from '../question/answer.ts';
import { asking, askOf, type Frame } from '../question/question.ts';

const MOST = 100;
const NONE: readonly string[] = [];

export function useMembers(metric: string | null, dimension: string, frame: Frame | null): readonly string[] {
  const ask = useMemo(() => askFor(metric, dimension, frame), [metric, dimension, frame]);
  return useQuery(ask, parseMembers, Infinity).data ?? NONE;
}

/** One bucket a year: only the totals are wanted, and by the year they are few rows. */
function askFor(metric: string | null, dimension: string, frame: Frame | null): Ask | null {
  if (!metric || !dimension || !frame) return null;
  const question = asking([metric], { groupBy: [dimension], top: MOST });
  return askOf(question, { ...frame, interval: 'P1Y', compare: null }, { other: false });
}

function parseMembers(json: unknown): string[] {
  const { totals } = parseAnswer(json);
  return [...new Set(totals.flatMap(({ group }) => group.members.slice(0, 1)).filter((name) => name !== null))];
}
