/** Rules in words, for lists and heads. Pure. */

import type { Metric } from '../../api/shapes.ts';
import type { Unit } from '../../question/figure.ts';
import { figure } from '../../question/figure.ts';
import { COMPARE_NAMES } from '../../question/question.ts';
import { duration, number } from '../../time/format.ts';
import { secondsOf } from './durations.ts';
import type { Condition, ConditionKind, Phase, Rule, Severity } from './rule.ts';

export const KIND_TITLES: Record<ConditionKind, string> = {
  level: 'A level is reached',
  change: 'A change is too large',
  anomaly: 'Something is unusual',
  no_data: 'Nothing comes',
  incidents: 'Headwater is in trouble',
};

export const KIND_HINTS: Record<ConditionKind, string> = {
  level: 'The value itself is at least, or at most, a mark.',
  change: 'The value against that of an earlier period: a fifth fewer than a week before.',
  anomaly: 'The value against what is usual for its hour and weekday; no mark to choose.',
  no_data: 'Nothing was counted, though the source is complete.',
  incidents: 'A source fails or is late, a queue holds given-up work. It looks at no metric.',
};

export interface Badge {
  readonly tone: 'good' | 'warn' | 'bad' | 'idle';
  readonly label: string;
}

export const PHASE_BADGES: Record<Phase, Badge> = {
  firing: { tone: 'bad', label: 'Firing' },
  recovering: { tone: 'warn', label: 'Recovering' },
  pending: { tone: 'warn', label: 'Pending' },
  no_data: { tone: 'warn', label: 'No data' },
  error: { tone: 'bad', label: 'Error' },
  normal: { tone: 'good', label: 'OK' },
};

export const PHASE_MEANINGS: Record<Phase, string> = {
  firing: 'It is bad, and people have been told.',
  recovering: 'It is well again, but not yet for long enough.',
  pending: 'It is bad, but not yet for long enough.',
  no_data: 'Nothing is known of the last period, though its source is complete.',
  error: 'It cannot be evaluated.',
  normal: 'All is well.',
};

/** How a rule stands; what is beside that (late, snoozed) is a badge of its own. */
export function standing(rule: Rule): Badge {
  if (!rule.enabled) return { tone: 'idle', label: 'Off' };
  const { phase } = rule.state;
  return phase ? PHASE_BADGES[phase] : { tone: 'idle', label: 'Not looked at yet' };
}

export const SEVERITY_NAMES: Record<Severity, string> = { info: 'Info', warning: 'Warning', critical: 'Critical' };

/** A mark in words: shares as percent, all else with its unit. */
export function markWords(mark: string, unit: Unit, language: string): string {
  if (!isDecimal(mark)) return mark;
  const words = figure(mark, unit, language);
  return ['', 'share', 'seconds'].includes(unit.unit) ? words : `${words} ${unit.unit}`;
}

export const isDecimal = (given: string): boolean => /^-?\d+(\.\d+)?$/.test(given.trim());

/** `at most 100 downloads`: when a rule is bad. */
export function conditionWords(condition: Condition, metric: Metric | null, language: string): string {
  const unit = metric ?? { unit: '', kind: 'derived' };
  switch (condition.kind) {
    case 'level':
      return `at ${condition.side === 'high' ? 'least' : 'most'} ${markWords(condition.threshold, unit, language)}`;
    case 'change':
      return changeWords(condition, unit, language);
    case 'no_data':
      return condition.zero ? 'nothing was counted' : 'no value';
    case 'anomaly': {
      const side = { both: 'unusual', high: 'unusually high', low: 'unusually low' }[condition.sides];
      return `${side} by ${numberWords(condition.sensitivity, language)} spreads`;
    }
    case 'incidents': {
      const kinds = condition.kinds.length > 0 ? ` (${condition.kinds.map(plainKind).join(', ')})` : '';
      const subjects = condition.subjects.join(', ');
      return subjects === '*' || !subjects ? `any open incident${kinds}` : `open incidents of ${subjects}${kinds}`;
    }
  }
}

