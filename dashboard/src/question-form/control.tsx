/** One part of a question: its name, what it is chosen with, and what the API says of it. */

import type { ComponentChildren } from 'preact';
import type { ApiProblem } from '../api/client.ts';
import { Faults } from './faults.tsx';
import { faultsOf } from './suggestions.ts';

/** What every control is given. */
export interface ControlProps {
  readonly problem: ApiProblem | null;
}

interface Props extends ControlProps {
  readonly label: string;
  /** What stands before it, where that reads better than its name. */
  readonly shown?: string;
  /** The question's parameter that it is about. */
  readonly parameter: string;
  /** What it holds, and how what is suggested gets into it. */
  readonly text: string;
  readonly onCorrect: (text: string) => void;
  readonly children: ComponentChildren;
}

export function Control({ label, shown = label, parameter, text, problem, onCorrect, children }: Props) {
  return (
    <div class="ask-control" role="group" aria-label={label}>
      <span class="ask-label" aria-hidden="true">
        {shown}
      </span>
      {children}
      <Faults faults={faultsOf(problem, [parameter])} text={text} onCorrect={onCorrect} />
    </div>
  );
}

/** Names between commas, as they stand in an address: a correction takes the place of one of them. */
export const namesIn = (text: string): readonly string[] => [...new Set(text.split(','))];
