/** What the API says is wrong with a dashboard, by the widget that it is wrong with. Pure. */

import { ApiProblem, type FieldError } from '../../api/client.ts';
import type { Widget } from '../../widgets/widget.ts';

const PLACE = /^widgets\[(\d+)\](?:\.(.+))?$/;

export type Faults = ReadonlyMap<string, readonly FieldError[]>;

/** `widgets[3].question.metrics[0]` stands at the fourth widget, as `question.metrics[0]`. */
export function faultsOf(problem: ApiProblem | null, widgets: readonly Widget[]): Faults {
  const found = new Map<string, FieldError[]>();
  for (const error of problem?.errors ?? []) {
    const [, index, field] = PLACE.exec(error.parameter) ?? [];
    const widget = index === undefined ? undefined : widgets[Number(index)];
    if (!widget) continue;
    found.set(widget.id, [...(found.get(widget.id) ?? []), { ...error, parameter: field ?? 'widget' }]);
  }
  return found;
}

/** What is wrong with the dashboard itself. */
export function ownFaults(problem: ApiProblem | null): ApiProblem | null {
  if (!problem) return null;
  const errors = problem.errors.filter(({ parameter }) => !PLACE.test(parameter));
  return new ApiProblem(problem.status, problem.title, problem.detail, errors);
}

/** The faults of one widget as the problem of its form. */
export function asProblem(errors: readonly FieldError[] | undefined): ApiProblem | null {
  return errors && errors.length > 0 ? new ApiProblem(422, 'One or more fields are wrong', '', errors) : null;
}
