/** Why there is no answer. What stands at a control already is not said twice. */

import type { ApiProblem } from '../../api/client.ts';
import { Warning } from '../../ui/icons.tsx';
import { ProblemBox } from '../../ui/states.tsx';
import { AT_CONTROLS, faultsOf } from '../../question-form/suggestions.ts';

interface Props {
  readonly problem: ApiProblem;
  readonly retry: () => void;
}

export function Unanswered({ problem, retry }: Props) {
  const shown = faultsOf(problem, AT_CONTROLS);
  if (shown.length === 0 || shown.length < problem.errors.length) return <ProblemBox problem={problem} retry={retry} />;
  const several = shown.length > 1;
  return (
    <div class="state problem" role="alert">
      <Warning />
      <div>
        <p class="state-title">This question cannot be answered as it is</p>
        <p>{problem.detail}</p>
        <p class="muted">
          {several ? 'What is wrong stands' : 'It stands'} above, at the {several ? 'fields' : 'field'} in question.
        </p>
      </div>
    </div>
  );
}
