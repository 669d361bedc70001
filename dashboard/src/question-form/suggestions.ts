/** What the API suggests instead of what was typed, put in its place. Pure. */

import type { ApiProblem, FieldError } from '../api/client.ts';

/** Parameters of a question that have a control. */
export const AT_CONTROLS: readonly string[] = [
  'metrics',
  'group_by',
  'filter',
  'top',
  'top_by',
  'other',
  'transform',
  'interval',
  'range',
  'from',
  'to',
  'tz',
  'compare',
  'match',
];

/** What is wrong, without the list of all that would be right: the control has that. */
export function inShort({ detail }: FieldError): string {
  return detail.length < 160 ? detail : detail.replace(/; one of: .*?(?=\. Did you mean|\.?$)/s, '');
}

/** What a problem says of some parameters: of themselves or of a part of them. */
export function faultsOf(problem: ApiProblem | null, parameters: readonly string[]): FieldError[] {
  return (problem?.errors ?? []).filter(({ parameter }) => parameters.includes(parameter.replace(/[.[].*$/, '')));
}

/** The name that a fault is about: quoted in its words, and standing in the text. */
export function wrongName({ detail, suggestion }: FieldError, text: string): string | null {
  if (!suggestion) return null;
  const quoted = [...detail.matchAll(/'([^']+)'/g)].map(([, name]) => name as string);
  return quoted.find((name) => name !== suggestion && wordIn(name).test(text)) ?? null;
}

/** The text with what was meant instead of what was typed, in values between quotes apart; null when it is not found. */
export function corrected(fault: FieldError, text: string): string | null {
  const wrong = wrongName(fault, text);
  if (!wrong) return null;
  const either = new RegExp(`"(?:[^"\\\\]|\\\\.)*"|${wordIn(wrong).source}`, 'g');
  return text.replace(either, (found) => (found === wrong ? (fault.suggestion as string) : found));
}

/** A name by itself, not within another one. */
function wordIn(name: string): RegExp {
  return new RegExp(`(?<!\\w)${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\w)`);
}
