/** A question as widgets and the explorer keep it, and as the API takes it. Pure. */

import { isObject, maybeText, oneOf, text, texts } from '../api/json.ts';
import type { Ask } from '../api/client.ts';
import { type Interval, INTERVALS } from '../time/range.ts';
import { isRange, type Range } from '../time/words.ts';

export const COMPARES = ['previous_period', 'week', 'month', 'year'] as const;
export type Compare = (typeof COMPARES)[number];
export const COMPARE_NAMES: Readonly<Record<Compare, string>> = {
  previous_period: 'the period before',
  week: 'a week before',
  month: 'a month before',
  year: 'a year before',
};

/** Of how a choice is named where `Compare` stands before it, and there is little room. */
export const COMPARE_SHORT: Readonly<Record<Compare, string>> = {
  previous_period: 'period before',
  week: 'week before',
  month: 'month before',
  year: 'year before',
};

/** The API's own bounds. */
export const MOST_METRICS = 10;
export const MOST_GROUPS = 100;
export const MOST_DIMENSIONS = 3;

export interface Question {
  readonly metrics: readonly string[];
  readonly groupBy: readonly string[];
  /** As docs/questions.md writes it: `version is "3.10.0"`. */
  readonly filter: string | null;
  readonly top: number | null;
  /** Null: what suits the range. */
  readonly interval: Interval | null;
  readonly compare: Compare | null;
  /** `cumulative`, `moving_average:7`, `share_of_total`, `rate:hour`. */
  readonly transform: string | null;
  /** Null: the page's. */
  readonly range: Range | null;
}

export function asking(metrics: readonly string[], part: Partial<Question> = {}): Question {
  const none = { groupBy: [], filter: null, top: null, interval: null, compare: null, transform: null, range: null };
  return { ...none, ...part, metrics };
}

/** What a page adds to its questions: which days, how fine, in whose time, compared with what. */
export interface Frame {
  readonly range: Range;
  readonly interval: Interval;
  readonly zone: string;
  /** Null: what each question says itself. */
  readonly compare: Compare | null;
}

/** The request for a question in a frame. `parts`: over time, or only over the whole range. */
export function askOf(question: Question, frame: Frame, extra: Record<string, unknown> = {}): Ask {
  const range = question.range ?? frame.range;
  const days = typeof range === 'string' ? { range } : { from: range.from, to: range.to };
  const body = {
    metrics: question.metrics,
    ...days,
    interval: question.interval ?? frame.interval,
    tz: frame.zone,
    ...(question.groupBy.length > 0 ? { group_by: question.groupBy } : {}),
    ...(question.filter ? { filter: question.filter } : {}),
    ...(question.top && question.groupBy.length > 0 ? { top: question.top } : {}),
    ...optional('compare', frame.compare ?? question.compare),
    ...optional('transform', question.transform),
    totals: true,
    ...extra,
  };
  return { path: '/v1/query', body };
}

const optional = (name: string, value: string | null) => (value ? { [name]: value } : {});

/** Read a question from the API's JSON of a widget. */
export function parseQuestion(json: unknown): Question | null {
  if (!isObject(json)) return null;
  return {
    metrics: texts(json.metrics),
    groupBy: texts(json.group_by),
    filter: maybeText(json.filter),
    top: typeof json.top === 'number' ? json.top : null,
    interval: oneOf(INTERVALS, json.interval),
    compare: oneOf(COMPARES, json.compare),
    transform: maybeText(json.transform),
    range: readRange(json.range),
  };
}

export function questionJson(question: Question): Record<string, unknown> {
  return {
    metrics: question.metrics,
    group_by: question.groupBy,
    filter: question.filter,
    top: question.top,
    interval: question.interval,
    compare: question.compare,
    transform: question.transform,
    range: question.range,
  };
}

export function readRange(value: unknown): Range | null {
  const range = isObject(value) ? { from: text(value.from), to: text(value.to) } : value;
  return isRange(range) ? range : null;
}
