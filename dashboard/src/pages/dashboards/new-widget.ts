/** How a widget begins, what it may not be, and what is said of its question. Pure. */

import { ApiProblem } from '../../api/client.ts';
import { asking } from '../../question/question.ts';
import { asksNothing, type Widget, type WidgetKind } from '../../widgets/widget.ts';

/** How large a widget of a kind begins. */
const SIZES: Partial<Record<WidgetKind, readonly [number, number]>> = { tile: [3, 1], pie: [4, 3], gauge: [4, 3] };

export function newWidget(kind: WidgetKind, metric: string): Widget {
  const [width, height] = SIZES[kind] ?? [6, 3];
  const question = asking([metric], kind === 'tile' ? { compare: 'previous_period' } : {});
  return { id: 'new', kind, title: '', width, height, question, text: '', target: null };
}

/** Why this cannot be asked at all; the API says the rest. */
export function shapeProblem({ kind, question }: Widget): string | null {
  if (asksNothing(kind)) return null;
  const metrics = question?.metrics.length ?? 0;
  if (metrics === 0) return 'Choose at least one metric.';
  if (kind === 'scatter')
    return metrics === 2 ? null : 'A scatter has exactly two metrics: the first across, the second up.';
  if (metrics > 1 && (question?.groupBy.length ?? 0) > 0)
    return 'Several metrics are shown side by side without groups: leave one of both out.';
  return null;
}

export const isOneNumber = (kind: WidgetKind): boolean => kind === 'tile' || kind === 'gauge';

/** A widget whose kind was tried, with what the kind can show of its question: a number has one metric and no groups.
 * What it was before is not lost: another kind shows it again. */
export function fitted(widget: Widget, given: Widget | null): Widget {
  const { kind, question } = widget;
  if (!question || !isOneNumber(kind) || kind === given?.kind) return widget;
  return { ...widget, question: { ...question, metrics: question.metrics.slice(0, 1), groupBy: [], top: null } };
}

const OF_QUESTION = /^question\./;

/** What is said of a widget's question, by the names that the question itself has. */
export function questionProblem(problem: ApiProblem | null): ApiProblem | null {
  if (!problem) return null;
  const errors = problem.errors.map((error) => ({ ...error, parameter: error.parameter.replace(OF_QUESTION, '') }));
  return new ApiProblem(problem.status, problem.title, problem.detail, errors);
}
