/** What the API says of one control, under it, with what it suggests as a button. */

import type { FieldError } from '../api/client.ts';
import { corrected, inShort } from './suggestions.ts';

interface Props {
  readonly faults: readonly FieldError[];
  /** What the control holds, and how what is suggested gets into it; without, it is only said. */
  readonly text?: string;
  readonly onCorrect?: (text: string) => void;
}

export function Faults({ faults, text = '', onCorrect }: Props) {
  return (
    <>
      {faults.map((fault) => {
        const better = onCorrect ? corrected(fault, text) : null;
        return (
          <p key={fault.parameter + fault.detail} class="field-problem" role="alert" data-fault={fault.parameter}>
            <span class="ask-fault">{inShort(fault)}</span>{' '}
            {better !== null && onCorrect && (
              <button type="button" class="link" onClick={() => onCorrect(better)}>
                Take “{fault.suggestion}”
              </button>
            )}
          </p>
        );
      })}
    </>
  );
}
