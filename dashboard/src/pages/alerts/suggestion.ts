/** A mark to begin with: one that the past would have reached once in a hundred times. Pure. */

import type { Json } from '../../api/json.ts';
import { bodyOf, type Draft, shifted } from './draft.ts';
import type { Line } from './preview.ts';
import type { Side } from './rule.ts';

export const SUGGESTION_DAYS = 90;
const SHARE = 0.01;
const FEWEST = 20;

/** Asks for the numbers that a rule would look at, whatever its mark: those of the preview, so of the same buckets. */
export function historyBody(draft: Draft): Json | null {
  if ((draft.kind !== 'level' && draft.kind !== 'change') || !draft.metric) return null;
  const { metric, interval, tz, filter, group_by } = bodyOf(draft);
  const { compare, of, match } = draft;
  const condition =
    draft.kind === 'level' ? { kind: 'no_data' } : { kind: 'change', compare, of, match, side: 'high', threshold: 0 };
  const range = `${SUGGESTION_DAYS * 24}h`;
  return { name: 'History', metric, interval, tz, filter, group_by, condition, range };
}

export interface Suggestion {
  /** As it is typed: of a change in shares, percent. */
  readonly mark: string;
  readonly buckets: number;
}

export function suggestion(lines: readonly Line[], draft: Draft): Suggestion | null {
  const changes = draft.kind === 'change';
  const values = lines
    .flatMap(({ points }) => points.map(({ value, held }) => (changes ? held : value)))
    .filter((value) => value !== null);
  if (values.length < FEWEST) return null;
  const side = changes ? draft.change.side : draft.level.side;
  const mark = rounded(quantile(values, side === 'high' ? 1 - SHARE : SHARE), side);
  return { mark: changes && draft.of === 'ratio' ? shifted(mark, 2) : mark, buckets: values.length };
}

/** The value below which a share of them lies (the nearest that there is). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.round(share * (sorted.length - 1));
  return sorted[Math.max(0, Math.min(sorted.length - 1, at))] as number;
}

/** To three digits, away from what is common: the suggestion fires no more often than what it was made of. */
export function rounded(value: number, side: Side): string {
  if (value === 0) return '0';
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2);
  const ticks = value / step;
  const whole = side === 'high' ? Math.ceil(ticks - 1e-9) : Math.floor(ticks + 1e-9);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (whole * step)
    .toFixed(Math.min(20, digits))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}
