/** A widget: one question, and how its answer is shown. What dashboards are made of. Pure. */

import { isObject, type Json, maybeText, oneOf, text } from '../api/json.ts';
import { parseQuestion, type Question, questionJson } from '../question/question.ts';

export const WIDGET_KINDS = [
  'tile',
  'line',
  'area',
  'bar',
  'stacked',
  'pie',
  'scatter',
  'gauge',
  'histogram',
  'table',
  'text',
  'sources',
  'alerts',
] as const;
export type WidgetKind = (typeof WIDGET_KINDS)[number];
export const KIND_NAMES: Record<WidgetKind, string> = {
  tile: 'Number',
  line: 'Lines',
  area: 'Area',
  bar: 'Bars',
  stacked: 'Stacked bars',
  pie: 'Pie',
  scatter: 'Scatter',
  gauge: 'Gauge',
  histogram: 'Histogram',
  table: 'Table',
  text: 'Text',
  sources: 'Sources',
  alerts: 'What is firing',
};

export interface Widget {
  readonly id: string;
  readonly kind: WidgetKind;
  /** Empty: made of what is asked. */
  readonly title: string;
  /** Columns of twelve. */
  readonly width: number;
  /** Rows of the grid. */
  readonly height: number;
  readonly question: Question | null;
  readonly text: string;
  /** A gauge's full mark, a decimal. */
  readonly target: string | null;
}

export function parseWidget(json: Json): Widget {
  return {
    id: text(json.id),
    // A kind of a later version is shown as its numbers.
    kind: oneOf(WIDGET_KINDS, json.kind) ?? 'table',
    title: text(json.title),
    width: within(json.width, 1, 12, 6),
    height: within(json.height, 1, 6, 2),
    question: isObject(json.question) ? parseQuestion(json.question) : null,
    text: text(json.text),
    target: maybeText(json.target),
  };
}

/** Kinds that ask nothing about metrics. */
export const asksNothing = (kind: WidgetKind): boolean => kind === 'text' || kind === 'sources' || kind === 'alerts';

/** What a widget asks; null for what asks nothing. A headline is compared with the period before unless it says
 * otherwise. */
export function askedBy({ kind, question }: Widget): Question | null {
  if (!question || asksNothing(kind) || question.metrics.length === 0) return null;
  return kind === 'tile' ? { ...question, compare: question.compare ?? 'previous_period' } : question;
}

/** As the API takes it: what belongs to another kind is left out, so that a kind can be tried and taken back. */
export function widgetJson({ id, kind, title, width, height, question, text, target }: Widget): Json {
  return {
    id,
    kind,
    title,
    width,
    height,
    question: asksNothing(kind) || !question ? null : questionJson(question),
    text: kind === 'text' ? text : null,
    target: kind === 'gauge' ? target : null,
  };
}

function within(value: unknown, least: number, most: number, otherwise: number): number {
  return typeof value === 'number' && Number.isInteger(value) ? Math.min(most, Math.max(least, value)) : otherwise;
}