function changeWords(change: Extract<Condition, { kind: 'change' }>, unit: Unit, language: string): string {
  const { side, threshold, of, compare } = change;
  const against = COMPARE_NAMES[compare];
  if (!isDecimal(threshold)) return `a change against ${against}`;
  const mark = Number(threshold);
  const size = (value: number) =>
    of === 'ratio' ? percentWords(value, language) : markWords(String(value), unit, language);
  if (side === 'low' && mark < 0) return `at least ${size(-mark)} less than ${against}`;
  if (side === 'high' && mark > 0) return `at least ${size(mark)} more than ${against}`;
  return `a change of at ${side === 'high' ? 'least' : 'most'} ${size(mark)} against ${against}`;
}

/** The mark of recovery, in what the condition is measured in. */
export function recoverWords(condition: Condition, mark: string, metric: Metric | null, language: string): string {
  const plain = { unit: '', kind: 'derived' };
  if (condition.kind === 'change' && condition.of === 'ratio' && isDecimal(mark))
    return percentWords(Number(mark), language);
  if (condition.kind === 'anomaly') return `${numberWords(mark, language)} spreads`;
  return markWords(mark, metric ?? plain, language);
}

export function percentWords(ratio: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 }).format(ratio);
}

const numberWords = (given: string, language: string) => (isDecimal(given) ? number(given, language) : given);
export const plainKind = (kind: string): string => kind.replaceAll('_', ' ');

/** `2 h`; empty for none. */
export function lengthWords(iso: string | null, language: string): string {
  const seconds = iso ? secondsOf(iso) : null;
  return seconds ? duration(seconds, language) : '';
}

/** Whom a destination means. */
export function destinationWords(to: string): string {
  if (to === 'subscribers') return 'whoever subscribed to its topic';
  if (to === 'operators') return 'whoever runs Headwater';
  if (to.startsWith('channel:')) return `the channel ${to.slice('channel:'.length)}`;
  if (to.startsWith('subscription:')) return 'one subscription';
  return to;
}

/** The last value of a group, and what was held against the mark: `40 (−60 %)`. */
export function heldWords(
  condition: Condition,
  given: { readonly value: string | null; readonly held: string | null; readonly reason: string | null },
  metric: Metric | null,
  language: string,
): string {
  const { value, held, reason } = given;
  if (value === null) return reason ?? 'no value';
  const words = markWords(value, metric ?? { unit: '', kind: 'derived' }, language);
  if (held === null || !isDecimal(held)) return words;
  if (condition.kind === 'change' && condition.of === 'ratio')
    return `${words} (${signedPercent(Number(held), language)})`;
  if (condition.kind === 'anomaly') return `${words} (${numberWords(held, language)} spreads from usual)`;
  return `${words} (${numberWords(held, language)})`;
}

/** In a line: the number that was held against the mark, and the mark. `0.3, where at most 0.45 is bad`. */
export function againstWords(
  condition: Condition,
  given: { readonly value: string | null; readonly held: string | null; readonly reason: string | null },
  metric: Metric | null,
  language: string,
): string {
  const { value, held } = given;
  if (value === null || (condition.kind !== 'level' && condition.kind !== 'change'))
    return heldWords(condition, given, metric, language);
  const ratio = condition.kind === 'change' && condition.of === 'ratio';
  const say = (number: string) => {
    if (!isDecimal(number)) return number;
    return ratio
      ? signedPercent(Number(number), language)
      : figure(number, metric ?? { unit: '', kind: 'derived' }, language);
  };
  return `${say(held ?? value)}, where at ${condition.side === 'high' ? 'least' : 'most'} ${say(condition.threshold)} is bad`;
}

function signedPercent(ratio: number, language: string): string {
  const options = { style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language, options).format(ratio);
}

/** What a period without a value, or one that cannot be evaluated, is taken for. */
export const UNKNOWN_NAMES: Record<string, string> = {
  tell: 'tell people so, once',
  fire: 'as if it were bad',
  ok: 'as if all were well',
  keep: 'as if it had not been looked at',
};
