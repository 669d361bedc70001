/** What every part of the form is given. */

import type { ApiProblem } from '../../api/client.ts';
import type { Draft } from './draft.ts';

export interface PartProps {
  readonly draft: Draft;
  readonly set: (changed: Partial<Draft>) => void;
  /** What the API says of a field, by its path: of what was saved, or of what is tried. */
  readonly fault: (name: string) => string | null;
  /** All that it says. */
  readonly problem: ApiProblem | null;
}
