/** What every part of the form is given. */

import type { ApiProblem } from '../../api/client.ts';
import type { Metric } from '../../api/shapes.ts';
import type { Draft } from './draft.ts';
import type { Suggestion } from './suggestion.ts';

export interface PartProps {
  readonly draft: Draft;
  readonly set: (changed: Partial<Draft>) => void;
  /** What the API says of a field, by its path: of what was saved, or of what is tried. */
  readonly fault: (name: string) => string | null;
  /** All that it says. */
  readonly problem: ApiProblem | null;
}

/** What the part of the condition knows beside. */
export interface ConditionProps extends PartProps {
  readonly metric: Metric | null;
  readonly suggested: Suggestion | null;
  /** Fill in what nobody typed: nothing is lost with it. */
  readonly put: PartProps['set'];
}
